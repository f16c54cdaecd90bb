//! `lang`: each supported language, and the default for any other.

use crate::check::{
    page::Page,
    report::{Check, Group, Problem, Rule},
    survey::{Look, Subject, Survey, UNSUPPORTED, Visit},
};

/// Languages written from right to left; as in shared/web/src/locale.rs, whose code a check must not share.
const RTL: [&str; 9] = ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "Language",
        [
            supported(survey),
            translated(survey),
            direction(survey),
            unsupported(survey),
        ],
    )
}

/// A language, its script and its region, as far as a code names them.
#[derive(Debug, PartialEq, Eq)]
struct Tag {
    language: String,
    script: Option<String>,
    region: Option<String>,
}

impl Tag {
    fn read(code: &str) -> Self {
        let code = code.to_ascii_lowercase();
        let mut parts = code.split('-');
        let language = parts.next().unwrap_or_default().to_owned();
        let mut rest = parts.clone();
        let script = rest.find(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let region = parts.find(|part| matches!(part.len(), 2 | 3));
        // Chinese is the one language here that is written in two ways, and the region tells which.
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

    /// How well a page that says to be in this language serves whoever listed the other; nothing if it is another language.
    fn serves(&self, listed: &Self) -> Option<(u8, u8)> {
        let alike = |ours: &Option<String>, listed: &Option<String>| match listed {
            _ if ours == listed => 2,
            None => 1,
            Some(_) => 0,
        };
        (self.language == listed.language).then(|| {
            (
                alike(&self.script, &listed.script),
                alike(&self.region, &listed.region),
            )
        })
    }
}

/// Whether the page is in that language of the deployment. It may say `pt-BR` for `pt`, or `zh` for `zh-Hant`, unless that is
/// another one that the deployment has.
pub fn is_in(page: &Page, code: &str, survey: &Survey<'_>) -> bool {
    is_meant(page.lang(), code, &survey.target.languages)
}

fn is_meant(said: &str, code: &str, languages: &[String]) -> bool {
    let said = Tag::read(said);
    let serves = |code: &str| said.serves(&Tag::read(code));
    let best = languages.iter().filter_map(|listed| serves(listed)).max();
    serves(code).is_some_and(|how_well| Some(how_well) >= best)
}

/// Whether what is written in one of them is to be written otherwise in the other.
fn differ(one: &str, other: &str) -> bool {
    let (one, other) = (Tag::read(one), Tag::read(other));
    one.language != other.language || one.script != other.script
}

fn default<'a>(survey: &'a Survey<'_>) -> &'a str {
    survey.target.languages.first().map_or("", String::as_str)
}

/// The pages that were asked for in a language, and only that.
fn asked<'a>(survey: &'a Survey<'_>) -> impl Iterator<Item = (&'a Visit, &'a Page, &'a str)> {
    survey.pages().filter_map(|(visit, page)| {
        let lang = visit.look.lang.as_deref()?;
        visit.look.theme.is_none().then_some((visit, page, lang))
    })
}

fn supported(survey: &Survey<'_>) -> Check {
    let problems = asked(survey)
        .filter(|(.., lang)| *lang != UNSUPPORTED)
        .filter(|(_, page, lang)| !is_in(page, lang, survey))
        .map(|(visit, page, _)| Problem::fail(visit, declared(page)));
    Rule {
        id: "language.supported",
        says: "Each supported language is shown when `lang` asks for it",
        advice: "List the language in `languages` of broker.toml, or say with --languages which ones to expect.",
    }
    .judge(problems)
}

/// What the page says of its language.
pub fn declared(page: &Page) -> String {
    format!("the page says lang=\"{}\"", page.lang())
}

fn translated(survey: &Survey<'_>) -> Check {
    let default = default(survey);
    let languages = &survey.target.languages;
    let text_in = |subject: Subject, look: &Look| {
        let found = survey
            .pages()
            .find(|(visit, _)| visit.subject == subject && visit.look == *look);
        found.map(|(_, page)| page.text())
    };
    let problems = asked(survey)
        .filter(|(.., lang)| *lang != UNSUPPORTED)
        .filter_map(|(visit, page, lang)| {
            let said = |look: &Look| text_in(visit.subject, look).is_some_and(|text| text == page.text());
            // Of the same language in another script, the first is the one that the others are not to repeat.
            let script = languages
                .iter()
                .take_while(|listed| *listed != lang)
                .find(|listed| {
                    Tag::read(listed).language == Tag::read(lang).language && differ(listed, lang)
                });
            if differ(lang, default) && said(&Look::default()) {
                Some(Problem::fail(visit, "the text is that of the default language"))
            } else {
                let script = script?;
                said(&Look::in_language(script))
                    .then(|| Problem::fail(visit, format!("the text is that of lang={script}")))
            }
        });
    Rule {
        id: "language.translated",
        says: "Each language has texts of its own",
        advice: "Translate the texts; `lang` alone changes nothing for a trader.",
    }
    .judge(problems)
}

fn direction(survey: &Survey<'_>) -> Check {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let rtl = RTL.contains(&Tag::read(page.lang()).language.as_str());
        match (rtl, page.is_rtl()) {
            (true, false) => Some(Problem::fail(visit, "not dir=\"rtl\"")),
            (false, true) => Some(Problem::fail(visit, "dir=\"rtl\" in a language that is not")),
            _ => None,
        }
    });
    Rule {
        id: "language.direction",
        says: "Languages written from right to left are shown so, the others not",
        advice: "Set `dir` on <html> after the language of the page.",
    }
    .judge(problems)
}

fn unsupported(survey: &Survey<'_>) -> Check {
    let default = default(survey);
    let problems = asked(survey)
        .filter(|(.., lang)| *lang == UNSUPPORTED)
        .filter(|(_, page, _)| !is_in(page, default, survey))
        .map(|(visit, page, _)| Problem::fail(visit, declared(page)));
    Rule {
        id: "language.unsupported",
        says: "An unsupported language shows the default one",
        advice: "The first of `languages` in broker.toml is the default; name it first in --languages too.",
    }
    .judge(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_in_the_language_that_it_serves_best() {
        let meant = |said: &str, code: &str, languages: &str| {
            let languages: Vec<String> = languages.split(',').map(str::to_owned).collect();
            is_meant(said, code, &languages)
        };
        for (said, code, languages) in [
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
            assert!(meant(said, code, languages), "{said} for {code} of {languages}");
        }
        for (said, code, languages) in [
            ("", "en", "en"),
            ("es", "en", "en,es"),
            ("zh", "zh-Hant", "zh,zh-Hant"),
            ("zh-Hant", "zh", "zh,zh-Hant"),
            ("zh-HK", "zh", "zh,zh-Hant"),
            ("pt-PT", "pt-BR", "pt,pt-BR"),
            ("pt-BR", "pt", "pt,pt-BR"),
            ("sr-Latn", "sr", "sr,sr-Latn"),
        ] {
            assert!(!meant(said, code, languages), "{said} for {code} of {languages}");
        }
    }
}
