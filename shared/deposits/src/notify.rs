//! What the payment provider says.

use jiff::Timestamp;
use rust_decimal::Decimal;
use workflow::guard;

use crate::{
    Deposit, DepositId, Environment, Payment, Status, Store, StoreError,
    commit::{Committed, commit_because},
};

/// What happened to the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
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

impl Fact {
    /// In words for the operator.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Refunded => "refunded",
            Self::ChargedBack => "charged back",
        }
    }
}

/// A notification of the provider's, its signature checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Of which deposit.
    pub deposit: DepositId,
    /// What happened.
    pub fact: Fact,
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// How much.
    pub amount: Decimal,
    /// In which currency.
    pub currency: String,
    /// The provider's own reference of the payment.
    pub reference: String,
    /// Why, of one that failed.
    pub reason: Option<String>,
}

/// Who sends notifications, as the signature showed: it moves deposits of its own method and broker only.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Id of the payment method.
    pub method: &'a str,
    /// Name of the broker.
    pub broker: &'a str,
}

/// The fact is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notified {
    /// What the table holds now.
    pub deposit: Deposit,
    /// Whether the notification changed it. Repeats and late ones do not.
    pub changed: bool,
}

/// The fact is not known to be durable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// There is no such deposit of this sender's.
    #[error("no such deposit of this method and broker")]
    Unknown,
    /// It is being credited this moment, and this notification needs that to be over: to be sent again.
    #[error("the deposit is being credited: send this again")]
    Busy,
    /// To be sent again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down what the provider says. Any order, any number of times: what is known already changes nothing.
///
/// # Errors
/// [`NotifyError`]; but for [`NotifyError::Unknown`] the provider has to send it again.
pub async fn notify(
    store: &impl Store,
    environment: &impl Environment,
    sender: Sender<'_>,
    notification: &Notification,
) -> Result<Notified, NotifyError> {
    let held = store.load(&notification.deposit).await?;
    let mut deposit = held.ok_or(NotifyError::Unknown)?;
    loop {
        let order = &deposit.order;
        let other_sender = guard!(SenderOfTheMethod, order.method != sender.method)
            || guard!(SenderOfTheBroker, order.broker != sender.broker);
        if other_sender {
            return Err(NotifyError::Unknown);
        }
        let next = match deposit.told(notification, environment.now()) {
            Told::Nothing => {
                return Ok(Notified {
                    deposit,
                    changed: false,
                });
            }
            Told::Busy => return Err(NotifyError::Busy),
            Told::Next(next) => next,
        };
        let detail = Some(notification.describe());
        match commit_because(store, environment, *next, "provider", detail).await? {
            Committed::Ours(deposit) => {
                return Ok(Notified {
                    deposit,
                    changed: true,
                });
            }
            Committed::Theirs(held) => deposit = held,
        }
    }
}

/// What a notification means to a deposit.
enum Told {
    /// It is known, or of the past.
    Nothing,
    /// Not now.
    Busy,
    Next(Box<Deposit>),
}

impl Notification {
    /// Tells one fact from another, however often it is sent.
    fn key(&self) -> String {
        let amount = self.amount.normalize();
        format!(
            "{} {amount} {} {} {}",
            self.fact.as_str(),
            self.currency,
            self.at,
            self.reference
        )
    }

    /// For the history.
    fn describe(&self) -> String {
        let reason = self.reason.as_ref();
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        format!(
            "{} {} {} at {} ({}){reason}",
            self.fact.as_str(),
            self.amount,
            self.currency,
            self.at,
            self.reference
        )
    }

    fn payment(&self) -> Payment {
        Payment {
            amount: self.amount,
            currency: self.currency.clone(),
            reference: self.reference.clone(),
            at: self.at,
        }
    }
}

impl Deposit {
    /// What the notification makes of it.
    fn told(&self, notification: &Notification, now: Timestamp) -> Told {
        let key = notification.key();
        if guard!(EventCountsOnce, self.facts.contains(&key)) {
            return Told::Nothing;
        }
        let told = match notification.fact {
            Fact::Pending => self.told_pending(notification, now),
            Fact::Paid => self.told_paid(notification, now),
            Fact::Failed => self.told_failed(notification, now),
            Fact::Refunded | Fact::ChargedBack => self.told_reversed(notification, now),
        };
        match told {
            // Nothing comes between a credit and its answer.
            Told::Next(_) if guard!(EventsWaitForTheCredit, self.status == Status::Crediting) => Told::Busy,
            Told::Next(mut next) => {
                next.facts.push(key);
                Told::Next(next)
            }
            told => told,
        }
    }

    /// From now on it is waited for anew; also where an earlier try had failed, or nothing more was expected.
    fn told_pending(&self, notification: &Notification, now: Timestamp) -> Told {
        match self.status {
            Status::Created | Status::Pending => {}
            Status::Failed | Status::Expired
                if guard!(FailedMayBePending, true)
                    && !guard!(
                        PendingBeforeFailureDoesNotCount,
                        self.failed_since(notification.at)
                    )
                    && !guard!(ClosedIsNotPending, self.resolved) => {}
            _ => guard!(PastPaymentIsNotPending, return Told::Nothing, without()),
        }
        let pending = Self {
            pending_at: self.pending_at.max(Some(notification.at)),
            reason: None,
            ..self.next(Status::Pending, now)
        };
        Told::next(pending.scheduled(now))
    }

