//! A deposit's history.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{PaymentEvent, Reason, Status, reason};

/// One write of a deposit, kept for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The version that it made.
    pub version: u64,
    /// The status since then.
    pub status: Status,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: Actor,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

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

/// Who writes a deposit. As text: `trader`, `provider`, `credit`, `reconcile`, or `operator:` and a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Actor {
    /// The trader, who asks for it.
    Trader,
    /// The payment provider, by a notification.
    Provider,
    /// The program that credits the account.
    Credit,
    /// The program that carries on what got stuck.
    Reconcile,
    /// An operator of that name.
    Operator(String),
}

/// What the text of an operator begins with.
const OPERATOR: &str = "operator:";

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trader => f.write_str("trader"),
            Self::Provider => f.write_str("provider"),
            Self::Credit => f.write_str("credit"),
            Self::Reconcile => f.write_str("reconcile"),
            Self::Operator(name) => write!(f, "{OPERATOR}{name}"),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

/// A text that names no [`Actor`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be trader, provider, credit, reconcile or operator:NAME")]
pub struct UnknownActor;

impl TryFrom<String> for Actor {
    type Error = UnknownActor;

    fn try_from(text: String) -> Result<Self, UnknownActor> {
        Ok(match text.as_str() {
            "trader" => Self::Trader,
            "provider" => Self::Provider,
            "credit" => Self::Credit,
            "reconcile" => Self::Reconcile,
            operator => Self::Operator(operator.strip_prefix(OPERATOR).ok_or(UnknownActor)?.to_owned()),
        })
    }
}
