//! The broker's own texts, and additional languages.

use crate::{DEMO, expect_mistake, parse, replaced};

fn with(texts: &str) -> String {
    format!("{DEMO}\n{texts}")
}

/// The line of the header that [`with`] adds.
fn header() -> usize {
    DEMO.lines().count() + 2
}

#[test]
fn own_texts_have_the_keys_and_variables_of_the_texts_they_replace() {
    let plural = "{ $amount ->\n    [one] At least one\n   *[other] At least { $amount }\n}";
    for valid in [
        "[texts.en]\nclose = \"Shut\"\namount-min = \"{ $amount } at least\"".to_owned(),
        format!("[texts.en]\namount-min = \"\"\"\n{plural}\"\"\""),
    ] {
        let config = parse(&with(&valid));
        assert!(config.is_ok(), "{config:?}");
    }
    for (texts, expected) in [
        ("clos = \"Shut\"", "`texts.en.clos` is no key of a text"),
        ("close = \"{ -brand }\"", "without references to other texts"),
        ("close = \"{ amount-min }\"", "without references to other texts"),
        ("close = \"{ clos }\"", "without references to other texts"),
        ("amount-min = \"{ NUMBER($amount) }\"", "without functions"),
        ("close = \"Shut { $door }\"", "may only use the variables"),
        ("close = \"\"", "must be a text"),
        ("close = 7", "must be a text"),
        ("close = \"{ $door\"", "must be Fluent"),
        ("close = \"a\\n[b\"", "must be Fluent"),
    ] {
        expect_mistake(&with(&format!("[texts.en]\n{texts}")), header() + 1, expected);
    }
    expect_mistake(
        &with("[texts]\nen = 1"),
        header() + 1,
        "`texts.en` must be a table",
    );
    let english = "[texts.english]\ndecimal-separator = ','\ngroup-separator = '.'";
    expect_mistake(
        &with(english),
        header(),
        "`texts.english` must be the code of a language",
    );
}

#[test]
fn a_language_can_be_added_with_its_own_texts() {
    let source = replaced(r#""en", "es", "ar"]"#, r#""en", "es", "ar", "nl"]"#);
    let error = parse(&source).unwrap_err().to_string();
    assert!(error.contains("[texts.nl]"), "{error}");
    let nl = "[texts.nl]\nclose = \"Sluiten\"\ndecimal-separator = \",\"\ngroup-separator = \".\"";
    let config = parse(&format!("{source}\n{nl}")).unwrap();
    assert_eq!(config.texts["nl"]["close"], "Sluiten");
}

#[test]
fn a_language_needs_two_separators_for_numbers() {
    let both = |language: &str, decimal: &str, group: &str| {
        with(&format!(
            "[texts.{language}]\ndecimal-separator = '{decimal}'\ngroup-separator = '{group}'"
        ))
    };
    for language in ["nl", "es"] {
        for (decimal, group) in [(",", "."), (".", "’"), (",", r#"{ "\u00A0" }"#)] {
            let valid = parse(&both(language, decimal, group));
            assert!(valid.is_ok(), "{language}: {valid:?}");
        }
        for (decimal, group, at, expected) in [
            (",", ",", 2, "group-separator` must differ"),
            (",", r#"{ "," }"#, 2, "group-separator` must differ"),
            ("comma", ".", 1, "decimal-separator` must be one character"),
            (",", "..", 2, "group-separator` must be one character"),
        ] {
            expect_mistake(&both(language, decimal, group), header() + at, expected);
        }
    }
    for (texts, expected) in [
        (
            "[texts.nl]\nclose = 'Sluiten'\ngroup-separator = '.'",
            "`texts.nl` lacks `decimal-separator`",
        ),
        (
            "[texts.nl]\ndecimal-separator = ','",
            "`texts.nl` lacks `group-separator`",
        ),
        (
            "[texts.es]\ndecimal-separator = '.'",
            "`texts.es` lacks `group-separator`",
        ),
        (
            "[texts.es]\ngroup-separator = ','",
            "`texts.es` lacks `decimal-separator`",
        ),
    ] {
        expect_mistake(&with(texts), header(), expected);
    }
}
