//! The invariants of the money: after every write, at every credit, and at the end.

use deposits::{
    Actor, Deposit, DepositBody, Detail, PaymentEvent, PaymentEventKind, Program, Reason, Status, Transition,
};
use workflow::simulation::{Ms, Row, SECOND, since_begin, timestamp};
use workflow::stored_size;

use crate::{
    ctrader::{Effect, account_event},
    kinds::Event,
    model::World,
    provider::Paid,
};

const CREDIT: Actor = Actor::Program(Program::Credit);

/// No deposit expires too early, and no event from before it was closed reopens it.
pub fn check_write(world: &mut World, index: usize, next: &Deposit, transition: &Transition) {
    let held = &world.table.row(index).unwrap().record;
    let from = held.status;
    let waits = since_begin(held.status_since) + i64::from(held.order.wait_seconds) * SECOND;
    let reopened_by_the_past = || {
        let pending = next.seen_events.last();
        let mut failures = held.seen_events.iter().filter(is_failure);
        pending.is_some_and(|pending| failures.any(|failed| ends_try(failed, pending)))
    };
    let closed = held.is_decided() || from == Status::Failed && reopened_by_the_past();
    if next.status == Status::Pending && closed {
        world.breaks(format!(
            "deposit {index} is pending again, by what was before it was closed"
        ));
    } else if next.status == Status::Expired && from != Status::Expired && world.now + 2 * SECOND < waits {
        world.breaks(format!("deposit {index} is given up before its time"));
    }
    let size = next.history_size + stored_size(&next.data);
    let same = |other: &Deposit| {
        (next.status, next.reversed, &next.payment) == (other.status, other.reversed, &other.payment)
            && next.paid_again_at == other.paid_again_at
            && next
                .seen_events
                .last()
                .is_none_or(|event| event.kind != PaymentEventKind::Failed)
    };
    let held = &world.table.row(index).unwrap().record;
    if transition.by == Actor::Provider && same(held) && size > 125_000 {
        world.breaks(format!("payment events fill the item of deposit {index}"));
    }
    check_reversal(world, index, next);
    meet_review(world, index, from, next, &transition.by);
}

/// Whether a write keeps all knowledge about the money.
pub fn keeps(held: &DepositBody, next: &DepositBody) -> bool {
    next.order == held.order
        && (held.credit.is_none() || held.credit == next.credit)
        && (held.payment.is_none() || held.payment == next.payment)
        && (!held.reversed || next.reversed)
        && next.seen_events.starts_with(&held.seen_events)
}

/// No write may come between a credit and its answer.
pub fn check_form(world: &mut World, index: usize, next: &Deposit, transition: &Transition) {
    let from = world.table.status(index);
    let between = from == Some(Status::Crediting) && transition.by != CREDIT;
    let mut on_the_way = world.model.ctrader.on_the_way.iter();
    if between && on_the_way.any(|(_, deposit)| *deposit == index) {
        world.breaks(format!(
            "deposit {index} is {} while its credit is on its way",
            next.status
        ));
    }
}

/// A payment that a write calls reversed was taken back at the provider, or its clock does not tell whether a try failed
/// before or after it.
fn check_reversal(world: &mut World, index: usize, next: &Deposit) {
    let held = &world.table.row(index).unwrap().record;
    let Some(payment) = held.payment.as_ref().filter(|_| next.reversed && !held.reversed) else {
        return;
    };
    let mut payments = world.model.provider.payments[index].iter();
    let of = payments.find(|paid| paid.reference == payment.reference);
    let is_taken_back = of.is_some_and(|paid| paid.taken_back.is_some() || paid.reinstated);
    // The time of a payment that an attacker wrote is made up.
    let at = since_begin(payment.at);
    if !is_taken_back && !has_failed_since(world, index, &payment.reference, at) {
        world.breaks(format!(
            "the payment of deposit {index} was not taken back, and is said to be"
        ));
    }
}

/// Counts the kind of review.
fn meet_review(world: &mut World, index: usize, from: Status, next: &Deposit, by: &Actor) {
    let reason = match (next.reasons.last(), next.status) {
        (Some(reason), Status::Review) if !matches!(by, Actor::Operator(_)) => reason,
        (Some(Reason::CreditNotSentInTime), Status::Paid) if from == Status::Crediting => {
            return world.seen.met(Event::CreditSentTooLate);
        }
        _ => return,
    };
    let kind = match reason {
        Reason::DeferredTooOften { .. } => Some(Event::ReviewDeferredTooOften),
        Reason::PaidBeforeFailure => Some(Event::ReviewPaidBeforeFailed),
        Reason::PaidOtherwise => Some(Event::ReviewPaidOtherwise),
        Reason::PaymentNotRecorded => Some(Event::ReviewNotRecorded),
        Reason::PaidMoreThanOnce => Some(Event::ReviewPaidMoreThanOnce),
        Reason::Reversed { .. } | Reason::PaidAfterReversal => Some(Event::ReviewTakenBack),
        Reason::PaidAgainAfterReversal => Some(Event::ReviewPaidAgain),
        Reason::OtherPaymentReversed { .. } => Some(Event::ReviewOtherPayment),
        Reason::AccountRefused { .. } => Some(Event::ReviewAccountRefused),
        Reason::CreditRefused { .. } => Some(Event::ReviewCreditRefused),
        _ => None,
    };
    if let Some(event) = kind {
        world.seen.met(event);
    }
    if from == Status::Paid
        && *by == CREDIT
        && let Some(event) = account_event(world, index)
    {
        world.seen.met(event);
    }
}

