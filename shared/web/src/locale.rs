//! The screens' own texts, in Fluent: one file per language under `locales/`.

use std::{fmt, sync::OnceLock};

use config::{Config, message};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::Separators;

/// The languages that are built in, with their Fluent sources. English comes first: it has every text and serves where
/// another lacks one.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../locales/en.ftl")),
    ("ar", include_str!("../locales/ar.ftl")),
    ("cs", include_str!("../locales/cs.ftl")),
    ("de", include_str!("../locales/de.ftl")),
    ("el", include_str!("../locales/el.ftl")),
    ("es", include_str!("../locales/es.ftl")),
    ("fr", include_str!("../locales/fr.ftl")),
    ("hu", include_str!("../locales/hu.ftl")),
    ("id", include_str!("../locales/id.ftl")),
    ("it", include_str!("../locales/it.ftl")),
    ("ja", include_str!("../locales/ja.ftl")),
    ("ko", include_str!("../locales/ko.ftl")),
    ("ms", include_str!("../locales/ms.ftl")),
    ("pl", include_str!("../locales/pl.ftl")),
    ("pt", include_str!("../locales/pt.ftl")),
    ("ru", include_str!("../locales/ru.ftl")),
    ("sk", include_str!("../locales/sk.ftl")),
    ("sl", include_str!("../locales/sl.ftl")),
    ("th", include_str!("../locales/th.ftl")),
    ("tr", include_str!("../locales/tr.ftl")),
    ("vi", include_str!("../locales/vi.ftl")),
    ("zh", include_str!("../locales/zh.ftl")),
    ("zh-Hant", include_str!("../locales/zh-Hant.ftl")),
];

/// Languages that are written from right to left; as in cli/src/check/rules/language.rs, a program of its own.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

type Bundle = FluentBundle<FluentResource>;

/// A language that the screens speak, parsed when it is first shown: a cold start pays for no other.
struct Language {
    code: String,
    source: &'static str,
    own: String,
    bundle: OnceLock<Bundle>,
}

/// All languages that the screens speak, with the broker's own words in them.
pub struct Locales(Vec<Language>);

impl Locales {
    /// The built-in languages, and what `broker.toml` has under `[texts]`: other words, or further languages.
    ///
    /// The functions speak for as long as they live, so the texts are never given back.
    pub fn new(config: &Config) -> &'static Self {
        let mut languages: Vec<Language> = LANGUAGES
            .iter()
            .map(|(code, source)| Language::new(code, source))
            .collect();
        for (code, texts) in &config.texts {
            let at = languages.iter().position(|language| language.code == *code);
            let at = at.unwrap_or_else(|| {
                languages.push(Language::new(code, ""));
                languages.len() - 1
            });
            for (key, text) in texts {
                languages[at].own.push_str(&message(key, text));
            }
        }
        Box::leak(Box::new(Self(languages)))
    }

    /// The texts for a language code; English for one that the screens do not speak.
    pub fn texts(&'static self, code: &str) -> Texts {
        let language = self.0.iter().find(|language| language.code == code);
        Texts {
            language: language.unwrap_or(&self.0[0]),
            english: &self.0[0],
        }
    }
}

impl fmt::Debug for Locales {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|language| &language.code))
            .finish()
    }
}

impl Language {
    fn new(code: &str, source: &'static str) -> Self {
        Self {
            code: code.to_owned(),
            source,
            own: String::new(),
            bundle: OnceLock::new(),
        }
    }

    fn is_right_to_left(&self) -> bool {
        RIGHT_TO_LEFT.contains(&self.code.as_str())
    }

    fn bundle(&self) -> Bundle {
        let id: LanguageIdentifier = self.code.parse().unwrap_or_default();
        let mut bundle = Bundle::new_concurrent(vec![id]);
        // Isolation marks keep a Latin name or an amount in one piece within right-to-left text; elsewhere they are noise.
        bundle.set_use_isolating(self.is_right_to_left());
        for source in [self.source, &self.own] {
            // What does not parse is left out; the tests see to it that everything of ours parses.
            let parsed = FluentResource::try_new(source.to_owned());
            bundle.add_resource_overriding(parsed.unwrap_or_else(|(resource, _)| resource));
        }
        bundle
    }

    fn format(&self, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundle.get_or_init(|| self.bundle());
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(arguments), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }
}

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Texts {
    language: &'static Language,
    english: &'static Language,
}

