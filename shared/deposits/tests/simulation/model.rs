//! The outside of deposits, as a seed makes it.

use deposits::{
    Account, Decision, Deposit, DepositBody, Operator, Order, PaymentEventKind, PaymentRecord, PaymentSource,
    Refusal, ResolveError, RoundReport, Status, Transition, reconcile, resolve,
};
use domain::{Money, ProvenLogin};
use fastrand::Rng;
use jiff::Timestamp;
use rust_decimal::Decimal;
use workflow::{
    RecordId,
    simulation::{
        self, Change, HOUR, Happening, MINUTE, Model, Ms, Row, SECOND, Start, Verdict, id, timestamp,
    },
};

use crate::{
    ctrader::{Backend, CTraderClient, Effect, LANDS_WITHIN, apply, credit_by_hand},
    functions::{payment_events, stray},
    invariants,
    kinds::{self, Event, Fault},
    payment_records::{TableClient, put},
    provider::{Act, Provider, carry_out},
};

/// The simulated world, with deposits in it.
pub type World = simulation::World<Outside>;

/// The ports of a running function.
pub type Function = simulation::Function<Outside>;

/// The outside of deposits.
pub struct Outside {
    pub orders: Vec<Order>,
    pub ctrader: Backend,
    pub provider: Provider,
    /// The table's records of payments.
    pub records: Vec<PaymentRecord>,
}

/// The events of the outside.
pub enum Own {
    /// Something happens at the payment provider.
    Provider(usize, Act),
    /// The provider sends a notification, and repeats it until we answer.
    Deliver(usize),
    /// The provider sends a notification that we have already answered.
    Replay(usize),
    /// A function tries to credit a deposit, which may not be due.
    Stray(usize),
    /// cTrader applies a credit whose answer the function no longer waits for.
    Effect(Effect),
    /// The table writes a record whose answer the function no longer waits for.
    Record(Box<PaymentRecord>),
}

/// An operator's decision.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    decision: Decision,
    /// Whether the operator credits the account by hand once the decision is recorded.
    by_hand: bool,
}

/// How many steps a schedule with an outage of days may take.
const STEPS_OF_OUTAGE: usize = 10_000;

impl Model for Outside {
    type Workflow = DepositBody;
    type Fault = Fault;
    type Event = Event;
    type Happening = Own;
    type Choice = Choice;
    type Refusal = Refusal;

