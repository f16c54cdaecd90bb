//! The simulated payment provider: what is true of the payments, and the notifications about it.

use deposits::{Notification, PaymentEvent, PaymentEventKind};
use fastrand::Rng;
use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{
    coverage::{Event, Fault},
    events::Happening,
    table::id,
    world::{HOUR, MINUTE, Ms, SECOND, World, tell, timestamp},
};

/// What a trader or the provider does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// The provider takes it in hand.
    Pending,
    /// A try that fails.
    Decline,
    /// The trader pays what was asked for.
    Pay,
    /// The trader pays another amount.
    PayOtherAmount,
    /// The trader pays the same number of another currency.
    PayOtherCurrency,
    /// The provider takes a payment back, and says it that way.
    TakeBack(PaymentEventKind),
    /// A payment that was taken back comes again: a dispute that was won.
    Reinstate,
    /// Somebody else who may send notifications, of another method or broker, speaks of this deposit.
    Forge(PaymentEventKind),
}

/// A payment that was made.
pub struct Paid {
    pub amount: Decimal,
    pub currency: String,
    /// When, by the provider's clock.
    pub at: Ms,
    pub reference: String,
    /// How it was taken back.
    pub taken_back: Option<PaymentEventKind>,
    /// The last time of those that we have taken as durable of its being paid.
    pub told: Option<Timestamp>,
    /// The same of its being taken back.
    pub told_back: Option<Timestamp>,
    /// Whether it was taken back once and came again.
    pub reinstated: bool,
}

/// A notification.
pub struct Note {
    pub deposit: usize,
    pub notification: Notification,
    pub sender: (String, String),
    pub forged: bool,
    /// Of which payment.
    pub payment: Option<usize>,
    /// Whether we answered that it is durable, and the provider knows.
    pub answered: bool,
}

/// The truth of the payments.
pub struct Provider {
    /// By deposit, those made.
    pub payments: Vec<Vec<Paid>>,
    /// By deposit, when a try was last declined, by the provider's clock.
    pub declined: Vec<Option<Ms>>,
    pub notes: Vec<Note>,
    /// How far its clock is off.
    offset: Ms,
    /// Whether its clock knows seconds only.
    coarse: bool,
    last: Ms,
}

impl Provider {
    pub fn new(rng: &mut Rng, deposits: usize) -> Self {
        Self {
            payments: (0..deposits).map(|_| Vec::new()).collect(),
            declined: vec![None; deposits],
            notes: Vec::new(),
            offset: rng.i64(-HOUR..=HOUR),
            coarse: rng.u8(..8) == 0,
            last: -2 * HOUR,
        }
    }

    /// Its clock never shows the same twice, unless it is coarse.
    fn clock(&mut self, now: Ms) -> Ms {
        self.last = (now + self.offset).max(self.last + 10);
        if self.coarse {
            self.last - self.last.rem_euclid(SECOND)
        } else {
            self.last
        }
    }

    /// Whether everything was told.
    pub fn has_told_all(&self) -> bool {
        self.notes.iter().all(|note| note.answered)
    }
}

impl World {
    /// Something happens at the provider, and a notification tells of it.
    pub fn provider_does(&mut self, deposit: usize, doing: Doing) {
        tell!(self, "provider: {doing:?} of deposit {deposit}");
        let at = self.provider.clock(self.now);
        let order = &self.orders[deposit];
        let (amount, currency) = (order.amount, order.currency.clone());
        let expired = self.table.status(deposit) == Some(deposits::Status::Expired);
        match doing {
            Doing::Pending => self.notes_of(deposit, PaymentEventKind::Pending, at, None),
            Doing::Decline => {
                self.seen.event(Event::Declined);
                self.provider.declined[deposit] = Some(at);
                self.notes_of(deposit, PaymentEventKind::Failed, at, None);
            }
            Doing::Pay | Doing::PayOtherAmount | Doing::PayOtherCurrency => {
                let (amount, currency) = match doing {
                    Doing::PayOtherAmount => (amount + Decimal::ONE, currency),
                    Doing::PayOtherCurrency => (amount, "JPY".into()),
                    _ => (amount, currency),
                };
                let before = &self.provider.payments[deposit];
                let events = [
                    (Event::PaidOtherAmount, doing == Doing::PayOtherAmount),
                    (Event::PaidOtherCurrency, doing == Doing::PayOtherCurrency),
                    (Event::PaidTwice, !before.is_empty()),
                    (Event::PaidAfterDecline, self.provider.declined[deposit].is_some()),
                    (Event::PaidAfterExpiry, expired),
                ];
                let number = before.len();
                for (event, met) in events {
                    if met {
                        self.seen.event(event);
                    }
                }
                self.provider.payments[deposit].push(Paid {
                    amount,
                    currency,
                    at,
                    reference: format!("pay{number}"),
                    taken_back: None,
                    told: None,
                    told_back: None,
                    reinstated: false,
                });
                self.notes_of(deposit, PaymentEventKind::Paid, at, Some(number));
                if self.strikes(Fault::Reworded) {
                    self.notes_of(deposit, PaymentEventKind::Paid, at - 1, Some(number));
                }
            }
            Doing::TakeBack(kind) => self.take_back(deposit, kind, at),
            Doing::Reinstate => {
                let payments = &mut self.provider.payments[deposit];
                let lost = payments.iter().position(|payment| payment.taken_back.is_some());
                if let Some(lost) = lost {
                    payments[lost].taken_back = None;
                    payments[lost].reinstated = true;
                    self.seen.event(Event::Reinstated);
                    self.notes_of(deposit, PaymentEventKind::Paid, at, Some(lost));
                }
            }
            Doing::Forge(kind) => self.forge(deposit, kind, at),
        }
    }

