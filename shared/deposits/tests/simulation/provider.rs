//! The simulated payment provider: the truth about the payments, and the notifications about them.

use deposits::{
    Actor, Notification, Payment, PaymentEvent, PaymentEventKind, PaymentSource, Sender, Status, Transition,
};
use domain::Money;
use fastrand::Rng;
use jiff::Timestamp;
use rust_decimal::Decimal;
use workflow::{
    simulation::{HOUR, Happening, MINUTE, Ms, SECOND, id, timestamp},
    trace,
};

use crate::{
    kinds::{Event, Fault},
    model::{Own, World},
};

/// An act of a trader or the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The payment is under way.
    Pending,
    /// A try that fails. It never was the payment that is made.
    Decline,
    /// The trader pays what was asked for.
    Pay,
    /// The trader pays another amount.
    PayOtherAmount,
    /// The trader pays the same number of another currency.
    PayOtherCurrency,
    /// The provider takes a payment back, and reports it with this kind of event.
    TakeBack(PaymentEventKind),
    /// A reversed payment comes again, because a dispute was won.
    Reinstate,
    /// A genuine sender of another method or broker reports about this deposit.
    Forge(PaymentEventKind),
    /// A function that may write deposits, but no payments, is taken over, and writes that this one was paid.
    ForgeItem,
}

/// A payment that was made.
pub struct Paid {
    pub money: Money,
    /// When, by the provider's clock.
    pub at: Ms,
    pub reference: String,
    /// How it was taken back, if so.
    pub taken_back: Option<PaymentEventKind>,
    /// The latest time of an acknowledged report that it was paid.
    pub reported: Option<Timestamp>,
    /// The latest time of an acknowledged report that it was taken back.
    pub reported_back: Option<Timestamp>,
    /// Whether it was taken back and came again.
    pub reinstated: bool,
}

/// A notification.
pub struct Note {
    pub deposit: usize,
    pub notification: Notification,
    pub sender: Sender,
    pub forged: bool,
    /// The payment that it is about.
    pub payment: Option<usize>,
    /// Whether the provider received our acknowledgement.
    pub answered: bool,
}

/// The truth about the payments.
pub struct Provider {
    /// The payments of each deposit.
    pub payments: Vec<Vec<Paid>>,
    /// The declined tries of each deposit: reference and time, by the provider's clock.
    pub declined: Vec<Vec<(String, Ms)>>,
    pub notes: Vec<Note>,
    /// The error of its clock.
    offset: Ms,
    /// Whether its clock has whole seconds only.
    coarse: bool,
    last: Ms,
}

impl Provider {
    pub fn new(rng: &mut Rng, deposits: usize) -> Self {
        Self {
            payments: (0..deposits).map(|_| Vec::new()).collect(),
            declined: vec![Vec::new(); deposits],
            notes: Vec::new(),
            offset: rng.i64(-HOUR..=HOUR),
            coarse: rng.u8(..8) == 0,
            last: -2 * HOUR,
        }
    }

    /// Each reading of the clock differs, unless the clock is coarse.
    fn clock(&mut self, now: Ms) -> Ms {
        self.last = (now + self.offset).max(self.last + 10);
        if self.coarse {
            self.last - self.last.rem_euclid(SECOND)
        } else {
            self.last
        }
    }

    /// Whether all notifications were acknowledged.
    pub fn has_reported_all(&self) -> bool {
        self.notes.iter().all(|note| note.answered)
    }
}

