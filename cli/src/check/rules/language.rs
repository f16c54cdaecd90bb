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

/// The code without region and script: pages may say `zh-Hant` for `zh`.
pub fn primary(code: &str) -> String {
    let code = code.split('-').next().unwrap_or_default();
    code.to_ascii_lowercase()
}

fn default(survey: &Survey<'_>) -> String {
    let languages = &survey.target.languages;
    languages.first().map(|code| primary(code)).unwrap_or_default()
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
        .filter(|(_, page, lang)| primary(page.lang()) != primary(lang))
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
    let text_in_default = |subject: Subject| {
        let plain = |visit: &Visit| visit.subject == subject && visit.look == Look::default();
        let found = survey.pages().find(|(visit, _)| plain(visit));
        found.map(|(_, page)| page.text())
    };
    let problems = asked(survey)
        .filter(|(.., lang)| *lang != UNSUPPORTED && primary(lang) != default)
        .filter(|(visit, page, _)| text_in_default(visit.subject).is_some_and(|text| text == page.text()))
        .map(|(visit, ..)| Problem::fail(visit, "the text is that of the default language"));
    Rule {
        id: "language.translated",
        says: "Each language has texts of its own",
        advice: "Translate the texts; `lang` alone changes nothing for a trader.",
    }
    .judge(problems)
}

fn direction(survey: &Survey<'_>) -> Check {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let rtl = RTL.contains(&primary(page.lang()).as_str());
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
        .filter(|(_, page, _)| primary(page.lang()) != default)
        .map(|(visit, page, _)| Problem::fail(visit, declared(page)));
    Rule {
        id: "language.unsupported",
        says: "An unsupported language shows the default one",
        advice: "The first of `languages` in broker.toml is the default; name it first in --languages too.",
    }
    .judge(problems)
}
