//! The built-in texts of the screens, in Fluent: one file for each language in `locales/`.

use std::{fmt, sync::OnceLock};

use config::{Config, message};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::Separators;

/// Codes and Fluent sources of the built-in languages. English comes first: it has every text and replaces those
/// that another language lacks.
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
    ("sr", include_str!("../locales/sr.ftl")),
    ("th", include_str!("../locales/th.ftl")),
    ("tr", include_str!("../locales/tr.ftl")),
    ("vi", include_str!("../locales/vi.ftl")),
    ("zh", include_str!("../locales/zh.ftl")),
    ("zh-Hant", include_str!("../locales/zh-Hant.ftl")),
];

/// Languages that are written from right to left. `cli/src/check/rules/language.rs` has the same list, because the
/// command-line tool does not depend on this crate.
const RIGHT_TO_LEFT: [&str; 9] = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

type Bundle = FluentBundle<FluentResource>;

/// A language of the screens. Parsed when it is first used, so that a cold start does not parse the others.
struct Language {
    code: String,
    source: &'static str,
    /// The broker's own texts. They override those of `source`.
    own_texts: String,
    bundle: OnceLock<Bundle>,
}

/// All languages of the screens, with the broker's own texts.
pub struct Locales(Vec<Language>);

impl Locales {
    /// The built-in languages, with the texts and additional languages of `[texts]` in `broker.toml`.
    ///
    /// The memory is never freed: the texts are needed until the function's process ends.
    pub fn new(config: &Config) -> &'static Self {
        let mut languages: Vec<Language> = LANGUAGES
            .iter()
            .map(|(code, source)| Language::new(code, source))
            .collect();
        for (code, texts) in &config.texts {
            let known = languages.iter().position(|language| language.code == *code);
            let index = known.unwrap_or_else(|| {
                languages.push(Language::new(code, ""));
                languages.len() - 1
            });
            for (key, text) in texts {
                languages[index].own_texts.push_str(&message(key, text));
            }
        }
        Box::leak(Box::new(Self(languages)))
    }

    /// The texts of the language with this code, or English if there is no such language.
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
            own_texts: String::new(),
            bundle: OnceLock::new(),
        }
    }

    fn is_right_to_left(&self) -> bool {
        RIGHT_TO_LEFT.contains(&self.code.as_str())
    }

    fn bundle(&self) -> Bundle {
        let id: LanguageIdentifier = self.code.parse().unwrap_or_default();
        let mut bundle = Bundle::new_concurrent(vec![id]);
        // Isolation marks keep a Latin name or an amount together inside right-to-left text. Other texts do not
        // need them.
        bundle.set_use_isolating(self.is_right_to_left());
        for source in [self.source, &self.own_texts] {
            // Messages that do not parse are left out. A test parses all built-in texts, and the check of
            // broker.toml its own.
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
    /// The language code.
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

    /// The text with this key.
    pub fn get(self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text with this key, with its only variable filled in. For templates.
    pub fn one(self, key: &str, name: &str, value: &str) -> String {
        self.with(key, &[(name, value)])
    }

    /// The text with this key, with its variables filled in.
    pub fn with(self, key: &str, variables: &[(&str, &str)]) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in variables {
            arguments.set(*name, *value);
        }
        self.format(key, &arguments)
    }

    /// The text with this key, in the plural form that the language uses for `number`.
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
        let first_character = |key, default| self.get(key).chars().next().unwrap_or(default);
        Separators {
            decimal: first_character("decimal-separator", '.'),
            group: first_character("group-separator", ','),
            grouped_from: self.get("grouped-from-digits").parse().unwrap_or(4),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn texts(code: &str) -> Texts {
        crate::site::test_site().texts(Some(code))
    }

    /// The texts of a language that the sample broker does not use.
    fn built_in(code: &str) -> Texts {
        Locales::new(&crate::site::test_site().config).texts(code)
    }

    #[test]
    fn each_language_has_each_key_with_the_same_variables() {
        let english = config::keys(LANGUAGES[0].1).unwrap();
        for (code, source) in LANGUAGES {
            let translated = config::keys(source).unwrap_or_else(|error| panic!("{code}: {error}"));
            for (key, variables) in &english {
                assert_eq!(translated.get(key), Some(variables), "{code}: {key}");
            }
            let unknown: Vec<_> = translated
                .keys()
                .filter(|key| !english.contains_key(*key))
                .collect();
            assert!(unknown.is_empty(), "{code}: {unknown:?} is not in English");
        }
    }

    #[test]
    fn the_plural_form_depends_on_the_number() {
        let plural = |code, key, name, number| texts(code).count(key, name, number);
        assert_eq!(plural("en", "field-too-long", "max", 1), "At most 1 character.");
        assert_eq!(
            plural("en", "field-too-long", "max", 34),
            "At most 34 characters."
        );
        assert_eq!(
            plural("es", "amount-too-precise", "decimals", 1),
            "Como máximo 1 decimal."
        );
        assert_eq!(
            plural("es", "amount-too-precise", "decimals", 0),
            "Sin decimales."
        );
        let arabic = [1, 2, 3, 11, 100].map(|number| plural("ar", "field-too-long", "max", number));
        assert!(arabic[0].contains("حرف واحد"), "{arabic:?}");
        assert!(arabic[1].contains("حرفان"), "{arabic:?}");
        assert!(arabic[2].contains("أحرف"), "{arabic:?}");
        assert!(arabic[3].contains("حرفًا"), "{arabic:?}");
        assert!(arabic[4].ends_with("حرف على الأكثر."), "{arabic:?}");
        let serbian = built_in("sr");
        let serbian = [1, 2, 5, 21, 112].map(|number| serbian.count("field-too-long", "max", number));
        assert_eq!(
            serbian,
            [
                "Највише 1 знак.",
                "Највише 2 знака.",
                "Највише 5 знакова.",
                "Највише 21 знак.",
                "Највише 112 знакова."
            ]
        );
    }

    #[test]
    fn every_language_has_a_text_for_every_number() {
        let locales = Locales::new(&crate::site::test_site().config);
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

    /// The languages of cTrader's clients, as Spotware's documentation lists them in November 2026.
    #[test]
    fn every_language_of_ctrader_is_built_in() {
        let ctrader = "ar cs de el en es fr hu id it ja ko ms pl pt ru sk sl sr th tr vi zh";
        for code in ctrader.split(' ') {
            assert!(LANGUAGES.iter().any(|(built_in, _)| *built_in == code), "{code}");
        }
    }

    #[test]
    fn serbian_is_in_cyrillic_with_a_decimal_comma() {
        let serbian = built_in("sr");
        assert_eq!(serbian.get("deposit-title"), "Уплата");
        let amount = "12345.5".parse().unwrap();
        assert_eq!(serbian.separators().format(amount, 2), "12.345,50");
    }

    #[test]
    fn an_unknown_language_becomes_english() {
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
    fn an_additional_language_has_its_own_direction() {
        let mut config = crate::site::test_site().config;
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
        let files: BTreeSet<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let built_in: BTreeSet<_> = LANGUAGES.iter().map(|(code, _)| format!("{code}.ftl")).collect();
        assert_eq!(files, built_in);
    }

    #[test]
    fn each_language_has_two_different_separators() {
        for (code, _) in LANGUAGES {
            let locales = Locales::new(&crate::site::test_site().config);
            let separators = locales.texts(code).separators();
            assert!(".,٫".contains(separators.decimal), "{code}: {separators:?}");
            assert!(
                ".,٬'\u{a0}\u{202f}".contains(separators.group),
                "{code}: {separators:?}"
            );
            assert_ne!(separators.decimal, separators.group, "{code}");
        }
    }

    /// The same list as in a browser's `Intl.NumberFormat`.
    #[test]
    fn four_digits_are_not_separated_in_the_languages_that_cldr_names() {
        let locales = Locales::new(&crate::site::test_site().config);
        let unseparated = LANGUAGES
            .iter()
            .map(|(code, _)| *code)
            .filter(|code| locales.texts(code).separators().grouped_from == 5);
        assert_eq!(unseparated.collect::<Vec<_>>(), ["es", "hu", "it", "pl", "sl"]);
    }

    #[test]
    fn the_brokers_own_texts_override_the_built_in_ones() {
        let mut config = crate::site::test_site().config;
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
