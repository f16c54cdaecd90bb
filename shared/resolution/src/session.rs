//! The session, which replaces the one-time token after the token is spent.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf, hmac,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ctrader::TokenDigest;
use domain::{Attribution, BrokerName, Identity, Launch, NoRandomness, ScreenKind};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How long a session is valid after the answer that carries it.
const MAX_IDLE: Duration = Duration::from_secs(15 * 60);

/// How long a session is valid in all, however often it is renewed.
const MAX_AGE: Duration = Duration::from_secs(12 * 60 * 60);

/// A known trader on one screen. `S` is the screen's own state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session<S> {
    /// The trader.
    pub identity: Identity,
    /// The launch parameters.
    pub launch: Launch,
    /// The marketing attribution.
    #[serde(default, skip_serializing_if = "Attribution::is_empty")]
    pub attribution: Attribution,
    /// Digest of the one-time token that opened the screen.
    pub token: TokenDigest,
    /// The screen's state between two requests.
    pub state: S,
    /// When the screen was opened, in seconds since 1970.
    opened: u64,
    /// When the session ends unless it is renewed, in seconds since 1970.
    expires: u64,
}

impl<S> Session<S> {
    /// A session that starts now.
    pub fn open(
        identity: Identity,
        launch: Launch,
        attribution: Attribution,
        token: TokenDigest,
        state: S,
        now: SystemTime,
    ) -> Self {
        let opened = seconds(now);
        Self {
            identity,
            launch,
            attribution,
            token,
            state,
            opened,
            expires: opened + MAX_IDLE.as_secs(),
        }
    }

    /// Extends the session by 15 minutes from now, up to 12 hours in all.
    pub fn renew(&mut self, now: SystemTime) {
        let latest = self.opened + MAX_AGE.as_secs();
        self.expires = (seconds(now) + MAX_IDLE.as_secs()).min(latest);
    }

    /// When the session ends unless it is renewed, in seconds since 1970.
    pub fn expires(&self) -> u64 {
        self.expires
    }

    /// How long the session lasts unless it is renewed, in seconds.
    pub fn expires_in(&self, now: SystemTime) -> u64 {
        self.expires.saturating_sub(seconds(now))
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Encrypts and authenticates sessions, so that only this deployment can read or make them (AES-256-GCM with
/// random nonces).
pub struct SessionKey {
    key: RandomizedNonceKey,
    /// Makes pseudonyms.
    pseudonyms: hmac::Key,
}

/// Minimum length of the secret that a key is derived from, in bytes.
const MIN_SECRET_LENGTH: usize = 32;

/// First byte of a sealed session: the version of its format.
const VERSION: u8 = 1;

impl SessionKey {
    /// Derives the key from the session-key secret (HKDF-SHA256).
    ///
    /// # Errors
    /// [`WeakKey`] if the secret is shorter than 32 bytes.
    pub fn derive(secret: &[u8]) -> Result<Self, WeakKey> {
        if secret.len() < MIN_SECRET_LENGTH {
            return Err(WeakKey);
        }
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"inapp session").extract(secret);
        let derived = |purpose: &[u8]| {
            let mut bytes = [0; 32];
            secret
                .expand(&[purpose], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(&mut bytes))
                .map_err(|_| WeakKey)?;
            Ok(bytes)
        };
        let sealing = derived(b"aes-256-gcm v1")?;
        Ok(Self {
            key: RandomizedNonceKey::new(&AES_256_GCM, &sealing).map_err(|_| WeakKey)?,
            pseudonyms: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"pseudonym v1")?),
        })
    }

