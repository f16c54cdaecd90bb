//! The screens' own texts, in Fluent: one file per language under `locales/`.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::Separators;

/// A language that the screens speak.
#[derive(Debug)]
pub struct Language {
    /// Two-letter code.
    pub code: &'static str,
    /// Whether it is written from right to left.
    pub rtl: bool,
    source: &'static str,
}

/// All languages that the screens speak. English has every text and serves where another lacks one.
pub const LANGUAGES: &[Language] = &[
    Language {
        code: "en",
        rtl: false,
        source: include_str!("../locales/en.ftl"),
    },
    Language {
        code: "es",
        rtl: false,
        source: include_str!("../locales/es.ftl"),
    },
    Language {
        code: "ar",
        rtl: true,
        source: include_str!("../locales/ar.ftl"),
    },
];

type Bundle = FluentBundle<FluentResource>;

/// Parsed on first use: a cold start pays for the languages it shows.
static BUNDLES: [OnceLock<Bundle>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Texts {
    index: usize,
}

impl Texts {
    /// The texts for a language code; English for one that the screens do not speak.
    pub fn new(code: &str) -> Self {
        let index = LANGUAGES.iter().position(|language| language.code == code);
        Self {
            index: index.unwrap_or(0),
        }
    }

    /// Language code.
    pub fn code(self) -> &'static str {
        LANGUAGES[self.index].code
    }

    /// `rtl` or `ltr`, for the `dir` attribute.
    pub fn direction(self) -> &'static str {
        if LANGUAGES[self.index].rtl { "rtl" } else { "ltr" }
    }

    /// The text of that key.
    pub fn get(self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text of that key with its one variable filled in; for the templates.
    pub fn one(self, key: &str, name: &str, value: &str) -> String {
        self.with(key, &[(name, value)])
    }

    /// The text of that key with its variables filled in.
    pub fn with(self, key: &str, variables: &[(&str, &str)]) -> String {
        format(self.index, key, variables)
            .or_else(|| format(0, key, variables))
            .unwrap_or_else(|| key.to_owned())
    }

    /// How the language writes numbers.
    pub fn separators(self) -> Separators {
        let character = |key, default| self.get(key).chars().next().unwrap_or(default);
        Separators {
            decimal: character("decimal-separator", '.'),
            group: character("group-separator", ','),
        }
    }
}

fn format(index: usize, key: &str, variables: &[(&str, &str)]) -> Option<String> {
    let bundle = BUNDLES[index].get_or_init(|| bundle(&LANGUAGES[index]));
    let pattern = bundle.get_message(key)?.value()?;
    let mut arguments = FluentArgs::new();
    for (name, value) in variables {
        arguments.set(*name, *value);
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

fn bundle(language: &Language) -> Bundle {
    let id: LanguageIdentifier = language.code.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Isolation marks keep a Latin name or an amount in one piece within right-to-left text; elsewhere they are noise.
    bundle.set_use_isolating(language.rtl);
    // What does not parse is left out; the tests see to it that everything parses.
    let resource =
        FluentResource::try_new(language.source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_syntax::{ast, parser};

    use super::*;

    /// Each key of a language with the variables that its text uses.
    fn keys(language: &Language) -> BTreeMap<String, BTreeSet<String>> {
        let resource = parser::parse(language.source).unwrap_or_else(|(_, errors)| {
            panic!("{}: {errors:?}", language.code);
        });
        let mut keys = BTreeMap::new();
        for entry in &resource.body {
            if let ast::Entry::Message(message) = entry {
                let mut used = Variables(BTreeSet::new());
                visit(message, &mut used);
                let before = keys.insert(message.id.name.to_owned(), used.0);
                assert!(before.is_none(), "{}: {} twice", language.code, message.id.name);
            }
        }
        keys
    }

    struct Variables(BTreeSet<String>);

    fn visit(message: &ast::Message<&'static str>, used: &mut Variables) {
        let elements = message.value.iter().flat_map(|pattern| &pattern.elements);
        for element in elements {
            if let ast::PatternElement::Placeable { expression } = element {
                let inline = match expression {
                    ast::Expression::Inline(inline) => inline,
                    ast::Expression::Select { selector, .. } => selector,
                };
                if let ast::InlineExpression::VariableReference { id } = inline {
                    used.0.insert(id.name.to_owned());
                }
            }
        }
    }

    #[test]
    fn each_language_has_each_key_with_the_same_variables() {
        let english = keys(&LANGUAGES[0]);
        for language in LANGUAGES {
            let theirs = keys(language);
            for (key, variables) in &english {
                assert_eq!(theirs.get(key), Some(variables), "{}: {key}", language.code);
            }
            let strangers: Vec<_> = theirs.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(
                strangers.is_empty(),
                "{}: {strangers:?} is not in English",
                language.code
            );
        }
    }

    #[test]
    fn each_error_code_has_a_title_and_a_text() {
        for code in crate::Code::ALL {
            for part in ["title", "text"] {
                let key = format!("{}-{part}", code.as_str().to_lowercase().replace('_', "-"));
                assert_ne!(Texts::new("en").get(&key), key, "{key}");
            }
        }
    }

    #[test]
    fn a_language_that_is_not_spoken_is_english() {
        assert_eq!(Texts::new("xx").code(), "en");
    }

    #[test]
    fn no_text_names_ctrader_id_or_another_platform() {
        for language in LANGUAGES {
            let source = language.source.to_lowercase();
            for banned in ["ctrader id", "ctid", "metatrader", "mt4", "mt5", "tradingview"] {
                assert!(!source.contains(banned), "{}: {banned}", language.code);
            }
        }
    }

    #[test]
    fn arabic_is_written_from_right_to_left() {
        assert_eq!(Texts::new("ar").direction(), "rtl");
        assert_eq!(Texts::new("es").direction(), "ltr");
    }
}
