//! The data of a deposit, and its statuses.

use std::fmt;

use domain::{BrokerName, MethodId, Money, ProvenLogin};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use workflow::{Record, Workflow, guard};

use crate::{Detail, PaymentEvent, PaymentEventKind, Reason, STALE_AFTER, reason};

workflow::named! {
    /// The status of a deposit.
    pub enum Status {
        /// The trader asked for the deposit. No payment is known.
        Created = "created",
        /// The payment is under way at the provider, or a bank transfer is expected.
        Pending = "pending",
        /// The provider has the money. The deposit has to be credited.
        Paid = "paid",
        /// The credit is being sent to cTrader, by [`DepositBody::attempt`].
        Crediting = "crediting",
        /// cTrader has credited the account.
        Credited = "credited",
        /// The provider reported that the payment failed, and may still report another try. Or an operator
        /// decided that nothing will be credited.
        Failed = "failed",
        /// No payment was reported in time. A late payment still counts.
        Expired = "expired",
        /// Something differs from the order: an operator decides.
        Review = "review",
        /// The credit was sent, and it is unknown whether cTrader applied it: an operator finds out. No program
        /// sends it again.
        Unknown = "unknown",
    }
}

impl Status {
    /// Whether nothing remains to be done. A payment event may still change the deposit.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Credited | Self::Failed | Self::Expired)
    }

    /// Whether an operator has to decide.
    pub const fn needs_operator(self) -> bool {
        matches!(self, Self::Review | Self::Unknown)
    }
}

impl workflow::Status for Status {
    fn is_final(self) -> bool {
        self.is_final()
    }

    fn needs_operator(self) -> bool {
        self.needs_operator()
    }

    fn is_work(self) -> bool {
        self == Self::Paid
    }

    fn waits_for_program(self) -> bool {
        matches!(self, Self::Paid | Self::Crediting)
    }
}

workflow::named! {
    /// The programs that write deposits, besides `reconcile`.
    pub enum Program {
        /// [`credit`](crate::credit()).
        Credit = "credit",
    }
}

/// A deposit with its version, status and due time, as the table holds it.
pub type Deposit = Record<DepositBody>;

/// The data of a deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositBody {
    /// The trader's order. Never changes.
    pub order: Order,
    /// The payment that the provider reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// When the provider last reported the same payment again, by the provider's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_again_at: Option<Timestamp>,
    /// Whether the provider took the payment back (refund, chargeback), or may have. No program credits such a
    /// deposit.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reversed: bool,
    /// The payment events that changed the deposit. Each event counts once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen_events: Vec<PaymentEvent>,
    /// The last attempt whose credit may have been sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Attempt>,
    /// The credit in cTrader, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// Why the deposit failed, is in review or unknown, or why its credit was deferred: the oldest reason first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// A trader's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The trader's broker.
    pub broker: BrokerName,
    /// The payment method.
    pub method: MethodId,
    /// The trading account to credit.
    pub login: ProvenLogin,
    /// How many digits after the point the account's amounts have, as cTrader or `broker.toml` said when the trader
    /// ordered. Counts again where cTrader leaves it out.
    pub account_digits: u32,
    /// Whether cTrader named no broker of the account, and the deployment had only one. It may do so again then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unnamed_broker: bool,
    /// The money to pay and to credit: a positive amount, in the account's own currency.
    #[serde(flatten)]
    pub money: Money,
    /// When the trader ordered it.
    pub at: Timestamp,
    /// How long to wait for the payment, in seconds since the last report about it.
    pub wait_seconds: u32,
}

impl Order {
    /// Whether the broker of an account, as cTrader reports it, is the broker of the order. An account without a broker
    /// passes only if the screen that took the order accepted it so.
    pub fn has_broker(&self, reported: Option<&BrokerName>) -> bool {
        match reported {
            Some(broker) => *broker == self.broker,
            None => self.unnamed_broker,
        }
    }

