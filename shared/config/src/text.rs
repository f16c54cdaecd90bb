//! Texts that a trader reads.

use std::collections::BTreeMap;

use crate::read::{Node, Value};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// A text for traders: the same for all languages, or one for each language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The same for all languages.
    Same(String),
    /// By language code.
    PerLanguage(BTreeMap<String, String>),
}

impl Text {
    /// The text in `language`, else in `default`. The check of `broker.toml` guarantees the latter.
    pub fn get(&self, language: &str, default: &str) -> &str {
        match self {
            Self::Same(text) => text,
            Self::PerLanguage(texts) => texts
                .get(language)
                .or_else(|| texts.get(default))
                .map_or("", String::as_str),
        }
    }
}

impl Value for Text {
    /// Reports languages that are not configured, and a missing text in the default language.
    fn read(node: Node<'_>) -> Option<Self> {
        if let Some(text) = node.text() {
            return non_empty(node, text).map(Self::Same);
        }
        let Some(entries) = node.entries() else {
            return node.mistake("must be a text, or a table with one text for each language");
        };
        let languages = node.context().languages.get();
        let mut texts = BTreeMap::new();
        for (language, node) in entries {
            if languages.is_some_and(|languages| !languages.iter().any(|listed| listed == language)) {
                node.mistake::<()>("is in a language that `languages` does not list");
            }
            let text = match node.text() {
                Some(text) => non_empty(node, text),
                None => node.mistake("must be a text in quotes"),
            };
            texts.insert(language.to_owned(), text.unwrap_or_default());
        }
        if let Some(default) = languages.and_then(|languages| languages.first())
            && !texts.contains_key(default)
        {
            return node.mistake(format!("has no text in `{default}`, the default language"));
        }
        Some(Self::PerLanguage(texts))
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        definitions.named("text", |_| {
            let text = serde_json::json!({ "type": "string", "pattern": "\\S" });
            serde_json::json!({
                "description": "One text for all languages, or a table with one text for each language.",
                "anyOf": [
                    text,
                    { "type": "object", "additionalProperties": text, "minProperties": 1 },
                ],
            })
        })
    }
}

fn non_empty(node: Node<'_>, text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return node.mistake("is empty");
    }
    Some(text.to_owned())
}