/// Carries out an act, and sends a notification about it.
pub fn carry_out(world: &mut World, deposit: usize, act: Act) {
    trace!(world, "provider: {act:?} of deposit {deposit}");
    let at = world.model.provider.clock(world.now);
    let order = &world.model.orders[deposit];
    let ordered = order.money.clone();
    let expired = world.table.status(deposit) == Some(Status::Expired);
    match act {
        Act::Pending => {
            let reference = reference_of_try(world, deposit);
            notes_of_try(world, deposit, PaymentEventKind::Pending, at, reference);
        }
        Act::Decline => {
            world.seen.met(Event::Declined);
            if !world.model.provider.payments[deposit].is_empty() {
                world.seen.met(Event::DeclinedAfterPayment);
            }
            let reference = reference_of_try(world, deposit);
            world.model.provider.declined[deposit].push((reference.clone(), at));
            notes_of_try(world, deposit, PaymentEventKind::Failed, at, reference);
        }
        Act::Pay | Act::PayOtherAmount | Act::PayOtherCurrency => {
            let money = match act {
                Act::PayOtherAmount => Money::new(ordered.amount + Decimal::ONE, ordered.currency),
                Act::PayOtherCurrency => Money::new(ordered.amount, "JPY".parse().unwrap()),
                _ => ordered,
            };
            let before = &world.model.provider.payments[deposit];
            let events = [
                (Event::PaidOtherAmount, act == Act::PayOtherAmount),
                (Event::PaidOtherCurrency, act == Act::PayOtherCurrency),
                (Event::PaidTwice, !before.is_empty()),
                (
                    Event::PaidAfterDecline,
                    !world.model.provider.declined[deposit].is_empty(),
                ),
                (Event::PaidAfterExpiry, expired),
            ];
            let number = before.len();
            for (event, met) in events {
                if met {
                    world.seen.met(event);
                }
            }
            world.model.provider.payments[deposit].push(Paid {
                money,
                at,
                reference: reference_of_payment(number),
                taken_back: None,
                reported: None,
                reported_back: None,
                reinstated: false,
            });
            notes_of(world, deposit, PaymentEventKind::Paid, at, number);
            if world.strikes_own(Fault::Reworded) {
                notes_of(world, deposit, PaymentEventKind::Paid, at - 1, number);
            }
        }
        Act::TakeBack(kind) => take_back(world, deposit, kind, at),
        Act::Reinstate => {
            let payments = &mut world.model.provider.payments[deposit];
            let lost = payments.iter().position(|payment| payment.taken_back.is_some());
            if let Some(lost) = lost {
                payments[lost].taken_back = None;
                payments[lost].reinstated = true;
                world.seen.met(Event::Reinstated);
                notes_of(world, deposit, PaymentEventKind::Paid, at, lost);
            }
        }
        Act::Forge(kind) => forge(world, deposit, kind, at),
        Act::ForgeItem => forge_item(world, deposit),
    }
}

fn take_back(world: &mut World, deposit: usize, kind: PaymentEventKind, at: Ms) {
    let payments = &mut world.model.provider.payments[deposit];
    let held = payments.iter().position(|payment| payment.taken_back.is_none());
    let Some(held) = held else {
        return;
    };
    payments[held].taken_back = Some(kind);
    let reported = payments[held].reported.is_some();
    let status = world.table.status(deposit);
    let events = [
        (Event::Refunded, kind == PaymentEventKind::Refunded),
        (Event::ChargedBack, kind == PaymentEventKind::ChargedBack),
        (Event::TakenBack, kind == PaymentEventKind::Failed),
        (Event::TakenBackBeforeReportedPaid, !reported),
        (Event::TakenBackWhileCrediting, status == Some(Status::Crediting)),
        (Event::TakenBackAfterCredit, status == Some(Status::Credited)),
    ];
    for (event, met) in events {
        if met {
            world.seen.met(event);
        }
    }
    notes_of(world, deposit, kind, at, held);
}

fn reference_of_payment(number: usize) -> String {
    format!("pay{number}")
}

/// The reference of a try that is not paid: none if nothing was charged, one of its own, or one that the next
/// payment keeps.
fn reference_of_try(world: &mut World, deposit: usize) -> String {
    match world.rng.u8(..4) {
        0 => String::new(),
        1 => reference_of_payment(world.model.provider.payments[deposit].len()),
        _ => format!("try{}", world.rng.u8(..2)),
    }
}

/// Sends a notification about a payment.
fn notes_of(world: &mut World, deposit: usize, kind: PaymentEventKind, at: Ms, payment: usize) {
    let paid = &world.model.provider.payments[deposit][payment];
    let (money, reference) = (paid.money.clone(), paid.reference.clone());
    let event = PaymentEvent {
        kind,
        at: timestamp(at),
        money,
        reference,
    };
    notes(world, deposit, event, Some(payment));
}

