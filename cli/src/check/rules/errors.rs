//! Error responses: exactly the JSON of the contract, and a page.

use reqwest::Method;
use serde_json::{Value, json};

use crate::check::{
    client::{Accept, HttpResponse},
    probe::{Probe, ProbeResults, Subject},
    report::{Check, Group, Problem, Rule},
};

const ADVICE: &str = "Does a proxy or CDN in front of the functions answer in their place? Is a path missing from its settings?";

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
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
            error_responses(
                results,
                |subject| matches!(subject, Subject::WithoutToken(_)),
                400,
                |body| *body == missing_token,
                Rule {
                    id: "errors.missing-token",
                    text: "Without a token: 400 MISSING_REQUIRED_PARAMETER, as a page and as JSON",
                    advice: ADVICE,
                },
            ),
            error_responses(
                results,
                |subject| matches!(subject, Subject::Malformed(_)),
                404,
                |body| *body == invalid_token,
                Rule {
                    id: "errors.malformed-token",
                    text: "With a malformed token: 404 INVALID_OT_TOKEN, as a page and as JSON",
                    advice: ADVICE,
                },
            ),
            error_responses(
                results,
                |subject| matches!(subject, Subject::UnknownPath(_)),
                404,
                |body| is_error(body, "NOT_FOUND"),
                Rule {
                    id: "errors.unknown-path",
                    text: "An unknown path: 404 NOT_FOUND, as a page and as JSON",
                    advice: ADVICE,
                },
            ),
            method(results),
            head(results),
        ],
    )
}

/// Whether the body has exactly the members of an error, and this code.
fn is_error(body: &Value, code: &str) -> bool {
    let members = body.as_object().map(|members| {
        members.len() == 3
            && ["error", "message"]
                .iter()
                .all(|name| members.get(*name).is_some_and(Value::is_string))
    });
    members == Some(true) && body["code"] == code
}

/// Checks the responses to some subjects: the status, and an HTML page or the right JSON.
fn error_responses(
    results: &ProbeResults<'_>,
    is_concerned: impl Fn(Subject) -> bool,
    status: u16,
    is_body: impl Fn(&Value) -> bool,
    rule: Rule,
) -> Check {
    let concerned = results
        .responses()
        .filter(|(probe, _)| is_concerned(probe.subject));
    let problems = concerned.filter_map(|(probe, response)| {
        let what = if response.status != status {
            format!("answers {}", response.status)
        } else if probe.accept == Accept::Html && probe.page.is_none() {
            "is not an HTML page".to_owned()
        } else if probe.accept == Accept::Json && !json_of(response).is_some_and(|body| is_body(&body)) {
            "is not the JSON of the contract".to_owned()
        } else {
            return None;
        };
        Some(Problem::fail(probe, what))
    });
    rule.judge(problems)
}

fn json_of(response: &HttpResponse) -> Option<Value> {
    let declared = response.is("application/json");
    declared
        .then(|| serde_json::from_str(&response.body).ok())
        .flatten()
}

/// The responses to requests with a method other than `GET`.
fn responses_to_method<'a>(
    results: &'a ProbeResults<'_>,
    method: &'a Method,
) -> impl Iterator<Item = (&'a Probe, &'a HttpResponse)> {
    let is_concerned =
        move |probe: &Probe| matches!(probe.subject, Subject::Method(_)) && probe.method == *method;
    results.responses().filter(move |(probe, _)| is_concerned(probe))
}

fn method(results: &ProbeResults<'_>) -> Check {
    let problems = responses_to_method(results, &Method::DELETE).filter_map(|(probe, response)| {
        let allowed = response.headers("allow").join(",");
        let allows_get = allowed.split(',').any(|method| method.trim() == "GET");
        let is_body = json_of(response).is_some_and(|body| is_error(&body, "METHOD_NOT_ALLOWED"));
        match (response.status, allows_get, is_body) {
            (405, true, true) => None,
            (405, false, _) => Some(Problem::fail(probe, "the header Allow does not name GET")),
            (405, true, false) => Some(Problem::fail(probe, "is not the JSON of the contract")),
            (status, ..) => Some(Problem::fail(probe, format!("answers {status}"))),
        }
    });
    Rule {
        id: "errors.method",
        text: "A method that a screen does not allow: 405 METHOD_NOT_ALLOWED with Allow",
        advice: ADVICE,
    }
    .judge(problems)
}

fn head(results: &ProbeResults<'_>) -> Check {
    let problems = responses_to_method(results, &Method::HEAD)
        .filter(|(_, response)| response.status != 200)
        .map(|(probe, response)| Problem::fail(probe, format!("answers {}", response.status)));
    Rule {
        id: "errors.head",
        text: "HEAD is answered without calling cTrader",
        advice: "A program that looks at a link with HEAD must not spend the token, nor get an error. For `action`, see --action-type.",
    }
    .judge(problems)
}
