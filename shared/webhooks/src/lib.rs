//! Symmetric signatures of the Standard Webhooks specification (standardwebhooks.com): `v1`, HMAC-SHA256.
//!
//! A message has three headers: [`ID`], which is the same for each repeat of the message; [`TIMESTAMP`], in seconds
//! since 1970; and [`SIGNATURE`], over `<id>.<timestamp>.<body>`. Libraries for the other side exist in most
//! languages.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};

/// Header with the id of the message.
pub const ID: &str = "webhook-id";
/// Header with the time of the message, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Header with the signatures of the message.
pub const SIGNATURE: &str = "webhook-signature";

/// How far the timestamp of a message may be from our clock, in either direction. The specification's own libraries
/// use the same value.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Minimum length of a secret in bytes. The specification requires it.
const MIN_BYTES: usize = 24;

/// Most signatures of a message that are compared. A sender makes one for each of its secrets, so two in a rotation.
pub const MAX_SIGNATURES: usize = 8;

/// Length of a signature before base64, in bytes.
const TAG_BYTES: usize = 32;

/// Prefix of a symmetric signature.
const VERSION: &str = "v1,";

/// Like [`STANDARD`], but takes base64 with or without `=` at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secret that both sides know. There may be several during a rotation. Cannot be printed.
///
/// The text of a secret is `whsec_` and base64 of at least 24 bytes. The prefix is optional, as in the
/// specification's libraries. Several secrets are separated by spaces, commas or line breaks.
///
/// ```
/// let secret: webhooks::Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// assert_eq!(
///     secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#),
///     "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
/// );
/// # Ok::<(), webhooks::BadSecret>(())
/// ```
#[derive(Clone)]
pub struct Secret(Vec<hmac::Key>);

/// Equal if both make the same signatures.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.sign("", 0, b"") == other.sign("", 0, b"")
    }
}

/// The text is not a secret. The message does not quote the text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be `whsec_` and base64 of at least 24 bytes, or several of these separated by spaces or commas"
)]
pub struct BadSecret;

/// Why a message is rejected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The timestamp is not a number.
    #[error("the timestamp is not a number of seconds")]
    BadTimestamp,
    /// The timestamp is more than [`TOLERANCE`] before or after our clock.
    #[error("the timestamp is too far from now")]
    Stale,
    /// No signature was made from this message with one of our secrets.
    #[error("no signature matches")]
    Mismatch,
}

impl Secret {
    /// The value of the header [`SIGNATURE`]. Has one signature for each secret, separated by spaces, so that a
    /// receiver who knows any of the secrets accepts the message. `timestamp` is in seconds since 1970.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let content = Content::new(id, timestamp, body);
        let signatures = self.0.iter().map(|key| {
            let tag = tag(key, &content);
            format!("{VERSION}{}", STANDARD.encode(tag))
        });
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// Verifies that the sender of the message knows one of the secrets, that nobody changed the message, and that
    /// it was sent around `now`. Compares in constant time. Ignores signatures of other versions, and all after
    /// the first [`MAX_SIGNATURES`]: anybody can send thousands with a large body.
    ///
    /// # Errors
    /// [`VerifyError`] if the message must be rejected.
    pub fn verify(
        &self,
        id: &str,
        timestamp: &str,
        signature: &str,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), VerifyError> {
        let timestamp: i64 = timestamp.parse().map_err(|_| VerifyError::BadTimestamp)?;
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let distance = i128::from(now).abs_diff(i128::from(timestamp));
        if distance > u128::from(TOLERANCE.as_secs()) {
            return Err(VerifyError::Stale);
        }
        let signatures: Vec<Vec<u8>> = signature
            .split_whitespace()
            .filter_map(|signature| STANDARD.decode(signature.strip_prefix(VERSION)?).ok())
            .filter(|tag| tag.len() == TAG_BYTES)
            .take(MAX_SIGNATURES)
            .collect();
        if signatures.is_empty() {
            return Err(VerifyError::Mismatch);
        }
        let content = Content::new(id, timestamp, body);
        // One computation for each key, however many signatures there are.
        let mut expected = self.0.iter().map(|key| tag(key, &content));
        let is_signed = expected.any(|tag| {
            let mut signatures = signatures.iter();
            signatures.any(|signature| verify_slices_are_equal(tag.as_ref(), signature).is_ok())
        });
        is_signed.then_some(()).ok_or(VerifyError::Mismatch)
    }
}

