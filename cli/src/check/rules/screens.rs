//! The screens themselves, opened with one-time tokens.

use reqwest::{Method, Url};

use crate::check::{
    probe::{Probe, ProbeResults, Subject},
    report::{Check, Group, Problem, Rule},
};

const NO_TOKENS: &str = "needs tokens: --token-command";

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Screens",
        [opens(results), opens_once(results), token_is_not_in_page(results)],
    )
}

/// The probes with a fresh token.
fn with_fresh_token<'a>(results: &'a ProbeResults<'_>) -> impl Iterator<Item = &'a Probe> {
    let is_fresh = |probe: &&Probe| matches!(probe.subject, Subject::Opened(_));
    results.probes.iter().filter(is_fresh)
}

/// Judges the rule, or skips it if there are no tokens.
fn judge(results: &ProbeResults<'_>, rule: Rule, problems: impl Iterator<Item = Problem>) -> Check {
    match results.target.token_command {
        Some(_) => rule.judge(problems),
        None => rule.skip(NO_TOKENS),
    }
}

fn opens(results: &ProbeResults<'_>) -> Check {
    let rule = Rule {
        id: "screens.open",
        text: "A fresh token opens each screen, even after a HEAD, which must not spend it",
        advice: "The status shows which part failed: docs/HTTP.md, Errors. For `action`, see --action-type.",
    };
    let problems = with_fresh_token(results).filter_map(|probe| {
        let response = probe.response.as_ref().ok()?;
        match (
            response.status,
            probe.method == Method::HEAD || probe.page.is_some(),
        ) {
            (200, true) => None,
            (200, false) => Some(Problem::fail(probe, "is not an HTML page")),
            (303, _) => Some(match redirect_origin(response.header("location")) {
                Some(origin) => Problem::note(probe, format!("redirects the trader to {origin}")),
                None => Problem::fail(probe, "redirects, but not to a page with an assertion"),
            }),
            (status, _) => Some(Problem::fail(probe, format!("answers {status}"))),
        }
    });
    judge(results, rule, problems)
}

/// The origin of the broker's own page (a section `redirect`), if the URL leads to such a page with an assertion.
fn redirect_origin(location: &str) -> Option<String> {
    let url = Url::parse(location).ok()?;
    let is_safe = url.scheme() == "https" || matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    let (_, assertion) = url.query_pairs().find(|(name, _)| name == "assertion")?;
    let is_signed = assertion.split('.').filter(|part| !part.is_empty()).count() == 3;
    (is_safe && is_signed).then(|| url.origin().ascii_serialization())
}

fn opens_once(results: &ProbeResults<'_>) -> Check {
    let rule = Rule {
        id: "screens.once",
        text: "A used token opens no screen for somebody who has only the URL",
        advice: "Answer 410 TOKEN_EXPIRED (404 INVALID_OT_TOKEN in revision `redeem`). Is a proxy or CDN caching the screens?",
    };
    let problems = results.probes.iter().filter_map(|probe| {
        let response = probe.response.as_ref().ok()?;
        let is_refused = matches!(response.status, 404 | 410);
        let is_spent = matches!(probe.subject, Subject::Spent(_));
        (is_spent && !is_refused).then(|| Problem::fail(probe, format!("answers {}", response.status)))
    });
    judge(results, rule, problems)
}

fn token_is_not_in_page(results: &ProbeResults<'_>) -> Check {
    let rule = Rule {
        id: "screens.token-forgotten",
        text: "No screen contains the token that opened it",
        advice: "A page needs its session, never its token. Remove the token from links, forms and scripts.",
    };
    let problems = with_fresh_token(results)
        .filter(|probe| probe.echoed_token)
        .map(|probe| Problem::fail(probe, "the token is in the page"));
    judge(results, rule, problems)
}
