//! What a deposit's history says of a write.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{PaymentEvent, Reason, reason};

/// Why a deposit was written. `Display` is the text for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The provider reported something.
    Event {
        /// What.
        event: PaymentEvent,
        /// The provider's reason for a failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A program or an operator had these reasons.
    Reasons {
        /// Which: at least one.
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
