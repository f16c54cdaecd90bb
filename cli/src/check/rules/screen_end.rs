//! The pages at the end of a screen. cTrader closes the screen when the embedded browser visits the success URL.

use crate::check::{
    probe::{ProbeResults, Subject},
    report::{Check, Group, Problem, Rule},
};

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "End of a screen",
        [
            reachable(
                results,
                Subject::Success,
                Rule {
                    id: "callback.success",
                    text: "The success page exists",
                    advice: "Give Spotware this URL. If `success_url` of broker.toml is another URL, name it with --success-url.",
                },
            ),
            reachable(
                results,
                Subject::Failure,
                Rule {
                    id: "callback.failure",
                    text: "The failure page exists",
                    advice: "If `failure_url` of broker.toml is another URL, name it with --failure-url.",
                },
            ),
        ],
    )
}

fn reachable(results: &ProbeResults<'_>, subject: Subject, rule: Rule) -> Check {
    let concerned = results.probes.iter().filter(|probe| probe.subject == subject);
    let problems = concerned.filter_map(|probe| match &probe.response {
        Ok(response) if response.status == 200 && probe.page.is_some() => None,
        Ok(response) if response.status == 200 => Some(Problem::fail(probe, "is not an HTML page")),
        Ok(response) => Some(Problem::fail(probe, format!("answers {}", response.status))),
        Err(error) => Some(Problem::fail(probe, error)),
    });
    rule.judge(problems)
}
