//! Applying payment events to deposits.

use jiff::Timestamp;
use workflow::{Actor, CommitOutcome, Environment, Store, StoreError, commit, guard};

use crate::{
    Deposit, DepositBody, Detail, Notification, Payment, PaymentEvent, PaymentEventKind, PaymentRecords,
    Reason, Sender, Status, deposit::because, payment_record, size::has_room,
};

/// The payment event is durable: the table holds its effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedEvent {
    /// The deposit that the table holds.
    pub deposit: Deposit,
    /// Whether the event changed the deposit. Repeated and outdated events do not.
    pub changed: bool,
    /// Whether the event is recorded, if it is news. Events that change nothing about the money are not kept any more
    /// once they have filled their part of the item.
    pub kept: bool,
}

/// The payment event is not known to be durable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The sender has no such deposit.
    #[error("no such deposit of this method and broker")]
    Unknown,
    /// The deposit is being credited, and the event must wait for the outcome. The provider has to send it again.
    #[error("the deposit is being credited: send this again")]
    Busy,
    /// The table failed. The provider has to send the event again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies a payment event and records it. Events are idempotent and may arrive in any order: a known event
/// changes nothing.
///
/// # Errors
/// [`ApplyError`]. The provider has to send the notification again, except after [`ApplyError::Unknown`].
pub async fn apply_payment_event(
    store: &(impl Store<DepositBody> + PaymentRecords),
    environment: &impl Environment,
    sender: &Sender,
    notification: &Notification,
) -> Result<AppliedEvent, ApplyError> {
    let held = store.load(&notification.deposit).await?;
    let mut deposit = held.ok_or(ApplyError::Unknown)?;
    loop {
        let order = &deposit.order;
        let other_sender = guard!(SenderOfTheMethod, order.method != sender.method)
            || guard!(SenderOfTheBroker, order.broker != sender.broker);
        if other_sender {
            return Err(ApplyError::Unknown);
        }
        let next = match effect_of(&deposit, notification, environment.now()) {
            Effect::None => {
                return Ok(AppliedEvent {
                    deposit,
                    changed: false,
                    kept: true,
                });
            }
            Effect::NotKept => {
                return Ok(AppliedEvent {
                    deposit,
                    changed: false,
                    kept: false,
                });
            }
            Effect::Busy => return Err(ApplyError::Busy),
            Effect::Next(next) => next,
        };
        // A crash between the two writes loses nothing: the event was not acknowledged, so it comes again.
        if let (None, Some(payment)) = (&deposit.payment, &next.payment)
            && guard!(PaymentIsRecordedFirst, true)
        {
            payment_record::record(store, environment, &deposit.id, payment, sender.source, None).await?;
        }
        let detail = Detail::Event {
            event: notification.event.clone(),
            reason: notification.reason.clone(),
        };
        match commit(store, environment, *next, Actor::Provider, Some(detail)).await? {
            CommitOutcome::Ours(deposit) => {
                return Ok(AppliedEvent {
                    deposit,
                    changed: true,
                    kept: true,
                });
            }
            CommitOutcome::Theirs(held) => deposit = held,
        }
    }
}

/// The effect of a payment event on a deposit.
enum Effect {
    /// None: the event is known or outdated.
    None,
    /// None: the events of the deposit have filled their part of the item.
    NotKept,
    /// None yet: the outcome of the credit has to be recorded first.
    Busy,
    /// The deposit gets this next version.
    Next(Box<Deposit>),
}

impl Effect {
    fn next(deposit: Deposit) -> Self {
        Self::Next(Box::new(deposit))
    }
}

fn effect_of(deposit: &Deposit, notification: &Notification, now: Timestamp) -> Effect {
    let event = &notification.event;
    if guard!(EventCountsOnce, deposit.seen_events.contains(event)) {
        return Effect::None;
    }
    let effect = match event.kind {
        PaymentEventKind::Pending => apply_pending(deposit, event, now),
        PaymentEventKind::Paid => apply_paid(deposit, event, now),
        PaymentEventKind::Failed => apply_failed(deposit, event, notification.reason.as_deref(), now),
        PaymentEventKind::Refunded | PaymentEventKind::ChargedBack => apply_reversed(deposit, event, now),
    };
    match effect {
        // No write may come between a credit and its outcome.
        Effect::Next(_) if guard!(EventsWaitForTheCredit, deposit.status == Status::Crediting) => {
            Effect::Busy
        }
        Effect::Next(mut next) => {
            next.seen_events.push(event.clone());
            if has_room(deposit, &next) {
                Effect::Next(next)
            } else {
                Effect::NotKept
            }
        }
        effect => effect,
    }
}

/// Restarts the wait for the payment, also if an earlier try failed or the deposit expired.
fn apply_pending(deposit: &Deposit, event: &PaymentEvent, now: Timestamp) -> Effect {
    match deposit.status {
        Status::Created | Status::Pending => {}
        Status::Failed | Status::Expired
            if guard!(FailedMayBePending, true)
                && !guard!(PendingBeforeFailureDoesNotCount, try_failed_since(deposit, event))
                && !guard!(ClosedIsNotPending, deposit.is_decided()) => {}
        _ => guard!(PastPaymentIsNotPending, return Effect::None, without {}),
    }
    let mut pending = deposit.next(Status::Pending, now).scheduled(now);
    pending.reasons.clear();
    Effect::next(pending)
}

/// Whether the provider reported that the try of this event failed, at its time or later.
fn try_failed_since(deposit: &DepositBody, event: &PaymentEvent) -> bool {
    deposit.seen(PaymentEventKind::Failed).any(|failed| {
        failed.at >= event.at
            && guard!(
                OtherFailureClosesNothing,
                failed.may_be_of_the_try_of(event),
                without true
            )
    })
}