    /// Stands in for a trader in log lines: 16 hexadecimal digits of an HMAC of broker and user id. It is the same
    /// in all functions and on all screens, until the key is replaced. Who lacks the key cannot find out the trader.
    pub fn pseudonym(&self, identity: &Identity) -> String {
        let broker = identity.broker_name.as_ref().map_or("", BrokerName::as_str);
        let trader = format!("{broker}\0{}", identity.user_id);
        let tag = hmac::sign(&self.pseudonyms, trader.as_bytes());
        tag.as_ref()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Seals `session` for `screen`, as base64url.
    ///
    /// # Errors
    /// [`SessionError::Randomness`] if the operating system provides no random numbers.
    pub fn seal<S: Serialize>(
        &self,
        screen: ScreenKind,
        session: &Session<S>,
    ) -> Result<String, SessionError> {
        let mut text = serde_json::to_vec(session).map_err(|_| SessionError::Invalid)?;
        let nonce = self
            .key
            .seal_in_place_append_tag(aad(screen), &mut text)
            .map_err(|_| NoRandomness)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + text.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut text);
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a session that [`SessionKey::seal`] sealed for the same screen.
    ///
    /// # Errors
    /// [`SessionError::Absent`] if `sealed` is empty; [`SessionError::Invalid`] if it was not sealed with this key
    /// for this screen; [`SessionError::Expired`] if it has expired.
    pub fn open<S: DeserializeOwned>(
        &self,
        screen: ScreenKind,
        sealed: &str,
        now: SystemTime,
    ) -> Result<Session<S>, SessionError> {
        if sealed.is_empty() {
            return Err(SessionError::Absent);
        }
        let bytes = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| SessionError::Invalid)?;
        let (nonce, text) = match bytes.split_first() {
            Some((&VERSION, rest)) => rest
                .split_first_chunk::<NONCE_LEN>()
                .ok_or(SessionError::Invalid)?,
            _ => return Err(SessionError::Invalid),
        };
        let mut text = text.to_vec();
        let text = self
            .key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), aad(screen), &mut text)
            .map_err(|_| SessionError::Invalid)?;
        let session: Session<S> = serde_json::from_slice(text).map_err(|_| SessionError::Invalid)?;
        if seconds(now) >= session.expires {
            return Err(SessionError::Expired);
        }
        Ok(session)
    }
}

/// Binds a sealed session to its screen.
fn aad(screen: ScreenKind) -> Aad<&'static [u8]> {
    Aad::from(screen.as_str().as_bytes())
}

/// The session-key secret is too short to derive a key from.
#[derive(Debug, thiserror::Error)]
#[error("the session key must be a random string of at least 32 bytes")]
pub struct WeakKey;