    const CHANGES: &'static [Change<DepositBody>] = kinds::CHANGES;
    const CALLS: &'static [&'static str] = &["account", "credit", "record a payment", "recorded payment"];
    const FAMILY: &'static [Fault] = &[
        Fault::LostBeforeCredit,
        Fault::CreditedAnswerLost,
        Fault::CreditedLater,
    ];
    const LOOK_AFTER: Ms = LANDS_WITHIN + 3 * SECOND;

    fn new(rng: &mut Rng) -> Self {
        let mut accounts = Vec::new();
        let mut orders = Vec::new();
        for index in 0..[1, 1, 1, 2, 3][rng.usize(..5)] {
            let login = ProvenLogin::attest(1_000 + rng.i64(0..=index));
            let order = order(rng, login);
            if accounts.iter().all(|(known, _)| *known != login) {
                accounts.push((login, account(rng, &order)));
            }
            orders.push(order);
        }
        Self {
            provider: Provider::new(rng, orders.len()),
            ctrader: Backend {
                accounts,
                effects: Vec::new(),
                on_the_way: Vec::new(),
            },
            records: Vec::new(),
            orders,
        }
    }

    fn records(&self) -> usize {
        self.orders.len()
    }

    fn plan(world: &mut World) {
        if world.rng.u16(..400) == 0 {
            plan_outage(world);
        } else {
            plan(world);
        }
    }

    fn create(world: &mut World, index: usize) -> Deposit {
        let mut order = world.model.orders[index].clone();
        order.at = world.time();
        let status = if order.method.as_str() == "bank" {
            Status::Pending
        } else {
            Status::Created
        };
        let at = order.at;
        let new = Deposit::new(
            id(index),
            status,
            DepositBody::new(order),
            at,
            format!("o{index}"),
        );
        // Other events have nearly filled their part of the item, or filled it.
        let history_size = if world.strikes_own(Fault::FilledItem) {
            world.doubted[index] |= true;
            world.rng.u32(118_000..124_000)
        } else {
            0
        };
        Deposit { history_size, ..new }
    }

    fn starts(own: &Own) -> bool {
        matches!(own, Own::Deliver(_) | Own::Replay(_) | Own::Stray(_))
    }

    fn lands(own: &Own) -> bool {
        matches!(own, Own::Effect(_))
    }

    fn happen(world: &mut World, own: Own) -> Vec<Start<Self>> {
        let notified = |note| Start::new("payment-events", move |function| payment_events(function, note));
        match own {
            Own::Provider(deposit, act) if world.table.row(deposit).is_some() => {
                carry_out(world, deposit, act);
                Vec::new()
            }
            Own::Provider(..) => {
                world.later(MINUTE, Happening::Own(own));
                Vec::new()
            }
            Own::Effect(effect) => {
                apply(world, effect);
                Vec::new()
            }
            Own::Record(record) => {
                put(world, &record);
                Vec::new()
            }
            Own::Deliver(note) => (0..deliver(world, note)).map(|_| notified(note)).collect(),
            Own::Replay(note) => vec![notified(note)],
            Own::Stray(deposit) => vec![Start::new("credit", move |function| stray(function, deposit))],
        }
    }

    async fn reconcile(function: &Function, until: Timestamp) -> RoundReport {
        reconcile(&TableClient(function), &CTraderClient(function), function, until).await
    }

    /// Operators look into cTrader's history. They ask the provider only whether it has a payment.
    fn decide(world: &mut World, deposit: usize) -> Option<Choice> {
        let payment_found = has_payment(world, deposit);
        let credited = |balance_history_id| Decision::Credited {
            balance_history_id,
            payment_found,
        };
        let effect = world.model.ctrader.effect(deposit).map(|effect| effect.id);
        let mut by_hand = false;
        let decision = match effect {
            Some(id) => credited(world.rng.bool().then_some(id)),
            None => match world.rng.u8(..4) {
                0 => Decision::Failed,
                1 => {
                    by_hand = true;
                    credited(None)
                }
                _ => Decision::Retry { payment_found },
            },
        };
        Some(Choice { decision, by_hand })
    }

    fn decide_carelessly(world: &mut World, deposit: usize) -> Option<Choice> {
        let dice = world.rng.u8(..3);
        let held = &world.table.row(deposit)?.record;
        let payment = held.payment.as_ref();
        let paid = payment.is_some_and(|payment| payment.money == held.order.money);
        let open = held.status.needs_operator();
        if open && paid && !held.reversed && held.credit.is_none() {
            return None;
        }
        let decisions = [
            RETRY,
            Decision::Failed,
            Decision::Credited {
                balance_history_id: None,
                payment_found: false,
            },
        ];
        Some(Choice {
            decision: if open { RETRY } else { decisions[usize::from(dice)] },
            by_hand: false,
        })
    }

    async fn command(
        function: &Function,
        id: &RecordId,
        operator: Operator<'_>,
        choice: &Choice,
    ) -> Result<Deposit, ResolveError> {
        resolve(&TableClient(function), function, id, operator, choice.decision).await
    }

    fn decided(world: &mut World, verdict: &Verdict<Self>) {
        if let Decision::Retry { payment_found } = verdict.choice.decision {
            let staff = |record: &PaymentRecord| record.source == PaymentSource::Staff;
            if payment_found && world.model.records.iter().any(staff) {
                world.seen.met(Event::RecordedByStaff);
            }
            world.later(MINUTE, Happening::Reconcile);
        }
        if verdict.choice.by_hand {
            credit_by_hand(world, verdict.index);
        }
    }

    fn refused(world: &mut World, refusal: &Refusal) {
        world.seen.met(match refusal {
            Refusal::CreditedAlready(_) => Event::RefusedCreditedAlready,
            Refusal::NotPaidAsAsked => Event::RefusedNotPaidAsAsked,
            Refusal::PaymentNotRecorded => Event::RefusedNotRecorded,
        });
    }

    fn keeps(held: &Deposit, next: &Deposit) -> bool {
        invariants::keeps(held, next)
    }

    fn check_form(world: &mut World, index: usize, next: &Deposit, transition: &Transition) {
        invariants::check_form(world, index, next, transition);
    }

    fn check_write(world: &mut World, index: usize, next: &Deposit, transition: &Transition) {
        invariants::check_write(world, index, next, transition);
    }

    fn written(world: &mut World, index: usize) {
        invariants::check_denial(world, index);
    }

    fn settle(world: &mut World) {
        for note in 0..world.model.provider.notes.len() {
            world.later(SECOND, Happening::Own(Own::Deliver(note)));
        }
    }

    fn is_settled(world: &World) -> bool {
        world.model.provider.has_reported_all()
    }

    fn end_of(world: &World, index: usize, row: &Row<DepositBody>) -> Option<String> {
        invariants::end_of(world, index, row)
    }
}

/// A retry by an operator who did not ask the provider.
const RETRY: Decision = Decision::Retry { payment_found: false };

/// Whether the provider has the payment that the deposit names.
fn has_payment(world: &World, deposit: usize) -> bool {
    let row = world.table.row(deposit);
    let named = row.and_then(|row| row.record.payment.as_ref());
    named.is_some_and(|named| {
        let payments = &world.model.provider.payments[deposit];
        let mut held = payments.iter().filter(|paid| paid.taken_back.is_none());
        held.any(|paid| paid.reference == named.reference && paid.money == named.money)
    })
}

/// A trader's order.
fn order(rng: &mut Rng, login: ProvenLogin) -> Order {
    let (digits, scale) = [(100, 0), (125, 1), (100_050, 2)][rng.usize(..3)];
    Order {
        broker: ["alpha", "beta"][rng.usize(..2)].into(),
        method: ["card", "bank"][rng.usize(..2)].parse().unwrap(),
        login,
        money: Money::new(Decimal::new(digits, scale), "EUR".parse().unwrap()),
        at: timestamp(0),
        wait_seconds: [30, 600, 7_200][rng.usize(..3)],
        account_digits: [2, 2, 2, 0][rng.usize(..4)],
        unnamed_broker: rng.u8(..4) == 0,
    }
}

