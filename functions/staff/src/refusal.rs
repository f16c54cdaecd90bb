//! Why calls are refused, and the answers to their senders.

use http::header;
use serde_json::json;
use web::{Content, Response, SecurityEvent};

/// Why a call is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// API Gateway names no caller: the request did not come through a route with IAM authorisation.
    NotSigned,
    /// API Gateway names a caller that is no user and no role.
    UnknownCaller,
    /// The path is none of this function's.
    NoSuchPath,
    /// Another method than POST.
    NotPost,
    /// The body is too large.
    TooLarge,
    /// The call is not as the contract says. Names the part.
    Malformed(&'static str),
    /// There is no such record.
    NoSuchRecord,
    /// The record does not allow it, or has changed since the operator looked at it. For the operator.
    Conflict(String),
    /// The table did not answer. Perhaps the call was carried out; sending it again is safe. For the log.
    Unavailable(String),
}

impl Refusal {
    /// The answer: `{"error", "message", "code"}`, as from all functions.
    pub fn answer(self) -> Response {
        let (status, code, error, message) = self.row();
        let body = json!({ "error": error, "message": message, "code": code });
        let mut answer = Response::new(status, code, Content::Json(body.to_string()));
        match self {
            Self::NotPost => answer.headers.push((header::ALLOW, "POST".into())),
            Self::Unavailable(why) => {
                answer.headers.push((header::RETRY_AFTER, "2".into()));
                answer.detail = Some(why);
            }
            Self::Conflict(why) => answer.detail = Some(why),
            Self::Malformed(part) => answer.detail = Some(part.to_owned()),
            // The route in front of the function is not the one of template.yaml.
            Self::NotSigned | Self::UnknownCaller => answer.security = Some(SecurityEvent::Unsigned),
            Self::NoSuchPath | Self::TooLarge | Self::NoSuchRecord => {}
        }
        answer
    }

    /// Status, code, `error` and `message`.
    fn row(&self) -> (u16, &'static str, &'static str, String) {
        match self {
            Self::NotSigned => (
                403,
                "NOT_SIGNED",
                "Not Signed",
                "Only requests whose AWS signature API Gateway has verified are taken here".into(),
            ),
            Self::UnknownCaller => (
                403,
                "UNKNOWN_CALLER",
                "Unknown Caller",
                "The caller is neither an IAM user nor an assumed role".into(),
            ),
            Self::NoSuchPath => (
                404,
                "NOT_FOUND",
                "Not Found",
                "There is nothing at this address".into(),
            ),
            Self::NotPost => (
                405,
                "METHOD_NOT_ALLOWED",
                "Method Not Allowed",
                "This address does not take this method".into(),
            ),
            Self::TooLarge => (
                413,
                "PAYLOAD_TOO_LARGE",
                "Payload Too Large",
                "The request body is larger than 16 KiB".into(),
            ),
            Self::Malformed(part) => (
                400,
                "INVALID_PARAMETER",
                "Invalid Parameter",
                format!("'{part}' is missing or not usable"),
            ),
            Self::NoSuchRecord => (
                404,
                "RECORD_NOT_FOUND",
                "Record Not Found",
                "There is no such record".into(),
            ),
            Self::Conflict(why) => (409, "CONFLICT", "Conflict", why.clone()),
            Self::Unavailable(_) => (
                503,
                "SERVICE_UNAVAILABLE",
                "Service Unavailable",
                "The call may have been carried out. Send the same call again: it is carried out once".into(),
            ),
        }
    }
}
