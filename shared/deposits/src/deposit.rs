//! What is known of a deposit.

use std::{fmt, str::FromStr};

use domain::RecordId as DepositId;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use workflow::guard;

use crate::{Actor, Detail, PaymentEvent, Reason, Transition, reason};

/// Where a deposit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The trader asked for it. Nothing is known of a payment.
    Created,
    /// The payment provider has it in hand, or a transfer is waited for.
    Pending,
    /// The provider has the money. To be credited.
    Paid,
    /// The credit is being sent to cTrader, by the attempt that is named.
    Crediting,
    /// cTrader has credited the account.
    Credited,
    /// The provider says that nothing was paid, and may still say that another try is on its way; or an operator decided
    /// that nothing will be credited.
    Failed,
    /// Nothing was heard of a payment for too long. A payment that comes late still counts.
    Expired,
    /// Something is not as asked for: an operator decides.
    Review,
    /// The credit was sent, and whether it was applied is not known: an operator finds out. Never repeated by itself.
    Unknown,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Pending,
        Self::Paid,
        Self::Crediting,
        Self::Credited,
        Self::Failed,
        Self::Expired,
        Self::Review,
        Self::Unknown,
    ];

    /// As in the table, in JSON and in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Crediting => "crediting",
            Self::Credited => "credited",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Review => "review",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing more is to be done about it. News of the payment can still change it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Credited | Self::Failed | Self::Expired)
    }

    /// Whether the provider has the money and a program is to credit it.
    pub(crate) const fn waits_for_credit(self) -> bool {
        matches!(self, Self::Paid | Self::Crediting)
    }

    /// Whether an operator has to decide.
    pub const fn needs_operator(self) -> bool {
        matches!(self, Self::Review | Self::Unknown)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no [`Status`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be created, pending, paid, crediting, credited, failed, expired, review or unknown")]
pub struct UnknownStatus;

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let named = Self::ALL.into_iter().find(|status| status.as_str() == text);
        named.ok_or(UnknownStatus)
    }
}

/// A deposit as the table holds it. Every write makes a new one of the next version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// Which.
    pub id: DepositId,
    /// Counts the writes, from 1.
    pub version: u64,
    /// Id of the last write: tells our own from that of another where the answer to it was lost.
    pub write: String,
    /// Where it stands.
    pub status: Status,
    /// What the trader asked for. Never changes.
    pub order: Order,
    /// The money that the provider has, once it has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// When the provider last said that it has the same payment again, by the provider's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_again_at: Option<Timestamp>,
    /// When the provider last said that it has it in hand, by the provider's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_at: Option<Timestamp>,
    /// When the provider last said that it failed, by the provider's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// The provider took the payment back (refund, chargeback), or may have: never to be credited by a program.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reversed: bool,
    /// What the provider has reported so far, as far as it changed something: each event counts once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_events: Vec<PaymentEvent>,
    /// The last attempt at crediting that may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Attempt>,
    /// How often crediting was deferred since it was paid, or since an operator asked to try again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deferrals: u32,
    /// The credit in cTrader, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Whether an operator has decided about it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resolved: bool,
    /// Why it failed, is in review or unknown, or why its credit was deferred: the first, and what came later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Since when it has the status that it has. `paid` and `crediting` count as one: since when the money waits to be
    /// credited, however often that is tried.
    pub since: Timestamp,
    /// When to look at it again; absent once it is final and has been announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// What the trader asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Name of the broker, as in `broker.toml` and in cTrader.
    pub broker: String,
    /// Id of the payment method.
    pub method: String,
    /// The trading account to credit: cTrader's login.
    pub login: i64,
    /// How much, in units of the currency. Positive.
    pub amount: Decimal,
    /// Code of the currency, the account's own.
    pub currency: String,
    /// When.
    pub at: Timestamp,
    /// How many seconds a payment is waited for, from the last that was heard of it.
    pub wait_seconds: u32,
}

impl Order {
    pub(crate) fn wait(&self) -> SignedDuration {
        SignedDuration::from_secs(self.wait_seconds.into())
    }
}

/// Money at the payment provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// How much was paid.
    pub amount: Decimal,
    /// In which currency.
    pub currency: String,
    /// The provider's own reference.
    pub reference: String,
    /// When, by the provider's clock.
    pub at: Timestamp,
}

/// A try at crediting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Which.
    pub id: String,
    /// When it was written down, right before it was sent.
    pub at: Timestamp,
}

/// The credit in cTrader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// cTrader's id of the balance change. Absent where an operator did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_history_id: Option<i64>,
}

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.balance_history_id {
            Some(id) => write!(f, "balanceHistoryId {id}"),
            None => f.write_str("balanceHistoryId not told"),
        }
    }
}

impl Deposit {
    /// A new deposit, to be written as version 1.
    pub fn new(id: DepositId, order: Order, write: String) -> Self {
        Self {
            id,
            version: 1,
            write,
            status: Status::Created,
            since: order.at,
            due: Some(order.at + order.wait()),
            order,
            payment: None,
            paid_again_at: None,
            pending_at: None,
            failed_at: None,
            reversed: false,
            seen_events: Vec::new(),
            attempt: None,
            deferrals: 0,
            credit: None,
            resolved: false,
            reasons: Vec::new(),
        }
    }

    /// The first transition of the history.
    pub fn first_transition(&self) -> Transition {
        Transition {
            version: self.version,
            status: self.status,
            at: self.order.at,
            by: Actor::Trader,
            detail: None,
        }
    }

    /// Why it stands where it stands, as one text for the operator.
    pub fn reason(&self) -> Option<String> {
        reason::text(&self.reasons)
    }

    /// The same for its history.
    pub(crate) fn detail(&self) -> Option<Detail> {
        let reasons = self.reasons.clone();
        (!reasons.is_empty()).then_some(Detail::Reasons { reasons })
    }

    /// The next version of it, in that status.
    pub(crate) fn next(&self, status: Status, now: Timestamp) -> Self {
        let waits_on = status.waits_for_credit() && self.status.waits_for_credit();
        let same = status == self.status || guard!(WaitCountsFromPaid, waits_on);
        Self {
            version: self.version + 1,
            status,
            since: if same { self.since } else { now },
            ..self.clone()
        }
    }

    /// Whether the provider has exactly the money that was asked for, and has not taken it back.
    pub(crate) fn is_paid_as_asked(&self) -> bool {
        let Some(payment) = &self.payment else {
            return false;
        };
        let otherwise = guard!(AmountAsAsked, payment.amount != self.order.amount)
            || guard!(CurrencyAsAsked, payment.currency != self.order.currency)
            || guard!(ReversedIsNotPaid, self.reversed);
        !otherwise
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}
