//! One schedule: what a seed makes of the world, and which of the running functions goes on when.

use std::{
    cell::{RefCell, RefMut},
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use deposits::{Account, Order, PaymentEventKind};
use fastrand::Rng;
use rust_decimal::Decimal;
use workflow::guard;

use crate::{
    coverage::{Coverage, Event, Fault},
    ctrader::Backend,
    events::Happening,
    functions, operator,
    provider::Doing,
    world::{Function, HOUR, MINUTE, Ms, Run, SECOND, World, tell, timestamp},
};

/// How long a function may run: `Timeout` in `template.yaml`.
const TIMEOUT: Ms = 30 * SECOND;

/// How many functions run at once, at most.
const MOST_AT_ONCE: usize = 6;

/// How many steps the faults may last, in an outage of days, and how many rounds it may take until nothing is left to be
/// done.
const STEPS: usize = 500;
const STEPS_OF_OUTAGE: usize = 10_000;
const ROUNDS: usize = 40;

/// What became of a schedule.
pub struct Outcome {
    /// The first invariant that did not hold.
    pub broken: Option<String>,
    pub trace: Vec<String>,
    pub seen: Box<Coverage>,
}

/// Runs the schedule of that seed.
pub fn run(seed: u64, seen: Box<Coverage>, traced: bool) -> Outcome {
    let mut schedule = Schedule::new(seed, seen, traced);
    for _ in 0..schedule.steps {
        if schedule.is_broken() || !schedule.step() {
            break;
        }
    }
    schedule.settle();
    let Schedule { world, functions, .. } = schedule;
    drop(functions);
    let mut world = world.borrow_mut();
    world.seen.schedules += 1;
    Outcome {
        broken: world.broken.take(),
        trace: world.trace.take().unwrap_or_default(),
        seen: std::mem::take(&mut world.seen),
    }
}

type Running = Pin<Box<dyn Future<Output = ()>>>;

struct Schedule {
    world: Rc<RefCell<World>>,
    /// In the order of [`World::runs`].
    functions: Vec<Running>,
    started: usize,
    /// How many steps the faults may last.
    steps: usize,
}

impl Schedule {
    fn new(seed: u64, seen: Box<Coverage>, traced: bool) -> Self {
        let mut rng = Rng::with_seed(mixed(seed));
        let mut accounts = Vec::new();
        let mut orders = Vec::new();
        for index in 0..[1, 1, 1, 2, 3][rng.usize(..5)] {
            let login = 1_000 + rng.i64(0..=index);
            let order = order(&mut rng, login);
            if accounts.iter().all(|(known, _)| *known != login) {
                accounts.push((login, account(&mut rng, &order)));
            }
            orders.push(order);
        }
        let ctrader = Backend {
            accounts,
            effects: Vec::new(),
            on_the_way: Vec::new(),
        };
        let mut world = World::new(rng, orders, ctrader, seen, traced);
        let outage = world.rng.u16(..400) == 0;
        if outage {
            world.plan_outage();
        } else {
            world.plan();
        }
        Self {
            world: Rc::new(RefCell::new(world)),
            functions: Vec::new(),
            started: 0,
            steps: if outage { STEPS_OF_OUTAGE } else { STEPS },
        }
    }

    fn world(&self) -> RefMut<'_, World> {
        self.world.borrow_mut()
    }

    fn is_broken(&self) -> bool {
        self.world().broken.is_some()
    }

    /// One thing happens. False if nothing is left to happen.
    fn step(&mut self) -> bool {
        self.kill();
        let mut world = self.world();
        let now = world.now;
        let awake: Vec<_> = (0..world.runs.len())
            .filter(|at| world.runs[*at].wakes <= now)
            .collect();
        let due = world.agenda.due(now);
        let dice = world.rng.u8(..10);
        if !awake.is_empty() && (dice < 6 || dice < 8 && due == 0) {
            let at = awake[world.rng.usize(..awake.len())];
            let crashes = world.strikes(Fault::Crash);
            drop(world);
            if crashes {
                self.end(at, "crashes");
            } else {
                self.poll(at);
            }
        } else if due > 0 && (awake.is_empty() || dice < 9) {
            let nth = world.rng.usize(..due);
            let happening = world.agenda.take(now, nth);
            drop(world);
            self.happen(happening);
        } else if !awake.is_empty() {
            let pace = world.pace;
            world.now = world.soon(pace);
        } else {
            let wakes = world.runs.iter().map(|run| run.wakes.min(run.ends + 1)).min();
            let next = world.agenda.next().into_iter().chain(wakes).min();
            let Some(next) = next else {
                return false;
            };
            world.now = now.max(next);
        }
        true
    }

    /// Functions that run for too long are killed.
    fn kill(&mut self) {
        let overdue = |world: &World| world.runs.iter().position(|run| run.ends < world.now);
        loop {
            let found = overdue(&self.world());
            let Some(at) = found else {
                return;
            };
            self.world().seen.event(Event::Killed);
            self.end(at, "is killed");
        }
    }

    /// The function ends where it is.
    fn end(&mut self, at: usize, how: &str) {
        let dead = self.functions.swap_remove(at);
        drop(dead);
        let mut world = self.world();
        let run = world.runs.swap_remove(at);
        tell!(world, "[{} {}] {how}", run.name, run.id);
        if let Some((call, after_effect)) = run.call {
            world.seen.death(call, after_effect);
        }
        world.doubt_crediting();
    }

    fn poll(&mut self, at: usize) {
        self.world().seen.polls += 1;
        let mut context = Context::from_waker(Waker::noop());
        if self.functions[at].as_mut().poll(&mut context).is_ready() {
            drop(self.functions.swap_remove(at));
            self.world().runs.swap_remove(at);
        }
    }

    fn start<F: Future<Output = ()> + 'static>(
        &mut self,
        name: &'static str,
        body: impl FnOnce(Function) -> F,
    ) {
        self.started += 1;
        let id = self.started;
        let function = Function::new(Rc::clone(&self.world), id, name);
        let mut world = self.world();
        let ends = world.now + guard!(FunctionsAreKilled, TIMEOUT, without HOUR);
        world.runs.push(Run {
            id,
            name,
            ends,
            wakes: 0,
            call: None,
            to_count: Vec::new(),
        });
        drop(world);
        self.functions.push(Box::pin(body(function)));
    }

    fn happen(&mut self, happening: Happening) {
        let mut world = self.world();
        match happening {
            Happening::Order { deposit } => world.order(deposit),
            Happening::Provider { deposit, doing } if world.table.row(deposit).is_some() => {
                world.provider_does(deposit, doing);
            }
            Happening::Provider { deposit, doing } => {
                world.later(MINUTE, Happening::Provider { deposit, doing });
            }
            Happening::Look { deposit } => guard!(OperatorsWork, world.look(deposit), without()),
            Happening::Decide { deposit, version } => world.decide(deposit, version),
            Happening::Write(late) => {
                let (deposit, next, transition) = *late;
                tell!(world, "a late write arrives: deposit {deposit} {}", next.status);
                let _ = world.write(deposit, &next, &transition);
            }
            Happening::Due {
                deposit,
                version,
                due,
            } => {
                let _ = world.announce_again(deposit, version, due);
            }
            Happening::Effect(effect) => {
                world.apply(effect);
            }
            Happening::Announce {
                deposit,
                version,
                status,
                since,
            } => world.announce(deposit, version, status, since),
            Happening::Mark {
                deposit,
                version,
                status,
            } => world.mark(deposit, version, status),
            starts if self.functions.len() >= MOST_AT_ONCE => {
                let later = world.soon(MINUTE) + SECOND;
                world.agenda.add(later, starts);
            }
            starts => {
                drop(world);
                self.invoke(starts);
            }
        }
    }

    /// Starts a function.
    fn invoke(&mut self, happening: Happening) {
        match happening {
            Happening::Deliver { note } => {
                let copies = self.world().deliver(note);
                for _ in 0..copies {
                    self.start("payment-events", |function| {
                        functions::payment_events(function, note)
                    });
                }
            }
            Happening::Replay { note } => {
                self.start("payment-events", |function| {
                    functions::payment_events(function, note)
                });
            }
            Happening::Reconcile => {
                let two = self.world().strikes(Fault::TwoReconcilers);
                for _ in 0..=usize::from(two) {
                    self.start("reconcile", functions::round);
                }
            }
            Happening::Stray { deposit } => {
                self.start("credit", |function| functions::stray(function, deposit));
            }
            Happening::Resolve(verdict) => {
                self.start("operator", |function| operator::command(function, verdict));
            }
            _ => {}
        }
    }

    /// The faults are over: everybody does their work until nothing is left, and then everything must be right.
    fn settle(&mut self) {
        {
            let mut world = self.world();
            world.calm = true;
            world.pace = 100;
            tell!(world, "the faults are over");
        }
        let operator_works = self.world().rng.bool();
        self.exhaust();
        for _ in 0..ROUNDS {
            if self.is_broken() {
                return;
            }
            let settled = self.world().is_settled();
            let waiting = self.world().waiting_for_operator();
            if settled && (waiting.is_empty() || !operator_works) {
                break;
            }
            {
                let mut world = self.world();
                let due = world.next_due().unwrap_or_default();
                world.now = due.max(world.now + MINUTE) + 2 * SECOND;
                world.later(SECOND, Happening::Reconcile);
                for note in 0..world.provider.notes.len() {
                    world.later(SECOND, Happening::Deliver { note });
                }
                if operator_works {
                    for deposit in waiting {
                        world.later(SECOND, Happening::Look { deposit });
                    }
                }
            }
            self.exhaust();
        }
        if !self.is_broken() {
            self.world().check_end();
        }
    }

    /// Runs until nothing is left to happen.
    fn exhaust(&mut self) {
        for _ in 0..20_000 {
            if self.is_broken() || !self.step() {
                return;
            }
        }
        self.world().breaks("it never comes to rest".into());
    }
}

