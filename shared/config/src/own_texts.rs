//! `[texts]`: the broker's own texts, and additional languages.

use std::collections::BTreeMap;

use crate::{
    built_in_texts::{Keys, keys, message, separator},
    read::{Node, Value},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// The broker's own texts in Fluent, by language and key.
#[derive(Default)]
pub(crate) struct OwnTexts(pub(crate) BTreeMap<String, BTreeMap<String, String>>);

impl Value for OwnTexts {
    fn read(node: Node<'_>) -> Option<Self> {
        let Some(languages) = node.entries() else {
            return node.mistake("must be a table with texts for each language");
        };
        let known = match node.context().built_in.keys() {
            Ok(known) => known,
            Err(error) => {
                node.context().note(None, format!("the English texts: {error}"));
                return None;
            }
        };
        let mut texts = BTreeMap::new();
        for (language, node) in languages {
            if !is_language(language) {
                node.mistake::<()>("must be the code of a language, such as es or zh-Hant");
            }
            let Some(entries) = node.entries() else {
                node.mistake::<()>("must be a table with the language's texts");
                continue;
            };
            let entries = entries.map(|(key, node)| (key.to_owned(), text(key, node, &known)));
            let of_language: BTreeMap<_, _> = entries.collect();
            check_separators(language, node);
            texts.insert(language.to_owned(), of_language);
        }
        Some(Self(texts))
    }

    #[cfg(any(test, feature = "schema"))]
    fn schema(_: &mut Definitions) -> serde_json::Value {
        let text = serde_json::json!({ "type": "string", "pattern": "\\S" });
        let texts = serde_json::json!({ "type": "object", "additionalProperties": text });
        serde_json::json!({
            "type": "object",
            "patternProperties": { "^[a-z]{2}(-[A-Z][a-z]{3})?$": texts },
            "additionalProperties": false,
        })
    }
}

/// A text. Reports an unknown key, invalid Fluent, and variables that the replaced text does not have.
fn text(key: &str, node: Node<'_>, known: &Keys) -> String {
    let text = node.text().unwrap_or_default();
    let Some(allowed) = known.get(key) else {
        node.mistake::<()>("is no key of a text; the keys are in shared/web/locales/en.ftl");
        return String::new();
    };
    if text.trim().is_empty() {
        node.mistake::<()>("must be a text");
        return String::new();
    }
    // The text must not contain a second message.
    let parsed = keys(&message(key, text)).ok().filter(|keys| keys.len() == 1);
    match parsed.as_ref().and_then(|keys| keys.get(key)) {
        None => {
            let rule = "must be Fluent with variables in { }, without functions and without references to other texts";
            node.mistake::<()>(rule);
        }
        Some(used) if !used.is_subset(allowed) => {
            node.mistake::<()>(format!("may only use the variables {allowed:?}"));
        }
        Some(_) => {}
    }
    text.to_owned()
}

/// Reports missing and unusable separators.
///
/// An amount must never be misread. So an additional language does not use the English separators, and whoever
/// replaces one separator of a built-in language must state the other one too.
fn check_separators(language: &str, node: Node<'_>) {
    const KEYS: [&str; 2] = ["decimal-separator", "group-separator"];
    let entries = || node_entries(&node);
    let built_in = node.context().built_in.languages.contains(&language);
    if built_in && !entries().iter().any(|(key, _)| KEYS.contains(key)) {
        return;
    }
    let mut separators = Vec::new();
    for key in KEYS {
        let Some((_, node)) = entries().into_iter().find(|(name, _)| *name == key) else {
            let rule = format!(
                "lacks `{key}`: an additional language needs both separators, and a changed separator needs the other one too"
            );
            node.mistake::<()>(rule);
            continue;
        };
        let separator = node.text().and_then(separator);
        if separator.is_none() {
            node.mistake::<()>("must be one character, such as , or { \"\\u00A0\" }");
        } else if separators.contains(&separator) {
            node.mistake::<()>("must differ from decimal-separator");
        }
        separators.push(separator);
    }
}

fn node_entries<'a>(node: &'a Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    node.entries().into_iter().flatten().collect()
}

/// Whether this is a language code such as `es`, or with a script, `zh-Hant`.
pub(crate) fn is_language(code: &str) -> bool {
    let (language, script) = code.split_once('-').unwrap_or((code, "Latn"));
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    language.len() == 2 && lower(language) && script.len() == 4 && script.is_ascii() && lower(&script[1..])
}