/// Whether the provider reported a failure of the payment that this event names, of its time or later.
fn payment_failed_since(deposit: &DepositBody, event: &PaymentEvent) -> bool {
    let mut failures = deposit.seen(PaymentEventKind::Failed);
    failures.any(|failed| {
        let of_it = failed.reference == event.reference;
        failed.at >= event.at && guard!(FailureNamesItsPayment, of_it, without true)
    })
}

/// Whether a try is under way that this failure does not end: a later one, or one of another reference.
fn is_another_pending(deposit: &DepositBody, failed: &PaymentEvent) -> bool {
    deposit.seen(PaymentEventKind::Pending).any(|pending| {
        let is_later = guard!(FailedBeforePendingDoesNotCount, failed.at < pending.at);
        let is_another = guard!(OtherTryStaysPending, !pending.may_be_of_the_try_of(failed));
        (is_later || is_another) && !try_failed_since(deposit, pending)
    })
}

fn apply_paid(deposit: &Deposit, event: &PaymentEvent, now: Timestamp) -> Effect {
    if let Some(known) = &deposit.payment {
        return apply_paid_again(deposit, known, event, now);
    }
    let failed_since = guard!(
        PaidBeforeFailureDoesNotCount,
        payment_failed_since(deposit, event)
    );
    let mut paid = deposit.clone();
    paid.payment = Some(event.payment());
    paid.reversed = deposit.reversed || failed_since;
    let reason = if guard!(PaidAfterReversalIsReviewed, deposit.reversed) {
        Reason::PaidAfterReversal
    } else if failed_since {
        Reason::PaidBeforeFailure
    } else if guard!(PaidOtherwiseIsReviewed, !paid.is_paid_as_asked()) {
        Reason::PaidOtherwise
    } else if deposit.is_decided() {
        Reason::PaidAfterDecision
    } else {
        let mut next = paid.next(Status::Paid, now);
        next.reasons.clear();
        return Effect::next(next);
    };
    to_be_reviewed(&paid, reason, now)
}

/// The provider reports a payment of a deposit that has one.
fn apply_paid_again(deposit: &Deposit, known: &Payment, event: &PaymentEvent, now: Timestamp) -> Effect {
    let payment = event.payment();
    let same = known.reference == payment.reference && known.money == payment.money;
    if guard!(RewordedIsTheSame, !same, without true) {
        guard!(
            SecondPaymentIsReviewed,
            return to_be_reviewed(deposit, Reason::PaidMoreThanOnce, now),
            without {}
        );
    }
    // The same payment, reported again with another time.
    let known_at = deposit.paid_again_at.unwrap_or(known.at);
    if guard!(PaidAgainIsRemembered, event.at <= known_at, without true) {
        return Effect::None;
    }
    // The provider has the money again, for example because it won a dispute.
    let mut again = deposit.clone();
    again.paid_again_at = Some(event.at);
    if guard!(PaidAgainIsReviewed, again.reversed) {
        return to_be_reviewed(&again, Reason::PaidAgainAfterReversal, now);
    }
    // The reversal between the two reports has not been reported yet.
    Effect::next(again.next(again.status, now))
}

fn apply_failed(deposit: &Deposit, event: &PaymentEvent, reason: Option<&str>, now: Timestamp) -> Effect {
    match (&deposit.payment, deposit.status) {
        (None, Status::Created | Status::Pending) if !is_another_pending(deposit, event) => {
            let mut failed = deposit.next(Status::Failed, now);
            let reason = reason.map(|text| Reason::Provider {
                text: text.to_owned(),
            });
            failed.reasons = reason.into_iter().collect();
            Effect::next(failed)
        }
        // The status stays. The failure is kept, because its payment must not count if it is from before it.
        (None, status) => {
            let known = payment_failed_since(deposit, event);
            if guard!(LastFailureIsRemembered, known, without true) {
                return Effect::None;
            }
            Effect::next(deposit.next(status, now))
        }
        // A try that failed, beside the payment.
        (Some(payment), _) if guard!(OtherFailureIsHistory, payment.reference != event.reference) => {
            Effect::None
        }
        // A failed try from before the payment.
        (Some(payment), _) if guard!(FailedBeforePaymentDoesNotCount, event.at < payment.at) => Effect::None,
        (Some(_), _) => apply_reversed(deposit, event, now),
    }
}

fn apply_reversed(deposit: &Deposit, event: &PaymentEvent, now: Timestamp) -> Effect {
    let mut payments = deposit.payment.iter();
    let of_another = payments.any(|payment| payment.reference != event.reference);
    if guard!(OtherPaymentReversesNothing, of_another) {
        return to_be_reviewed(deposit, Reason::OtherPaymentReversed { by: event.kind }, now);
    }
    let mut reversed = deposit.clone();
    reversed.reversed = guard!(ReversalIsRemembered, true);
    let paid_again = deposit.paid_again_at.is_some_and(|again| again > event.at);
    let reason = Reason::Reversed {
        by: event.kind,
        paid_again,
    };
    to_be_reviewed(&reversed, reason, now)
}

/// Moves the deposit to `review`. A deposit in `unknown` or `review` keeps its status and gets one more reason.
fn to_be_reviewed(deposit: &Deposit, reason: Reason, now: Timestamp) -> Effect {
    match deposit.status {
        Status::Unknown | Status::Review if guard!(UnknownStaysUnknown, true) => {
            let mut next = deposit.next(deposit.status, now);
            next.reasons.push(reason);
            Effect::next(next)
        }
        _ => Effect::next(because(deposit, Status::Review, reason, now)),
    }
}
