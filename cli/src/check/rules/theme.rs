//! `theme`: light, dark, and both together with `lang`.

use crate::check::{
    probe::ProbeResults,
    report::{Check, Group, Problem, Rule},
    rules::language::{declared_language, is_in},
};

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Theme",
        [
            theme_shown(
                results,
                "light",
                Rule {
                    id: "theme.light",
                    text: "theme=light shows the light theme",
                    advice: "Name the theme on <html>, as data-theme=\"light\".",
                },
            ),
            theme_shown(
                results,
                "dark",
                Rule {
                    id: "theme.dark",
                    text: "theme=dark shows the dark theme",
                    advice: "Name the theme on <html>, as data-theme=\"dark\".",
                },
            ),
            with_language(results),
        ],
    )
}

fn theme_shown(results: &ProbeResults<'_>, theme: &str, rule: Rule) -> Check {
    let problems = results.pages().filter_map(|(probe, page)| {
        let is_concerned = probe.variant.lang.is_none() && probe.variant.theme == Some(theme);
        let found = page.theme();
        (is_concerned && found.as_deref() != Some(theme)).then(|| Problem::fail(probe, found_theme(found)))
    });
    rule.judge(problems)
}

fn found_theme(theme: Option<String>) -> String {
    match theme {
        Some(theme) => format!("shows the {theme} theme"),
        None => "names no theme".to_owned(),
    }
}

fn with_language(results: &ProbeResults<'_>) -> Check {
    let problems = results.pages().filter_map(|(probe, page)| {
        let (lang, theme) = (probe.variant.lang.as_deref()?, probe.variant.theme?);
        let found = page.theme();
        if found.as_deref() != Some(theme) {
            Some(Problem::fail(probe, found_theme(found)))
        } else if !is_in(page, lang, results) {
            Some(Problem::fail(probe, declared_language(page)))
        } else {
            None
        }
    });
    Rule {
        id: "theme.with-language",
        text: "`theme` and `lang` work together",
        advice: "Each parameter must work with every value of the other.",
    }
    .judge(problems)
}
