//! `[texts]`: the broker's own words for the screens' texts, and further languages.

use std::collections::BTreeMap;

use crate::{
    built_in_texts::{Keys, keys, message, sign},
    read::{Node, Value},
};

#[cfg(any(test, feature = "schema"))]
use crate::schema::Definitions;

/// Texts in Fluent, by language and key.
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
            check_signs(language, node);
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

/// A text that has the variables of the one that it replaces.
fn text(key: &str, node: Node<'_>, known: &Keys) -> String {
    let text = node.text().unwrap_or_default();
    let Some(allowed) = known.get(key) else {
        node.mistake::<()>("is no text of the screens; see shared/web/locales/en.ftl");
        return String::new();
    };
    if text.trim().is_empty() {
        node.mistake::<()>("must be a text");
        return String::new();
    }
    // What reads as several texts is none.
    let parsed = keys(&message(key, text)).ok().filter(|keys| keys.len() == 1);
    match parsed.as_ref().and_then(|keys| keys.get(key)) {
        None => {
            let rule =
                "must be Fluent: variables in { }, each of which ends, no functions and no other texts";
            node.mistake::<()>(rule);
        }
        Some(used) if !used.is_subset(allowed) => {
            node.mistake::<()>(format!("may use no variables but {allowed:?}"));
        }
        Some(_) => {}
    }
    text.to_owned()
}

/// An amount must not be read wrong. So an added language has both signs of its own rather than English ones, and whoever
/// replaces one of the two gives the other too.
fn check_signs(language: &str, node: Node<'_>) {
    const KEYS: [&str; 2] = ["decimal-separator", "group-separator"];
    let entries = || node_entries(&node);
    let built_in = node.context().built_in.languages.contains(&language);
    if built_in && !entries().iter().any(|(key, _)| KEYS.contains(key)) {
        return;
    }
    let mut signs = Vec::new();
    for key in KEYS {
        let Some((_, node)) = entries().into_iter().find(|(name, _)| *name == key) else {
            let rule = format!(
                "lacks `{key}`: an added language has both separators, and whoever replaces one gives the other too"
            );
            node.mistake::<()>(rule);
            continue;
        };
        let sign = node.text().and_then(sign);
        if sign.is_none() {
            node.mistake::<()>("must be one sign, such as , or { \"\\u00A0\" }");
        } else if signs.contains(&sign) {
            node.mistake::<()>("must not be the sign of decimal-separator");
        }
        signs.push(sign);
    }
}

fn node_entries<'a>(node: &'a Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    node.entries().into_iter().flatten().collect()
}

/// `es`, or with a script, `zh-Hant`.
pub(crate) fn is_language(code: &str) -> bool {
    let (language, script) = code.split_once('-').unwrap_or((code, "Latn"));
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    language.len() == 2 && lower(language) && script.len() == 4 && script.is_ascii() && lower(&script[1..])
}
