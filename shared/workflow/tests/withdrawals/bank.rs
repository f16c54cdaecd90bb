//! The outside of withdrawals: a bank, and the invariants of its payouts.

use fastrand::Rng;
use jiff::Timestamp;
use workflow::{
    Actor, DecideError, Operator, RecordId, RoundReport, StoreError, Transition, reconcile,
    simulation::{
        By, Call, Change, Function, HOUR, Happening, MINUTE, Model, Ms, Row, SECOND, Start, Verdict, id,
        index,
    },
};

use crate::withdrawal::{Bank, BankAnswer, Choice, Program, Record, Status, Withdrawal, pay, resolve};

/// The truth at the bank.
pub struct World {
    records: usize,
    /// The paid withdrawals, with the time.
    payouts: Vec<(usize, Ms)>,
}

type Simulation = workflow::simulation::World<World>;

workflow::kinds! {
    pub enum Fault {
        /// The bank is not reached.
        NotDone,
        /// The payout is made, and its answer is lost.
        PaidAnswerLost,
        /// The payout is lost, and no answer comes.
        LostBeforePay,
        /// No answer comes, and the payout is made some seconds later.
        PaidLater,
        /// The payout is made, and the function may be killed before the slow answer comes.
        PaidSlowly,
    }
}

workflow::kinds! {
    pub enum Event {
        PaidOut,
        Rejected,
        DeferredTooOften,
    }
}

/// How long after the connection was lost the bank may still pay.
const LANDS_WITHIN: Ms = 5 * SECOND;

/// An event at the bank.
pub enum Banking {
    /// The bank makes a payout whose answer the function no longer waits for.
    Lands(usize),
    /// A function tries to pay out at any time.
    Stray(usize),
}

impl World {
    fn paid(&self, withdrawal: usize) -> Option<u32> {
        let nth = self.payouts.iter().position(|(paid, _)| *paid == withdrawal)?;
        u32::try_from(nth).ok()
    }
}

/// Makes a payout and returns its number.
fn pay_out(world: &mut Simulation, withdrawal: usize) -> u32 {
    if world.model.paid(withdrawal).is_some() {
        world.breaks(format!("withdrawal {withdrawal} is paid twice"));
    }
    world.seen.met(Event::PaidOut);
    let now = world.now;
    world.model.payouts.push((withdrawal, now));
    check_denial(world, withdrawal);
    world.model.paid(withdrawal).unwrap()
}

/// The table must know a payout, have a status that allows for one, or have a later decision of an operator.
fn check_denial(world: &mut Simulation, withdrawal: usize) {
    let paid = world.model.payouts.iter().find(|(paid, _)| *paid == withdrawal);
    let (Some((_, at)), Some(row)) = (paid, world.table.row(withdrawal)) else {
        return;
    };
    let open = matches!(row.record.status, Status::Paying | Status::Paid | Status::Unknown);
    let decided = row.decided.is_some_and(|decided| decided >= *at);
    if !open && !decided {
        let status = row.record.status;
        world.breaks(format!(
            "withdrawal {withdrawal} is paid by the bank, and {status} in the table"
        ));
    }
}

/// The port of one function to the bank.
struct BankClient<'a>(&'a Function<World>);

impl Bank for BankClient<'_> {
    async fn pay(&self, id: &RecordId, _: u32) -> BankAnswer {
        let withdrawal = index(id);
        self.0.sends(Call::Outside("pay")).await;
        let answer = {
            let mut world = self.0.world();
            if world.strikes_own(Fault::NotDone) {
                BankAnswer::NotDone("busy".into())
            } else if world.strikes_own(Fault::LostBeforePay) {
                world.doubted[withdrawal] = true;
                BankAnswer::Unknown("timed out".into())
            } else if world.strikes_own(Fault::PaidLater) {
                world.doubted[withdrawal] = true;
                world.later(LANDS_WITHIN, Happening::Own(Banking::Lands(withdrawal)));
                BankAnswer::Unknown("connection reset".into())
            } else {
                let payout = pay_out(&mut world, withdrawal);
                if world.strikes_own(Fault::PaidAnswerLost) {
                    world.doubted[withdrawal] = true;
                    BankAnswer::Unknown("connection reset".into())
                } else {
                    if world.strikes_own(Fault::PaidSlowly) {
                        let at = world.soon(2 * MINUTE);
                        world.answered_at(self.0, at);
                        world.later(2 * MINUTE, Happening::Reconcile);
                    }
                    BankAnswer::Paid(payout)
                }
            }
        };
        self.0.waits(Call::Outside("pay")).await;
        answer
    }
}

async fn try_to_pay(function: &Function<World>, record: Record) -> Result<Record, StoreError> {
    let paid = pay(function, &BankClient(function), function, record).await;
    match &paid {
        Ok(record) => function.world().check_claim(record),
        Err(_) => function.world().doubt_work(),
    }
    paid
}

impl Model for World {
    type Workflow = Withdrawal;
    type Fault = Fault;
    type Event = Event;
    type Happening = Banking;
    type Choice = Choice;
    type Refusal = &'static str;

