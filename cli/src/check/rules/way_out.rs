//! "The user can close it by Back, an X or the like", from every page.

use crate::check::{
    page::{Page, name_of},
    report::{Group, Problem, Rule},
    survey::Survey,
    target::Target,
};

/// What a control that closes is called, where it does not lead to the success URL.
const CLOSING: [&str; 9] = ["x", "×", "✕", "✖", "back", "cancel", "close", "done", "exit"];

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let what = problem(page, survey.target)?;
        Some(Problem::fail(visit, what))
    });
    let rule = Rule {
        id: "way-out.every-page",
        says: "Every page has a way out with a name: an X, Back or Done",
        advice: "Link to the success URL, where cTrader closes the screen, with a text or an aria-label. Is --success-url right?",
    };
    Group::new("Way out", [rule.judge(problems)])
}

fn problem(page: &Page, target: &Target) -> Option<&'static str> {
    let leaves = |href: &str| {
        target.url.join(href).is_ok_and(|mut url| {
            // `eventName` may follow.
            url.set_query(target.success_url.query());
            url == target.success_url
        })
    };
    let links = page.find("a[href]");
    let out: Vec<_> = links
        .iter()
        .filter(|link| link.attr("href").is_some_and(leaves))
        .collect();
    let is_named = |name: &str| CLOSING.contains(&name.to_lowercase().as_str());
    let closes = || {
        page.find(r#"a[href], button, input[type="submit" i], input[type="button" i]"#)
            .iter()
            .any(|element| is_named(&name_of(element)))
    };
    match out.iter().any(|link| !name_of(link).is_empty()) {
        true => None,
        false if closes() => None,
        false if out.is_empty() => Some("no way out"),
        false => Some("the way out has no name"),
    }
}
