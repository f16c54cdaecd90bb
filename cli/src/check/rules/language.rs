//! `lang`: shows each supported language, and the default language for any other code.

use crate::check::{
    page::Page,
    probe::{Probe, ProbeResults, Subject, UNSUPPORTED, Variant},
    report::{Check, Group, Problem, Rule},
};

/// Languages written from right to left, as in shared/web/src/locale.rs. Repeated here, because a check must not
/// share the code that it checks.
const RTL: [&str; 9] = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Language",
        [
            supported(results),
            translated(results),
            direction(results),
            unsupported(results),
        ],
    )
}

/// A language code: its language, and its script and region if the code names them.
#[derive(Debug, PartialEq, Eq)]
struct Tag {
    language: String,
    script: Option<String>,
    region: Option<String>,
}

impl Tag {
    fn parse(code: &str) -> Self {
        let lower = code.to_ascii_lowercase();
        let mut parts = lower.split('-');
        let language = parts.next().unwrap_or_default().to_owned();
        let mut rest = parts.clone();
        let script = rest.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let region = parts.find(|part| matches!(part.len(), 2 | 3));
        // Of our languages only Chinese has two scripts, and the region implies the script.
        let implied = match region {
            _ if language != "zh" => None,
            Some("tw" | "hk" | "mo") => Some("hant"),
            _ => Some("hans"),
        };
        Self {
            script: script.or(implied).map(str::to_owned),
            region: region.map(str::to_owned),
            language,
        }
    }

    /// How well a page in this language matches a listed language: first by script, then by region. `None` if the
    /// languages differ.
    fn matches(&self, listed: &Self) -> Option<(u8, u8)> {
        let score = |ours: &Option<String>, listed: &Option<String>| match listed {
            _ if ours == listed => 2,
            None => 1,
            Some(_) => 0,
        };
        (self.language == listed.language).then(|| {
            (
                score(&self.script, &listed.script),
                score(&self.region, &listed.region),
            )
        })
    }
}

/// Whether the page is in this language of the deployment. The page may declare `pt-BR` for `pt`, or `zh` for
/// `zh-Hant`, unless the deployment lists that code as another language.
pub fn is_in(page: &Page, code: &str, results: &ProbeResults<'_>) -> bool {
    is_best_match(page.lang(), code, &results.target.languages)
}

fn is_best_match(declared: &str, code: &str, languages: &[String]) -> bool {
    let declared = Tag::parse(declared);
    let score = |code: &str| declared.matches(&Tag::parse(code));
    let best = languages.iter().filter_map(|listed| score(listed)).max();
    score(code).is_some_and(|score| Some(score) >= best)
}

/// Whether a text in one of the languages must look different in the other.
fn differ(one: &str, other: &str) -> bool {
    let (one, other) = (Tag::parse(one), Tag::parse(other));
    one.language != other.language || one.script != other.script
}

fn default_language<'a>(results: &'a ProbeResults<'_>) -> &'a str {
    results.target.languages.first().map_or("", String::as_str)
}

/// The pages that were requested with `lang` and without `theme`.
fn pages_by_language<'a>(
    results: &'a ProbeResults<'_>,
) -> impl Iterator<Item = (&'a Probe, &'a Page, &'a str)> {
    results.pages().filter_map(|(probe, page)| {
        let lang = probe.variant.lang.as_deref()?;
        probe.variant.theme.is_none().then_some((probe, page, lang))
    })
}

fn supported(results: &ProbeResults<'_>) -> Check {
    let problems = pages_by_language(results)
        .filter(|(.., lang)| *lang != UNSUPPORTED)
        .filter(|(_, page, lang)| !is_in(page, lang, results))
        .map(|(probe, page, _)| Problem::fail(probe, declared_language(page)));
    Rule {
        id: "language.supported",
        text: "Each supported language is shown when `lang` names it",
        advice: "List the language in `languages` of broker.toml, or name the languages to expect with --languages.",
    }
    .judge(problems)
}

/// The problem text with the language that the page declares.
pub fn declared_language(page: &Page) -> String {
    format!("the page declares lang=\"{}\"", page.lang())
}

