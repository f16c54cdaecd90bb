//! A payment event changes a deposit.

use jiff::Timestamp;
use workflow::guard;

use crate::{
    Actor, Deposit, Detail, Environment, Notification, PaymentEvent, PaymentEventKind, Reason, Sender,
    Status, Store, StoreError,
    commit::{Committed, commit},
};

/// The payment event is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The deposit as the table holds it now.
    pub deposit: Deposit,
    /// Whether the event changed it. Repeats and late events do not.
    pub changed: bool,
}

/// The payment event is not known to be durable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// There is no such deposit of this sender's.
    #[error("no such deposit of this method and broker")]
    Unknown,
    /// The deposit is being credited at this moment, and the event must not come between: to be sent again.
    #[error("the deposit is being credited: send this again")]
    Busy,
    /// To be sent again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records what the provider reports. Events are idempotent and may arrive in any order: a known one changes nothing.
///
/// # Errors
/// [`ApplyError`]; except for [`ApplyError::Unknown`] the provider has to send the notification again.
pub async fn apply_payment_event(
    store: &impl Store,
    environment: &impl Environment,
    sender: Sender<'_>,
    notification: &Notification,
) -> Result<Applied, ApplyError> {
    let held = store.load(&notification.deposit).await?;
    let mut deposit = held.ok_or(ApplyError::Unknown)?;
    loop {
        let order = &deposit.order;
        let other_sender = guard!(SenderOfTheMethod, order.method != sender.method)
            || guard!(SenderOfTheBroker, order.broker != sender.broker);
        if other_sender {
            return Err(ApplyError::Unknown);
        }
        let next = match deposit.effect_of(notification, environment.now()) {
            Effect::None => {
                return Ok(Applied {
                    deposit,
                    changed: false,
                });
            }
            Effect::Busy => return Err(ApplyError::Busy),
            Effect::Next(next) => next,
        };
        let detail = Detail::Event {
            event: notification.event.clone(),
            reason: notification.reason.clone(),
        };
        match commit(store, environment, *next, Actor::Provider, Some(detail)).await? {
            Committed::Ours(deposit) => {
                return Ok(Applied {
                    deposit,
                    changed: true,
                });
            }
            Committed::Theirs(held) => deposit = held,
        }
    }
}

/// What a payment event does to a deposit.
enum Effect {
    /// Nothing: it is known, or out of date.
    None,
    /// Nothing now: the credit's outcome has to be recorded first.
    Busy,
    /// This is the next version.
    Next(Box<Deposit>),
}

impl Deposit {
    fn effect_of(&self, notification: &Notification, now: Timestamp) -> Effect {
        let event = &notification.event;
        if guard!(EventCountsOnce, self.seen_events.contains(event)) {
            return Effect::None;
        }
        let effect = match event.kind {
            PaymentEventKind::Pending => self.apply_pending(event, now),
            PaymentEventKind::Paid => self.apply_paid(event, now),
            PaymentEventKind::Failed => self.apply_failed(event, notification.reason.as_deref(), now),
            PaymentEventKind::Refunded | PaymentEventKind::ChargedBack => self.apply_reversed(event, now),
        };
        match effect {
            // Nothing comes between a credit and its answer.
            Effect::Next(_) if guard!(EventsWaitForTheCredit, self.status == Status::Crediting) => {
                Effect::Busy
            }
            Effect::Next(mut next) => {
                next.seen_events.push(event.clone());
                Effect::Next(next)
            }
            effect => effect,
        }
    }

    /// The wait for the payment begins anew; also where an earlier try had failed or the deposit had expired.
    fn apply_pending(&self, event: &PaymentEvent, now: Timestamp) -> Effect {
        match self.status {
            Status::Created | Status::Pending => {}
            Status::Failed | Status::Expired
                if guard!(FailedMayBePending, true)
                    && !guard!(PendingBeforeFailureDoesNotCount, self.failed_since(event.at))
                    && !guard!(ClosedIsNotPending, self.resolved) => {}
            _ => guard!(PastPaymentIsNotPending, return Effect::None, without()),
        }
        let pending = Self {
            pending_at: self.pending_at.max(Some(event.at)),
            reasons: Vec::new(),
            ..self.next(Status::Pending, now)
        };
        Effect::next(pending.scheduled(now))
    }

    /// Whether it failed then or later.
    fn failed_since(&self, at: Timestamp) -> bool {
        self.failed_at.is_some_and(|failed_at| at <= failed_at)
    }