/// Why a credit must not be sent now, by the truth at the provider and by its reports.
pub fn why_not_send(world: &World, index: usize) -> Option<String> {
    let order = &world.model.orders[index];
    let as_asked = |paid: &&Paid| paid.money == order.money;
    let payments = &world.model.provider.payments[index];
    let made: Vec<_> = payments.iter().filter(as_asked).collect();
    if made.is_empty() {
        return Some("the provider never had exactly what was asked for".into());
    }
    // The table may hold the last report of the payment before we answer it.
    let held = world.table.row(index).and_then(|row| row.record.payment.as_ref());
    let reported = |paid: &Paid| {
        let held = held.filter(|held| held.reference == paid.reference);
        paid.reported.max(held.map(|held| held.at))
    };
    let back = |paid: &&Paid| paid.reported_back.is_some() && paid.reported_back >= reported(paid);
    if made.iter().all(back) {
        return Some("the provider had reported that it was taken back".into());
    }
    let known = payments.iter().filter(|paid| paid.reported.is_some()).count();
    let decided = world.table.row(index).is_some_and(|row| row.decided.is_some());
    if known > 1 && !decided {
        return Some("the provider had reported another payment, too".into());
    }
    None
}

/// A credit goes to the ordered account, has the ordered amount, is paid for, and is the only one.
pub fn check_effect(world: &mut World, effect: &Effect) {
    let index = effect.deposit;
    let order = &world.model.orders[index];
    let account = world.model.ctrader.account(effect.login);
    let right_account = account.is_some_and(|account| {
        let digits = account.digits.unwrap_or(order.account_digits);
        account
            .broker
            .as_ref()
            .map_or(order.unnamed_broker, |broker| *broker == order.broker)
            && account.currency == order.money.currency.as_str()
            && order.money.amount.normalize().scale() <= digits
    });
    let as_ordered = effect.login == order.login && effect.amount == order.money.amount;
    if world.model.ctrader.effect(index).is_some() {
        world.breaks(format!("deposit {index} is credited twice"));
    }
    if !as_ordered {
        world.breaks(format!("deposit {index} is not credited as ordered"));
    }
    if !right_account {
        world.breaks(format!(
            "deposit {index} is credited to an account that is not as ordered"
        ));
    }
    if let Some(why) = &effect.wrong {
        world.breaks(format!("deposit {index} is credited, but {why}"));
    }
}

/// The table must know an applied credit, or have a status that allows for one.
pub fn check_denial(world: &mut World, index: usize) {
    let Some(row) = world.table.row(index) else {
        return;
    };
    let Some(effect) = world.model.ctrader.effect(index) else {
        return;
    };
    let decided = row.decided.is_some_and(|decided| decided >= effect.at);
    let open = matches!(row.record.status, Status::Crediting | Status::Unknown);
    if !decided && !open && row.record.credit.is_none() {
        let status = row.record.status;
        world.breaks(format!(
            "deposit {index} is credited in cTrader, and {status} in the table"
        ));
    }
}

/// We acknowledged a notification, so its effect must be in the table.
pub fn durable(world: &mut World, note: usize) {
    let note = &world.model.provider.notes[note];
    let (index, event) = (note.deposit, note.notification.event.clone());
    let (kind, at) = (event.kind, event.at);
    if note.forged {
        return world.breaks(format!("deposit {index} listens to a sender that is not its own"));
    }
    let held = &world.table.row(index).unwrap().record;
    let reference = &event.reference;
    let known = match kind {
        PaymentEventKind::Pending => match held.status {
            Status::Created => false,
            Status::Failed => {
                let mut failures = held.seen_events.iter().filter(is_failure);
                held.is_decided() || failures.any(|failed| ends_try(failed, &event))
            }
            _ => true,
        },
        PaymentEventKind::Paid => held.payment.is_some(),
        PaymentEventKind::Failed => {
            let mut failures = held.seen_events.iter().filter(is_failure);
            held.payment.is_some() || failures.any(|failed| failed.reference == *reference && failed.at >= at)
        }
        // A reversal of another payment is for an operator. It stays recorded if an attacker then makes that payment the
        // deposit's.
        PaymentEventKind::Refunded | PaymentEventKind::ChargedBack => {
            let mut payments = held.payment.iter();
            held.reversed
                || held.seen_events.contains(&event)
                || payments.any(|payment| payment.reference != *reference)
        }
    };
    if let Some(payment) = note.payment {
        let payment = &mut world.model.provider.payments[index][payment];
        let reported = if kind == PaymentEventKind::Paid {
            &mut payment.reported
        } else {
            &mut payment.reported_back
        };
        *reported = (*reported).max(Some(at));
    }
    if !known {
        world.breaks(format!(
            "{kind:?} of deposit {index} is said to be durable, and is not"
        ));
    }
}