impl Texts {
    /// Language code.
    pub fn code(self) -> &'static str {
        &self.language.code
    }

    /// `rtl` or `ltr`, for the `dir` attribute.
    pub fn direction(self) -> &'static str {
        if self.language.is_right_to_left() {
            "rtl"
        } else {
            "ltr"
        }
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
        let mut arguments = FluentArgs::new();
        for (name, value) in variables {
            arguments.set(*name, *value);
        }
        self.format(key, &arguments)
    }

    /// The text of that key for so many of something: the language's plural forms go by the number.
    pub fn count(self, key: &str, name: &str, number: usize) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(name, FluentValue::from(number));
        self.format(key, &arguments)
    }

    fn format(self, key: &str, arguments: &FluentArgs<'_>) -> String {
        let text = self.language.format(key, arguments);
        text.or_else(|| self.english.format(key, arguments))
            .unwrap_or_else(|| key.to_owned())
    }

    /// How the language writes numbers.
    pub fn separators(self) -> Separators {
        let character = |key, default| self.get(key).chars().next().unwrap_or(default);
        Separators {
            decimal: character("decimal-separator", '.'),
            group: character("group-separator", ','),
            grouped_from: self.get("grouped-from-digits").parse().unwrap_or(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn texts(code: &str) -> Texts {
        crate::site::of_the_tests().texts(Some(code))
    }

    #[test]
    fn each_language_has_each_key_with_the_same_variables() {
        let english = config::keys(LANGUAGES[0].1).unwrap();
        for (code, source) in LANGUAGES {
            let theirs = config::keys(source).unwrap_or_else(|error| panic!("{code}: {error}"));
            for (key, variables) in &english {
                assert_eq!(theirs.get(key), Some(variables), "{code}: {key}");
            }
            let strangers: Vec<_> = theirs.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(strangers.is_empty(), "{code}: {strangers:?} is not in English");
        }
    }

    #[test]
    fn plurals_go_by_the_number() {
        let written = |code, key, name, number| texts(code).count(key, name, number);
        assert_eq!(written("en", "field-too-long", "max", 1), "At most 1 character.");
        assert_eq!(
            written("en", "field-too-long", "max", 34),
            "At most 34 characters."
        );
        assert_eq!(
            written("es", "amount-too-precise", "decimals", 1),
            "Como máximo 1 decimal."
        );
        assert_eq!(
            written("es", "amount-too-precise", "decimals", 0),
            "Sin decimales."
        );
        let arabic = [1, 2, 3, 11, 100].map(|number| written("ar", "field-too-long", "max", number));
        assert!(arabic[0].contains("حرف واحد"), "{arabic:?}");
        assert!(arabic[1].contains("حرفان"), "{arabic:?}");
        assert!(arabic[2].contains("أحرف"), "{arabic:?}");
        assert!(arabic[3].contains("حرفًا"), "{arabic:?}");
        assert!(arabic[4].ends_with("حرف على الأكثر."), "{arabic:?}");
    }

    #[test]
    fn every_plural_of_every_language_can_be_written() {
        let locales = Locales::new(&crate::site::of_the_tests().config);
        for (code, _) in LANGUAGES {
            for number in 0..=130 {
                for (key, name) in [("field-too-long", "max"), ("amount-too-precise", "decimals")] {
                    let text = locales.texts(code).count(key, name, number);
                    assert_ne!(text, key, "{code}: {number}");
                }
            }
        }
    }

    #[test]
    fn each_error_code_has_a_title_and_a_text() {
        for code in crate::Code::ALL {
            for part in ["title", "text"] {
                let key = format!("{}-{part}", code.as_str().to_lowercase().replace('_', "-"));
                assert_ne!(texts("en").get(&key), key, "{key}");
            }
        }
    }

    #[test]
    fn a_language_that_is_not_spoken_is_english() {
        assert_eq!(texts("xx").code(), "en");
    }

    #[test]
    fn no_text_names_ctrader_id_or_another_platform() {
        for (code, source) in LANGUAGES {
            let source = source.to_lowercase();
            for banned in ["ctrader id", "ctid", "metatrader", "mt4", "mt5", "tradingview"] {
                assert!(!source.contains(banned), "{code}: {banned}");
            }
        }
    }

    #[test]
    fn arabic_is_written_from_right_to_left() {
        assert_eq!(texts("ar").direction(), "rtl");
        assert_eq!(texts("es").direction(), "ltr");
    }

    #[test]
    fn an_added_language_is_written_in_its_direction() {
        let mut config = crate::site::of_the_tests().config;
        for code in ["dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", "nl"] {
            config.texts.insert(code.into(), toml_texts("close", "x"));
        }
        let locales = Locales::new(&config);
        for code in config.texts.keys() {
            let expected = if code == "nl" { "ltr" } else { "rtl" };
            assert_eq!(locales.texts(code).direction(), expected, "{code}");
        }
    }

    #[test]
    fn each_file_is_built_in() {
        let folder = format!("{}/locales", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<_> = files.collect();
        let built_in: BTreeSet<_> = LANGUAGES.iter().map(|(code, _)| format!("{code}.ftl")).collect();
        assert_eq!(files, built_in);
    }

    #[test]
    fn numbers_are_written_with_two_different_signs() {
        for (code, _) in LANGUAGES {
            let locales = Locales::new(&crate::site::of_the_tests().config);
            let separators = locales.texts(code).separators();
            assert!(".,٫".contains(separators.decimal), "{code}: {separators:?}");
            assert!(
                ".,٬'\u{a0}\u{202f}".contains(separators.group),
                "{code}: {separators:?}"
            );
            assert_ne!(separators.decimal, separators.group, "{code}");
        }
    }

    /// As `Intl.NumberFormat` of a browser has it.
    #[test]
    fn four_digits_are_in_one_piece_where_cldr_has_them_so() {
        let locales = Locales::new(&crate::site::of_the_tests().config);
        let in_one_piece = LANGUAGES
            .iter()
            .map(|(code, _)| *code)
            .filter(|code| locales.texts(code).separators().grouped_from == 5);
        assert_eq!(in_one_piece.collect::<Vec<_>>(), ["es", "hu", "it", "pl", "sl"]);
    }

    #[test]
    fn the_brokers_own_words_come_before_ours() {
        let mut config = crate::site::of_the_tests().config;
        let own = |text: &str| toml_texts("close", text);
        config.texts.insert("en".into(), own("Shut"));
        config.texts.insert("nl".into(), own("Sluiten"));
        let locales = Locales::new(&config);
        assert_eq!(locales.texts("en").get("close"), "Shut");
        assert_eq!(locales.texts("en").get("done"), "Done", "the others stay");
        assert_eq!(locales.texts("es").get("close"), "Cerrar");
        assert_eq!(locales.texts("nl").get("close"), "Sluiten");
        assert_eq!(
            locales.texts("nl").get("done"),
            "Done",
            "English where there are none"
        );
    }

    fn toml_texts(key: &str, text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(key.to_owned(), text.to_owned())])
    }
}
