//! cTrader shows the screens in a frame; nobody else may.

use reqwest::Url;

use crate::check::{
    client::Answer,
    policy::{Policy, is_everybody},
    report::{Check, Group, Problem, Rule},
    survey::Survey,
};

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "Framing",
        [restricted(survey), allowed(survey), x_frame_options(survey)],
    )
}

/// The sources of each `frame-ancestors` of an answer. All of them hold.
fn ancestors(answer: &Answer) -> Vec<Vec<String>> {
    let policies = Policy::all(answer);
    policies
        .iter()
        .filter_map(|policy| Some(policy.sources("frame-ancestors")?.to_vec()))
        .collect()
}

fn restricted(survey: &Survey<'_>) -> Check {
    let problems = survey.answers().filter_map(|(visit, answer)| {
        let ancestors = ancestors(answer);
        let open = |sources: &Vec<String>| sources.iter().any(|source| is_everybody(source));
        match ancestors.iter().all(open) {
            _ if ancestors.is_empty() => Some(Problem::fail(visit, "no frame-ancestors")),
            true => Some(Problem::fail(visit, "frame-ancestors lets anybody frame it")),
            false => None,
        }
    });
    Rule {
        id: "framing.restricted",
        says: "frame-ancestors says who may frame the screens, and not everybody",
        advice: "List the hosts of cTrader Web and of your white labels in `frame_ancestors` of broker.toml.",
    }
    .judge(problems)
}

fn allowed(survey: &Survey<'_>) -> Check {
    let problems = survey.answers().flat_map(|(visit, answer)| {
        let ancestors = ancestors(answer);
        let locked_out = survey
            .target
            .frame_ancestors
            .iter()
            .filter(move |origin| !ancestors.iter().all(|sources| allows(sources, origin)));
        locked_out.map(move |origin| {
            let origin = origin.origin().ascii_serialization();
            Problem::fail(visit, format!("{origin} cannot frame it"))
        })
    });
    Rule {
        id: "framing.ctrader",
        says: "cTrader can frame the screens",
        advice: "Add the origin to `frame_ancestors` of broker.toml, or say with --frame-ancestor which one to expect.",
    }
    .judge(problems)
}

/// Whether one of the sources is that origin (CSP 3, 6.7.2.8).
fn allows(sources: &[String], origin: &Url) -> bool {
    sources.iter().any(|source| {
        if source == "*" || *source == format!("{}:", origin.scheme()) {
            return true;
        }
        // Without a scheme it is the page's own, HTTPS. `*.` stands for at least one label.
        let (scheme, rest) = source.split_once("://").unwrap_or(("https", source));
        let (host, port) = rest
            .trim_end_matches('/')
            .split_once(':')
            .unwrap_or((rest.trim_end_matches('/'), ""));
        let origins_host = origin.host_str().unwrap_or_default();
        let same_host = match host.strip_prefix('*') {
            Some(suffix) => origins_host.ends_with(suffix),
            None => origins_host == host,
        };
        let origins_port = origin
            .port_or_known_default()
            .map(|port| port.to_string())
            .unwrap_or_default();
        let default_port = if scheme == "http" { "80" } else { "443" };
        let port = if port.is_empty() { default_port } else { port };
        scheme == origin.scheme() && same_host && (port == "*" || port == origins_port)
    })
}

fn x_frame_options(survey: &Survey<'_>) -> Check {
    let problems = survey.answers().filter_map(|(visit, answer)| {
        let value = answer.header("x-frame-options");
        (!value.is_empty()).then(|| Problem::fail(visit, format!("X-Frame-Options is `{value}`")))
    });
    Rule {
        id: "framing.x-frame-options",
        says: "No X-Frame-Options, which cannot name cTrader",
        advice: "Take the header away, also where a proxy or CDN before the functions adds it.",
    }
    .judge(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_allowed_by_itself_or_a_pattern() {
        let allows = |source: &str, origin: &str| allows(&[source.to_owned()], &Url::parse(origin).unwrap());
        assert!(allows("https://app.ctrader.com", "https://app.ctrader.com"));
        assert!(allows("https://*.ctrader.com", "https://app.ctrader.com"));
        assert!(allows("app.ctrader.com", "https://app.ctrader.com"));
        assert!(allows("http://localhost:9001", "http://localhost:9001"));
        assert!(allows("http://localhost:*", "http://localhost:9001"));
        assert!(!allows("https://*.ctrader.com", "https://ctrader.com"));
        assert!(!allows("https://app.ctrader.com", "http://app.ctrader.com"));
        assert!(!allows("https://app.ctrader.com", "https://app.ctrader.com:8443"));
        assert!(!allows("'none'", "https://app.ctrader.com"));
        assert!(!allows("'self'", "https://app.ctrader.com"));
    }
}
