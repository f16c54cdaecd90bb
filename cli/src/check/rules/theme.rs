//! `theme`: light, dark, and together with `lang`.

use crate::check::{
    report::{Check, Group, Problem, Rule},
    rules::language::{declared, is_in},
    survey::Survey,
};

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "Theme",
        [
            shown(
                survey,
                "light",
                Rule {
                    id: "theme.light",
                    says: "theme=light shows the light theme",
                    advice: "Name the theme on <html>, as data-theme=\"light\".",
                },
            ),
            shown(
                survey,
                "dark",
                Rule {
                    id: "theme.dark",
                    says: "theme=dark shows the dark theme",
                    advice: "Name the theme on <html>, as data-theme=\"dark\".",
                },
            ),
            with_language(survey),
        ],
    )
}

fn shown(survey: &Survey<'_>, theme: &str, rule: Rule) -> Check {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let alone = visit.look.lang.is_none() && visit.look.theme == Some(theme);
        let found = page.theme();
        (alone && found.as_deref() != Some(theme)).then(|| Problem::fail(visit, named(found)))
    });
    rule.judge(problems)
}

fn named(theme: Option<String>) -> String {
    match theme {
        Some(theme) => format!("shows the {theme} theme"),
        None => "names no theme".to_owned(),
    }
}

fn with_language(survey: &Survey<'_>) -> Check {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let (lang, theme) = (visit.look.lang.as_deref()?, visit.look.theme?);
        let found = page.theme();
        if found.as_deref() != Some(theme) {
            Some(Problem::fail(visit, named(found)))
        } else if !is_in(page, lang, survey) {
            Some(Problem::fail(visit, declared(page)))
        } else {
            None
        }
    });
    Rule {
        id: "theme.with-language",
        says: "`theme` and `lang` work together",
        advice: "Each must work whatever the other says.",
    }
    .judge(problems)
}
