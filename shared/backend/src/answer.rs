//! What comes back.

use serde::Deserialize;

/// Longest `message`, in characters.
const LONGEST_MESSAGE: usize = 500;

/// Longest `redirect`, in bytes.
const LONGEST_REDIRECT: usize = 2_048;

/// What the backend says came of a submission. Final: it says so again whenever it is asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it was done. If not, nothing of it was, and nothing will be.
    pub success: bool,
    /// What to tell the trader: plain text, one or more lines.
    pub message: Option<String>,
    /// Where the trader goes on. Not checked against anything but its length.
    pub redirect: Option<String>,
}

/// The body is not an answer. Does not quote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Not JSON, or a `result` that is neither `success` nor `failure`.
    #[error("a body that is not {{\"result\": \"success\" or \"failure\", ...}}")]
    Form,
    /// `message` is too long, or has control characters.
    #[error("a `message` that is longer than {LONGEST_MESSAGE} characters or no plain text")]
    Message,
    /// `redirect` is too long.
    #[error("a `redirect` that is longer than {LONGEST_REDIRECT} bytes")]
    Redirect,
}

#[derive(Deserialize)]
struct Body {
    result: Outcome,
    message: Option<String>,
    redirect: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Success,
    Failure,
}

impl Answer {
    /// Reads the body of a 200. Members that are not known are passed over.
    pub(crate) fn read(body: &[u8]) -> Result<Self, NoAnswer> {
        let body: Body = serde_json::from_slice(body).map_err(|_| NoAnswer::Form)?;
        let present = |text: Option<String>| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let answer = Self {
            success: matches!(body.result, Outcome::Success),
            message: present(body.message),
            redirect: present(body.redirect),
        };
        let plain = |text: &String| {
            text.chars().count() <= LONGEST_MESSAGE && !text.chars().any(|c| c.is_control() && c != '\n')
        };
        if !answer.message.as_ref().is_none_or(plain) {
            return Err(NoAnswer::Message);
        }
        if answer
            .redirect
            .as_ref()
            .is_some_and(|url| url.len() > LONGEST_REDIRECT)
        {
            return Err(NoAnswer::Redirect);
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Answer, NoAnswer> {
        Answer::read(text.as_bytes())
    }

    #[test]
    fn an_answer_says_whether_it_was_done() {
        let bare = |success| Answer {
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
        let full = Answer {
            message: Some("Added.\nEnjoy.".into()),
            redirect: Some("https://pay.example/x".into()),
            ..bare(true)
        };
        let text = r#"{"result":"success","message":"Added.\nEnjoy. ","redirect":"https://pay.example/x"}"#;
        assert_eq!(read(text), Ok(full));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
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
        ] {
            assert_eq!(read(text), Err(NoAnswer::Form), "{text}");
        }
    }

    #[test]
    fn a_message_is_five_hundred_characters_of_plain_text() {
        let message =
            |text: &str| read(&serde_json::json!({"result": "success", "message": text}).to_string());
        assert!(message(&"é".repeat(500)).is_ok());
        assert_eq!(message(&"é".repeat(501)), Err(NoAnswer::Message));
        assert_eq!(message("a\u{1b}[31m"), Err(NoAnswer::Message));
        let redirect = format!(
            r#"{{"result":"success","redirect":"https://a.example/{}"}}"#,
            "x".repeat(2_048)
        );
        assert_eq!(read(&redirect), Err(NoAnswer::Redirect));
    }

    proptest! {
        #[test]
        fn anything_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Answer::read(&body);
        }
    }
}