/// Seeds that follow each other make generators that are alike at first: this sets them apart (SplitMix64).
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// What a trader asks for.
fn order(rng: &mut Rng, login: i64) -> Order {
    let (digits, scale) = [(100, 0), (125, 1), (100_050, 2)][rng.usize(..3)];
    Order {
        broker: ["alpha", "beta"][rng.usize(..2)].into(),
        method: ["card", "bank"][rng.usize(..2)].into(),
        login,
        amount: Decimal::new(digits, scale),
        currency: "EUR".into(),
        at: timestamp(0),
        wait_seconds: [30, 600, 7_200][rng.usize(..3)],
    }
}

/// The account, which is what the order thinks, mostly.
fn account(rng: &mut Rng, order: &Order) -> Account {
    let right = Account {
        broker: Some(order.broker.clone()),
        currency: order.currency.clone(),
        digits: 2,
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
        3 => Account { digits: 0, ..right },
        _ => right,
    }
}

impl World {
    /// What is going to happen, but for what the functions make of it.
    fn plan(&mut self) {
        let span = [20 * SECOND, 3 * MINUTE, 20 * MINUTE, 3 * HOUR][self.rng.usize(..4)];
        for deposit in 0..self.orders.len() {
            let ordered = self.rng.i64(0..span / 4);
            self.agenda.add(ordered, Happening::Order { deposit });
            for doing in doings(&mut self.rng) {
                let at = ordered + self.rng.i64(0..span);
                self.agenda.add(at, Happening::Provider { deposit, doing });
            }
            for _ in 0..self.rng.u8(..3) {
                let at = ordered + self.rng.i64(1..2 * span);
                self.agenda.add(at, Happening::Look { deposit });
            }
            if self.rng.u8(..4) == 0 {
                let at = ordered + self.rng.i64(1..span);
                self.agenda.add(at, Happening::Stray { deposit });
            }
        }
        for _ in 0..self.rng.u8(1..6) {
            let at = self.rng.i64(0..2 * span);
            self.agenda.add(at, Happening::Reconcile);
        }
    }