/// Why there is no session.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// There is none.
    #[error("there is no session")]
    Absent,
    /// Forged, damaged, of another screen or sealed with another key.
    #[error("the session was not made here for this screen")]
    Invalid,
    /// Expired.
    #[error("the session has expired")]
    Expired,
    /// No random numbers to seal it with.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::OneTimeToken;

    const MINUTE: Duration = Duration::from_secs(60);

    fn key() -> SessionKey {
        SessionKey::derive(&[7; 32]).unwrap()
    }

    fn session(now: SystemTime) -> Session<String> {
        let identity = serde_json::from_str(r#"{"userId":1,"email":"ada@example.com"}"#).unwrap();
        let token = OneTimeToken::parse("abc123").unwrap().digest();
        let state = "what a screen remembers".to_owned();
        Session::open(identity, Launch::default(), Attribution::new(), token, state, now)
    }

    #[test]
    fn a_session_opens_for_its_own_screen_only() {
        let now = SystemTime::now();
        let sealed = key().seal(ScreenKind::Deposit, &session(now)).unwrap();
        assert!(key().open::<String>(ScreenKind::Deposit, &sealed, now).is_ok());
        assert_eq!(
            key().open::<String>(ScreenKind::Kyc, &sealed, now),
            Err(SessionError::Invalid)
        );
    }

    #[test]
    fn a_session_of_another_key_is_invalid() {
        let now = SystemTime::now();
        let sealed = key().seal(ScreenKind::Support, &session(now)).unwrap();
        let other = SessionKey::derive(&[8; 32]).unwrap();
        assert_eq!(
            other.open::<String>(ScreenKind::Support, &sealed, now),
            Err(SessionError::Invalid)
        );
    }

    #[test]
    fn a_sealed_session_shows_nothing_of_the_trader() {
        let sealed = key().seal(ScreenKind::Kyc, &session(SystemTime::now())).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("ada@example.com"));
    }

    #[test]
    fn it_lives_15_minutes_after_each_answer_and_12_hours_in_all() {
        let start = SystemTime::now();
        let mut session = session(start);
        let open = |session: &Session<String>, at| {
            let sealed = key().seal(ScreenKind::Deposit, session).unwrap();
            key().open::<String>(ScreenKind::Deposit, &sealed, at)
        };
        assert!(open(&session, start + 14 * MINUTE).is_ok());
        assert_eq!(open(&session, start + 15 * MINUTE), Err(SessionError::Expired));

        session.renew(start + 14 * MINUTE);
        assert!(open(&session, start + 28 * MINUTE).is_ok());
        session.renew(start + (12 * 60 - 1) * MINUTE);
        assert!(open(&session, start + (12 * 60 - 1) * MINUTE).is_ok());
        assert_eq!(
            open(&session, start + 12 * 60 * MINUTE),
            Err(SessionError::Expired)
        );
    }

    #[test]
    fn a_pseudonym_tells_traders_apart_and_nothing_else() {
        let identity = |text: &str| serde_json::from_str::<Identity>(text).unwrap();
        let ada = identity(r#"{"userId":1,"brokerName":"acme","email":"ada@example.com"}"#);
        let pseudonym = key().pseudonym(&ada);
        assert_eq!(pseudonym.len(), 16);
        let same = identity(r#"{"userId":1,"brokerName":"acme","tradingLogin":7}"#);
        assert_eq!(key().pseudonym(&same), pseudonym);
        for other in [
            r#"{"userId":2,"brokerName":"acme"}"#,
            r#"{"userId":1,"brokerName":"umbrella"}"#,
        ] {
            assert_ne!(key().pseudonym(&identity(other)), pseudonym);
        }
        let other_key = SessionKey::derive(&[8; 32]).unwrap();
        assert_ne!(other_key.pseudonym(&ada), pseudonym);
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(SessionKey::derive(&[1; 31]).is_err());
    }

    #[test]
    fn a_full_session_fits_into_a_cookie() {
        let now = SystemTime::now();
        let mut session = session(now);
        session.identity.email = Some("e".repeat(320));
        session.identity.broker_name = Some("b".repeat(64).into());
        session.launch.kyc_type = Some("k".repeat(64));
        // The largest state of a screen.
        session.state = "s".repeat(200);
        // The longest attribution that `LaunchUrl::parse` accepts.
        session.attribution = [
            ("utm_source".to_owned(), "\u{1}".repeat(128)),
            ("gclid".to_owned(), "x".repeat(100)),
        ]
        .into();
        let sealed = key().seal(ScreenKind::Deposit, &session).unwrap();
        assert!(sealed.len() < 3_500, "{} bytes", sealed.len());
    }

    proptest! {
        #[test]
        fn one_changed_character_makes_it_invalid(position in 0..100usize, replacement in "[A-Za-z0-9_-]") {
            let now = SystemTime::now();
            let sealed = key().seal(ScreenKind::Deposit, &session(now)).unwrap();
            let mut forged = sealed.clone();
            forged.replace_range(position..=position, &replacement);
            prop_assume!(forged != sealed);
            prop_assert_eq!(key().open::<String>(ScreenKind::Deposit, &forged, now), Err(SessionError::Invalid));
        }

        #[test]
        fn anything_else_is_invalid(text in "\\PC{1,200}") {
            prop_assert_eq!(key().open::<String>(ScreenKind::Deposit, &text, SystemTime::now()), Err(SessionError::Invalid));
        }
    }
}
