//! `mode = "redirect"`, a page of the broker's own in place of a screen of ours; and `mode = "backend"`, a form of ours
//! whose submission a program of the broker's own answers.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// How an action is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By a form on our own screen, which is recorded.
    #[default]
    Form,
    /// On a page of the broker's own, which gets the signed assertion.
    Redirect,
    /// By a form on our own screen, which is recorded and handed to the broker's backend. For custom actions.
    Backend,
}

/// A URL for the traders of all brokers, or one per broker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "must be a URL, or a table with one URL per broker name"
)]
pub enum Target {
    /// The same for each broker.
    Same(String),
    /// By broker name.
    PerBroker(BTreeMap<String, String>),
}

impl Target {
    /// The URL for traders of the broker of that name. Checked configuration has one for each broker.
    fn of(&self, broker: &str) -> Option<PageUrl<'_>> {
        let mut pages = self.pages();
        let page = pages.find(|(name, _)| name.is_none_or(|name| name == broker));
        page.map(|(_, page)| page)
    }

    /// All pages, each with the name of its broker if it is for one only.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (Option<&str>, PageUrl<'_>)> {
        let (same, each) = match self {
            Self::Same(url) => (Some((None, PageUrl(url))), None),
            Self::PerBroker(urls) => (None, Some(urls)),
        };
        let each = each.into_iter().flatten();
        same.into_iter()
            .chain(each.map(|(broker, url)| (Some(broker.as_str()), PageUrl(url))))
    }
}

/// Where a section of `broker.toml`, or a payment method, sends the trader on to.
#[derive(Clone, Copy, Debug)]
pub struct Redirect<'a> {
    target: &'a Target,
    /// Whether the page can be shown in cTrader's frame. If not, it opens in a window of its own, by a link.
    pub framed: bool,
}

impl<'a> Redirect<'a> {
    /// `None` where the section has another mode.
    pub(crate) fn of(
        mode: Mode,
        target: Option<&'a Spanned<Target>>,
        framed: Option<&Spanned<bool>>,
    ) -> Option<Self> {
        let redirect = Self::to(target?, framed);
        (mode == Mode::Redirect).then_some(redirect)
    }

    /// Framed, unless said otherwise.
    pub(crate) fn to(target: &'a Spanned<Target>, framed: Option<&Spanned<bool>>) -> Self {
        Self {
            target: target.get_ref(),
            framed: framed.is_none_or(|framed| *framed.get_ref()),
        }
    }

    /// The page for traders of the broker of that name. Checked configuration has one for each broker.
    pub fn page(self, broker: &str) -> Option<PageUrl<'a>> {
        self.target.of(broker)
    }

    /// The pages of all brokers.
    pub fn pages(self) -> impl Iterator<Item = PageUrl<'a>> {
        self.target.pages().map(|(_, page)| page)
    }
}

/// The program of the broker's own that an action's submissions are handed to.
#[derive(Clone, Copy, Debug)]
pub struct Backend<'a> {
    pub(crate) target: &'a Target,
    pub(crate) redirects: &'a [Spanned<String>],
}

impl<'a> Backend<'a> {
    /// Its URL for traders of the broker of that name. Checked configuration has one for each broker.
    pub fn url(self, broker: &str) -> Option<&'a str> {
        self.target.of(broker).map(|url| url.0)
    }

    /// Whether an answer of the backend may send a trader to this URL: one on a listed origin, to the letter.
    pub fn may_redirect(self, url: &str) -> bool {
        let clean = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        let origin = PageUrl(url).origin();
        let listed = self.redirects.iter().any(|listed| listed.get_ref() == origin);
        listed && url.bytes().all(clean)
    }
}

/// The URL of a page of the broker's: `https://host[:port][/path][?query]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageUrl<'a>(pub(crate) &'a str);

impl<'a> PageUrl<'a> {
    /// `https://host[:port]`
    pub fn origin(self) -> &'a str {
        let host = self.0.find("://").map_or(0, |scheme| scheme + "://".len());
        let end = self.0[host..].find(['/', '?', '#']);
        end.map_or(self.0, |end| &self.0[..host + end])
    }

    /// `host[:port]`, to be read by people.
    pub fn host(self) -> &'a str {
        self.origin()
            .split_once("://")
            .map_or(self.origin(), |(_, host)| host)
    }

    /// What comes after the `?`; empty if nothing does.
    pub(crate) fn query(self) -> &'a str {
        self.0.split_once('?').map_or("", |(_, query)| query)
    }

    /// The URL with the assertion in its query. What else is there stays as it is.
    pub fn with_assertion(self, assertion: &str) -> String {
        let separator = match (self.0.contains('?'), self.query()) {
            (false, _) => "?",
            (true, "") => "",
            (true, _) => "&",
        };
        format!("{}{separator}assertion={assertion}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assertion_joins_the_query() {
        for (page, whole) in [
            ("https://a.example", "https://a.example?assertion=x"),
            ("https://a.example/p", "https://a.example/p?assertion=x"),
            ("https://a.example/p?", "https://a.example/p?assertion=x"),
            (
                "https://a.example/p?b=1&c=%20",
                "https://a.example/p?b=1&c=%20&assertion=x",
            ),
        ] {
            assert_eq!(PageUrl(page).with_assertion("x"), whole);
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
            ("https://a.example?b=/c", "https://a.example", "a.example"),
            (
                "http://localhost:9005/p",
                "http://localhost:9005",
                "localhost:9005",
            ),
        ] {
            assert_eq!((PageUrl(url).origin(), PageUrl(url).host()), (origin, host));
        }
    }

    #[test]
    fn a_redirect_leads_to_a_listed_origin() {
        let target = Target::Same("https://crm.example".into());
        let redirects = ["https://pay.example", "http://localhost:9005"];
        let redirects = redirects.map(|origin| Spanned::new(0..0, origin.to_owned()));
        let backend = Backend {
            target: &target,
            redirects: &redirects,
        };
        for fine in [
            "https://pay.example",
            "https://pay.example/a?b=c#d",
            "https://pay.example?x=;,'",
            "http://localhost:9005/p",
        ] {
            assert!(backend.may_redirect(fine), "{fine}");
        }
        for bad in [
            "",
            "/callback/success",
            "//pay.example",
            "http://pay.example/",
            "https://pay.example:8443/",
            "https://pay.example.evil.example/",
            "https://pay.example@evil.example/",
            "https://pay.example\\@evil.example/",
            "https://evil.example/https://pay.example/",
            "HTTPS://pay.example/",
            "https://pay.example/\t",
            "https://pay.example/\"onclick=",
            "https://pay.example/é",
            "javascript:alert(1)//https://pay.example",
            "https://crm.example/",
        ] {
            assert!(!backend.may_redirect(bad), "{bad}");
        }
    }

    #[test]
    fn each_broker_is_sent_to_its_own_page() {
        let same = Target::Same("https://a.example".into());
        let each = Target::PerBroker(
            [("a", "https://a.example"), ("b", "https://b.example")]
                .map(|(name, url)| (name.to_owned(), url.to_owned()))
                .into(),
        );
        let page = |target, broker| {
            let redirect = Redirect { target, framed: true };
            redirect.page(broker).map(|page| page.0)
        };
        assert_eq!(page(&same, "b"), Some("https://a.example"));
        assert_eq!(page(&each, "b"), Some("https://b.example"));
        assert_eq!(page(&each, "c"), None);
        let redirect = Redirect {
            target: &each,
            framed: true,
        };
        assert_eq!(redirect.pages().count(), 2);
    }
}