    /// cTrader is away for days, and nothing else happens.
    fn plan_outage(&mut self) {
        self.pace = 100;
        for fault in Fault::ALL {
            self.set_odds(*fault, 0);
        }
        let fault = [Fault::AccountUnavailable, Fault::CreditNotDone][self.rng.usize(..2)];
        self.set_odds(fault, 1_000);
        for deposit in 0..self.orders.len() {
            self.doubted[deposit] = true;
            self.agenda.add(0, Happening::Order { deposit });
            let pays = Happening::Provider {
                deposit,
                doing: Doing::Pay,
            };
            self.agenda.add(SECOND, pays);
        }
        for hour in 0..96 {
            self.agenda
                .add(hour * (HOUR + MINUTE) + MINUTE, Happening::Reconcile);
        }
    }

    /// How many copies of a notification arrive now. It is sent again later unless it is answered.
    fn deliver(&mut self, note: usize) -> usize {
        if self.provider.notes[note].answered {
            return 0;
        }
        if !self.calm {
            let again = self.rng.i64(5 * SECOND..5 * MINUTE);
            let at = self.now + again;
            self.agenda.add(at, Happening::Deliver { note });
        }
        if self.strikes(Fault::NotificationLost) {
            0
        } else if self.strikes(Fault::Duplicated) {
            2
        } else {
            1
        }
    }

    fn waiting_for_operator(&self) -> Vec<usize> {
        let rows = self.table.rows();
        let waiting = rows.filter(|(_, row)| row.deposit.status.needs_operator());
        waiting.map(|(index, _)| index).collect()
    }
}

/// What becomes of a payment.
fn doings(rng: &mut Rng) -> Vec<Doing> {
    let ways = [
        PaymentEventKind::Refunded,
        PaymentEventKind::ChargedBack,
        PaymentEventKind::Failed,
    ];
    let taken_back = Doing::TakeBack(ways[rng.usize(..3)]);
    let forged = [
        PaymentEventKind::Pending,
        PaymentEventKind::Paid,
        PaymentEventKind::Failed,
        PaymentEventKind::Refunded,
        PaymentEventKind::ChargedBack,
    ];
    let forged = Doing::Forge(forged[rng.usize(..5)]);
    let any = [
        Doing::Pending,
        Doing::Decline,
        Doing::Pay,
        Doing::Pay,
        Doing::PayOtherAmount,
        Doing::PayOtherCurrency,
        taken_back,
        Doing::Reinstate,
        forged,
    ];
    match rng.u8(..11) {
        0..=2 => vec![Doing::Pay],
        3 => vec![Doing::Pending, Doing::Pay],
        4 => [
            vec![Doing::Decline, Doing::Pay],
            vec![Doing::Decline, Doing::Pending],
            vec![Doing::Pending, Doing::Decline, Doing::Pending, Doing::Pay],
        ][rng.usize(..3)]
        .clone(),
        5 => vec![Doing::Pay, taken_back],
        6 => vec![Doing::Pay, taken_back, Doing::Decline],
        7 => vec![Doing::Pay, taken_back, Doing::Reinstate],
        _ => (0..rng.u8(1..5)).map(|_| any[rng.usize(..any.len())]).collect(),
    }
}
