//! The broker's own pages, which replace a screen, and the broker's own backend, which decides about submits.

use std::collections::BTreeMap;

use domain::BrokerName;

use crate::{
    Origin, PageUrl,
    read::{Node, Section, Table, Value},
    web_url::{PageAddress, WebUrl},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// One value for all brokers, or one for each broker.
#[derive(Clone, Debug)]
pub(crate) enum PerBroker<T> {
    /// The same for all brokers.
    Same(T),
    /// By broker name.
    Each(BTreeMap<BrokerName, T>),
}

impl<T> PerBroker<T> {
    /// The value for the broker with this name. The check of `broker.toml` guarantees one for each broker.
    fn get(&self, broker: &str) -> Option<&T> {
        match self {
            Self::Same(value) => Some(value),
            Self::Each(values) => values.get(broker),
        }
    }

    fn all(&self) -> impl Iterator<Item = &T> {
        let (same, each) = match self {
            Self::Same(value) => (Some(value), None),
            Self::Each(values) => (None, Some(values.values())),
        };
        same.into_iter().chain(each.into_iter().flatten())
    }
}

impl<T: Value> Value for PerBroker<T> {
    fn read(node: Node<'_>) -> Option<Self> {
        if node.text().is_some() {
            return T::read(node).map(Self::Same);
        }
        let Some(entries) = node.entries() else {
            return node.mistake("must be a URL, or a table with one URL for each broker name");
        };
        let brokers = node.context().brokers.get();
        let mut values = BTreeMap::new();
        let mut named = Vec::new();
        for (name, node) in entries {
            named.push(name);
            if brokers.is_some_and(|brokers| !brokers.iter().any(|broker| *broker == name)) {
                node.mistake::<()>("is for a broker that is not in `brokers`");
            }
            if let Some(value) = T::read(node) {
                values.insert(BrokerName::from(name), value);
            }
        }
        for broker in brokers.into_iter().flatten() {
            if !named.contains(&broker.as_str()) {
                node.mistake::<()>(format!("has no URL for the broker `{broker}`"));
            }
        }
        Some(Self::Each(values))
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        let value = T::schema(definitions);
        serde_json::json!({ "anyOf": [value, { "type": "object", "additionalProperties": value }] })
    }
}

/// A section such as `[deposit.redirect]` or `[deposit.methods.hosted]`: the page that traders are redirected to.
#[derive(Clone, Debug)]
pub struct RedirectSettings {
    to: PerBroker<PageAddress>,
    framed: bool,
}

impl RedirectSettings {
    pub(crate) fn redirect(&self) -> Redirect<'_> {
        Redirect {
            to: &self.to,
            framed: self.framed,
        }
    }
}

impl Section for RedirectSettings {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let to = table.required(
            "to",
            "The page: one URL, or a table with one URL for each broker name.",
        );
        let framed = table.optional(
            "framed",
            "false for a page that refuses to be framed: it opens in its own window. Default: true.",
        );
        Some(Self {
            to: to?,
            framed: framed.unwrap_or(true),
        })
    }
}

/// The page that traders are redirected to.
#[derive(Clone, Copy, Debug)]
pub struct Redirect<'a> {
    to: &'a PerBroker<PageAddress>,
    /// Whether the page can be framed. If not, a button opens it in its own window.
    pub framed: bool,
}

impl<'a> Redirect<'a> {
    /// The page for traders of the broker with this name. The check of `broker.toml` guarantees one for each broker.
    pub fn page(self, broker: &str) -> Option<PageUrl<'a>> {
        self.to.get(broker).map(|page| PageUrl(&page.0))
    }

    /// The pages of all brokers.
    pub fn pages(self) -> impl Iterator<Item = PageUrl<'a>> {
        self.to.all().map(|page| PageUrl(&page.0))
    }
}

/// `[actions.backend]`: the broker's own program that decides about the submits of an action.
#[derive(Clone, Debug)]
pub struct BackendSettings {
    url: PerBroker<WebUrl>,
    redirects: Vec<Origin>,
}

impl BackendSettings {
    pub(crate) fn backend(&self) -> Backend<'_> {
        Backend(self)
    }
}

impl Section for BackendSettings {
    fn fields(table: &mut Table<'_>) -> Option<Self> {
        let url = table.required(
            "url",
            "Where submits are sent to: one URL, or a table with one URL for each broker name.",
        );
        let redirects = table.list(
            "redirects",
            "Origins that the backend may redirect the trader to.",
        );
        Some(Self { url: url?, redirects })
    }
}

/// The broker's own program that decides about the submits of an action.
#[derive(Clone, Copy, Debug)]
pub struct Backend<'a>(&'a BackendSettings);

impl<'a> Backend<'a> {
    /// The URL for traders of the broker with this name. The check of `broker.toml` guarantees one for each broker.
    pub fn url(self, broker: &str) -> Option<&'a str> {
        self.0.url.get(broker).map(|url| url.0.as_str())
    }

    /// Whether the backend may redirect traders to this URL: its origin must be one of `redirects`, written exactly
    /// so.
    pub fn may_redirect(self, url: &str) -> bool {
        let clean = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        let on = |origin: &Origin| {
            let rest = url.strip_prefix(origin.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
        };
        url.bytes().all(clean) && self.0.redirects.iter().any(on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_a_listed_origin() {
        let redirects = ["https://pay.example", "http://localhost:9005"];
        let endpoint = BackendSettings {
            url: PerBroker::Same(WebUrl("https://crm.example".parse().unwrap())),
            redirects: redirects
                .map(|origin| origin.to_owned().try_into().unwrap())
                .into(),
        };
        for fine in [
            "https://pay.example",
            "https://pay.example/a?b=c#d",
            "https://pay.example?x=;,'",
            "http://localhost:9005/p",
        ] {
            assert!(endpoint.backend().may_redirect(fine), "{fine}");
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
            assert!(!endpoint.backend().may_redirect(bad), "{bad}");
        }
    }

    #[test]
    fn each_broker_is_sent_to_its_own_page() {
        let address = |url: &str| PageAddress(url.parse().unwrap());
        let destination = |to| RedirectSettings { to, framed: true };
        let same = destination(PerBroker::Same(address("https://a.example")));
        let each = [("a", "https://a.example"), ("b", "https://b.example")];
        let each = each.map(|(name, url)| (BrokerName::from(name), address(url)));
        let each = destination(PerBroker::Each(each.into()));
        let origin = |destination: &RedirectSettings, broker| {
            let page = destination.redirect().page(broker)?;
            Some(page.origin().to_owned())
        };
        assert_eq!(origin(&same, "b").as_deref(), Some("https://a.example"));
        assert_eq!(origin(&each, "b").as_deref(), Some("https://b.example"));
        assert_eq!(origin(&each, "c"), None);
        assert_eq!(each.redirect().pages().count(), 2);
    }
}
