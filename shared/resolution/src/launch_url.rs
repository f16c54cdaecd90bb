//! Reads the URL with which cTrader opens a screen.

use std::{borrow::Cow, collections::HashSet};

use ctrader::{MalformedToken, OneTimeToken};
use domain::{Attribution, Launch, Theme};
use inbound::{has_control, without_control};

use crate::language::language;

/// Longest attribution value that is kept, in characters.
const MAX_ATTRIBUTION_VALUE: usize = 128;

/// Size limit of all attribution in a session, in bytes of JSON.
const MAX_ATTRIBUTION: usize = 1_000;

/// Whether a parameter is marketing attribution.
fn is_attribution(name: &str) -> bool {
    let utm = name.strip_prefix("utm_").is_some_and(|rest| {
        (1..=20).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    });
    utm || name == "gclid"
}

/// Longest `kycType` or `actionType`, in bytes.
const MAX_TYPE_LENGTH: usize = 64;

/// The parameters in the URL of a screen.
#[derive(Debug, Default)]
pub struct LaunchUrl {
    /// The one-time token, if there is one.
    pub token: Option<OneTimeToken>,
    /// The launch parameters.
    pub launch: Launch,
    /// The marketing attribution.
    pub attribution: Attribution,
}

/// A launch parameter that makes the URL unusable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLaunch {
    /// `token` is present and cannot be a token.
    #[error(transparent)]
    Token(#[from] MalformedToken),
    /// The named parameter is present and unusable.
    #[error("parameter '{0}' is not usable")]
    Parameter(&'static str),
}

impl LaunchUrl {
    /// Reads the query of the URL, still percent-encoded.
    ///
    /// A bad `lang`, `theme` or `source` and an empty parameter count as absent. Of a repeated parameter the
    /// first counts. In `token` a raw `+` is a plus, because tokens may be base64.
    ///
    /// ```
    /// # use domain::Theme;
    /// # use resolution::LaunchUrl;
    /// let url = LaunchUrl::parse("token=abc+123&account=67890&lang=EN&theme=dark&source=Fridge")?;
    /// assert_eq!(url.launch.account, Some(67890));
    /// assert_eq!(url.launch.lang.as_deref(), Some("en"));
    /// assert_eq!(url.launch.theme, Some(Theme::Dark));
    /// assert_eq!(url.launch.source, None);
    /// # Ok::<(), resolution::BadLaunch>(())
    /// ```
    ///
    /// # Errors
    /// [`BadLaunch`] names the parameter that cannot be used. The caller checks for absent parameters, because
    /// after a reload the session replaces them.
    pub fn parse(query: &str) -> Result<Self, BadLaunch> {
        let mut url = Self::default();
        let mut seen = HashSet::new();
        for (name, value) in pairs(query) {
            if value.is_empty() || !seen.insert(name.clone()) {
                continue;
            }
            match name.as_str() {
                "token" => url.token = Some(OneTimeToken::parse(&value)?),
                "account" => url.launch.account = Some(account(&value)?),
                "lang" => url.launch.lang = language(&value),
                "theme" => url.launch.theme = known(&value),
                "source" => url.launch.source = known(&value),
                "actionType" => url.launch.action_type = Some(type_name("actionType", value)?),
                "kycType" => url.launch.kyc_type = Some(type_name("kycType", value)?),
                _ if is_attribution(&name) => url.attribute(name, &value),
                _ => {}
            }
        }
        Ok(url)
    }

    fn attribute(&mut self, name: String, value: &str) {
        let value: String = without_control(value)
            .chars()
            .take(MAX_ATTRIBUTION_VALUE)
            .collect();
        if value.is_empty() {
            return;
        }
        self.attribution.insert(name.clone(), value);
        let size = serde_json::to_string(&self.attribution).map_or(usize::MAX, |json| json.len());
        if size > MAX_ATTRIBUTION {
            self.attribution.remove(&name);
        }
    }

    /// Only the language and the theme, for an error page about the rest of the URL.
    pub fn appearance(query: &str) -> (Option<String>, Option<Theme>) {
        let mut seen = HashSet::new();
        let mut appearance = (None, None);
        for (name, value) in pairs(query).filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "lang" if seen.insert("lang") => appearance.0 = language(&value),
                "theme" if seen.insert("theme") => appearance.1 = known(&value),
                _ => {}
            }
        }
        appearance
    }
}

/// The decoded pairs of a query.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').flat_map(|pair| {
        let pair = if pair.starts_with("token=") {
            Cow::Owned(pair.replace('+', "%2B"))
        } else {
            Cow::Borrowed(pair)
        };
        form_urlencoded::parse(pair.as_bytes()).into_owned().next()
    })
}

fn account(value: &str) -> Result<i64, BadLaunch> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse::<i64>() {
        Ok(account) if digits && account > 0 => Ok(account),
        _ => Err(BadLaunch::Parameter("account")),
    }
}

fn known<T: serde::de::DeserializeOwned>(value: &str) -> Option<T> {
    serde_json::from_value(value.into()).ok()
}

