//! The backend's answer.

use serde::Deserialize;

/// Maximum length of `message`, in characters.
const MAX_MESSAGE: usize = 500;

/// Maximum length of `redirect`, in bytes.
const MAX_REDIRECT: usize = 2_048;

/// The result of a submission. It is final: the backend gives the same answer to each repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendAnswer {
    /// Whether the request was carried out. If not, no part of it was and none will be.
    pub success: bool,
    /// A message for the trader: plain text, one or more lines.
    pub message: Option<String>,
    /// The URL that the trader continues at. Only its length is checked.
    pub redirect: Option<String>,
}

/// The body is not a valid answer. The message does not quote the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAnswer {
    /// Not JSON, or a `result` that is neither `success` nor `failure`.
    #[error("a body that is not {{\"result\": \"success\" or \"failure\", ...}}")]
    Form,
    /// `message` is too long, or has control characters other than line breaks.
    #[error("a `message` that is longer than {MAX_MESSAGE} characters or is not plain text")]
    Message,
    /// `redirect` is too long.
    #[error("a `redirect` that is longer than {MAX_REDIRECT} bytes")]
    Redirect,
}

#[derive(Deserialize)]
struct Body {
    result: BackendResult,
    message: Option<String>,
    redirect: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum BackendResult {
    Success,
    Failure,
}

impl BackendAnswer {
    /// Reads the body of a 200 response. Unknown members are ignored.
    pub(crate) fn read(body: &[u8]) -> Result<Self, InvalidAnswer> {
        let body: Body = inbound::from_json(body).map_err(|_| InvalidAnswer::Form)?;
        let present = |text: Option<String>| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let answer = Self {
            success: matches!(body.result, BackendResult::Success),
            message: present(body.message),
            redirect: present(body.redirect),
        };
        let is_valid = |text: &String| {
            text.chars().count() <= MAX_MESSAGE && !text.chars().any(|c| c.is_control() && c != '\n')
        };
        if !answer.message.as_ref().is_none_or(is_valid) {
            return Err(InvalidAnswer::Message);
        }
        if answer
            .redirect
            .as_ref()
            .is_some_and(|url| url.len() > MAX_REDIRECT)
        {
            return Err(InvalidAnswer::Redirect);
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<BackendAnswer, InvalidAnswer> {
        BackendAnswer::read(text.as_bytes())
    }

    #[test]
    fn an_answer_says_whether_the_request_was_carried_out() {
        let bare = |success| BackendAnswer {
            success,
            message: None,
            redirect: None,
        };
        assert_eq!(read(r#"{"result":"success"}"#), Ok(bare(true)));
        assert_eq!(
            read(r#"{"result":"failure","message":null,"other":1}"#),
            Ok(bare(false))
        );
        assert_eq!(
            read(r#"{"result":"success","message":" ","redirect":""}"#),
            Ok(bare(true))
        );
        let full = BackendAnswer {
            message: Some("Added.\nEnjoy.".into()),
            redirect: Some("https://pay.example/x".into()),
            ..bare(true)
        };
        let text = r#"{"result":"success","message":"Added.\nEnjoy. ","redirect":"https://pay.example/x"}"#;
        assert_eq!(read(text), Ok(full));
    }

    #[test]
    fn other_bodies_are_refused() {
        for text in [
            "",
            "ok",
            "null",
            "[]",
            "{}",
            r#""success""#,
            r#"{"result":true}"#,
            r#"{"result":"Success"}"#,
            r#"{"result":"pending"}"#,
            r#"{"result":"success","message":7}"#,
            r#"{"result":"success","redirect":{}}"#,
            r#"{"result":"success"} {"result":"failure"}"#,
            r#"{"result":"success","result":"failure"}"#,
            r#"{"result":"success","other":1,"other":2}"#,
        ] {
            assert_eq!(read(text), Err(InvalidAnswer::Form), "{text}");
        }
    }

    #[test]
    fn a_message_is_at_most_five_hundred_characters_of_plain_text() {
        let message =
            |text: &str| read(&serde_json::json!({"result": "success", "message": text}).to_string());
        assert!(message(&"é".repeat(500)).is_ok());
        assert_eq!(message(&"é".repeat(501)), Err(InvalidAnswer::Message));
        assert_eq!(message("a\u{1b}[31m"), Err(InvalidAnswer::Message));
        let redirect = format!(
            r#"{{"result":"success","redirect":"https://a.example/{}"}}"#,
            "x".repeat(2_048)
        );
        assert_eq!(read(&redirect), Err(InvalidAnswer::Redirect));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = BackendAnswer::read(&body);
        }
    }
}