    fn take_back(&mut self, deposit: usize, kind: PaymentEventKind, at: Ms) {
        let payments = &mut self.provider.payments[deposit];
        let held = payments.iter().position(|payment| payment.taken_back.is_none());
        let Some(held) = held else {
            return;
        };
        payments[held].taken_back = Some(kind);
        let told = payments[held].told.is_some();
        let status = self.table.status(deposit);
        let events = [
            (Event::Refunded, kind == PaymentEventKind::Refunded),
            (Event::ChargedBack, kind == PaymentEventKind::ChargedBack),
            (Event::TakenBack, kind == PaymentEventKind::Failed),
            (Event::TakenBackBeforeToldPaid, !told),
            (
                Event::TakenBackWhileCrediting,
                status == Some(deposits::Status::Crediting),
            ),
            (
                Event::TakenBackAfterCredit,
                status == Some(deposits::Status::Credited),
            ),
        ];
        for (event, met) in events {
            if met {
                self.seen.event(event);
            }
        }
        self.notes_of(deposit, kind, at, Some(held));
    }

    /// A notification of the order's own method and broker.
    fn notes_of(&mut self, deposit: usize, kind: PaymentEventKind, at: Ms, payment: Option<usize>) {
        let order = &self.orders[deposit];
        let of = payment.map(|payment| &self.provider.payments[deposit][payment]);
        let notification = Notification {
            deposit: id(deposit),
            event: PaymentEvent {
                kind,
                at: timestamp(at),
                amount: of.map_or(order.amount, |of| of.amount),
                currency: of.map_or(&order.currency, |of| &of.currency).clone(),
                reference: of.map_or("try".into(), |of| of.reference.clone()),
            },
            reason: (kind == PaymentEventKind::Failed).then(|| "declined".into()),
        };
        let sender = (order.method.clone(), order.broker.clone());
        self.send(Note {
            deposit,
            notification,
            sender,
            forged: false,
            payment,
            answered: false,
        });
    }

    fn forge(&mut self, deposit: usize, kind: PaymentEventKind, at: Ms) {
        self.seen.event(Event::Forged);
        let order = &self.orders[deposit];
        let notification = Notification {
            deposit: id(deposit),
            event: PaymentEvent {
                kind,
                at: timestamp(at),
                amount: order.amount,
                currency: order.currency.clone(),
                reference: "forged".into(),
            },
            reason: None,
        };
        let sender = if self.rng.bool() {
            ("other method".into(), order.broker.clone())
        } else {
            (order.method.clone(), "other broker".into())
        };
        self.send(Note {
            deposit,
            notification,
            sender,
            forged: true,
            payment: None,
            answered: false,
        });
    }

    fn send(&mut self, note: Note) {
        self.provider.notes.push(note);
        let note = self.provider.notes.len() - 1;
        let within = [SECOND, SECOND, 30 * SECOND, 10 * MINUTE, HOUR][self.rng.usize(..5)];
        self.later(within, Happening::Deliver { note });
        if self.strikes(Fault::Replayed) {
            self.later(36 * HOUR, Happening::Replay { note });
        }
    }
}
