//! A deterministic simulation of a workflow: its flows, unchanged, against a simulated table, publisher, operators and clock,
//! and the workflow's own outside. One seed decides everything: what happens outside, which of the running functions goes on
//! next, how much time goes by, and which fault each call meets. `docs/MONEY-PROOF.md` says what is simulated and what must hold.
//!
//! A workflow describes its outside as a [`Model`] and gets the rest:
//!
//! * [`World`] and [`Function`]: the outside and the dice, and what a running function has of them: the ports;
//! * the table and the stream with their [`Fault`]s, functions that die and machines that stand still, operators who look,
//!   hesitate and err;
//! * invariants of every workflow: a history without gaps, writes that take nothing back, decisions about what was seen, what
//!   was said to be written, nothing stuck in silence, every end published, everything counted;
//! * [`prove`], [`prove_replay`] and [`prove_guards`]: the tests.
#![allow(async_fn_in_trait, reason = "the simulation runs on one thread")]

mod agenda;
mod coverage;
mod invariants;
mod prove;
mod schedule;
mod table;
mod world;

use std::fmt;

use domain::RecordId;
use fastrand::Rng;
use jiff::Timestamp;

use crate::{DecideError, Operator, Record, RoundReport, StoreError, Transition, Workflow};

pub use agenda::{Agenda, Happening};
pub use coverage::{By, Call, Change, Coverage, Event, Fault, Kind};
pub use prove::{GuardOf, Schedules, guard_of, prove, prove_guards, prove_replay};
pub use schedule::Start;
pub use table::{Row, Table, id, index};
pub use world::{Function, HOUR, MINUTE, Ms, SECOND, World, since_begin, timestamp};

/// What is outside of a workflow, and what must hold of it beyond what must hold of every workflow.
pub trait Model: Sized + 'static {
    /// The workflow.
    type Workflow: Workflow;

    /// What can go wrong outside.
    type Fault: Kind;

    /// What has to be met outside for the proof to mean something.
    type Event: Kind;

    /// What happens outside.
    type Happening: 'static;

    /// What an operator can decide.
    type Choice: Copy + fmt::Debug + 'static;

    /// Why the workflow refuses a decision.
    type Refusal: fmt::Display;

    /// The states' diagram, with who may. Nothing else may happen, and all of this has to.
    const CHANGES: &'static [Change<Self::Workflow>];

    /// The calls to the outside.
    const CALLS: &'static [&'static str];

    /// Faults that do harm together: some schedules have much of them.
    const FAMILY: &'static [Self::Fault] = &[];

    /// How long an operator waits, after a record came to its status, before the operator looks at what is true outside.
    const LOOK_AFTER: Ms = 0;

    /// The outside of a schedule.
    fn new(rng: &mut Rng) -> Self;

    /// How many records the schedule has: nine at most.
    fn records(&self) -> usize;

    /// Puts on the agenda what is going to happen, but for what the functions make of it.
    fn plan(world: &mut World<Self>);

    /// The trader submits the form of the record of that number.
    fn create(world: &mut World<Self>, index: usize) -> Record<Self::Workflow>;

    /// Whether it starts functions.
    fn starts(happening: &Self::Happening) -> bool;

    /// Whether it is the effect of an earlier call, which is there when its time has come.
    fn lands(_: &Self::Happening) -> bool {
        false
    }

    /// It happens, and starts these functions.
    fn happen(world: &mut World<Self>, happening: Self::Happening) -> Vec<Start<Self>>;

    /// `reconcile`.
    async fn reconcile(
        function: &Function<Self>,
        until: Timestamp,
    ) -> Result<RoundReport<Self::Workflow>, StoreError>;

    /// What an operator finds out is true outside, and decides. Operators believe what they see, and leave it to the workflow
    /// to refuse what must be refused.
    fn decide(world: &mut World<Self>, index: usize) -> Option<Self::Choice>;

    /// What a careless operator decides, without a look outside: something that the table alone has to refuse.
    fn decide_carelessly(world: &mut World<Self>, index: usize) -> Option<Self::Choice>;

    /// The operator's command.
    async fn command(
        function: &Function<Self>,
        id: &RecordId,
        operator: Operator<'_>,
        choice: &Self::Choice,
    ) -> Result<Record<Self::Workflow>, DecideError<Self::Workflow, Self::Refusal>>;

    /// An operator's decision was recorded.
    fn decided(_: &mut World<Self>, _: &Verdict<Self>) {}

    /// An operator's decision was refused.
    fn refused(_: &mut World<Self>, _: &Self::Refusal) {}

    /// Whether the next version keeps what must never be lost of this one.
    fn keeps(held: &Record<Self::Workflow>, next: &Record<Self::Workflow>) -> bool;

    /// Whether a write that is going to be applied is one that may be, beyond the diagram: [`World::breaks`]. Off where guards
    /// are removed.
    fn check_form(
        _: &mut World<Self>,
        _index: usize,
        _next: &Record<Self::Workflow>,
        _: &Transition<Self::Workflow>,
    ) {
    }

    /// What must hold of a write that is going to be applied: [`World::breaks`].
    fn check_write(
        _: &mut World<Self>,
        _index: usize,
        _next: &Record<Self::Workflow>,
        _: &Transition<Self::Workflow>,
    ) {
    }

    /// What must hold after a write: [`World::breaks`].
    fn written(_: &mut World<Self>, _index: usize) {}

    /// The faults are over, and some time has gone by: what the outside does until it has come to its end.
    fn settle(_: &mut World<Self>) {}

    /// Whether the outside has come to its end.
    fn is_settled(_: &World<Self>) -> bool {
        true
    }

    /// What does not hold of a record in the end.
    fn end_of(world: &World<Self>, index: usize, row: &Row<Self::Workflow>) -> Option<String>;
}

/// A decision that an operator gives as a command.
pub struct Verdict<M: Model> {
    /// About which record.
    pub index: usize,
    /// About which version of it.
    pub version: u64,
    /// What.
    pub choice: M::Choice,
    /// Why.
    pub reason: &'static str,
}
