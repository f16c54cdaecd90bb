//! The leak check: confidential texts must not be in the log or in an error response.

use std::fmt::Write;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::{HttpResponse, lock};

/// Collects confidential texts while a test runs, and searches the log and the error responses for them.
#[derive(Default)]
pub(crate) struct LeakCheck {
    secrets: Mutex<Vec<Confidential>>,
    errors: Mutex<Vec<HttpResponse>>,
}

#[derive(Clone, PartialEq)]
struct Confidential {
    /// Names the text in the report: "a session".
    kind: &'static str,
    text: String,
}

/// Shorter texts are ignored, because they also occur by chance.
const MIN_LENGTH: usize = 6;

impl LeakCheck {
    /// Makes a text confidential.
    pub(crate) fn add(&self, kind: &'static str, text: &str) {
        let secret = Confidential {
            kind,
            text: text.to_owned(),
        };
        let mut secrets = lock(&self.secrets);
        if text.len() >= MIN_LENGTH && !secrets.contains(&secret) {
            secrets.push(secret);
        }
    }

    /// Makes a secret's value confidential, and each part of it: the values of a JSON object, at any depth, and the
    /// `whsec_` words of a list.
    pub(crate) fn add_secret(&self, value: &str) {
        self.add("a secret", value);
        if let Ok(Value::Object(fields)) = serde_json::from_str(value) {
            for field in fields.values() {
                self.add_secret(&field.as_str().map_or_else(|| field.to_string(), str::to_owned));
            }
        } else {
            for word in value.split_whitespace().filter(|word| word.starts_with("whsec_")) {
                self.add("a secret", word);
            }
        }
    }

    /// Makes the confidential parts of an event so: the client's address, the query string, its token and session, the
    /// cookies, the body.
    pub(crate) fn add_event(&self, event: &Value) {
        let address = event["requestContext"]["http"]["sourceIp"].as_str();
        self.add("a client's address", address.unwrap_or_default());
        let query = event["rawQueryString"].as_str().unwrap_or_default();
        self.add("a query string", query);
        self.add_fields(query);
        for cookie in event["cookies"].as_array().into_iter().flatten() {
            let cookie = cookie.as_str().unwrap_or_default();
            let (_, value) = cookie.split_once('=').unwrap_or(("", cookie));
            self.add("a cookie", value);
        }
        let body = decoded_body(event);
        self.add("a request body", &body);
        match serde_json::from_str::<Value>(&body) {
            Ok(json) => self.add("a session", json["session"].as_str().unwrap_or_default()),
            Err(_) => self.add_fields(&body),
        }
    }

    fn add_fields(&self, urlencoded: &str) {
        for pair in urlencoded.split('&') {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let kind = match name {
                "token" => "a one-time token",
                "session" => "a session",
                _ => continue,
            };
            self.add(kind, raw);
            for (_, value) in form_urlencoded::parse(pair.as_bytes()) {
                self.add(kind, &value);
            }
        }
    }

    /// Makes the session and the assertion of a response confidential, and keeps an error response for the report.
    pub(crate) fn add_response(&self, response: &HttpResponse) {
        for cookie in &response.cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((_, value)) = pair.split_once('=') {
                self.add("a session", value);
            }
        }
        if response.header("content-type") == "application/json" && response.status < 400 {
            self.add(
                "a session",
                response.json()["session"].as_str().unwrap_or_default(),
            );
        }
        if let Some((_, assertion)) = response.header("location").split_once("assertion=") {
            self.add("an assertion", assertion);
        }
        if response.status >= 400 {
            lock(&self.errors).push(response.clone());
        }
    }

    /// Lists the confidential texts in this log and in the error responses; empty if there are none.
    pub(crate) fn report(&self, log: &str) -> String {
        let secrets = lock(&self.secrets);
        let mut report = String::new();
        for line in log.lines() {
            for Confidential { kind, text } in secrets.iter() {
                if line.contains(text.as_str()) {
                    let _ = writeln!(report, "{kind} is in the log: {line}");
                }
            }
            if has_email(line) {
                let _ = writeln!(report, "an e-mail address is in the log: {line}");
            }
        }
        for response in lock(&self.errors).iter() {
            let page = response.text();
            // A form with errors greets the trader and carries the session, as the screen did. The session is also
            // the cookie.
            let is_form = response.input("session").is_some();
            for Confidential { kind, text } in secrets.iter() {
                let is_allowed = is_form && matches!(*kind, "a session" | "a cookie" | "an e-mail address");
                if !is_allowed && page.contains(text.as_str()) {
                    let _ = writeln!(
                        report,
                        "{kind} is in an error response ({}): {page}",
                        response.status
                    );
                }
            }
        }
        report
    }
}

