//! The details in a deposit's history.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{PaymentEvent, Reason, reason};

/// Why a deposit was written. Its `Display` is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The provider reported a payment event.
    Event {
        /// The event.
        event: PaymentEvent,
        /// The provider's reason for a failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A program or an operator wrote it.
    Reasons {
        /// The reasons, at least one.
        reasons: Vec<Reason>,
    },
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { event, reason: None } => event.fmt(f),
            Self::Event {
                event,
                reason: Some(reason),
            } => write!(f, "{event}: {reason}"),
            Self::Reasons { reasons } => f.write_str(&reason::text(reasons).unwrap_or_default()),
        }
    }
}
