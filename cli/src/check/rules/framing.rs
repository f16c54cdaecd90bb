//! cTrader shows the screens in a frame. No other site may.

use reqwest::Url;

use crate::check::{
    client::HttpResponse,
    policy::{Policy, is_unrestricted},
    probe::ProbeResults,
    report::{Check, Group, Problem, Rule},
};

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Framing",
        [restricted(results), allowed(results), x_frame_options(results)],
    )
}

/// The sources of each `frame-ancestors` of a response. A browser enforces all of them.
fn ancestors(response: &HttpResponse) -> Vec<Vec<String>> {
    let policies = Policy::all(response);
    policies
        .iter()
        .filter_map(|policy| Some(policy.sources("frame-ancestors")?.to_vec()))
        .collect()
}

fn restricted(results: &ProbeResults<'_>) -> Check {
    let problems = results.responses().filter_map(|(probe, response)| {
        let ancestors = ancestors(response);
        let is_open = |sources: &Vec<String>| sources.iter().any(|source| is_unrestricted(source));
        if ancestors.is_empty() {
            Some(Problem::fail(probe, "no frame-ancestors"))
        } else if ancestors.iter().all(is_open) {
            Some(Problem::fail(probe, "frame-ancestors allows any site"))
        } else {
            None
        }
    });
    Rule {
        id: "framing.restricted",
        text: "frame-ancestors says who may frame the screens, and not everybody",
        advice: "List the hosts of cTrader Web and of your white labels in `frame_ancestors` of broker.toml.",
    }
    .judge(problems)
}

fn allowed(results: &ProbeResults<'_>) -> Check {
    let problems = results.responses().flat_map(|(probe, response)| {
        let ancestors = ancestors(response);
        let locked_out = results
            .target
            .frame_ancestors
            .iter()
            .filter(move |origin| !ancestors.iter().all(|sources| allows(sources, origin)));
        locked_out.map(move |origin| {
            let origin = origin.origin().ascii_serialization();
            Problem::fail(probe, format!("{origin} cannot frame it"))
        })
    });
    Rule {
        id: "framing.ctrader",
        text: "cTrader can frame the screens",
        advice: "Add the origin to `frame_ancestors` of broker.toml, or say with --frame-ancestor which one to expect.",
    }
    .judge(problems)
}

/// Whether one of the sources matches the origin (CSP 3, 6.7.2.8).
fn allows(sources: &[String], origin: &Url) -> bool {
    sources.iter().any(|source| {
        if source == "*" || *source == format!("{}:", origin.scheme()) {
            return true;
        }
        // A source without a scheme has the scheme of the page, HTTPS. `*.` stands for at least one label.
        let (scheme, rest) = source.split_once("://").unwrap_or(("https", source));
        let (host, port) = rest
            .trim_end_matches('/')
            .split_once(':')
            .unwrap_or((rest.trim_end_matches('/'), ""));
        let expected_host = origin.host_str().unwrap_or_default();
        let same_host = match host.strip_prefix('*') {
            Some(suffix) => expected_host.ends_with(suffix),
            None => expected_host == host,
        };
        let expected_port = origin
            .port_or_known_default()
            .map(|port| port.to_string())
            .unwrap_or_default();
        let default_port = if scheme == "http" { "80" } else { "443" };
        let port = if port.is_empty() { default_port } else { port };
        scheme == origin.scheme() && same_host && (port == "*" || port == expected_port)
    })
}

fn x_frame_options(results: &ProbeResults<'_>) -> Check {
    let problems = results.responses().filter_map(|(probe, response)| {
        let value = response.header("x-frame-options");
        (!value.is_empty()).then(|| Problem::fail(probe, format!("X-Frame-Options is `{value}`")))
    });
    Rule {
        id: "framing.x-frame-options",
        text: "No X-Frame-Options, which cannot name cTrader",
        advice: "Remove the header, also where a proxy or CDN in front of the functions adds it.",
    }
    .judge(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_allowed_by_its_name_or_a_pattern() {
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
