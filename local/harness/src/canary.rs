//! The canary: what must never be written to a log or told in an error.

use std::fmt::Write;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::{Answer, locked};

/// Collects what is confidential as it is made or sent, and looks for it where it must not be.
#[derive(Default)]
pub(crate) struct Canary {
    forbidden: Mutex<Vec<Forbidden>>,
    errors: Mutex<Vec<Answer>>,
}

#[derive(Clone, PartialEq)]
struct Forbidden {
    what: &'static str,
    text: String,
}

/// Shorter texts would be found by chance.
const SHORTEST: usize = 6;

impl Canary {
    pub(crate) fn forbid(&self, what: &'static str, text: &str) {
        let forbidden = Forbidden {
            what,
            text: text.to_owned(),
        };
        let mut all = locked(&self.forbidden);
        if text.len() >= SHORTEST && !all.contains(&forbidden) {
            all.push(forbidden);
        }
    }

    /// A secret's value, and where that is JSON, the values in it, however deep; of several in one text each.
    pub(crate) fn forbid_secret(&self, value: &str) {
        self.forbid("a secret", value);
        match serde_json::from_str(value) {
            Ok(Value::Object(fields)) => {
                for value in fields.values() {
                    self.forbid_secret(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
            }
            _ => {
                for one in value.split_whitespace().filter(|word| word.starts_with("whsec_")) {
                    self.forbid("a secret", one);
                }
            }
        }
    }

    /// What is confidential in an event: the query string, the token and session in it, the cookies, the body.
    pub(crate) fn forbid_event(&self, event: &Value) {
        let query = event["rawQueryString"].as_str().unwrap_or_default();
        self.forbid("a query string", query);
        self.forbid_fields(query);
        for cookie in event["cookies"].as_array().into_iter().flatten() {
            let cookie = cookie.as_str().unwrap_or_default();
            let (_, value) = cookie.split_once('=').unwrap_or(("", cookie));
            self.forbid("a cookie", value);
        }
        let body = event["body"].as_str().unwrap_or_default();
        let body = match BASE64.decode(body) {
            Ok(bytes) if event["isBase64Encoded"] == true => String::from_utf8_lossy(&bytes).into_owned(),
            _ => body.to_owned(),
        };
        self.forbid("a request body", &body);
        match serde_json::from_str::<Value>(&body) {
            Ok(json) => self.forbid("a session", json["session"].as_str().unwrap_or_default()),
            Err(_) => self.forbid_fields(&body),
        }
    }

    fn forbid_fields(&self, urlencoded: &str) {
        for pair in urlencoded.split('&') {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let what = match name {
                "token" => "a one-time token",
                "session" => "a session",
                _ => continue,
            };
            self.forbid(what, raw);
            for (_, value) in form_urlencoded::parse(pair.as_bytes()) {
                self.forbid(what, &value);
            }
        }
    }

    /// Notes what an answer gave away: a session is confidential from then on; an error is looked through at the end.
    pub(crate) fn note(&self, answer: &Answer) {
        for cookie in &answer.cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((_, value)) = pair.split_once('=') {
                self.forbid("a session", value);
            }
        }
        if answer.header("content-type") == "application/json" && answer.status < 400 {
            self.forbid("a session", answer.json()["session"].as_str().unwrap_or_default());
        }
        if let Some((_, assertion)) = answer.header("location").split_once("assertion=") {
            self.forbid("an assertion", assertion);
        }
        if answer.status >= 400 {
            locked(&self.errors).push(answer.clone());
        }
    }

    /// What of all that is in the log or the errors, as a report; empty if nothing.
    pub(crate) fn report(&self, log: &str) -> String {
        let forbidden = locked(&self.forbidden);
        let mut report = String::new();
        for line in log.lines() {
            for Forbidden { what, text } in forbidden.iter() {
                if line.contains(text.as_str()) {
                    let _ = writeln!(report, "{what} was written to the log: {line}");
                }
            }
            if has_email(line) {
                let _ = writeln!(report, "an e-mail address was written to the log: {line}");
            }
        }
        for answer in locked(&self.errors).iter() {
            let text = answer.text();
            // A form that comes back with its errors greets the trader and carries the session, which is the cookie too, as
            // the screen did.
            let form = answer.input("session").is_some();
            for Forbidden { what, text: secret } in forbidden.iter() {
                let excused = form && matches!(*what, "a session" | "a cookie" | "an e-mail address");
                if !excused && text.contains(secret.as_str()) {
                    let _ = writeln!(report, "{what} was told in an error ({}): {text}", answer.status);
                }
            }
        }
        report
    }
}

/// Whether there is `x@y.z` in the line. No log line has a use for one.
fn has_email(line: &str) -> bool {
    line.match_indices('@').any(|(at, _)| {
        let local = line[..at].chars().next_back();
        let domain: String = line[at + 1..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            .collect();
        local.is_some_and(char::is_alphanumeric)
            && domain
                .split_once('.')
                .is_some_and(|(host, rest)| !host.is_empty() && !rest.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Request;

    fn error(body: &str) -> Answer {
        Answer::of_response(&json!({"statusCode": 400, "body": body}))
    }

    #[test]
    fn a_token_in_the_log_is_found_however_it_was_written_in_the_url() {
        let canary = Canary::default();
        canary.forbid_event(&Request::get("/x").query("lang=es&token=canary%2B1").event());
        assert_eq!(canary.report("all is well"), "");
        assert!(canary.report("GET canary+1").contains("a one-time token"));
        assert!(
            canary
                .report("GET /x?lang=es&token=canary%2B1")
                .contains("a query string")
        );
    }

    #[test]
    fn a_session_and_the_body_around_it_are_found() {
        let canary = Canary::default();
        canary.forbid_event(&Request::post("/x").form(&[("session", "sealed-session")]).event());
        assert!(canary.report("sealed-session").contains("a session"));
        canary.forbid_event(
            &Request::post("/x")
                .json(&json!({"session": "other-session"}))
                .event(),
        );
        assert!(canary.report("other-session").contains("a session"));
    }

    #[test]
    fn any_email_address_in_the_log_is_found() {
        let canary = Canary::default();
        assert!(canary.report("for ada@example.com").contains("an e-mail address"));
        assert_eq!(canary.report("2 @ 3.5, @media, a@b"), "");
    }

    #[test]
    fn a_secret_in_an_error_is_found() {
        let canary = Canary::default();
        canary.forbid_secret(r#"{"webservToken":"canary-token"}"#);
        canary.note(&error("refused: canary-token"));
        assert!(canary.report("").contains("a secret was told in an error (400)"));
    }

    #[test]
    fn a_secret_within_a_secret_is_found() {
        let canary = Canary::default();
        canary.forbid_secret(r#"{"card": {"demobroker": "whsec_first whsec_second"}}"#);
        assert!(canary.report("with whsec_second").contains("a secret"));
    }

    #[test]
    fn a_form_that_comes_back_may_greet_but_never_tell_a_secret() {
        let canary = Canary::default();
        canary.forbid("an e-mail address", "ada@example.com");
        canary.note(&error(r#"ada@example.com <input name="session" value="x">"#));
        assert_eq!(canary.report(""), "");
        canary.forbid("a one-time token", "canary-token");
        canary.note(&error(r#"canary-token <input name="session" value="x">"#));
        assert!(canary.report("").contains("a one-time token"));
    }
}
