//! URLs and origins, as the `url` crate reads them.

use std::fmt;

use domain::is_https_or_loopback;
use url::{Host, Position, Url};

use crate::values::is_text;

/// A URL that traders are redirected to or that submits are sent to: `https`, or `http` on loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebUrl(pub(crate) Url);

impl TryFrom<String> for WebUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const RULE: &str =
            "must be a URL such as https://crm.example.com/deposit, without user and #fragment";
        let url = web_url(&text).filter(|url| url.fragment().is_none());
        url.map(Self).ok_or(RULE)
    }
}

/// The URL of a page that gets the signed assertion in its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageAddress(pub(crate) Url);

impl TryFrom<String> for PageAddress {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let WebUrl(url) = WebUrl::try_from(text)?;
        if url.query_pairs().any(|(name, _)| name == "assertion") {
            return Err("must not have a parameter `assertion`: the screens add it");
        }
        Ok(Self(url))
    }
}

/// The URL of one of the broker's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageUrl<'a>(pub(crate) &'a Url);

impl<'a> PageUrl<'a> {
    /// `https://host[:port]`
    pub fn origin(self) -> &'a str {
        &self.0[..Position::BeforePath]
    }

    /// `host[:port]`, to show to traders.
    pub fn host(self) -> &'a str {
        &self.0[Position::BeforeHost..Position::AfterPort]
    }

    /// The URL with the assertion added to its query.
    pub fn with_assertion(self, assertion: &str) -> String {
        let separator = match self.0.query() {
            None => "?",
            Some("") => "",
            Some(_) => "&",
        };
        format!("{}{separator}assertion={assertion}", self.0)
    }
}

/// The origin of a web page: `https://host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

impl TryFrom<String> for Origin {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const RULE: &str = "must list origins such as https://pay.example.com, without a path";
        let url = web_url(&text).filter(|url| &url[Position::BeforePath..] == "/");
        let origin = url.map(|url| url.origin().ascii_serialization());
        origin.map(Self).ok_or(RULE)
    }
}

/// An origin that may frame the screens, or a pattern of origins such as `https://*.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameAncestor(String);

impl FrameAncestor {
    /// The origin of cTrader Web.
    pub(crate) fn ctrader_web() -> Self {
        Self("https://app.ctrader.com".into())
    }
}

impl TryFrom<String> for FrameAncestor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const RULE: &str =
            "must be origins such as https://app.ctrader.com or https://*.example.com, without a path";
        let pattern = text.contains("://*.");
        let origin = Origin::try_from(text.replacen("://*.", "://", 1)).map_err(|_| RULE)?;
        if pattern && !is_of_one_owner(&origin) {
            return Err(
                "must not have a * below a domain under which anybody can register a name, such as com or co.uk",
            );
        }
        Ok(Self(if pattern {
            origin.0.replacen("://", "://*.", 1)
        } else {
            origin.0
        }))
    }
}

/// Words for kinds of owners, under which countries register names: `co.uk`, `com.au`, `org.za`.
const KINDS_OF_OWNERS: [&str; 20] = [
    "ac", "co", "com", "edu", "firm", "gen", "gob", "gov", "govt", "id", "info", "ltd", "me", "mil", "ne",
    "net", "nom", "or", "org", "plc",
];

/// Whether the names below this origin's host have one owner, as far as that shows: the host has two labels, and these are no
/// country's code with a kind of owners before it. A rule, because the list of public suffixes is 300 KB in each function
/// and out of date in each old deployment. It does not know hosts such as `github.io`.
fn is_of_one_owner(origin: &Origin) -> bool {
    let host = origin.0.split_once("://").map_or("", |(_, host)| host);
    let name = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let mut labels = name.rsplit('.');
    let (top, second, third) = (labels.next(), labels.next(), labels.next());
    match (top, second, third) {
        // An address, or a host with an empty label.
        (Some(top), _, _) if !top.starts_with(|c: char| c.is_ascii_alphabetic()) => false,
        (Some(top), Some(second), None) => top.len() != 2 || !KINDS_OF_OWNERS.contains(&second),
        (_, Some(_), Some(third)) => !third.is_empty(),
        _ => false,
    }
}

/// The URL at the end of a screen: a path of this deployment, or a page with `https`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitUrl(String);

impl ExitUrl {
    /// The built-in page after success. cTrader closes the screen when it is visited.
    pub(crate) fn success() -> Self {
        Self("/callback/success".into())
    }

    /// The built-in page after an action failed.
    pub(crate) fn failure() -> Self {
        Self("/callback/failure".into())
    }
}

impl TryFrom<String> for ExitUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let path = text.starts_with('/') && !text.starts_with("//");
        let page = text.starts_with("https://") && web_url(&text).is_some();
        // None of these characters can end a header or an attribute.
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'<>\\;,".contains(&byte);
        if (path || page) && text.bytes().all(plain) {
            Ok(Self(text))
        } else {
            Err("must be a path such as /callback/success, or a URL that begins with https://")
        }
    }
}

