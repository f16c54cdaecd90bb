//! What opens no screen is answered as the contract says: JSON to the letter, and a page.

use reqwest::Method;
use serde_json::{Value, json};

use crate::check::{
    client::{Accept, Answer},
    report::{Check, Group, Problem, Rule},
    survey::{Subject, Survey, Visit},
};

const AS_DEPLOYED: &str =
    "Is something before the functions, a proxy or CDN, answering in their place? Is a path missing from it?";

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    let missing_token = json!({
        "error": "Missing Required Parameter",
        "message": "Required parameter 'token' is missing",
        "code": "MISSING_REQUIRED_PARAMETER",
    });
    let invalid_token = json!({
        "error": "Invalid Token",
        "message": "The provided token is invalid or expired",
        "code": "INVALID_OT_TOKEN",
    });
    Group::new(
        "Errors",
        [
            contract(
                survey,
                |subject| matches!(subject, Subject::WithoutToken(_)),
                400,
                |body| *body == missing_token,
                Rule {
                    id: "errors.missing-token",
                    says: "Without a token: 400 MISSING_REQUIRED_PARAMETER, as a page and as JSON",
                    advice: AS_DEPLOYED,
                },
            ),
            contract(
                survey,
                |subject| matches!(subject, Subject::Malformed(_)),
                404,
                |body| *body == invalid_token,
                Rule {
                    id: "errors.malformed-token",
                    says: "With what is no token: 404 INVALID_OT_TOKEN, as a page and as JSON",
                    advice: AS_DEPLOYED,
                },
            ),
            contract(
                survey,
                |subject| matches!(subject, Subject::Nowhere(_)),
                404,
                |body| is_error(body, "NOT_FOUND"),
                Rule {
                    id: "errors.unknown-path",
                    says: "An unknown path: 404 NOT_FOUND, as a page and as JSON",
                    advice: AS_DEPLOYED,
                },
            ),
            method(survey),
            head(survey),
        ],
    )
}

/// Whether the body has exactly the members of an error, and that code.
fn is_error(body: &Value, code: &str) -> bool {
    let members = body.as_object().map(|members| {
        members.len() == 3
            && ["error", "message"]
                .iter()
                .all(|name| members.get(*name).is_some_and(Value::is_string))
    });
    members == Some(true) && body["code"] == code
}

/// Judges the answers to some subjects: the status, and HTML or the right JSON.
fn contract(
    survey: &Survey<'_>,
    concerns: impl Fn(Subject) -> bool,
    status: u16,
    is_body: impl Fn(&Value) -> bool,
    rule: Rule,
) -> Check {
    let concerned = survey.answers().filter(|(visit, _)| concerns(visit.subject));
    let problems = concerned.filter_map(|(visit, answer)| {
        let what = if answer.status != status {
            format!("answers {}", answer.status)
        } else if visit.accept == Accept::Html && visit.page.is_none() {
            "is no HTML page".to_owned()
        } else if visit.accept == Accept::Json && !json_of(answer).is_some_and(|body| is_body(&body)) {
            "is not the JSON of the contract".to_owned()
        } else {
            return None;
        };
        Some(Problem::fail(visit, what))
    });
    rule.judge(problems)
}

fn json_of(answer: &Answer) -> Option<Value> {
    let declared = answer.is("application/json");
    declared
        .then(|| serde_json::from_str(&answer.body).ok())
        .flatten()
}

/// The visits by a method other than `GET`, which open no screen.
fn by_method<'a>(
    survey: &'a Survey<'_>,
    method: &'a Method,
) -> impl Iterator<Item = (&'a Visit, &'a Answer)> {
    let concerns =
        move |visit: &Visit| matches!(visit.subject, Subject::Method(_)) && visit.method == *method;
    survey.answers().filter(move |(visit, _)| concerns(visit))
}

fn method(survey: &Survey<'_>) -> Check {
    let problems = by_method(survey, &Method::DELETE).filter_map(|(visit, answer)| {
        let allowed = answer.headers("allow").join(",");
        let allows_get = allowed.split(',').any(|method| method.trim() == "GET");
        let is_body = json_of(answer).is_some_and(|body| is_error(&body, "METHOD_NOT_ALLOWED"));
        match (answer.status, allows_get, is_body) {
            (405, true, true) => None,
            (405, false, _) => Some(Problem::fail(visit, "no Allow with GET")),
            (405, true, false) => Some(Problem::fail(visit, "is not the JSON of the contract")),
            (status, ..) => Some(Problem::fail(visit, format!("answers {status}"))),
        }
    });
    Rule {
        id: "errors.method",
        says: "A method that a screen does not take: 405 METHOD_NOT_ALLOWED with Allow",
        advice: AS_DEPLOYED,
    }
    .judge(problems)
}

fn head(survey: &Survey<'_>) -> Check {
    let problems = by_method(survey, &Method::HEAD)
        .filter(|(_, answer)| answer.status != 200)
        .map(|(visit, answer)| Problem::fail(visit, format!("answers {}", answer.status)));
    Rule {
        id: "errors.head",
        says: "HEAD is answered without asking cTrader",
        advice: "Whoever looks at a link by HEAD must neither spend the token nor be told that the screen is broken. For `action`, see --action-type.",
    }
    .judge(problems)
}
