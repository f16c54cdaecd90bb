//! `broker.toml`: the copy for local use, and what the simulated cTrader needs to know.

use toml_edit::visit_mut::VisitMut;
use toml_edit::{Array, DocumentMut, Formatted, Item, value};

/// The default of `frame_ancestors`.
const DEFAULT_ANCESTOR: &str = "https://app.ctrader.com";

/// The demo broker's website in `broker.toml`. On this machine the sample backend replaces it.
const WEBSITE: &str = "https://crm.demobroker.example";

/// The demo broker's payment provider. On this machine the sample backend replaces it, under this path.
const CASHIER: (&str, &str) = ("https://cashier.demobroker.example", "/cashier");

/// Adapts `broker.toml`: the terminal may frame the screens, the sample backend replaces the demo broker's website
/// and cashier, and there are more languages. Everything else stays, comments too.
///
/// A file with mistakes is returned as it is: the functions report those with line and key.
pub(crate) fn local_copy(text: &str, terminal: &str, sample: &str, languages: &[String]) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        return text.to_owned();
    };
    let ancestors = document
        .entry("frame_ancestors")
        .or_insert_with(|| value(Array::from_iter([DEFAULT_ANCESTOR])));
    if let Item::Value(toml_edit::Value::Array(ancestors)) = ancestors {
        ancestors.push(terminal);
    }
    ReplaceWebsite { sample }.visit_document_mut(&mut document);
    if let Some(Item::Value(toml_edit::Value::Array(list))) = document.get_mut("languages") {
        for language in languages {
            if !list.iter().any(|known| known.as_str() == Some(language)) {
                list.push(language);
            }
        }
    }
    document.to_string()
}

/// Replaces URLs of the demo broker's website by URLs of the sample backend.
struct ReplaceWebsite<'a> {
    sample: &'a str,
}

impl VisitMut for ReplaceWebsite<'_> {
    fn visit_string_mut(&mut self, string: &mut Formatted<String>) {
        for (origin, path) in [(WEBSITE, ""), CASHIER] {
            // Not a site whose name only begins with the origin.
            let rest = string.value().strip_prefix(origin);
            let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?'])) else {
                continue;
            };
            let mut local = Formatted::new(format!("{}{path}{rest}", self.sample));
            *local.decor_mut() = string.decor().clone();
            *string = local;
        }
    }
}

/// What the other services need to know of the broker.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Broker {
    /// `brokerName` of the first broker.
    pub(crate) name: Option<String>,
    /// All `actionType`s.
    pub(crate) actions: Vec<String>,
    /// Ids of the payment methods.
    pub(crate) methods: Vec<String>,
    /// Ids of the methods that are bank transfers.
    pub(crate) transfers: Vec<String>,
}

impl Broker {
    pub(crate) fn from_toml(text: &str) -> Self {
        let Ok(document) = text.parse::<DocumentMut>() else {
            return Self::default();
        };
        let strings = |table: &str, key: &str| -> Vec<String> {
            let tables = document.get(table).and_then(Item::as_array_of_tables);
            let values = tables
                .into_iter()
                .flatten()
                .filter_map(|table| table.get(key)?.as_str());
            values.map(str::to_owned).collect()
        };
        let methods: Vec<_> = document
            .get("deposit")
            .and_then(|deposit| deposit.get("methods")?.as_array_of_tables())
            .into_iter()
            .flatten()
            .filter_map(|method| Some((method.get("id")?.as_str()?, method.contains_key("bank_transfer"))))
            .collect();
        let ids = |wanted: &dyn Fn(bool) -> bool| {
            methods
                .iter()
                .filter(|(_, is_transfer)| wanted(*is_transfer))
                .map(|(id, _)| (*id).to_owned())
                .collect()
        };
        Self {
            name: strings("brokers", "name").into_iter().next(),
            actions: strings("actions", "type"),
            methods: ids(&|_| true),
            transfers: ids(&|is_transfer| is_transfer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "http://localhost:9001";

    fn copy(text: &str) -> String {
        local_copy(text, ORIGIN, "http://localhost:9005", &[])
    }

    #[test]
    fn the_terminal_is_added_and_the_rest_stays() {
        let text = "# who\nframe_ancestors = [\"https://a.example\"] # hosts\n\n[[brokers]]\nname = \"demo\" # exact\n";
        let copy = copy(text);
        assert_eq!(
            copy,
            text.replace(
                "[\"https://a.example\"]",
                "[\"https://a.example\", \"http://localhost:9001\"]"
            )
        );
    }

    #[test]
    fn without_ancestors_the_default_stays_one() {
        let copy = copy("languages = [\"en\"]\n\n[deposit]\n");
        let document: DocumentMut = copy.parse().unwrap();
        let ancestors: Vec<_> = document["frame_ancestors"].as_array().unwrap().iter().collect();
        assert_eq!(ancestors[0].as_str(), Some("https://app.ctrader.com"));
        assert_eq!(ancestors[1].as_str(), Some(ORIGIN));
    }

    #[test]
    fn urls_of_the_demo_brokers_website_become_urls_of_the_sample_backend() {
        let text = r#"frame_ancestors = []
[deposit.redirect]
to = "https://crm.demobroker.example/deposit?a=1" # ours
[kyc.redirect]
to = { demobroker = "https://crm.demobroker.example", white = "https://white.example/kyc" }
[[deposit.methods]]
hosted.to = "https://cashier.demobroker.example/pay?b=2"
[[actions]]
redirect.to = "https://crm.demobroker.example.evil.example/x"
"#;
        let expected = text
            .replace("[]", "[\"http://localhost:9001\"]")
            .replace(
                "https://crm.demobroker.example/deposit",
                "http://localhost:9005/deposit",
            )
            .replace("\"https://crm.demobroker.example\"", "\"http://localhost:9005\"")
            .replace(
                "https://cashier.demobroker.example",
                "http://localhost:9005/cashier",
            );
        assert_eq!(copy(text), expected);
    }

    #[test]
    fn languages_are_added_once_after_the_default_one() {
        let more = ["ar".to_owned(), "es".to_owned()];
        let copy = local_copy("languages = [\"es\", \"en\"]\n", ORIGIN, "", &more);
        assert!(
            copy.starts_with("languages = [\"es\", \"en\", \"ar\"]\n"),
            "{copy}"
        );
    }

    #[test]
    fn a_file_with_mistakes_is_not_changed() {
        assert_eq!(copy("frame_ancestors = ["), "frame_ancestors = [");
        assert_eq!(copy("frame_ancestors = 7\n"), "frame_ancestors = 7\n");
    }

    #[test]
    fn the_broker_is_read_from_the_file() {
        let text = include_str!("../../../tests/fixtures/demo.toml");
        let broker = Broker::from_toml(text);
        assert_eq!(broker.name.as_deref(), Some("demobroker"));
        assert!(broker.actions.contains(&"withdraw".to_owned()));
        assert_eq!(broker.methods, ["card", "wallet", "bank_transfer"]);
        assert_eq!(broker.transfers, ["bank_transfer"]);
    }
}
