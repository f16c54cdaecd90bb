//! `broker.toml`: the copy for local use, and what the simulated cTrader has to know of it.

use toml_edit::{Array, DocumentMut, Item, value};

/// Who may frame the screens where `broker.toml` does not say.
const DEFAULT_ANCESTOR: &str = "https://app.ctrader.com";

/// `broker.toml` with one more origin that may frame the screens, and else as it was, comments and all.
///
/// A file with mistakes is passed on with them: the functions report those with line and key.
pub(crate) fn with_frame_ancestor(text: &str, origin: &str) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        return text.to_owned();
    };
    let ancestors = document
        .entry("frame_ancestors")
        .or_insert_with(|| value(Array::from_iter([DEFAULT_ANCESTOR])));
    if let Item::Value(toml_edit::Value::Array(ancestors)) = ancestors {
        ancestors.push(origin);
    }
    document.to_string()
}

/// What the terminal shows of the broker.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Broker {
    /// `brokerName` of the first broker.
    pub(crate) name: Option<String>,
    /// All `actionType`s.
    pub(crate) actions: Vec<String>,
}

impl Broker {
    pub(crate) fn of(text: &str) -> Self {
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
        Self {
            name: strings("brokers", "name").into_iter().next(),
            actions: strings("actions", "type"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "http://localhost:9001";

    #[test]
    fn the_terminal_is_added_and_the_rest_stays() {
        let text = "# who\nframe_ancestors = [\"https://a.example\"] # hosts\n\n[[brokers]]\nname = \"demo\" # exact\n";
        let copy = with_frame_ancestor(text, ORIGIN);
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
        let copy = with_frame_ancestor("languages = [\"en\"]\n\n[deposit]\n", ORIGIN);
        let document: DocumentMut = copy.parse().unwrap();
        let ancestors: Vec<_> = document["frame_ancestors"].as_array().unwrap().iter().collect();
        assert_eq!(ancestors[0].as_str(), Some("https://app.ctrader.com"));
        assert_eq!(ancestors[1].as_str(), Some(ORIGIN));
    }

    #[test]
    fn mistakes_are_left_for_the_functions_to_report() {
        assert_eq!(
            with_frame_ancestor("frame_ancestors = [", ORIGIN),
            "frame_ancestors = ["
        );
        assert_eq!(
            with_frame_ancestor("frame_ancestors = 7\n", ORIGIN),
            "frame_ancestors = 7\n"
        );
    }

    #[test]
    fn the_shipped_file_names_its_broker_and_actions() {
        let text = include_str!("../../../broker.toml");
        let broker = Broker::of(text);
        assert_eq!(broker.name.as_deref(), Some("demobroker"));
        assert!(broker.actions.contains(&"withdraw".to_owned()));
    }
}
