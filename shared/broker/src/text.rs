//! Texts that a trader reads.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize,
    de::{self, value::MapAccessDeserializer},
};

/// A text in one wording for all languages, or one per language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The same in each language.
    Same(String),
    /// By language code.
    PerLanguage(BTreeMap<String, String>),
}

impl Text {
    /// The wording for `language`, else the one for `default`. Checked configuration always has the latter.
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

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table with one text per language")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text::Same(text.to_owned()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(Text::PerLanguage)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