    fn apply_paid(&self, event: &PaymentEvent, now: Timestamp) -> Effect {
        let payment = event.payment();
        if let Some(known) = &self.payment {
            let same = known.reference == payment.reference
                && known.amount == payment.amount
                && known.currency == payment.currency;
            if guard!(RewordedIsTheSame, !same, without true) {
                guard!(
                    SecondPaymentIsReviewed,
                    return self.to_be_reviewed(Reason::PaidMoreThanOnce, now),
                    without()
                );
            }
            // The same payment, reported in other words.
            let known_at = self.paid_again_at.unwrap_or(known.at);
            if guard!(PaidAgainIsRemembered, event.at <= known_at, without true) {
                return Effect::None;
            }
            // A dispute that was won, say: the provider has the money again.
            let again = Self {
                paid_again_at: Some(event.at),
                ..self.clone()
            };
            if guard!(PaidAgainIsReviewed, again.reversed) {
                return again.to_be_reviewed(Reason::PaidAgainAfterReversal, now);
            }
            // The reversal between the two payments is still to be reported.
            return Effect::next(again.next(again.status, now));
        }
        let failed_since = guard!(PaidBeforeFailureDoesNotCount, self.failed_since(event.at));
        let paid = Self {
            payment: Some(payment),
            reversed: self.reversed || failed_since,
            ..self.clone()
        };
        let reason = if guard!(PaidAfterReversalIsReviewed, self.reversed) {
            Reason::PaidAfterReversal
        } else if failed_since {
            Reason::PaidBeforeFailure
        } else if guard!(PaidOtherwiseIsReviewed, !paid.is_paid_as_asked()) {
            Reason::PaidOtherwise
        } else if self.resolved {
            Reason::PaidAfterDecision
        } else {
            let next = Self {
                reasons: Vec::new(),
                ..paid.next(Status::Paid, now)
            };
            return Effect::next(next.scheduled(now));
        };
        paid.to_be_reviewed(reason, now)
    }

    fn apply_failed(&self, event: &PaymentEvent, reason: Option<&str>, now: Timestamp) -> Effect {
        let pending_since = self.pending_at.is_some_and(|pending_at| event.at < pending_at);
        match (&self.payment, self.status) {
            (None, Status::Created | Status::Pending)
                if !guard!(FailedBeforePendingDoesNotCount, pending_since) =>
            {
                Effect::next(
                    Self {
                        failed_at: Some(event.at),
                        reasons: reason
                            .map(|text| Reason::Provider {
                                text: text.to_owned(),
                            })
                            .into_iter()
                            .collect(),
                        ..self.next(Status::Failed, now)
                    }
                    .scheduled(now),
                )
            }
            // A failure of a deposit that stays as it is: a payment from before it must not count.
            (None, status) => {
                let known = self.failed_at.is_some_and(|failed_at| failed_at >= event.at);
                if guard!(LastFailureIsRemembered, known, without true) {
                    return Effect::None;
                }
                Effect::next(Self {
                    failed_at: Some(event.at),
                    ..self.next(status, now)
                })
            }
            // A try that failed before another one was paid.
            (Some(payment), _) if guard!(FailedBeforePaymentDoesNotCount, event.at < payment.at) => {
                Effect::None
            }
            (Some(_), _) => self.apply_reversed(event, now),
        }
    }

    fn apply_reversed(&self, event: &PaymentEvent, now: Timestamp) -> Effect {
        let mut payments = self.payment.iter();
        let of_another = payments.any(|payment| payment.reference != event.reference);
        if guard!(OtherPaymentReversesNothing, of_another) {
            return self.to_be_reviewed(Reason::OtherPaymentReversed { by: event.kind }, now);
        }
        let reversed = Self {
            reversed: guard!(ReversalIsRemembered, true),
            ..self.clone()
        };
        let paid_again = self.paid_again_at.is_some_and(|again| again > event.at);
        reversed.to_be_reviewed(
            Reason::Reversed {
                by: event.kind,
                paid_again,
            },
            now,
        )
    }

    /// Moves the deposit to `review`. One that is `unknown` or in `review` already keeps its status and gets one reason more.
    fn to_be_reviewed(&self, reason: Reason, now: Timestamp) -> Effect {
        match self.status {
            Status::Unknown | Status::Review if guard!(UnknownStaysUnknown, true) => {
                let mut next = self.next(self.status, now);
                next.reasons.push(reason);
                Effect::next(next)
            }
            _ => Effect::next(self.review(reason, now)),
        }
    }
}

impl Effect {
    fn next(deposit: Deposit) -> Self {
        Self::Next(Box::new(deposit))
    }
}