/// Whether the headers of a message look as if somebody signed it: none is empty, and one entry of `signature` has the
/// form of a signature. What does not is no attempt of a sender whose secret is wrong.
pub fn looks_signed(id: &str, timestamp: &str, signature: &str) -> bool {
    const LENGTH: usize = TAG_BYTES.div_ceil(3) * 4;
    let mut entries = signature.split_whitespace();
    let has_form = |entry: &str| entry.strip_prefix(VERSION).is_some_and(|tag| tag.len() == LENGTH);
    !id.is_empty() && !timestamp.is_empty() && entries.any(has_form)
}

/// What is signed: `<id>.<timestamp>.<body>`.
struct Content<'a> {
    head: String,
    body: &'a [u8],
}

impl<'a> Content<'a> {
    fn new(id: &str, timestamp: i64, body: &'a [u8]) -> Self {
        Self {
            head: format!("{id}.{timestamp}."),
            body,
        }
    }
}

fn tag(key: &hmac::Key, content: &Content<'_>) -> hmac::Tag {
    #[cfg(test)]
    tests::TAGS.with(|tags| tags.set(tags.get() + 1));
    let mut context = hmac::Context::with_key(key);
    context.update(content.head.as_bytes());
    context.update(content.body);
    context.sign()
}

impl FromStr for Secret {
    type Err = BadSecret;

    fn from_str(text: &str) -> Result<Self, BadSecret> {
        let texts = text
            .split([' ', ',', '\n', '\r', '\t'])
            .filter(|text| !text.is_empty());
        let keys = texts.map(parse_key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(BadSecret);
        }
        Ok(Self(keys))
    }
}

