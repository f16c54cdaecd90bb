//! What the payment provider reports.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;
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
    /// How much.
    pub amount: Decimal,
    /// In which currency.
    pub currency: String,
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// The provider's own reference of the payment.
    pub reference: String,
}

impl PaymentEvent {
    pub(crate) fn payment(&self) -> Payment {
        Payment {
            amount: self.amount,
            currency: self.currency.clone(),
            reference: self.reference.clone(),
            at: self.at,
        }
    }
}

impl fmt::Display for PaymentEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            amount,
            currency,
            at,
            reference,
        } = self;
        write!(f, "{kind} {amount} {currency} at {at} ({reference})")
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
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Id of the payment method.
    pub method: &'a str,
    /// Name of the broker.
    pub broker: &'a str,
}
