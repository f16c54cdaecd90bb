//! Signatures after the Standard Webhooks specification (standardwebhooks.com), symmetric ones: `v1`, HMAC-SHA256.
//!
//! A message has three headers: [`ID`], the same for each repeat of the message; [`TIMESTAMP`], seconds since 1970;
//! [`SIGNATURE`], over `<id>.<timestamp>.<body>`. Libraries for the other side exist in most languages.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
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

/// How far the time of a message may be from ours, either way: the value of the specification's own libraries.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Least length of a secret in bytes, as the specification asks for.
const LEAST_BYTES: usize = 24;

/// Mark of a symmetric signature.
const VERSION: &str = "v1,";

/// As [`STANDARD`], with or without `=` at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What both sides know: one secret, or several while one replaces another. Cannot be printed.
///
/// Its text is `whsec_` and base64 of at least 24 bytes, the prefix optional as in the specification's libraries;
/// several are separated by spaces or commas.
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

/// Whether both sign alike.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.sign("", 0, b"") == other.sign("", 0, b"")
    }
}

/// The text is no secret. Does not say what it is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be `whsec_` and base64 of at least 24 bytes, or several of these separated by spaces or commas"
)]
pub struct BadSecret;

/// Why a message is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The timestamp is no number.
    #[error("the timestamp is no number of seconds")]
    BadTimestamp,
    /// The message is from more than [`TOLERANCE`] ago, or ahead.
    #[error("the timestamp is too far from now")]
    Stale,
    /// None of the signatures is of this message under one of our secrets.
    #[error("no signature matches")]
    Mismatch,
}

impl Secret {
    /// The value of [`SIGNATURE`]: one signature for each secret, separated by spaces, so that a receiver who knows
    /// either secret accepts the message.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let content = content(id, timestamp, body);
        let signatures = self.0.iter().map(|key| {
            let tag = hmac::sign(key, &content);
            format!("{VERSION}{}", STANDARD.encode(tag))
        });
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// Whether the message with these headers is from somebody who knows one of the secrets, unchanged, and made
    /// around `now`. In constant time. Signatures of other versions are passed over.
    ///
    /// # Errors
    /// [`VerifyError`] if it is not.
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
        let content = content(id, timestamp, body);
        let mut tags = signature
            .split_whitespace()
            .filter_map(|signature| STANDARD.decode(signature.strip_prefix(VERSION)?).ok());
        let known = |tag: Vec<u8>| {
            let mut keys = self.0.iter();
            keys.any(|key| hmac::verify(key, &content, &tag).is_ok())
        };
        tags.any(known).then_some(()).ok_or(VerifyError::Mismatch)
    }
}

fn content(id: &str, timestamp: i64, body: &[u8]) -> Vec<u8> {
    [format!("{id}.{timestamp}.").as_bytes(), body].concat()
}

impl FromStr for Secret {
    type Err = BadSecret;

    fn from_str(text: &str) -> Result<Self, BadSecret> {
        let texts = text
            .split([' ', ',', '\n', '\r', '\t'])
            .filter(|text| !text.is_empty());
        let keys = texts.map(key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(BadSecret);
        }
        Ok(Self(keys))
    }
}

fn key(text: &str) -> Result<hmac::Key, BadSecret> {
    let bytes = LENIENT
        .decode(text.strip_prefix("whsec_").unwrap_or(text))
        .map_err(|_| BadSecret)?;
    if bytes.len() < LEAST_BYTES {
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
    use proptest::prelude::*;

    use super::*;

    /// The message that the specification's own libraries are tested with.
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
    fn any_one_of_several_signatures_will_do() {
        let secret = secret(PUBLISHED);
        let others = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1a,x";
        assert_eq!(verify(&secret, &format!("{others} {SIGNED}")), Ok(()));
        assert_eq!(verify(&secret, others), Err(VerifyError::Mismatch));
    }

    #[test]
    fn a_signature_of_another_version_is_none_of_ours() {
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
    fn nothing_that_is_signed_can_be_changed() {
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
    fn a_message_lives_five_minutes_either_way() {
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
    fn secrets_are_the_same_if_they_sign_alike() {
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
    fn what_is_no_secret_is_refused_without_being_told() {
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
        fn anything_is_refused_without_panic(text in "\\PC{0,60}", id in "\\PC{0,20}", time in "\\PC{0,20}") {
            let _ = text.parse::<Secret>();
            prop_assert!(secret(PUBLISHED).verify(&id, &time, &text, BODY, at(AT)).is_err());
        }

        #[test]
        fn what_is_signed_is_verified(id in "[a-z0-9_:-]{1,40}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let secret = secret(OTHER);
            let signature = secret.sign(&id, AT, &body);
            prop_assert_eq!(secret.verify(&id, &AT.to_string(), &signature, &body, at(AT)), Ok(()));
        }
    }
}
