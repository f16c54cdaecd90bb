//! Why notifications are refused, and the answers to their senders.

use std::fmt::Display;

use function::log;
use http::header;
use payments::Malformed;
use secret::SecretError;
use serde_json::json;
use web::{Content, Misconfiguration, Response, SecurityEvent};

/// Why a notification is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The path belongs to no payment method.
    NoSuchPath,
    /// Another method than POST.
    NotPost,
    /// The body is larger than 64 KiB.
    TooLarge,
    /// There is nothing that looks like a signature: no provider sent it.
    NotSigned,
    /// There is no good signature: none with a secret of the payment method, or only an old one.
    Unsigned {
        /// For the log.
        why: String,
        /// Whether a mistake in the settings is likely.
        misconfigured: bool,
    },
    /// Genuine, but not as the contract says. Names the part.
    Malformed(&'static str),
    /// The sender's payment method and broker have no such deposit.
    NoSuchDeposit,
    /// Not recorded. The provider has to send it again.
    Unavailable {
        /// For the log.
        why: String,
        /// Whether a mistake in the settings is likely.
        misconfigured: bool,
    },
}

/// Counts a refused notification that names an unpaid deposit of ours, the first of each deposit. The deposit may be
/// paid, and nobody credits it.
pub fn count_doubt() {
    let mut line = json!({ "level": "WARN", "event": "notification_doubted", "action": crate::NAME });
    log::add_metrics(&mut line, [("NotificationsDoubted", "Count", json!(1))]);
    println!("{line}");
}

/// Counts a notification that was acknowledged and not recorded, because the events of its deposit fill their part of
/// the item.
pub fn count_not_kept(reference: &str) {
    let mut line = json!({
        "level": "WARN",
        "event": "payment_event_not_kept",
        "action": crate::NAME,
        "reference": reference,
    });
    log::add_metrics(&mut line, [("PaymentEventsNotKept", "Count", json!(1))]);
    println!("{line}");
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Part(part) => Self::Malformed(part),
            Malformed::NoDeposit => Self::NoSuchDeposit,
        }
    }
}

impl Refusal {
    /// A refusal because a dependency of ours is down. The provider has to send the notification again.
    pub fn unavailable(why: impl Display) -> Self {
        Self::Unavailable {
            why: why.to_string(),
            misconfigured: false,
        }
    }

    /// A refusal because the payment secrets cannot be read. No payment is recorded meanwhile, so somebody has to look.
    pub fn without_secrets(error: SecretError) -> Self {
        Self::Unavailable {
            why: error.to_string(),
            misconfigured: true,
        }
    }

    /// The answer: `{"error", "message", "code"}`, as from all functions.
    pub fn answer(self) -> Response {
        let (status, code, error, message) = self.row();
        let body = json!({ "error": error, "message": message, "code": code });
        let mut answer = Response::new(status, code, Content::Json(body.to_string()));
        match self {
            Self::NotPost => answer.headers.push((header::ALLOW, "POST".into())),
            Self::Unavailable { why, misconfigured } => {
                answer.headers.push((header::RETRY_AFTER, "5".into()));
                answer.detail = Some(why);
                answer.misconfigured = misconfigured.then_some(Misconfiguration::Payments);
            }
            Self::Unsigned { why, misconfigured } => {
                answer.detail = Some(why);
                answer.misconfigured = misconfigured.then_some(Misconfiguration::Payments);
                answer.security = Some(SecurityEvent::Unsigned);
            }
            Self::Malformed(what) => answer.detail = Some(what.to_owned()),
            Self::NotSigned => answer.security = Some(SecurityEvent::Unsigned),
            Self::NoSuchPath | Self::TooLarge | Self::NoSuchDeposit => {}
        }
        answer
    }

    /// Counts the refusals that may mean uncredited money: notifications without a genuine signature, and
    /// genuine ones that cannot be recorded. Alarms look at both metrics.
    pub fn count(&self) {
        let metric = match self {
            Self::Unsigned { .. } => "NotificationsUnsigned",
            Self::Malformed(_) | Self::NoSuchDeposit => "NotificationsRefused",
            Self::NoSuchPath
            | Self::NotPost
            | Self::NotSigned
            | Self::TooLarge
            | Self::Unavailable { .. } => return,
        };
        let mut line = json!({
            "level": "WARN",
            "event": "notification_refused",
            "action": crate::NAME,
            "code": self.row().1,
        });
        log::add_metrics(&mut line, [(metric, "Count", json!(1))]);
        println!("{line}");
    }

    /// Status, code, `error` and `message`.
    fn row(&self) -> (u16, &'static str, &'static str, String) {
        match self {
            Self::NoSuchPath => (
                404,
                "NOT_FOUND",
                "Not Found",
                "No payment method has notifications at this address".into(),
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
                "The request body is larger than 64 KiB".into(),
            ),
            Self::NotSigned | Self::Unsigned { .. } => (
                401,
                "INVALID_SIGNATURE",
                "Invalid Signature",
                "The signature is missing, is not of this body under a secret of this payment method, or is older than 5 minutes"
                    .into(),
            ),
            Self::Malformed(what) => (
                400,
                "INVALID_PARAMETER",
                "Invalid Parameter",
                format!("'{what}' is missing or not usable"),
            ),
            Self::NoSuchDeposit => (
                404,
                "DEPOSIT_NOT_FOUND",
                "Deposit Not Found",
                "There is no such deposit of this payment method".into(),
            ),
            Self::Unavailable { .. } => (
                503,
                "SERVICE_UNAVAILABLE",
                "Service Unavailable",
                "The notification was not taken, send it again".into(),
            ),
        }
    }
}