    const CHANGES: &'static [Change<Withdrawal>] = {
        use {By::*, Status::*};
        &[
            (Requested, Approved, Operator),
            (Requested, Rejected, Operator),
            (Approved, Paying, Program(self::Program::Pay)),
            (Paying, Paid, Program(self::Program::Pay)),
            (Paying, Approved, Program(self::Program::Pay)),
            (Paying, Requested, Program(self::Program::Pay)),
            (Paying, Unknown, Program(self::Program::Pay)),
            (Paying, Unknown, Reconcile),
            (Unknown, Approved, Operator),
            (Unknown, Rejected, Operator),
            (Unknown, Paid, Operator),
        ]
    };
    const CALLS: &'static [&'static str] = &["pay"];
    const FAMILY: &'static [Fault] = &[Fault::PaidAnswerLost, Fault::LostBeforePay, Fault::PaidLater];
    const LOOK_AFTER: Ms = LANDS_WITHIN + 3 * SECOND;

    fn new(rng: &mut Rng) -> Self {
        Self {
            records: rng.usize(1..4),
            payouts: Vec::new(),
        }
    }

    fn records(&self) -> usize {
        self.records
    }

    fn plan(world: &mut Simulation) {
        let outage = world.rng.u16(..50) == 0;
        let span = [20 * SECOND, 3 * MINUTE, 3 * HOUR][world.rng.usize(..3)];
        for record in 0..world.model.records {
            let created = world.rng.i64(0..span / 4);
            world.agenda.add(created, Happening::Create(record));
            for _ in 0..world.rng.u8(1..4) {
                let at = created + world.rng.i64(1..2 * span);
                world.agenda.add(at, Happening::Look(record));
                world.agenda.add(at, Happening::Own(Banking::Stray(record)));
            }
        }
        for _ in 0..world.rng.u8(1..6) {
            let at = world.rng.i64(0..2 * span);
            world.agenda.add(at, Happening::Reconcile);
        }
        if outage {
            world.only(Fault::NotDone);
            world.steps = 10_000;
            for hour in 0..96 {
                world
                    .agenda
                    .add(span + hour * (HOUR + MINUTE), Happening::Reconcile);
            }
        }
    }

    fn create(world: &mut Simulation, index: usize) -> Record {
        let data = Withdrawal {
            amount: 100,
            payout: None,
        };
        Record::new(
            id(index),
            Status::Requested,
            data,
            world.time(),
            format!("o{index}"),
        )
    }

    fn starts(banking: &Banking) -> bool {
        matches!(banking, Banking::Stray(_))
    }

    fn lands(banking: &Banking) -> bool {
        matches!(banking, Banking::Lands(_))
    }

    fn happen(world: &mut Simulation, banking: Banking) -> Vec<Start<Self>> {
        match banking {
            Banking::Lands(withdrawal) => {
                pay_out(world, withdrawal);
                Vec::new()
            }
            Banking::Stray(withdrawal) => {
                let held = world.table.row(withdrawal).map(|row| row.record.clone());
                let start = |record| {
                    Start::new("pay", async move |function| {
                        drop(try_to_pay(&function, record).await)
                    })
                };
                held.map(start).into_iter().collect()
            }
        }
    }

    async fn reconcile(function: &Function<Self>, until: Timestamp) -> RoundReport<Withdrawal> {
        reconcile(function, function, until, async |record| {
            try_to_pay(function, record).await
        })
        .await
    }

    fn decide(world: &mut Simulation, index: usize) -> Option<Choice> {
        Some(match world.model.paid(index) {
            Some(payout) => Choice::Paid(payout),
            None if world.rng.u8(..4) == 0 => Choice::Reject,
            None => Choice::Approve,
        })
    }

    fn decide_carelessly(world: &mut Simulation, index: usize) -> Option<Choice> {
        let status = world.table.status(index)?;
        let choices = [Choice::Approve, Choice::Reject, Choice::Paid(0)];
        match status {
            Status::Requested => Some(Choice::Paid(0)),
            Status::Unknown => None,
            _ => Some(choices[world.rng.usize(..3)]),
        }
    }

    async fn command(
        function: &Function<Self>,
        id: &RecordId,
        operator: Operator<'_>,
        choice: &Choice,
    ) -> Result<Record, DecideError<Withdrawal, &'static str>> {
        resolve(function, function, id, operator, *choice).await
    }

    fn decided(world: &mut Simulation, verdict: &Verdict<Self>) {
        match verdict.choice {
            Choice::Approve => world.later(MINUTE, Happening::Reconcile),
            Choice::Reject => world.seen.met(Event::Rejected),
            Choice::Paid(_) => {}
        }
    }

    fn keeps(held: &Record, next: &Record) -> bool {
        next.amount == held.amount && (held.payout.is_none() || held.payout == next.payout)
    }

    fn check_write(world: &mut Simulation, _: usize, next: &Record, transition: &Transition<Withdrawal>) {
        if next.status == Status::Requested && transition.by == Actor::Program(Program::Pay) {
            world.seen.met(Event::DeferredTooOften);
        }
    }

    fn written(world: &mut Simulation, index: usize) {
        check_denial(world, index);
    }

    fn end_of(world: &Simulation, index: usize, row: &Row<Withdrawal>) -> Option<String> {
        let paid = world.model.paid(index).is_some();
        let approved = row
            .history
            .iter()
            .any(|transition| transition.status == Status::Approved);
        match row.record.status {
            Status::Paid if !paid => Some("the bank did not pay".into()),
            Status::Rejected if paid => Some("the bank paid".into()),
            _ if paid && !approved => Some("the bank paid what nobody approved".into()),
            Status::Unknown if !world.doubted[index] => Some("nothing kept it from being paid".into()),
            _ => None,
        }
    }
}
