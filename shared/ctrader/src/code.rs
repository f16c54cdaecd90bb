//! The error codes of cTrader's WebServices, in each form that their bodies are known to have.

use serde_json::Value;

/// The codes that Spotware documents for the calls of this crate.
const DOCUMENTED: [&str; 8] = [
    "CHANGE_BALANCE_BAD_AMOUNT",
    "CH_BROKER_NOT_FOUND",
    "INVALID_REQUEST",
    "NOT_ENOUGH_MONEY",
    "NOT_ENOUGH_RIGHTS",
    "REQUEST_FREQUENCY_EXCEEDED",
    "TRADER_NOT_FOUND",
    "UNKNOWN_ERROR",
];

/// The documented error code in a body, if there is exactly one.
///
/// The body is `{"error":{"errorCode","description"}}`, flat `{"errorCode","description"}`, or plain text with
/// the code in it. Nothing else of the body is passed on, because a description may repeat what was sent.
pub(crate) fn documented(body: &[u8]) -> Option<&'static str> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => {
            let inner = object.get("error").unwrap_or(&Value::Null);
            let code = inner.get("errorCode").or_else(|| object.get("errorCode"))?;
            known(code.as_str()?)
        }
        Ok(Value::String(text)) => in_text(&text),
        Ok(_) => None,
        Err(_) => in_text(&String::from_utf8_lossy(body)),
    }
}

fn known(code: &str) -> Option<&'static str> {
    DOCUMENTED.into_iter().find(|documented| *documented == code)
}

fn in_text(text: &str) -> Option<&'static str> {
    let mut found = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter_map(known);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_found_in_each_form_of_body() {
        for body in [
            r#"{"error":{"errorCode":"TRADER_NOT_FOUND","description":"no UNKNOWN_ERROR"}}"#,
            r#"{"errorCode":"TRADER_NOT_FOUND","description":"no UNKNOWN_ERROR"}"#,
            r#"{"error":"Not Found","errorCode":"TRADER_NOT_FOUND"}"#,
            "TRADER_NOT_FOUND",
            "TRADER_NOT_FOUND: trader 7 (TRADER_NOT_FOUND)\n",
            r#""TRADER_NOT_FOUND""#,
        ] {
            assert_eq!(documented(body.as_bytes()), Some("TRADER_NOT_FOUND"), "{body}");
        }
    }

    #[test]
    fn what_is_not_clearly_one_documented_code_is_none() {
        for body in [
            "",
            "null",
            "7",
            "[]",
            "{}",
            r#"{"error":{"errorCode":7}}"#,
            r#"{"errorCode":"trader_not_found"}"#,
            r#"{"errorCode":"TRADER_NOT_FOUND_HERE"}"#,
            r#"{"description":"TRADER_NOT_FOUND"}"#,
            "NO_TRADER_NOT_FOUND",
            "TRADER_NOT_FOUND or UNKNOWN_ERROR",
            "<html>Bad Request</html>",
        ] {
            assert_eq!(documented(body.as_bytes()), None, "{body}");
        }
        assert_eq!(documented(b"\xff\xfe"), None);
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = documented(&body);
        }
    }
}