fn type_name(parameter: &'static str, value: String) -> Result<String, BadLaunch> {
    if value.len() > MAX_TYPE_LENGTH || has_control(&value) {
        return Err(BadLaunch::Parameter(parameter));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use domain::Source;
    use proptest::prelude::*;

    use super::*;

    fn parse(query: &str) -> LaunchUrl {
        LaunchUrl::parse(query).unwrap()
    }

    fn digest(token: &str) -> ctrader::TokenDigest {
        OneTimeToken::parse(token).unwrap().digest()
    }

    #[test]
    fn the_specifications_examples_parse() {
        let deposit = parse("token=abc123&account=67890&lang=en");
        assert_eq!(deposit.token.unwrap().digest(), digest("abc123"));
        assert_eq!(deposit.launch.account, Some(67890));

        let kyc = parse("token=xyz789&lang=es&source=Mobile");
        assert_eq!(kyc.launch.lang.as_deref(), Some("es"));
        assert_eq!(kyc.launch.source, Some(Source::Mobile));

        let chat = parse("token=def456&theme=dark");
        assert_eq!(chat.launch.theme, Some(Theme::Dark));
    }

    #[test]
    fn in_the_token_a_raw_plus_is_a_plus() {
        for query in ["token=a+b/c==", "token=a%2Bb%2Fc%3D%3D"] {
            assert_eq!(parse(query).token.unwrap().digest(), digest("a+b/c=="));
        }
        assert_eq!(parse("utm_source=a+b").attribution["utm_source"], "a b");
    }

    #[test]
    fn an_empty_parameter_is_an_absent_one() {
        let url = parse("token=&account=&actionType=&lang=");
        assert!(url.token.is_none());
        assert_eq!(url.launch, Launch::default());
    }

    #[test]
    fn bad_language_theme_and_source_are_absent_but_a_bad_account_is_an_error() {
        let url = parse("lang=english&theme=blue&source=Toaster");
        assert_eq!(url.launch, Launch::default());
        for account in ["abc", "1.5", "-1", "+1", "0", "99999999999999999999", "1 "] {
            assert_eq!(
                LaunchUrl::parse(&format!("account={account}")).unwrap_err(),
                BadLaunch::Parameter("account"),
                "{account}"
            );
        }
    }

    #[test]
    fn of_a_repeated_parameter_the_first_counts() {
        let url = parse("account=1&account=bad&token=first&token=<>&lang=es&lang=ar");
        assert_eq!(url.launch.account, Some(1));
        assert_eq!(url.token.unwrap().digest(), digest("first"));
        assert_eq!(LaunchUrl::appearance("lang=es&lang=ar").0.as_deref(), Some("es"));
        assert_eq!(
            LaunchUrl::appearance("lang=&lang&lang=ar").0,
            parse("lang=&lang&lang=ar").launch.lang
        );
        assert_eq!(
            LaunchUrl::appearance("lang=xxx&lang=ar").0,
            None,
            "as for the screen"
        );
    }

    #[test]
    fn attribution_is_capped() {
        let url = parse(&format!(
            "utm_campaign={}&gclid=x&utm_id=77&utm_=y&utm_é=z",
            "a".repeat(500)
        ));
        assert_eq!(url.attribution["utm_campaign"].chars().count(), 128);
        assert_eq!(url.attribution.len(), 3, "{:?}", url.attribution);
        let names = ('a'..='z').map(|c| format!("utm_{c}={}", "🙂".repeat(128)));
        let url = parse(&names.collect::<Vec<_>>().join("&"));
        assert_eq!(url.attribution.len(), 1, "two of them are more than 1,000 bytes");
    }

    #[test]
    fn attribution_has_no_control_characters() {
        let url = parse("utm_source=%C2%9B31mRED%1B%5B2J&utm_id=a%00%7Fb%0D%0A&gclid=%1B%C2%9B");
        assert_eq!(url.attribution["utm_source"], "31mRED[2J");
        assert_eq!(url.attribution["utm_id"], "ab");
        assert_eq!(url.attribution.get("gclid"), None, "nothing is left of it");
    }

    #[test]
    fn source_keeps_ctraders_spelling() {
        let launch = parse("source=iOS").launch;
        assert_eq!(serde_json::to_string(&launch).unwrap(), r#"{"source":"iOS"}"#);
    }

    proptest! {
        #[test]
        fn any_query_is_read_without_panic(query in "\\PC{0,200}") {
            let _ = LaunchUrl::parse(&query);
            let _ = LaunchUrl::appearance(&query);
        }

        #[test]
        fn what_was_encoded_is_read_back(account in 1..i64::MAX, token in "[A-Za-z0-9._~+/=-]{1,60}", kyc in "[^\\p{C}]{1,12}") {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("account", &account.to_string())
                .append_pair("token", &token)
                .append_pair("kycType", &kyc)
                .finish();
            let url = LaunchUrl::parse(&query).unwrap();
            prop_assert_eq!(url.launch.account, Some(account));
            prop_assert_eq!(url.token.unwrap().digest(), digest(&token));
            prop_assert_eq!(url.launch.kyc_type, Some(kyc));
        }
    }
}
