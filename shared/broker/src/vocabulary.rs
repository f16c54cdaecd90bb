//! What the screens can say: their languages, and their texts by key.

use std::collections::{BTreeMap, BTreeSet};

/// The languages and texts that are built in, for `broker.toml` to be checked against.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Codes of the languages.
    pub languages: Vec<String>,
    /// The keys of the texts, each with its variables.
    pub keys: BTreeMap<String, BTreeSet<String>>,
}

impl Vocabulary {
    /// `english` is the Fluent source of the English texts, which has every key, one to a line.
    ///
    /// ```
    /// let vocabulary = broker::Vocabulary::new(["en", "es"], "# Frame\nclose = Close\nhello = Hello { $name }");
    /// assert_eq!(vocabulary.keys.keys().collect::<Vec<_>>(), ["close", "hello"]);
    /// assert!(vocabulary.keys["hello"].contains("name"));
    /// ```
    pub fn new<'a>(languages: impl IntoIterator<Item = &'a str>, english: &str) -> Self {
        let messages = english.lines().filter_map(|line| line.split_once(" = "));
        Self {
            languages: languages.into_iter().map(str::to_owned).collect(),
            keys: messages
                .filter(|(key, _)| !key.starts_with('#'))
                .map(|(key, text)| (key.to_owned(), variables(text)))
                .collect(),
        }
    }
}

/// The variables of a Fluent pattern, `{ $name }`.
pub(crate) fn variables(pattern: &str) -> BTreeSet<String> {
    let placeables = pattern.split('{').skip(1);
    placeables
        .filter_map(|rest| {
            Some(
                rest.split('}')
                    .next()?
                    .trim()
                    .strip_prefix('$')?
                    .trim()
                    .to_owned(),
            )
        })
        .collect()
}
