//! Spotware requires on every page that "the user can close it by Back, an X or the like".

use crate::check::{
    page::{Page, accessible_name},
    probe::ProbeResults,
    report::{Group, Problem, Rule},
    target::Target,
};

/// Names of controls that close a page without a link to the success URL.
const CLOSING_NAMES: [&str; 9] = ["x", "×", "✕", "✖", "back", "cancel", "close", "done", "exit"];

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    let problems = results.pages().filter_map(|(probe, page)| {
        let what = problem(page, results.target)?;
        Some(Problem::fail(probe, what))
    });
    let rule = Rule {
        id: "way-out.every-page",
        text: "Every page has an exit link with a name: an X, Back or Done",
        advice: "Add a link to the success URL, where cTrader closes the screen, with a text or an aria-label. Is --success-url right?",
    };
    Group::new("Exit link", [rule.judge(problems)])
}

fn problem(page: &Page, target: &Target) -> Option<&'static str> {
    let is_exit = |href: &str| {
        target.url.join(href).is_ok_and(|mut url| {
            // The link may have an `eventName`.
            url.set_query(target.success_url.query());
            url == target.success_url
        })
    };
    let links = page.find("a[href]");
    let exits: Vec<_> = links
        .iter()
        .filter(|link| link.attr("href").is_some_and(is_exit))
        .collect();
    let is_closing_name = |name: &str| CLOSING_NAMES.contains(&name.to_lowercase().as_str());
    let has_closing_control = || {
        page.find(r#"a[href], button, input[type="submit" i], input[type="button" i]"#)
            .iter()
            .any(|element| is_closing_name(&accessible_name(element)))
    };
    let has_named_exit = exits.iter().any(|link| !accessible_name(link).is_empty());
    if has_named_exit || has_closing_control() {
        None
    } else if exits.is_empty() {
        Some("no exit link")
    } else {
        Some("the exit link has no name")
    }
}