/// The account, which mostly matches the order.
fn account(rng: &mut Rng, order: &Order) -> Account {
    let right = Account {
        broker: Some(order.broker.clone()),
        currency: order.money.currency.to_string(),
        digits: Some(2),
    };
    match rng.u8(..24) {
        0 => Account {
            broker: Some("ALPHA".into()),
            ..right
        },
        1 => Account {
            broker: None,
            ..right
        },
        2 => Account {
            currency: "USD".into(),
            ..right
        },
        3 => Account {
            digits: Some(0),
            ..right
        },
        4 => Account {
            digits: None,
            ..right
        },
        _ => right,
    }
}

/// Plans an ordinary schedule.
fn plan(world: &mut World) {
    let span = [20 * SECOND, 3 * MINUTE, 20 * MINUTE, 3 * HOUR][world.rng.usize(..4)];
    for deposit in 0..world.model.orders.len() {
        let ordered = world.rng.i64(0..span / 4);
        world.agenda.add(ordered, Happening::Create(deposit));
        for act in acts(&mut world.rng) {
            let at = ordered + world.rng.i64(0..span);
            world.agenda.add(at, Happening::Own(Own::Provider(deposit, act)));
        }
        for _ in 0..world.rng.u8(..3) {
            let at = ordered + world.rng.i64(1..2 * span);
            world.agenda.add(at, Happening::Look(deposit));
        }
        if world.rng.u8(..4) == 0 {
            let at = ordered + world.rng.i64(1..span);
            world.agenda.add(at, Happening::Own(Own::Stray(deposit)));
        }
    }
    for _ in 0..world.rng.u8(1..6) {
        let at = world.rng.i64(0..2 * span);
        world.agenda.add(at, Happening::Reconcile);
    }
}

/// Plans a schedule in which cTrader is down for days.
fn plan_outage(world: &mut World) {
    world.pace = 100;
    world.steps = STEPS_OF_OUTAGE;
    let fault = [Fault::AccountUnavailable, Fault::CreditNotDone][world.rng.usize(..2)];
    world.only(fault);
    for deposit in 0..world.model.orders.len() {
        world.doubted[deposit] = true;
        world.agenda.add(0, Happening::Create(deposit));
        world
            .agenda
            .add(SECOND, Happening::Own(Own::Provider(deposit, Act::Pay)));
    }
    for hour in 0..96 {
        world
            .agenda
            .add(hour * (HOUR + MINUTE) + MINUTE, Happening::Reconcile);
    }
}

/// How many copies of a notification arrive now. The provider sends it again later unless we answer.
fn deliver(world: &mut World, note: usize) -> usize {
    if world.model.provider.notes[note].answered {
        return 0;
    }
    if !world.calm {
        let at = world.now + world.rng.i64(5 * SECOND..5 * MINUTE);
        world.agenda.add(at, Happening::Own(Own::Deliver(note)));
    }
    if world.strikes_own(Fault::NotificationLost) {
        0
    } else if world.strikes_own(Fault::Duplicated) {
        2
    } else {
        1
    }
}

/// The events of one payment.
fn acts(rng: &mut Rng) -> Vec<Act> {
    let ways = [
        PaymentEventKind::Refunded,
        PaymentEventKind::ChargedBack,
        PaymentEventKind::Failed,
    ];
    let taken_back = Act::TakeBack(ways[rng.usize(..3)]);
    let forged = [
        PaymentEventKind::Pending,
        PaymentEventKind::Paid,
        PaymentEventKind::Failed,
        PaymentEventKind::Refunded,
        PaymentEventKind::ChargedBack,
    ];
    let forged = Act::Forge(forged[rng.usize(..5)]);
    let any = [
        Act::Pending,
        Act::Decline,
        Act::Pay,
        Act::Pay,
        Act::PayOtherAmount,
        Act::PayOtherCurrency,
        taken_back,
        Act::Reinstate,
        forged,
        Act::ForgeItem,
    ];
    match rng.u8(..11) {
        0..=2 => vec![Act::Pay],
        3 => vec![Act::Pending, Act::Pay],
        4 => [
            vec![Act::Decline, Act::Pay],
            vec![Act::Pay, Act::Decline],
            vec![Act::Pending, Act::Decline, Act::Pay],
            vec![Act::Decline, Act::Pending],
            vec![Act::Pending, Act::Decline, Act::Pending, Act::Pay],
        ][rng.usize(..5)]
        .clone(),
        5 => vec![Act::Pay, taken_back],
        6 => vec![Act::Pay, taken_back, Act::Decline],
        7 => vec![Act::Pay, taken_back, Act::Reinstate],
        _ => (0..rng.u8(1..5)).map(|_| any[rng.usize(..any.len())]).collect(),
    }
}
