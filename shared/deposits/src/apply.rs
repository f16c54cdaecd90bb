//! A payment event changes a deposit.

use jiff::Timestamp;
use workflow::{Actor, Committed, Environment, Store, StoreError, commit, guard};

use crate::{
    Deposit, DepositBody, Detail, Notification, Payment, PaymentEvent, PaymentEventKind, Reason, Sender,
    Status, deposit::because,
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
    store: &impl Store<DepositBody>,
    environment: &impl Environment,
    sender: &Sender,
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
        let next = match effect_of(&deposit, notification, environment.now()) {
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
        // Nothing comes between a credit and its answer.
        Effect::Next(_) if guard!(EventsWaitForTheCredit, deposit.status == Status::Crediting) => {
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
fn apply_pending(deposit: &Deposit, event: &PaymentEvent, now: Timestamp) -> Effect {
    match deposit.status {
        Status::Created | Status::Pending => {}
        Status::Failed | Status::Expired
            if guard!(FailedMayBePending, true)
                && !guard!(PendingBeforeFailureDoesNotCount, failed_since(deposit, event.at))
                && !guard!(ClosedIsNotPending, deposit.decided) => {}
        _ => guard!(PastPaymentIsNotPending, return Effect::None, without {}),
    }
    let mut pending = deposit.next(Status::Pending, now).scheduled(now);
    pending.pending_at = deposit.pending_at.max(Some(event.at));
    pending.reasons.clear();
    Effect::next(pending)
}

/// Whether it failed then or later.
fn failed_since(deposit: &DepositBody, at: Timestamp) -> bool {
    deposit.failed_at.is_some_and(|failed_at| at <= failed_at)
}

fn apply_paid(deposit: &Deposit, event: &PaymentEvent, now: Timestamp) -> Effect {
    if let Some(known) = &deposit.payment {
        return apply_paid_again(deposit, known, event, now);
    }
    let failed_since = guard!(PaidBeforeFailureDoesNotCount, failed_since(deposit, event.at));
    let mut paid = deposit.clone();
    paid.payment = Some(event.payment());
    paid.reversed = deposit.reversed || failed_since;
    let reason = if guard!(PaidAfterReversalIsReviewed, deposit.reversed) {
        Reason::PaidAfterReversal
    } else if failed_since {
        Reason::PaidBeforeFailure
    } else if guard!(PaidOtherwiseIsReviewed, !paid.is_paid_as_asked()) {
        Reason::PaidOtherwise
    } else if deposit.decided {
        Reason::PaidAfterDecision
    } else {
        let mut next = paid.next(Status::Paid, now);
        next.reasons.clear();
        return Effect::next(next);
    };
    to_be_reviewed(&paid, reason, now)
}

/// A payment is known, and the provider reports one.
fn apply_paid_again(deposit: &Deposit, known: &Payment, event: &PaymentEvent, now: Timestamp) -> Effect {
    let payment = event.payment();
    let same = known.reference == payment.reference
        && known.money == payment.money;
    if guard!(RewordedIsTheSame, !same, without true) {
        guard!(
            SecondPaymentIsReviewed,
            return to_be_reviewed(deposit, Reason::PaidMoreThanOnce, now),
            without {}
        );
    }
    // The same payment, reported in other words.
    let known_at = deposit.paid_again_at.unwrap_or(known.at);
    if guard!(PaidAgainIsRemembered, event.at <= known_at, without true) {
        return Effect::None;
    }
    // A dispute that was won, say: the provider has the money again.
    let mut again = deposit.clone();
    again.paid_again_at = Some(event.at);
    if guard!(PaidAgainIsReviewed, again.reversed) {
        return to_be_reviewed(&again, Reason::PaidAgainAfterReversal, now);
    }
    // The reversal between the two payments is still to be reported.
    Effect::next(again.next(again.status, now))
}

fn apply_failed(deposit: &Deposit, event: &PaymentEvent, reason: Option<&str>, now: Timestamp) -> Effect {
    let pending_since = deposit.pending_at.is_some_and(|pending_at| event.at < pending_at);
    match (&deposit.payment, deposit.status) {
        (None, Status::Created | Status::Pending)
            if !guard!(FailedBeforePendingDoesNotCount, pending_since) =>
        {
            let mut failed = deposit.next(Status::Failed, now);
            failed.failed_at = Some(event.at);
            let reason = reason.map(|text| Reason::Provider {
                text: text.to_owned(),
            });
            failed.reasons = reason.into_iter().collect();
            Effect::next(failed)
        }
        // A failure of a deposit that stays as it is: a payment from before it must not count.
        (None, status) => {
            let known = deposit.failed_at.is_some_and(|failed_at| failed_at >= event.at);
            if guard!(LastFailureIsRemembered, known, without true) {
                return Effect::None;
            }
            let mut next = deposit.next(status, now);
            next.failed_at = Some(event.at);
            Effect::next(next)
        }
        // A try that failed before another one was paid.
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

/// Moves the deposit to `review`. One that is `unknown` or in `review` already keeps its status and gets one reason more.
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
