//! What the payment provider reports.

use std::fmt;

use domain::{BrokerName, MethodId, Money};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{DepositId, Payment};

/// What happened to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentEventKind {
    /// The provider has it in hand.
    Pending,
    /// The provider has the money.
    Paid,
    /// Nothing was paid; after a payment: it was taken back.
    Failed,
    /// The provider gave the money back.
    Refunded,
    /// The payer had the payment taken back.
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

/// Something that happened to a payment. Two that are equal are one, however often it is reported: `10` is `10.00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentEvent {
    /// What happened.
    pub kind: PaymentEventKind,
    /// How much money.
    #[serde(flatten)]
    pub money: Money,
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// The provider's own reference of the payment.
    pub reference: String,
}

impl PaymentEvent {
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
        write!(f, "{kind} {money} at {at} ({reference})")
    }
}

/// A notification of the provider's, its signature checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Of which deposit.
    pub deposit: DepositId,
    /// What happened.
    pub event: PaymentEvent,
    /// Why, of one that failed.
    pub reason: Option<String>,
}

/// Who sends notifications, as the signature showed: it changes deposits of its own method and broker only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The payment method.
    pub method: MethodId,
    /// The broker.
    pub broker: BrokerName,
}
