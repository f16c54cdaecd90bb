//! Where a screen ends. cTrader closes it once the embedded browser visits the success URL.

use crate::check::{
    report::{Check, Group, Problem, Rule},
    survey::{Subject, Survey},
};

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "End of a screen",
        [
            reachable(
                survey,
                Subject::Success,
                Rule {
                    id: "callback.success",
                    says: "The success page is there",
                    advice: "Tell Spotware this URL; if `success_url` of broker.toml is another, say so with --success-url.",
                },
            ),
            reachable(
                survey,
                Subject::Failure,
                Rule {
                    id: "callback.failure",
                    says: "The failure page is there",
                    advice: "If `failure_url` of broker.toml is another, say so with --failure-url.",
                },
            ),
        ],
    )
}

fn reachable(survey: &Survey<'_>, subject: Subject, rule: Rule) -> Check {
    let concerned = survey.visits.iter().filter(|visit| visit.subject == subject);
    let problems = concerned.filter_map(|visit| match &visit.answer {
        Ok(answer) if answer.status == 200 && visit.page.is_some() => None,
        Ok(answer) if answer.status == 200 => Some(Problem::fail(visit, "is no HTML page")),
        Ok(answer) => Some(Problem::fail(visit, format!("answers {}", answer.status))),
        Err(error) => Some(Problem::fail(visit, error)),
    });
    rule.judge(problems)
}
