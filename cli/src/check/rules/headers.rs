//! The headers that every answer carries.

use crate::check::{
    client::Answer,
    policy::{Policy, is_everybody},
    report::{Check, Group, Problem, Rule},
    survey::Survey,
};

/// Attributes without which a cookie is lost, or read by whom it does not concern, in a frame of another site.
const COOKIE_ATTRIBUTES: [&str; 4] = ["secure", "httponly", "samesite=none", "partitioned"];

/// What a Referrer-Policy may say.
const REFERRER_POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

/// Directives whose sources may run in the page.
const RUNNING: [&str; 3] = ["script-src", "script-src-elem", "object-src"];

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "Headers",
        [
            csp(survey),
            every_answer(
                survey,
                Rule {
                    id: "headers.hsts",
                    says: "Strict-Transport-Security keeps browsers on HTTPS",
                    advice: "Send Strict-Transport-Security: max-age=31536000.",
                },
                |answer| hsts_problem(answer.header("strict-transport-security")),
            ),
            every_answer(
                survey,
                Rule {
                    id: "headers.nosniff",
                    says: "X-Content-Type-Options is nosniff",
                    advice: "Send X-Content-Type-Options: nosniff.",
                },
                |answer| unless(answer, "x-content-type-options", "nosniff"),
            ),
            every_answer(
                survey,
                Rule {
                    id: "headers.no-store",
                    says: "Cache-Control is no-store: no page is kept for somebody else",
                    advice: "Send Cache-Control: no-store, and see that no proxy or CDN before the functions takes it away.",
                },
                |answer| unless(answer, "cache-control", "no-store"),
            ),
            every_answer(
                survey,
                Rule {
                    id: "headers.no-referrer",
                    says: "Referrer-Policy is no-referrer: the URL, which holds the token, is told to nobody",
                    advice: "Send Referrer-Policy: no-referrer.",
                },
                referrer_problem,
            ),
            cookies(survey),
        ],
    )
}

/// Judges each answer by what `problem` says of it.
fn every_answer(survey: &Survey<'_>, rule: Rule, problem: impl Fn(&Answer) -> Option<String>) -> Check {
    let problems = survey
        .answers()
        .filter_map(|(visit, answer)| Some(Problem::fail(visit, problem(answer)?)));
    rule.judge(problems)
}

/// What is wrong, unless the header has that one of its comma-separated values.
fn unless(answer: &Answer, name: &str, expected: &str) -> Option<String> {
    let value = answer.headers(name).join(",");
    let has = value
        .split(',')
        .any(|part| part.trim().eq_ignore_ascii_case(expected));
    match (has, value.is_empty()) {
        (true, _) => None,
        (false, true) => Some("absent".to_owned()),
        (false, false) => Some(format!("is `{value}`")),
    }
}

/// Of the values that a browser knows, the last one holds.
fn referrer_problem(answer: &Answer) -> Option<String> {
    let value = answer.headers("referrer-policy").join(",");
    let policies = value.split(',').map(|policy| policy.trim().to_ascii_lowercase());
    let mut known = policies.filter(|policy| REFERRER_POLICIES.contains(&policy.as_str()));
    match known.next_back().as_deref() {
        Some("no-referrer") => None,
        _ if value.is_empty() => Some("absent".to_owned()),
        _ => Some(format!("is `{value}`")),
    }
}

fn hsts_problem(value: &str) -> Option<String> {
    let age = value.split(';').find_map(|directive| {
        let (name, age) = directive.trim().split_once('=')?;
        name.eq_ignore_ascii_case("max-age")
            .then(|| age.trim_matches('"').parse::<u64>().ok())?
    });
    match age {
        _ if value.is_empty() => Some("absent".to_owned()),
        Some(1..) => None,
        _ => Some(format!("is `{value}`")),
    }
}

fn csp(survey: &Survey<'_>) -> Check {
    let rule = Rule {
        id: "headers.csp",
        says: "Content-Security-Policy allows nothing but what the page itself brings",
        advice: "Send default-src 'none'; base-uri 'none', nonces for inline style and script, and no 'unsafe-...'.",
    };
    every_answer(survey, rule, |answer| {
        let policies = Policy::all(answer);
        // With several policies a browser keeps all of them; the first that is strict is enough.
        let weaknesses: Vec<String> = policies.iter().filter_map(weakness).collect();
        match (policies.len(), weaknesses.len()) {
            (0, _) => Some("absent".to_owned()),
            (all, weak) if weak < all => None,
            _ => weaknesses.into_iter().next(),
        }
    })
}