    /// How many digits after the point the account's amounts have.
    pub fn digits(&self, reported: Option<u32>) -> u32 {
        reported.unwrap_or(self.account_digits)
    }
}

/// Money at the payment provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The money that was paid.
    #[serde(flatten)]
    pub money: Money,
    /// The provider's own reference.
    pub reference: String,
    /// When it was paid, by the provider's clock.
    pub at: Timestamp,
}

/// An attempt to credit a deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// A random id.
    pub id: String,
    /// When it was recorded, right before the credit is sent.
    pub at: Timestamp,
}

/// The credit in cTrader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// cTrader's id of the balance operation. Absent if an operator recorded the credit without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_history_id: Option<i64>,
}

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.balance_history_id {
            Some(id) => write!(f, "balanceHistoryId {id}"),
            None => f.write_str("balanceHistoryId not known"),
        }
    }
}

impl DepositBody {
    /// The data of a new deposit.
    pub fn new(order: Order) -> Self {
        Self {
            order,
            payment: None,
            paid_again_at: None,
            reversed: false,
            seen_events: Vec::new(),
            attempt: None,
            credit: None,
            reasons: Vec::new(),
        }
    }

    /// Why the deposit has its status, as one text for the operator.
    pub fn reason(&self) -> Option<String> {
        reason::text(&self.reasons)
    }

    /// The events of this kind that counted.
    pub(crate) fn seen(&self, kind: PaymentEventKind) -> impl Iterator<Item = &PaymentEvent> {
        self.seen_events.iter().filter(move |event| event.kind == kind)
    }

    /// The reasons for the deposit's history.
    pub(crate) fn detail(&self) -> Option<Detail> {
        let reasons = self.reasons.clone();
        (!reasons.is_empty()).then_some(Detail::Reasons { reasons })
    }

    /// Whether the provider has exactly the money that was ordered, and has not taken it back.
    pub(crate) fn is_paid_as_asked(&self) -> bool {
        let Some(payment) = &self.payment else {
            return false;
        };
        let otherwise = guard!(AmountAsAsked, payment.money.amount != self.order.money.amount)
            || guard!(
                CurrencyAsAsked,
                payment.money.currency != self.order.money.currency
            )
            || guard!(ReversedIsNotPaid, self.reversed);
        !otherwise
    }
}

impl Workflow for DepositBody {
    const KIND: &'static str = "deposit";
    type Status = Status;
    type Program = Program;
    type Detail = Detail;

    fn wait(&self, status: Status) -> SignedDuration {
        match status {
            Status::Created | Status::Pending => SignedDuration::from_secs(self.order.wait_seconds.into()),
            Status::Crediting => guard!(CreditingIsDueLater, STALE_AFTER, without SignedDuration::ZERO),
            _ => SignedDuration::ZERO,
        }
    }

    fn overdue(deposit: &Deposit, now: Timestamp) -> Option<(Deposit, Option<Detail>)> {
        if deposit.status != Status::Crediting {
            return Some((deposit.next(Status::Expired, now), None));
        }
        let sent_at = deposit.attempt.as_ref().map(|attempt| attempt.at);
        if guard!(
            AttemptGoesStale,
            sent_at.is_some_and(|sent_at| now < sent_at + STALE_AFTER)
        ) {
            return None;
        }
        let unknown = guard!(
            StaleIsNotRepeated,
            because(deposit, Status::Unknown, Reason::CreditOutcomeNotRecorded, now),
            without deposit.next(Status::Paid, now)
        );
        let detail = unknown.detail();
        Some((unknown, detail))
    }
}

/// The next version, in `status` and with `reason`.
pub(crate) fn because(deposit: &Deposit, status: Status, reason: Reason, now: Timestamp) -> Deposit {
    let mut next = deposit.next(status, now);
    next.reasons = vec![reason];
    next
}

fn is_false(value: &bool) -> bool {
    !value
}