fn parse_key(text: &str) -> Result<hmac::Key, BadSecret> {
    let bytes = LENIENT
        .decode(text.strip_prefix("whsec_").unwrap_or(text))
        .map_err(|_| BadSecret)?;
    if bytes.len() < MIN_BYTES {
        return Err(BadSecret);
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;

    thread_local! {
        /// How many signatures this thread has computed.
        pub(super) static TAGS: Cell<usize> = const { Cell::new(0) };
    }

    /// The test vector of the specification's own libraries.
    const PUBLISHED: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    const OTHER: &str = "whsec_C2FtcGxlLXNlY3JldC1mb3ItdGVzdHMtb25seQ==";

    fn secret(text: &str) -> Secret {
        text.parse().unwrap()
    }

    fn at(seconds: i64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap())
    }

    fn verify(secret: &Secret, signature: &str) -> Result<(), VerifyError> {
        secret.verify(MESSAGE, &AT.to_string(), signature, BODY, at(AT))
    }

    #[test]
    fn the_published_message_has_the_published_signature() {
        assert_eq!(secret(PUBLISHED).sign(MESSAGE, AT, BODY), SIGNED);
        assert_eq!(verify(&secret(PUBLISHED), SIGNED), Ok(()));
    }

    #[test]
    fn one_valid_signature_of_several_is_enough() {
        let secret = secret(PUBLISHED);
        let others = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1a,x";
        assert_eq!(verify(&secret, &format!("{others} {SIGNED}")), Ok(()));
        assert_eq!(verify(&secret, others), Err(VerifyError::Mismatch));
    }

    #[test]
    fn a_signature_is_computed_once_for_each_key_and_compared_with_eight() {
        let both = secret(&format!("{OTHER} {PUBLISHED}"));
        let wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= ";
        let computed = |header: &str| {
            let before = TAGS.get();
            (verify(&both, header), TAGS.get() - before)
        };
        assert_eq!(computed(&(wrong.repeat(7) + SIGNED)), (Ok(()), 2));
        assert_eq!(
            computed(&(wrong.repeat(8) + SIGNED)),
            (Err(VerifyError::Mismatch), 2)
        );
        assert_eq!(computed(&wrong.repeat(2_400)), (Err(VerifyError::Mismatch), 2));
        // Entries that can be no signature are not compared, so they take no place.
        for nothing in ["v1, ", "v1,AAAA ", "v2,AAAA "] {
            assert_eq!(computed(&nothing.repeat(2_400)), (Err(VerifyError::Mismatch), 0));
            assert_eq!(computed(&(nothing.repeat(2_400) + SIGNED)), (Ok(()), 2));
        }
    }

    #[test]
    fn a_signature_of_another_version_or_form_does_not_match() {
        for bad in [
            "",
            "v1",
            "v1,",
            &SIGNED.replace("v1,", "v2,"),
            &SIGNED.replace("v1,", ""),
            &SIGNED.replace("g0", "G0"),
            &SIGNED[..SIGNED.len() - 4],
        ] {
            assert_eq!(
                verify(&secret(PUBLISHED), bad),
                Err(VerifyError::Mismatch),
                "{bad}"
            );
        }
    }

    #[test]
    fn only_three_headers_and_an_entry_as_long_as_a_signature_look_signed() {
        for signature in [SIGNED, &format!("v2,x {SIGNED}"), &SIGNED.replace("g0", "G0")] {
            assert!(looks_signed(MESSAGE, "1", signature), "{signature}");
        }
        let (short, long) = (&SIGNED[..SIGNED.len() - 1], format!("{SIGNED}="));
        for signature in ["", "v1,", "v1,AAAA", short, &long, &SIGNED.replace("v1,", "v2,")] {
            assert!(!looks_signed(MESSAGE, "1", signature), "{signature}");
        }
        assert!(!looks_signed("", "1", SIGNED) && !looks_signed(MESSAGE, "", SIGNED));
    }

    #[test]
    fn a_change_of_anything_that_is_signed_is_noticed() {
        let secret = secret(PUBLISHED);
        let time = AT.to_string();
        let mismatch = Err(VerifyError::Mismatch);
        assert_eq!(secret.verify("msg_other", &time, SIGNED, BODY, at(AT)), mismatch);
        assert_eq!(
            secret.verify(MESSAGE, "1614265331", SIGNED, BODY, at(AT)),
            mismatch
        );
        assert_eq!(secret.verify(MESSAGE, &time, SIGNED, b"{}", at(AT)), mismatch);
        assert_eq!(verify(&self::secret(OTHER), SIGNED), mismatch);
    }

    #[test]
    fn a_timestamp_may_be_five_minutes_off_in_either_direction() {
        let secret = secret(PUBLISHED);
        let verify = |now| secret.verify(MESSAGE, &AT.to_string(), SIGNED, BODY, at(now));
        for (now, expected) in [
            (AT - 301, Err(VerifyError::Stale)),
            (AT - 300, Ok(())),
            (AT + 300, Ok(())),
            (AT + 301, Err(VerifyError::Stale)),
        ] {
            assert_eq!(verify(now), expected, "{now}");
        }
        for bad in ["", "now", "1614265330.0", "16142653300000000000000"] {
            let refused = secret.verify(MESSAGE, bad, SIGNED, BODY, at(AT));
            assert_eq!(refused, Err(VerifyError::BadTimestamp), "{bad}");
        }
        let refused = secret.verify(MESSAGE, &i64::MIN.to_string(), SIGNED, BODY, at(AT));
        assert_eq!(refused, Err(VerifyError::Stale));
    }

    #[test]
    fn during_a_rotation_either_secret_is_enough_on_either_side() {
        let (old, new) = (secret(PUBLISHED), secret(OTHER));
        for both in [format!("{OTHER} {PUBLISHED}"), format!("{OTHER},\n{PUBLISHED}\n")] {
            let both = secret(&both);
            let signature = both.sign(MESSAGE, AT, BODY);
            for known in [&old, &new, &both] {
                assert_eq!(verify(known, &signature), Ok(()));
                assert_eq!(verify(&both, &known.sign(MESSAGE, AT, BODY)), Ok(()));
            }
        }
    }

    #[test]
    fn secrets_are_equal_if_they_make_the_same_signatures() {
        assert_eq!(secret(OTHER), secret(&format!(" {OTHER}\n")));
        assert_ne!(secret(OTHER), secret(PUBLISHED));
        assert_ne!(secret(OTHER), secret(&format!("{OTHER} {PUBLISHED}")));
    }

    #[test]
    fn the_prefix_and_the_padding_may_be_left_out() {
        for text in [&PUBLISHED["whsec_".len()..], OTHER.trim_end_matches('=')] {
            assert!(text.parse::<Secret>().is_ok());
        }
    }

    #[test]
    fn a_text_that_is_not_a_secret_is_refused_and_not_quoted() {
        for bad in [
            "",
            " , ",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_c2hvcnQ=",
            "{\"secret\": \"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}",
        ] {
            assert_eq!(bad.parse::<Secret>().unwrap_err(), BadSecret, "{bad}");
            assert!(!BadSecret.to_string().contains("MfKQ"));
        }
        assert_eq!(format!("{:?}", secret(PUBLISHED)), "Secret([REDACTED])");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_without_panic(text in "\\PC{0,60}", id in "\\PC{0,20}", time in "\\PC{0,20}") {
            let _ = text.parse::<Secret>();
            prop_assert!(secret(PUBLISHED).verify(&id, &time, &text, BODY, at(AT)).is_err());
        }

        #[test]
        fn a_signed_message_verifies(id in "[a-z0-9_:-]{1,40}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let secret = secret(OTHER);
            let signature = secret.sign(&id, AT, &body);
            prop_assert_eq!(secret.verify(&id, &AT.to_string(), &signature, &body, at(AT)), Ok(()));
        }
    }
}