fn weakness(policy: &Policy) -> Option<String> {
    let is_none = |name: &str| policy.sources(name).is_some_and(|sources| sources == ["'none'"]);
    let lets_run = || {
        let named = RUNNING
            .iter()
            .filter_map(|name| Some((name, policy.sources(name)?)));
        // Browsers that know 'strict-dynamic' leave out the hosts and schemes beside it.
        let mut open =
            named.filter(|(_, sources)| !sources.iter().any(|source| source == "'strict-dynamic'"));
        open.find_map(|(name, sources)| {
            let anybody = sources
                .iter()
                .find(|source| is_everybody(source) || *source == "data:");
            anybody.map(|source| format!("{name} allows {source}"))
        })
    };
    let unsafe_word = policy.all_sources().find(|word| word.starts_with("'unsafe-"));
    match unsafe_word {
        Some(word) => Some(format!("allows {word}")),
        None if !is_none("default-src") => Some("without default-src 'none'".to_owned()),
        None if !is_none("base-uri") => Some("without base-uri 'none'".to_owned()),
        None => lets_run(),
    }
}

fn cookies(survey: &Survey<'_>) -> Check {
    let problems = survey.answers().flat_map(|(visit, answer)| {
        let cookies = answer.headers("set-cookie").into_iter();
        cookies.filter_map(move |cookie| Some(Problem::fail(visit, cookie_problem(&cookie)?)))
    });
    Rule {
        id: "headers.cookies",
        says: "Every cookie is Secure, HttpOnly, SameSite=None and Partitioned",
        advice: "In cTrader the screens are in a frame of another site: a cookie without these is dropped, or seen by others.",
    }
    .judge(problems)
}

/// What a cookie lacks. Its value is nobody's business.
fn cookie_problem(cookie: &str) -> Option<String> {
    let mut parts = cookie.split(';').map(str::trim);
    let name = parts.next()?.split('=').next()?;
    let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let lacks: Vec<&str> = COOKIE_ATTRIBUTES
        .into_iter()
        .filter(|attribute| !attributes.iter().any(|has| has == attribute))
        .collect();
    (!lacks.is_empty()).then(|| format!("`{name}` lacks {}", lacks.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hsts_needs_an_age() {
        assert_eq!(hsts_problem("max-age=31536000; includeSubDomains"), None);
        assert_eq!(hsts_problem("includeSubDomains; Max-Age=\"600\""), None);
        assert_eq!(hsts_problem("max-age=0").as_deref(), Some("is `max-age=0`"));
        assert_eq!(hsts_problem("").as_deref(), Some("absent"));
    }

    #[test]
    fn a_policy_is_as_weak_as_its_weakest_word() {
        let weakness = |policy: &str| weakness(&Policy::read(policy));
        let strict = "default-src 'none'; base-uri 'none'; script-src 'nonce-x'";
        assert_eq!(weakness(strict), None);
        assert_eq!(
            weakness("default-src 'self'").as_deref(),
            Some("without default-src 'none'")
        );
        assert_eq!(
            weakness("default-src 'none'").as_deref(),
            Some("without base-uri 'none'")
        );
        assert_eq!(
            weakness(&format!("{strict} 'unsafe-inline'")).as_deref(),
            Some("allows 'unsafe-inline'")
        );
        assert_eq!(
            weakness(&format!("{strict} https:")).as_deref(),
            Some("script-src allows https:")
        );
        assert_eq!(weakness(&format!("{strict} 'strict-dynamic' https:")), None);
        assert_eq!(
            weakness(&format!("{strict} https://chat.example; img-src data:")),
            None
        );
    }

    #[test]
    fn a_cookie_is_named_by_what_it_lacks_and_never_quoted() {
        let good = "__Host-inapp=s3cret; Secure; HttpOnly; Path=/; SameSite=None; Partitioned";
        assert_eq!(cookie_problem(good), None);
        assert_eq!(
            cookie_problem("s=s3cret; Secure; SameSite=None").as_deref(),
            Some("`s` lacks httponly, partitioned")
        );
    }
}
