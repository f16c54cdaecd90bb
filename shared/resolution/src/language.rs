//! The language of a screen, from the codes that browsers, phones and programs use.

/// Codes that old versions of Java, Android and .NET still use, and what they are called now.
const OLD_CODES: [(&str, &str); 6] = [
    ("in", "id"),
    ("iw", "he"),
    ("ji", "yi"),
    ("jw", "jv"),
    ("mo", "ro"),
    ("sh", "sr-Latn"),
];

/// Regions whose Chinese is written in traditional characters, and .NET's old name for them.
const TRADITIONAL_CHINESE: [&str; 4] = ["tw", "hk", "mo", "cht"];

/// The code that `broker.toml` uses for a language tag: two letters, with a script if it is not the language's usual
/// one, such as `zh-Hant`. `None` for a text that is no tag.
///
/// A tag has its parts in the order language, script, region, and separates them with `-` or `_`. A script counts more
/// than a region: `zh-Hans-HK` is simplified Chinese. Java writes a script as `zh_TW_#Hant`, POSIX as `sr_RS@latin`.
pub(crate) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().to_ascii_lowercase();
    let mut parts = tag
        .split(['-', '_', '@', '.', '#'])
        .filter(|part| !part.is_empty());
    let language = parts.next()?;
    let is_code = language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_code {
        return None;
    }
    let current = OLD_CODES.iter().find(|(old, _)| *old == language);
    let current = current.map_or(language, |(_, current)| current);
    let rest: Vec<&str> = parts.collect();
    let script = rest.iter().find_map(|part| script(part));
    Some(match (current, script) {
        ("zh", Some("hant")) => "zh-Hant".to_owned(),
        ("zh", None) if rest.iter().any(|part| TRADITIONAL_CHINESE.contains(part)) => "zh-Hant".to_owned(),
        ("sr", Some("latn")) => "sr-Latn".to_owned(),
        // In Montenegro Serbian is usually written in Latin letters (CLDR).
        ("sr", None) if rest.contains(&"me") => "sr-Latn".to_owned(),
        (code, _) => code.to_owned(),
    })
}

/// The script that a part of a tag names, in lower case.
fn script(part: &str) -> Option<&str> {
    match part {
        "latin" => Some("latn"),
        "cyrillic" => Some("cyrl"),
        _ if part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()) => Some(part),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_two_letters_are_the_language() {
        for (tag, code) in [
            ("es", "es"),
            ("EN", "en"),
            ("es-MX", "es"),
            ("es_MX", "es"),
            ("pt-BR", "pt"),
            (" de-AT ", "de"),
            ("en_US.UTF-8", "en"),
        ] {
            assert_eq!(language(tag).as_deref(), Some(code), "{tag}");
        }
        for tag in ["", "e", "eng", "e1", "-", "_", "#", "français", "*"] {
            assert_eq!(language(tag), None, "{tag}");
        }
    }

    #[test]
    fn chinese_is_traditional_by_script_first_and_else_by_region() {
        for tag in [
            "zh-Hant",
            "zh-Hant-HK",
            "zh-TW",
            "zh_HK",
            "zh-MO",
            "zh-CHT",
            "zh_TW_#Hant",
            "zh-Hant-CN",
        ] {
            assert_eq!(language(tag).as_deref(), Some("zh-Hant"), "{tag}");
        }
        for tag in [
            "zh",
            "zh-CN",
            "zh-SG",
            "zh-CHS",
            "zh-Hans",
            "zh-Hans-HK",
            "zh_TW_#Hans",
            "zh-Hans-MO",
        ] {
            assert_eq!(language(tag).as_deref(), Some("zh"), "{tag}");
        }
    }

    #[test]
    fn old_codes_are_todays_languages() {
        for (tag, code) in [
            ("in_ID", "id"),
            ("in", "id"),
            ("iw", "he"),
            ("iw_IL", "he"),
            ("ji", "yi"),
            ("mo", "ro"),
        ] {
            assert_eq!(language(tag).as_deref(), Some(code), "{tag}");
        }
    }

    #[test]
    fn serbian_is_cyrillic_unless_the_tag_says_latin() {
        for tag in ["sr", "sr-RS", "sr_RS", "sr-Cyrl-RS", "sr_RS_#Cyrl", "sr-Cyrl-ME"] {
            assert_eq!(language(tag).as_deref(), Some("sr"), "{tag}");
        }
        for tag in [
            "sr-Latn",
            "sr-Latn-RS",
            "sr_RS_#Latn",
            "sr_RS@latin",
            "sh",
            "sh_YU",
            "sr-ME",
        ] {
            assert_eq!(language(tag).as_deref(), Some("sr-Latn"), "{tag}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(tag in "\\PC{0,20}") {
            if let Some(code) = language(&tag) {
                prop_assert!(code.len() == 2 || code.len() == 7);
            }
        }
    }
}
