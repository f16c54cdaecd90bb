//! What a trader's browser sends to open a screen: the launch URL, and the session.

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use domain::{Attribution, Launch, ScreenKind};
use inbound::has_control;
use resolution::{LaunchUrl, OneTimeToken, Session, SessionError, SessionKey};

/// Reads a query.
pub(crate) fn url(query: &[u8]) {
    let query = &*String::from_utf8_lossy(query);
    let appearance = LaunchUrl::appearance(query);
    let Ok(url) = LaunchUrl::parse(query) else {
        return;
    };
    let launch = &url.launch;
    assert_eq!(
        appearance,
        (launch.lang.clone(), launch.theme),
        "an error page looks like its screen"
    );
    assert!(launch.account.is_none_or(|account| account > 0));
    for text in [&launch.kyc_type, &launch.action_type].into_iter().flatten() {
        assert!(text.len() <= 64 && !has_control(text));
    }
    let attribution = serde_json::to_string(&url.attribution).unwrap_or_default();
    assert!(attribution.len() <= 1_000);
    assert!(!url.attribution.values().any(|value| has_control(value)));
}

/// The time at which sessions are opened.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

/// The key, and the only session that was ever sealed with it.
struct Sealed {
    key: SessionKey,
    text: String,
}

static SEALED: LazyLock<Option<Sealed>> = LazyLock::new(|| {
    let key = SessionKey::derive(&[7; 32]).ok()?;
    let identity = serde_json::from_str(r#"{"userId":1,"email":"ada@example.com"}"#).ok()?;
    let token = OneTimeToken::parse("abc123").ok()?.digest();
    let session = Session::open(
        identity,
        Launch::default(),
        Attribution::new(),
        token,
        0_u8,
        now(),
    );
    let text = key.seal(ScreenKind::Deposit, &session).ok()?;
    Some(Sealed { key, text })
});

/// Opens a sealed session. An input that begins with `!` is a change of the genuine one: two bytes with the position,
/// one with the new character, and what to add at the end.
pub(crate) fn session(input: &[u8]) {
    let sealed = SEALED.as_ref();
    assert!(sealed.is_some(), "a session can be sealed");
    let Some(Sealed { key, text }) = sealed else {
        return;
    };
    assert!(key.open::<u8>(ScreenKind::Deposit, text, now()).is_ok());
    let forged = match input {
        [b'!', high, low, character, rest @ ..] => {
            let mut bytes = text.clone().into_bytes();
            let position = usize::from(u16::from_be_bytes([*high, *low])) % bytes.len();
            bytes[position] = *character;
            bytes.extend_from_slice(rest);
            bytes
        }
        other => other.to_vec(),
    };
    let forged = String::from_utf8_lossy(&forged);
    if *forged != **text {
        let expected = if forged.is_empty() {
            SessionError::Absent
        } else {
            SessionError::Invalid
        };
        for screen in [ScreenKind::Deposit, ScreenKind::Kyc] {
            let opened = key.open::<u8>(screen, &forged, now());
            assert_eq!(opened.err().as_ref(), Some(&expected));
        }
    }
}
