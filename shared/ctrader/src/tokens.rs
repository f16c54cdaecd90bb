//! The one-time token and the manager token, as types that cannot be printed, copied or reused by mistake.

use std::fmt;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The single-use token that cTrader puts into the URL of a screen. It is valid for about a minute.
///
/// It has no `Display` and no `Clone`. It can be redeemed once, because [`crate::Client::redeem`] takes it by
/// value, and compared with an earlier token by its [digest](Self::digest).
///
/// ```
/// use ctrader::OneTimeToken;
///
/// let token = OneTimeToken::parse("abc123")?;
/// assert_eq!(format!("{token:?}"), "OneTimeToken([redacted])");
/// assert!(OneTimeToken::parse("<script>").is_err());
/// # Ok::<(), ctrader::MalformedToken>(())
/// ```
pub struct OneTimeToken(String);

/// Longest one-time token that is sent to cTrader, in bytes.
const MAX_TOKEN_LENGTH: usize = 2_048;

impl OneTimeToken {
    /// Reads a token from the percent-decoded URL.
    ///
    /// # Errors
    /// [`MalformedToken`] if it is empty, longer than 2,048 bytes, or holds anything but `A-Za-z0-9._~+/=-`: such a
    /// value cannot be a token, so cTrader is not asked.
    pub fn parse(raw: &str) -> Result<Self, MalformedToken> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._~+/=-".contains(&byte);
        if raw.is_empty() || raw.len() > MAX_TOKEN_LENGTH || !raw.bytes().all(allowed) {
            return Err(MalformedToken);
        }
        Ok(Self(raw.to_owned()))
    }

    /// A digest that recognises the same token again. It may be kept where the token may not.
    pub fn digest(&self) -> TokenDigest {
        let hash = digest::digest(&digest::SHA256, self.0.as_bytes());
        TokenDigest(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeToken([redacted])")
    }
}

/// The text is not a one-time token.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a one-time token")]
pub struct MalformedToken;

/// The first 128 bits of a token's SHA-256, as base64url.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TokenDigest(String);

impl TokenDigest {
    /// The digest as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The broker's manager token (`webservToken`), which authenticates every call to the cTrader backend.
#[derive(Clone, PartialEq, Eq)]
pub struct ManagerToken(String);

impl ManagerToken {
    /// Reads the value of the secret: the bare token, or a JSON object with `webservToken`.
    ///
    /// ```
    /// use ctrader::ManagerToken;
    ///
    /// let bare = ManagerToken::from_secret("f00d-cafe\n")?;
    /// let json = ManagerToken::from_secret(r#"{"webservToken": "f00d-cafe"}"#)?;
    /// assert!(bare == json);
    /// # Ok::<(), ctrader::BadManagerToken>(())
    /// ```
    ///
    /// # Errors
    /// [`BadManagerToken`] if the value contains no token. The error does not repeat the value.
    pub fn from_secret(value: &str) -> Result<Self, BadManagerToken> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Secret {
            webserv_token: String,
        }

        let value = value.trim();
        let token = if value.starts_with('{') {
            serde_json::from_str::<Secret>(value)
                .map_err(|_| BadManagerToken)?
                .webserv_token
        } else {
            value.to_owned()
        };
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadManagerToken);
        }
        Ok(Self(token))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ManagerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManagerToken([redacted])")
    }
}

/// The secret does not hold a manager token.
#[derive(Debug, thiserror::Error)]
#[error("the secret holds neither a bare manager token nor JSON with `webservToken`")]
pub struct BadManagerToken;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_of_2048_bytes_is_the_longest() {
        assert!(OneTimeToken::parse(&"a".repeat(2_048)).is_ok());
        assert!(OneTimeToken::parse(&"a".repeat(2_049)).is_err());
    }

    #[test]
    fn a_manager_secret_without_a_token_is_refused_without_repeating_it() {
        for value in [
            "",
            "  \n",
            "two words",
            r#"{"password":"hunter2"}"#,
            r#"{"webservToken":""}"#,
            r#"{"webservToken":7}"#,
            "{",
        ] {
            let error = ManagerToken::from_secret(value).unwrap_err();
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    proptest! {
        #[test]
        fn only_the_allowed_characters_make_a_token(raw in "\\PC{0,40}") {
            let allowed = !raw.is_empty()
                && raw.chars().all(|c| c.is_ascii_alphanumeric() || "._~+/=-".contains(c));
            prop_assert_eq!(OneTimeToken::parse(&raw).is_ok(), allowed);
        }

        #[test]
        fn digests_tell_tokens_apart_and_never_contain_them(a in "[A-Za-z0-9]{24,40}", b in "[A-Za-z0-9]{24,40}") {
            let digest = |raw: &str| OneTimeToken::parse(raw).unwrap().digest();
            prop_assert_eq!(digest(&a) == digest(&b), a == b);
            prop_assert!(!digest(&a).as_str().contains(&a));
        }
    }
}