/// The invariant that the deposit breaks at the end, if any.
pub fn end_of(world: &World, index: usize, row: &Row<DepositBody>) -> Option<String> {
    let deposit = &row.record;
    let status = deposit.status;
    let payments = &world.model.provider.payments[index];
    let effect = world.model.ctrader.effect(index);
    let events: Vec<_> = row.history.iter().filter_map(event).collect();
    let twice = |(n, event): (usize, &_)| events[..n].contains(event);
    if events.iter().enumerate().any(twice) {
        return Some("the same notification counted twice".into());
    }
    // A forged item may name a later time for the payment, so that reports from before it do not count.
    let forged = row
        .history
        .iter()
        .any(|step| step.by == Actor::Provider && step.detail.is_none());
    let unheard = |paid: &Paid| paid.reinstated && !is_heard(row, paid);
    if !forged && payments.iter().any(unheard) {
        return Some("money came again, and nobody looks at it".into());
    }
    let decided = row.decided.is_some();
    // Of a deposit whose events fill their part, a further `pending` is not kept.
    let filled = deposit.history_size > 115_000;
    if status == Status::Failed && !decided && !filled && is_on_its_way(world, index) {
        return Some("a later try is on its way".into());
    }
    let held = payments.iter().any(|paid| paid.taken_back.is_none());
    if held && !decided && matches!(status, Status::Failed | Status::Expired) {
        return Some("the provider holds money for it".into());
    }
    if status == Status::Credited && effect.is_none() && !decided {
        return Some("cTrader did not credit it".into());
    }
    let taken_back = |paid: &Paid| paid.taken_back.is_some();
    let last_by = row.history.iter().rev().find(|step| step.status == status);
    let by_operator = last_by.is_some_and(|step| matches!(step.by, Actor::Operator(_)));
    let unnoticed = if decided {
        payments.iter().all(taken_back) && !by_operator
    } else {
        payments.iter().any(taken_back)
    };
    if status == Status::Credited && unnoticed {
        return Some("a payment was taken back, and nobody looks at it".into());
    }
    if payments.len() > 1 && status == Status::Credited && !decided {
        return Some("it was paid more than once, and nobody looks at it".into());
    }
    if is_plain(world, index) && !decided && status != Status::Credited {
        return Some("nothing kept it from being credited".into());
    }
    None
}

/// Whether the provider's acknowledged reports say that a try is under way.
fn is_on_its_way(world: &World, index: usize) -> bool {
    let notes = world.model.provider.notes.iter();
    let reported = notes.filter(|note| note.deposit == index && !note.forged && note.answered);
    let events: Vec<_> = reported.map(|note| &note.notification.event).collect();
    let mut pending = events
        .iter()
        .filter(|event| event.kind == PaymentEventKind::Pending);
    pending.any(|pending| {
        let mut failures = events.iter().copied().filter(is_failure);
        !failures.any(|failed| ends_try(failed, pending))
    })
}

fn is_failure(event: &&PaymentEvent) -> bool {
    event.kind == PaymentEventKind::Failed
}

/// Whether a failure ends the try that was under way. One that names no payment ends every try before it.
fn ends_try(failed: &PaymentEvent, pending: &PaymentEvent) -> bool {
    let of_another = failed.reference != pending.reference;
    let both_named = !failed.reference.is_empty() && !pending.reference.is_empty();
    failed.at >= pending.at && !(of_another && both_named)
}

/// Whether the deposit was paid once, as ordered and after all failures of this payment, and nothing prevents crediting it.
fn is_plain(world: &World, index: usize) -> bool {
    let order = &world.model.orders[index];
    let [paid] = &world.model.provider.payments[index][..] else {
        return false;
    };
    !world.doubted[index]
        && account_event(world, index).is_none()
        && paid.money == order.money
        && paid.taken_back.is_none()
        && !paid.reinstated
        && !has_failed_since(world, index, &paid.reference, paid.at)
}

/// Whether a try of this reference failed, at this time or later by the provider's clock.
fn has_failed_since(world: &World, index: usize, reference: &str, at: Ms) -> bool {
    let mut declined = world.model.provider.declined[index].iter();
    declined.any(|(of, declined_at)| of == reference && *declined_at >= at)
}

/// Whether an operator learned that a reversed payment came again, by its report or by the report of a later
/// reversal.
fn is_heard(row: &Row<DepositBody>, paid: &Paid) -> bool {
    let Some(again) = paid.reported.filter(|reported| *reported > timestamp(paid.at)) else {
        return true;
    };
    let reported = |transition: &Transition| event(transition).is_some_and(|event| event.at == again);
    let Some(reported) = row.history.iter().position(reported) else {
        return false;
    };
    !row.record.reversed
        || row.history[reported..]
            .iter()
            .any(|step| step.status.needs_operator())
}

/// The payment event that caused a write, if one did.
fn event(transition: &Transition) -> Option<&PaymentEvent> {
    match &transition.detail {
        Some(Detail::Event { event, .. }) => Some(event),
        _ => None,
    }
}