    /// Whether it failed then or later.
    fn failed_since(&self, at: Timestamp) -> bool {
        self.failed_at.is_some_and(|failed_at| at <= failed_at)
    }

    fn told_paid(&self, notification: &Notification, now: Timestamp) -> Told {
        let payment = notification.payment();
        if let Some(known) = &self.payment {
            let same = known.reference == payment.reference
                && known.amount == payment.amount
                && known.currency == payment.currency;
            if guard!(RewordedIsTheSame, !same, without true) {
                guard!(
                    SecondPaymentIsReviewed,
                    return self.to_be_reviewed("paid more than once", now),
                    without()
                );
            }
            // Told again in other words.
            let known_at = self.paid_again_at.unwrap_or(known.at);
            if guard!(PaidAgainIsRemembered, notification.at <= known_at, without true) {
                return Told::Nothing;
            }
            // A dispute that was won, say: the provider has the money again.
            let again = Self {
                paid_again_at: Some(notification.at),
                ..self.clone()
            };
            if guard!(PaidAgainIsReviewed, again.reversed) {
                return again.to_be_reviewed("paid again after it was taken back", now);
            }
            // That it was taken back before is still to be told.
            return Told::next(again.next(again.status, now));
        }
        let failed_since = guard!(PaidBeforeFailureDoesNotCount, self.failed_since(notification.at));
        let paid = Self {
            payment: Some(payment),
            reversed: self.reversed || failed_since,
            ..self.clone()
        };
        let problem = if guard!(PaidAfterReversalIsReviewed, self.reversed) {
            "the payment was taken back"
        } else if failed_since {
            "paid before it failed"
        } else if guard!(PaidOtherwiseIsReviewed, !paid.is_paid_as_asked()) {
            "paid another amount or currency than asked for"
        } else if self.resolved {
            "paid after an operator had decided"
        } else {
            let next = Self {
                reason: None,
                ..paid.next(Status::Paid, now)
            };
            return Told::next(next.scheduled(now));
        };
        paid.to_be_reviewed(problem, now)
    }

    fn told_failed(&self, notification: &Notification, now: Timestamp) -> Told {
        let pending_since = self
            .pending_at
            .is_some_and(|pending_at| notification.at < pending_at);
        match (&self.payment, self.status) {
            (None, Status::Created | Status::Pending)
                if !guard!(FailedBeforePendingDoesNotCount, pending_since) =>
            {
                Told::next(
                    Self {
                        failed_at: Some(notification.at),
                        reason: notification.reason.clone(),
                        ..self.next(Status::Failed, now)
                    }
                    .scheduled(now),
                )
            }
            // A failure of a deposit that stays as it is: a payment from before it must not count.
            (None, status) => {
                let known = self
                    .failed_at
                    .is_some_and(|failed_at| failed_at >= notification.at);
                if guard!(LastFailureIsRemembered, known, without true) {
                    return Told::Nothing;
                }
                Told::next(Self {
                    failed_at: Some(notification.at),
                    ..self.next(status, now)
                })
            }
            // A try that failed before another one was paid.
            (Some(payment), _) if guard!(FailedBeforePaymentDoesNotCount, notification.at < payment.at) => {
                Told::Nothing
            }
            (Some(_), _) => self.told_reversed(notification, now),
        }
    }

    fn told_reversed(&self, notification: &Notification, now: Timestamp) -> Told {
        let fact = notification.fact.as_str();
        let mut payments = self.payment.iter();
        let of_another = payments.any(|payment| payment.reference != notification.reference);
        if guard!(OtherPaymentReversesNothing, of_another) {
            return self.to_be_reviewed(&format!("another payment of it was told to be {fact}"), now);
        }
        let reversed = Self {
            reversed: guard!(ReversalIsRemembered, true),
            ..self.clone()
        };
        let again = self.paid_again_at.is_some_and(|again| again > notification.at);
        let again = if again { ", and paid again after that" } else { "" };
        reversed.to_be_reviewed(&format!("the payment was {fact}{again}"), now)
    }

    /// The next version, for an operator to look at. What is unknown stays so, and the operator reads of it there.
    fn to_be_reviewed(&self, problem: &str, now: Timestamp) -> Told {
        match self.status {
            Status::Unknown | Status::Review if guard!(UnknownStaysUnknown, true) => {
                let before = self.reason.as_deref().unwrap_or_default();
                Told::next(Self {
                    reason: Some(format!("{before}; {problem}")),
                    ..self.next(self.status, now)
                })
            }
            _ => Told::next(self.review(problem.to_owned(), now)),
        }
    }
}

impl Told {
    fn next(deposit: Deposit) -> Self {
        Self::Next(Box::new(deposit))
    }
}
