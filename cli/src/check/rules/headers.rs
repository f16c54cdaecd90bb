//! The headers that every response must have.

use crate::check::{
    client::HttpResponse,
    policy::{Policy, is_unrestricted},
    probe::ProbeResults,
    report::{Check, Group, Problem, Rule},
};

/// Attributes without which a browser drops a cookie in a frame of another site, or shows it to others.
const COOKIE_ATTRIBUTES: [&str; 4] = ["secure", "httponly", "samesite=none", "partitioned"];

/// The values of Referrer-Policy that browsers know.
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

/// Directives whose sources may run code in the page.
const CODE_DIRECTIVES: [&str; 3] = ["script-src", "script-src-elem", "object-src"];

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Headers",
        [
            csp(results),
            every_response(
                results,
                Rule {
                    id: "headers.hsts",
                    text: "Strict-Transport-Security keeps browsers on HTTPS",
                    advice: "Send Strict-Transport-Security: max-age=31536000; includeSubDomains.",
                },
                |response| hsts_problem(response.header("strict-transport-security")),
            ),
            every_response(
                results,
                Rule {
                    id: "headers.nosniff",
                    text: "X-Content-Type-Options is nosniff",
                    advice: "Send X-Content-Type-Options: nosniff.",
                },
                |response| problem_unless(response, "x-content-type-options", "nosniff"),
            ),
            every_response(
                results,
                Rule {
                    id: "headers.no-store",
                    text: "Cache-Control is no-store: no page is cached for somebody else",
                    advice: "Send Cache-Control: no-store, and make sure that no proxy or CDN in front of the functions removes it.",
                },
                |response| problem_unless(response, "cache-control", "no-store"),
            ),
            every_response(
                results,
                Rule {
                    id: "headers.no-referrer",
                    text: "Referrer-Policy is no-referrer: the URL, which contains the token, is not sent to other sites",
                    advice: "Send Referrer-Policy: no-referrer.",
                },
                referrer_problem,
            ),
            cookies(results),
        ],
    )
}

/// Checks each response with `problem`.
fn every_response(
    results: &ProbeResults<'_>,
    rule: Rule,
    problem: impl Fn(&HttpResponse) -> Option<String>,
) -> Check {
    let problems = results
        .responses()
        .filter_map(|(probe, response)| Some(Problem::fail(probe, problem(response)?)));
    rule.judge(problems)
}

/// The problem, unless one of the header's comma-separated values is the expected one.
fn problem_unless(response: &HttpResponse, name: &str, expected: &str) -> Option<String> {
    let value = response.headers(name).join(",");
    let is_present = value
        .split(',')
        .any(|part| part.trim().eq_ignore_ascii_case(expected));
    if is_present {
        None
    } else if value.is_empty() {
        Some("absent".to_owned())
    } else {
        Some(format!("is `{value}`"))
    }
}

/// The problem, unless the last value that browsers know is `no-referrer`. Browsers use that one.
fn referrer_problem(response: &HttpResponse) -> Option<String> {
    let value = response.headers("referrer-policy").join(",");
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

fn csp(results: &ProbeResults<'_>) -> Check {
    let rule = Rule {
        id: "headers.csp",
        text: "Content-Security-Policy allows only what the page itself contains",
        advice: "Send default-src 'none'; base-uri 'none', nonces for inline style and script, and no 'unsafe-...'.",
    };
    every_response(results, rule, |response| {
        let policies = Policy::all(response);
        // A browser enforces all policies, so one strict policy is enough.
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
    let open_source = || {
        let named = CODE_DIRECTIVES
            .iter()
            .filter_map(|name| Some((name, policy.sources(name)?)));
        // Browsers that support 'strict-dynamic' ignore the hosts and schemes beside it.
        let mut open =
            named.filter(|(_, sources)| !sources.iter().any(|source| source == "'strict-dynamic'"));
        open.find_map(|(name, sources)| {
            let unrestricted = sources
                .iter()
                .find(|source| is_unrestricted(source) || *source == "data:");
            unrestricted.map(|source| format!("{name} allows {source}"))
        })
    };
    let unsafe_source = policy.all_sources().find(|source| source.starts_with("'unsafe-"));
    match unsafe_source {
        Some(source) => Some(format!("allows {source}")),
        None if !is_none("default-src") => Some("without default-src 'none'".to_owned()),
        None if !is_none("base-uri") => Some("without base-uri 'none'".to_owned()),
        None => open_source(),
    }
}

fn cookies(results: &ProbeResults<'_>) -> Check {
    let problems = results.responses().flat_map(|(probe, response)| {
        let cookies = response.headers("set-cookie").into_iter();
        cookies.filter_map(move |cookie| Some(Problem::fail(probe, cookie_problem(&cookie)?)))
    });
    Rule {
        id: "headers.cookies",
        text: "Every cookie is Secure, HttpOnly, SameSite=None and Partitioned",
        advice: "In cTrader the screens are in a frame of another site. A browser drops a cookie without these attributes, or shows it to others.",
    }
    .judge(problems)
}

/// The attributes that a cookie lacks. Never quotes its value.
fn cookie_problem(cookie: &str) -> Option<String> {
    let mut parts = cookie.split(';').map(str::trim);
    let name = parts.next()?.split('=').next()?;
    let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let missing: Vec<&str> = COOKIE_ATTRIBUTES
        .into_iter()
        .filter(|attribute| !attributes.iter().any(|has| has == attribute))
        .collect();
    (!missing.is_empty()).then(|| format!("`{name}` lacks {}", missing.join(", ")))
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
    fn a_policy_is_as_weak_as_its_weakest_source() {
        let weakness = |policy: &str| weakness(&Policy::parse(policy));
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
    fn missing_attributes_are_named_and_the_cookie_is_not_quoted() {
        let good = "__Host-inapp=s3cret; Secure; HttpOnly; Path=/; SameSite=None; Partitioned";
        assert_eq!(cookie_problem(good), None);
        assert_eq!(
            cookie_problem("s=s3cret; Secure; SameSite=None").as_deref(),
            Some("`s` lacks httponly, partitioned")
        );
    }
}