/// Sends a notification about a try that is not paid, or not yet.
fn notes_of_try(world: &mut World, deposit: usize, kind: PaymentEventKind, at: Ms, reference: String) {
    let mut money = world.model.orders[deposit].money.clone();
    if reference.is_empty() {
        money.amount = Decimal::ZERO;
    }
    let event = PaymentEvent {
        kind,
        at: timestamp(at),
        money,
        reference,
    };
    notes(world, deposit, event, None);
}

/// Sends a notification from the order's own method and broker.
fn notes(world: &mut World, deposit: usize, event: PaymentEvent, payment: Option<usize>) {
    let order = &world.model.orders[deposit];
    let sender = Sender {
        method: order.method.clone(),
        broker: order.broker.clone(),
        source: PaymentSource::Notification,
    };
    let reason = (event.kind == PaymentEventKind::Failed).then(|| "declined".into());
    let notification = Notification {
        deposit: id(deposit),
        event,
        reason,
    };
    send(
        world,
        Note {
            deposit,
            notification,
            sender,
            forged: false,
            payment,
            answered: false,
        },
    );
}

fn forge(world: &mut World, deposit: usize, kind: PaymentEventKind, at: Ms) {
    world.seen.met(Event::Forged);
    let order = &world.model.orders[deposit];
    let notification = Notification {
        deposit: id(deposit),
        event: PaymentEvent {
            kind,
            at: timestamp(at),
            money: order.money.clone(),
            reference: "forged".into(),
        },
        reason: None,
    };
    let (method, broker) = (order.method.clone(), order.broker.clone());
    let sender = if world.rng.bool() {
        let method = "other_method".parse().unwrap();
        Sender {
            method,
            broker,
            source: PaymentSource::Notification,
        }
    } else {
        let broker = "other broker".into();
        Sender {
            method,
            broker,
            source: PaymentSource::Notification,
        }
    };
    send(
        world,
        Note {
            deposit,
            notification,
            sender,
            forged: true,
            payment: None,
            answered: false,
        },
    );
}

/// Writes an item that looks as if the order was paid: by a payment that nobody reported, or by one that was
/// recorded with other money.
fn forge_item(world: &mut World, deposit: usize) {
    let Some(row) = world.table.row(deposit) else {
        return;
    };
    let held = &row.record;
    if matches!(
        held.status,
        Status::Paid | Status::Crediting | Status::Credited | Status::Unknown
    ) || held.credit.is_some()
        || held.reversed
        // What the deposit alone remembers of a payment that was taken back, such an attacker can erase.
        || held.seen_events.iter().any(|event| event.kind == PaymentEventKind::Failed)
    {
        return;
    }
    let mut next = held.next(Status::Paid, world.time());
    let mut recorded = world
        .model
        .records
        .iter()
        .filter(|record| record.deposit == next.id);
    let reference = match recorded.next() {
        Some(record) if record.payment.money != next.order.money => {
            world.seen.met(Event::ForgedItemOfRecordedPayment);
            record.payment.reference.clone()
        }
        // The attacker may know of a payment that was not reported yet.
        None => match world.model.provider.payments[deposit].first() {
            Some(paid) if paid.money == next.order.money => paid.reference.clone(),
            _ => "made up".into(),
        },
        Some(_) => "made up".into(),
    };
    next.payment = Some(Payment {
        money: next.order.money.clone(),
        reference,
        at: world.time(),
    });
    next.reasons.clear();
    next.write_id = format!("forged{}", next.version);
    let transition = Transition {
        version: next.version,
        status: next.status,
        at: world.time(),
        by: Actor::Provider,
        detail: None,
    };
    world.seen.met(Event::ForgedItem);
    // The payment that comes, if one comes, is a second one.
    world.doubted[deposit] = true;
    world.forge(deposit, &next, &transition);
}

fn send(world: &mut World, note: Note) {
    world.model.provider.notes.push(note);
    let note = world.model.provider.notes.len() - 1;
    let within = [SECOND, SECOND, 30 * SECOND, 10 * MINUTE, HOUR][world.rng.usize(..5)];
    world.later(within, Happening::Own(Own::Deliver(note)));
    if world.strikes_own(Fault::Replayed) {
        world.later(36 * HOUR, Happening::Own(Own::Replay(note)));
    }
}