/// The body of an event as text; empty if there is none.
fn decoded_body(event: &Value) -> String {
    let body = event["body"].as_str().unwrap_or_default();
    match BASE64.decode(body) {
        Ok(bytes) if event["isBase64Encoded"] == true => String::from_utf8_lossy(&bytes).into_owned(),
        _ => body.to_owned(),
    }
}

/// Whether the line contains `x@y.z`. No log line may contain an e-mail address.
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

    fn error(body: &str) -> HttpResponse {
        HttpResponse::from_response(&json!({"statusCode": 400, "body": body}))
    }

    #[test]
    fn a_token_in_the_log_is_found_decoded_and_as_written_in_the_url() {
        let check = LeakCheck::default();
        check.add_event(&Request::get("/x").query("lang=es&token=canary%2B1").event());
        assert_eq!(check.report("all is well"), "");
        assert!(check.report("GET canary+1").contains("a one-time token"));
        assert!(
            check
                .report("GET /x?lang=es&token=canary%2B1")
                .contains("a query string")
        );
    }

    #[test]
    fn a_session_and_the_body_around_it_are_found() {
        let check = LeakCheck::default();
        check.add_event(&Request::post("/x").form(&[("session", "sealed-session")]).event());
        assert!(check.report("sealed-session").contains("a session"));
        check.add_event(
            &Request::post("/x")
                .json(&json!({"session": "other-session"}))
                .event(),
        );
        assert!(check.report("other-session").contains("a session"));
    }

    #[test]
    fn the_address_of_the_client_is_found() {
        let check = LeakCheck::default();
        check.add_event(&Request::get("/x").event());
        assert!(check.report("from 203.0.113.7").contains("a client's address"));
    }

    #[test]
    fn any_email_address_in_the_log_is_found() {
        let check = LeakCheck::default();
        assert!(check.report("for ada@example.com").contains("an e-mail address"));
        assert_eq!(check.report("2 @ 3.5, @media, a@b"), "");
    }

    #[test]
    fn a_secret_in_an_error_is_found() {
        let check = LeakCheck::default();
        check.add_secret(r#"{"webservToken":"canary-token"}"#);
        check.add_response(&error("refused: canary-token"));
        assert!(
            check
                .report("")
                .contains("a secret is in an error response (400)")
        );
    }

    #[test]
    fn a_secret_within_a_secret_is_found() {
        let check = LeakCheck::default();
        check.add_secret(r#"{"card": {"demobroker": "whsec_first whsec_second"}}"#);
        assert!(check.report("with whsec_second").contains("a secret"));
    }

    #[test]
    fn a_form_with_errors_may_contain_the_email_address_but_no_secret() {
        let check = LeakCheck::default();
        check.add("an e-mail address", "ada@example.com");
        check.add_response(&error(r#"ada@example.com <input name="session" value="x">"#));
        assert_eq!(check.report(""), "");
        check.add("a one-time token", "canary-token");
        check.add_response(&error(r#"canary-token <input name="session" value="x">"#));
        assert!(check.report("").contains("a one-time token"));
    }
}
