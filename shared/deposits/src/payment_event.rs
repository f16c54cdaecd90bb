//! The events that a payment provider reports.

use std::fmt;

use domain::{BrokerName, MethodId, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{DepositId, Payment, PaymentSource};

/// The kind of a payment event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentEventKind {
    /// The payment is under way.
    Pending,
    /// The provider has the money.
    Paid,
    /// Nothing was paid. After the payment that it names it means that the payment was taken back.
    Failed,
    /// The provider gave the money back.
    Refunded,
    /// The payer's bank took the payment back.
    ChargedBack,
}

impl fmt::Display for PaymentEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Refunded => "refunded",
            Self::ChargedBack => "charged back",
        })
    }
}

/// Something that happened to a payment. Equal events are the same event, however often they are reported; `10`
/// equals `10.00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentEvent {
    /// What happened.
    pub kind: PaymentEventKind,
    /// The money of the payment. Of a `Pending` or `Failed` the amount may be 0, because nothing was charged.
    #[serde(flatten)]
    pub money: Money,
    /// When it happened, by the provider's clock.
    pub at: Timestamp,
    /// The provider's own reference of the payment. Empty only for a `Pending` or `Failed` that names no payment,
    /// because nothing was charged.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl PaymentEvent {
    /// Whether both may be about the same try to pay: an event that names no payment may be about any.
    pub(crate) fn may_be_of_the_try_of(&self, other: &Self) -> bool {
        self.reference.is_empty() || other.reference.is_empty() || self.reference == other.reference
    }

    pub(crate) fn payment(&self) -> Payment {
        Payment {
            money: self.money.clone(),
            reference: self.reference.clone(),
            at: self.at,
        }
    }
}

impl fmt::Display for PaymentEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            money,
            at,
            reference,
        } = self;
        write!(f, "{kind} {money} at {at}")?;
        if reference.is_empty() {
            return Ok(());
        }
        write!(f, " ({reference})")
    }
}

/// A notification of a provider, after its signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The deposit.
    pub deposit: DepositId,
    /// The event.
    pub event: PaymentEvent,
    /// The provider's reason for a failure.
    pub reason: Option<String>,
}

/// The sender of a notification, known by the signature. It may change only deposits of its own payment method
/// and broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The payment method.
    pub method: MethodId,
    /// The broker.
    pub broker: BrokerName,
    /// How we learn of the event.
    pub source: PaymentSource,
}
