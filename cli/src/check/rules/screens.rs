//! The screens themselves, opened with one-time tokens.

use reqwest::{Method, Url};

use crate::check::{
    report::{Check, Group, Problem, Rule},
    survey::{Subject, Survey, Visit},
};

const NO_TOKENS: &str = "needs tokens: --token-command";

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new("Screens", [opened(survey), once(survey), forgotten(survey)])
}

/// The visits with a fresh token.
fn fresh<'a>(survey: &'a Survey<'_>) -> impl Iterator<Item = &'a Visit> {
    let is_fresh = |visit: &&Visit| matches!(visit.subject, Subject::Opened(_));
    survey.visits.iter().filter(is_fresh)
}

/// The rule, judged where there were tokens.
fn with_tokens(survey: &Survey<'_>, rule: Rule, problems: impl Iterator<Item = Problem>) -> Check {
    match survey.target.token_command {
        Some(_) => rule.judge(problems),
        None => rule.skip(NO_TOKENS),
    }
}

fn opened(survey: &Survey<'_>) -> Check {
    let rule = Rule {
        id: "screens.open",
        says: "A fresh token opens each screen, also after a HEAD, which must not spend it",
        advice: "The status tells which part is at fault: docs/HTTP.md, Errors. For `action`, see --action-type.",
    };
    let problems = fresh(survey).filter_map(|visit| {
        let answer = visit.answer.as_ref().ok()?;
        match (
            answer.status,
            visit.method == Method::HEAD || visit.page.is_some(),
        ) {
            (200, true) => None,
            (200, false) => Some(Problem::fail(visit, "is no HTML page")),
            (303, _) => Some(match sent_on_to(answer.header("location")) {
                Some(origin) => Problem::note(visit, format!("sends the trader on to {origin}")),
                None => Problem::fail(visit, "redirects, but not to a page with an assertion"),
            }),
            (status, _) => Some(Problem::fail(visit, format!("answers {status}"))),
        }
    });
    with_tokens(survey, rule, problems)
}

/// The origin of a page of the broker's own that gets an assertion (a section `redirect`), if that is where this leads.
fn sent_on_to(location: &str) -> Option<String> {
    let url = Url::parse(location).ok()?;
    let safe = url.scheme() == "https" || matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    let (_, assertion) = url.query_pairs().find(|(name, _)| name == "assertion")?;
    let signed = assertion.split('.').filter(|part| !part.is_empty()).count() == 3;
    (safe && signed).then(|| url.origin().ascii_serialization())
}

fn once(survey: &Survey<'_>) -> Check {
    let rule = Rule {
        id: "screens.once",
        says: "A token that has opened a screen opens no other, for somebody who has only the URL",
        advice: "Answer 410 TOKEN_EXPIRED (404 INVALID_OT_TOKEN in revision `redeem`). Is a proxy or CDN caching the screens?",
    };
    let problems = survey.visits.iter().filter_map(|visit| {
        let answer = visit.answer.as_ref().ok()?;
        let refused = matches!(answer.status, 404 | 410);
        let spent = matches!(visit.subject, Subject::Spent(_));
        (spent && !refused).then(|| Problem::fail(visit, format!("answers {}", answer.status)))
    });
    with_tokens(survey, rule, problems)
}

fn forgotten(survey: &Survey<'_>) -> Check {
    let rule = Rule {
        id: "screens.token-forgotten",
        says: "No screen contains the token it was opened with",
        advice: "A page needs its session, never its token: take it out of links, forms and scripts.",
    };
    let problems = fresh(survey)
        .filter(|visit| visit.echoed_token)
        .map(|visit| Problem::fail(visit, "the token is in the page"));
    with_tokens(survey, rule, problems)
}