fn translated(results: &ProbeResults<'_>) -> Check {
    let default = default_language(results);
    let languages = &results.target.languages;
    let text_in = |subject: Subject, variant: &Variant| {
        let found = results
            .pages()
            .find(|(probe, _)| probe.subject == subject && probe.variant == *variant);
        found.map(|(_, page)| page.text())
    };
    let problems = pages_by_language(results)
        .filter(|(.., lang)| *lang != UNSUPPORTED)
        .filter_map(|(probe, page, lang)| {
            let is_same =
                |variant: &Variant| text_in(probe.subject, variant).is_some_and(|text| text == page.text());
            // If a language is listed in several scripts, the later ones must differ from the first.
            let other_script = languages
                .iter()
                .take_while(|listed| *listed != lang)
                .find(|listed| {
                    Tag::parse(listed).language == Tag::parse(lang).language && differ(listed, lang)
                });
            if differ(lang, default) && is_same(&Variant::default()) {
                Some(Problem::fail(probe, "the text is that of the default language"))
            } else {
                let script = other_script?;
                is_same(&Variant::in_language(script))
                    .then(|| Problem::fail(probe, format!("the text is that of lang={script}")))
            }
        });
    Rule {
        id: "language.translated",
        text: "Each language has texts of its own",
        advice: "Translate the texts; `lang` alone changes nothing for a trader.",
    }
    .judge(problems)
}

fn direction(results: &ProbeResults<'_>) -> Check {
    let problems = results.pages().filter_map(|(probe, page)| {
        let is_rtl = RTL.contains(&Tag::parse(page.lang()).language.as_str());
        match (is_rtl, page.is_rtl()) {
            (true, false) => Some(Problem::fail(probe, "not dir=\"rtl\"")),
            (false, true) => Some(Problem::fail(
                probe,
                "dir=\"rtl\" in a language written from left to right",
            )),
            _ => None,
        }
    });
    Rule {
        id: "language.direction",
        text: "Only languages written from right to left have dir=\"rtl\"",
        advice: "Set `dir` on <html> according to the language of the page.",
    }
    .judge(problems)
}

fn unsupported(results: &ProbeResults<'_>) -> Check {
    let default = default_language(results);
    let problems = pages_by_language(results)
        .filter(|(.., lang)| *lang == UNSUPPORTED)
        .filter(|(_, page, _)| !is_in(page, default, results))
        .map(|(probe, page, _)| Problem::fail(probe, declared_language(page)));
    Rule {
        id: "language.unsupported",
        text: "An unsupported language shows the default language",
        advice: "The first of `languages` in broker.toml is the default language. Name it first in --languages too.",
    }
    .judge(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_in_the_listed_language_that_it_matches_best() {
        let is_in = |declared: &str, code: &str, languages: &str| {
            let languages: Vec<String> = languages.split(',').map(str::to_owned).collect();
            is_best_match(declared, code, &languages)
        };
        for (declared, code, languages) in [
            ("pt-BR", "pt", "en,pt"),
            ("EN", "en", "en"),
            ("zh", "zh-Hant", "en,zh-Hant"),
            ("zh-Hant", "zh", "en,zh"),
            ("zh-CN", "zh", "zh,zh-Hant"),
            ("zh-Hans", "zh", "zh,zh-Hant"),
            ("zh-TW", "zh-Hant", "zh,zh-Hant"),
            ("zh-Hant-HK", "zh-Hant", "zh,zh-Hant"),
            ("pt-PT", "pt", "pt,pt-BR"),
            ("pt-BR", "pt-BR", "pt,pt-BR"),
            ("sr-Latn-RS", "sr-Latn", "sr,sr-Latn"),
            ("sr-RS", "sr", "sr,sr-Latn"),
        ] {
            assert!(
                is_in(declared, code, languages),
                "{declared} for {code} of {languages}"
            );
        }
        for (declared, code, languages) in [
            ("", "en", "en"),
            ("es", "en", "en,es"),
            ("zh", "zh-Hant", "zh,zh-Hant"),
            ("zh-Hant", "zh", "zh,zh-Hant"),
            ("zh-HK", "zh", "zh,zh-Hant"),
            ("pt-PT", "pt-BR", "pt,pt-BR"),
            ("pt-BR", "pt", "pt,pt-BR"),
            ("sr-Latn", "sr", "sr,sr-Latn"),
        ] {
            assert!(
                !is_in(declared, code, languages),
                "{declared} for {code} of {languages}"
            );
        }
    }
}