is_text!(Origin, FrameAncestor, ExitUrl);

/// A URL with `https`, or `http` on loopback, without user. Its host is safe in a content security policy: the URL
/// standard would allow a `;` in a host.
fn web_url(text: &str) -> Option<Url> {
    // The URL standard accepts a URL without `//`, or with more slashes.
    let rest = text.split_once("://").map(|(_, rest)| rest)?;
    let url = Url::parse(text).ok()?;
    let host_is_plain = match url.host()? {
        Host::Domain(name) => name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    let has_no_user = url.username().is_empty() && url.password().is_none();
    let has_two_slashes = !rest.starts_with(['/', '\\']);
    (host_is_plain && has_no_user && has_two_slashes && is_https_or_loopback(&url)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assertion_is_added_to_the_query() {
        for (page, whole) in [
            ("https://a.example", "https://a.example/?assertion=x"),
            ("https://a.example/p", "https://a.example/p?assertion=x"),
            ("https://a.example/p?", "https://a.example/p?assertion=x"),
            (
                "https://a.example/p?b=1&c=%20",
                "https://a.example/p?b=1&c=%20&assertion=x",
            ),
        ] {
            let url = page.parse().unwrap();
            assert_eq!(PageUrl(&url).with_assertion("x"), whole);
        }
    }

    #[test]
    fn origin_and_host_end_before_path_and_query() {
        for (url, origin, host) in [
            ("https://a.example", "https://a.example", "a.example"),
            (
                "https://a.example:8443/p?q",
                "https://a.example:8443",
                "a.example:8443",
            ),
            ("https://A.example:443?b=/c", "https://a.example", "a.example"),
            (
                "http://localhost:9005/p",
                "http://localhost:9005",
                "localhost:9005",
            ),
        ] {
            let url: Url = url.parse().unwrap();
            assert_eq!((PageUrl(&url).origin(), PageUrl(&url).host()), (origin, host));
            assert_eq!(origin, url.origin().ascii_serialization());
        }
    }

    #[test]
    fn a_url_is_private_and_has_a_plain_host() {
        for fine in [
            "https://a.example",
            "https://a.example:8443/p;x?b=c&d",
            "https://A.example:443/é",
            "http://localhost:9005/p",
            "https://10.0.0.1/",
        ] {
            assert!(WebUrl::try_from(fine.to_owned()).is_ok(), "{fine}");
        }
        for bad in [
            "",
            "/p",
            "//a.example/p",
            "a.example",
            "https:a.example",
            "https:///a.example",
            "http://a.example/p",
            "https://user@a.example/p",
            "https://:password@a.example/p",
            "https://a.example/p#f",
            "https://a.example:x/p",
            "https://*.a.example/p",
            "https://a;script-src.example/",
            "https://a'b.example/",
            "javascript:alert(1)",
        ] {
            assert!(WebUrl::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (text, origin) in [
            ("https://pay.example:8443", "https://pay.example:8443"),
            ("https://Pay.example:443/", "https://pay.example"),
            ("http://localhost:9001", "http://localhost:9001"),
        ] {
            assert_eq!(Origin::try_from(text.to_owned()).unwrap(), origin);
        }
        for bad in [
            "https://a.example/p",
            "https://a.example?q",
            "https://*.a.example",
            "http://a.example",
        ] {
            assert!(Origin::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn frame_ancestors_may_be_wildcards_and_loopback() {
        for fine in [
            "https://app.example.com",
            "https://*.example.com",
            "https://*.xm.eu",
            "https://*.broker.co.uk",
            "https://*.white.example:8443",
            "https://a.example:8443",
            "http://localhost:9001",
        ] {
            assert_eq!(FrameAncestor::try_from(fine.to_owned()).unwrap(), fine);
        }
        for bad in [
            "https://",
            "*",
            "http://example.com",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example:9001",
            "https://a.example:port",
            "https://a b",
            "'self'",
            "https://*.*.example",
            "https://*.com",
            "https://*.com.",
            "https://*.co.uk",
            "https://*.com.au:8443",
            "https://*.localhost",
            "https://*.127.0.0.1",
            "http://*.localhost:9001",
            "https://a.example/path",
            "https://a.example; script-src *",
        ] {
            assert!(FrameAncestor::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_screen_ends_on_a_path_of_this_deployment_or_on_https() {
        for fine in ["/callback/success", "/", "https://a.example/done?x=1#top"] {
            assert_eq!(ExitUrl::try_from(fine.to_owned()).unwrap(), fine);
        }
        for bad in [
            "",
            "done",
            "//evil.example",
            "/\\evil.example",
            "/a;b",
            "http://localhost/",
            "javascript:alert(1)",
            "https://",
        ] {
            assert!(ExitUrl::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
