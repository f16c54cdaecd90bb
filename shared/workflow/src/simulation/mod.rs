//! A deterministic simulation of a workflow. It runs the workflow's unchanged flows against a simulated table,
//! publisher, operators and clock, and against the workflow's own outside world. One seed decides everything:
//! the events outside, which running function continues next, how much time passes, and which faults the calls
//! meet. `docs/MONEY-PROOF.md` describes the simulation.
//!
//! A workflow describes its outside as a [`Model`]. This module provides the rest:
//!
//! * [`World`]: the simulated world with its random numbers; [`Function`]: the ports that a running function
//!   has to it;
//! * the table and its stream with their [`Fault`]s, functions that are killed, machines that pause, and
//!   operators who look, wait and make mistakes;
//! * the invariants of every workflow: a history without gaps, writes that take nothing back, decisions about
//!   the version that was seen, confirmed writes that exist, no record stuck in silence, every end published,
//!   everything counted;
//! * the tests: [`prove`], [`prove_replay`] and [`prove_guards`].
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

use crate::{DecideError, Operator, Record, RoundReport, Transition, Workflow};

pub use agenda::{Agenda, Happening};
pub use coverage::{By, Call, Change, Coverage, Event, Fault, Kind};
pub use prove::{GuardOf, Schedules, guard_of, prove, prove_guards, prove_replay};
pub use schedule::Start;
pub use table::{Row, Table, id, index};
pub use world::{Function, HOUR, MINUTE, Ms, SECOND, World, since_begin, timestamp};

/// The outside world of a workflow, and its invariants beyond those of every workflow.
pub trait Model: Sized + 'static {
    /// The workflow.
    type Workflow: Workflow;

    /// The faults of the outside.
    type Fault: Kind;

    /// The events outside that the schedules have to meet for the proof to mean something.
    type Event: Kind;

    /// The events outside.
    type Happening: 'static;

    /// A decision of an operator.
    type Choice: Copy + fmt::Debug + 'static;

    /// Why the workflow refuses a decision.
    type Refusal: fmt::Display;

    /// The state diagram: all allowed changes of status, with the writer. No other change may happen, and each
    /// of these has to.
    const CHANGES: &'static [Change<Self::Workflow>];

    /// The calls to the outside.
    const CALLS: &'static [&'static str];

    /// Faults that do harm together. Some schedules have many of them.
    const FAMILY: &'static [Self::Fault] = &[];

    /// How long after a record got its status an operator looks at the truth outside.
    const LOOK_AFTER: Ms = 0;

    /// The outside at the beginning of a schedule.
    fn new(rng: &mut Rng) -> Self;

    /// How many records the schedule has, up to nine.
    fn records(&self) -> usize;

    /// Puts the events of the outside on the agenda.
    fn plan(world: &mut World<Self>);

    /// The trader submits the form of the record with this number.
    fn create(world: &mut World<Self>, index: usize) -> Record<Self::Workflow>;

    /// Whether the event starts functions.
    fn starts(happening: &Self::Happening) -> bool;

    /// Whether the event is the effect of an earlier call, which is visible from its time on.
    fn lands(_: &Self::Happening) -> bool {
        false
    }

    /// Makes the event happen, and returns the functions that it starts.
    fn happen(world: &mut World<Self>, happening: Self::Happening) -> Vec<Start<Self>>;

    /// Runs a round of `reconcile`.
    async fn reconcile(function: &Function<Self>, until: Timestamp) -> RoundReport<Self::Workflow>;

    /// The decision of an operator who found out the truth outside. Operators believe what they see. The
    /// workflow has to refuse the decisions that must be refused.
    fn decide(world: &mut World<Self>, index: usize) -> Option<Self::Choice>;

    /// The decision of a careless operator, who does not look outside: one that the workflow has to refuse by
    /// the table alone.
    fn decide_carelessly(world: &mut World<Self>, index: usize) -> Option<Self::Choice>;

    /// Runs the operator's command.
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

    /// Whether the next version keeps the data of this one that must never be lost.
    fn keeps(held: &Record<Self::Workflow>, next: &Record<Self::Workflow>) -> bool;

    /// Checks that a write is allowed beyond the diagram, before it is applied. Reports by [`World::breaks`].
    /// Off while guards are removed.
    fn check_form(
        _: &mut World<Self>,
        _index: usize,
        _next: &Record<Self::Workflow>,
        _: &Transition<Self::Workflow>,
    ) {
    }

    /// Checks the invariants of a write before it is applied. Reports by [`World::breaks`].
    fn check_write(
        _: &mut World<Self>,
        _index: usize,
        _next: &Record<Self::Workflow>,
        _: &Transition<Self::Workflow>,
    ) {
    }

    /// Checks the invariants after a write. Reports by [`World::breaks`].
    fn written(_: &mut World<Self>, _index: usize) {}

    /// Called after the faults are over, again and again: the outside does what it has left to do.
    fn settle(_: &mut World<Self>) {}

    /// Whether the outside has nothing left to do.
    fn is_settled(_: &World<Self>) -> bool {
        true
    }

    /// The invariant that a record breaks at the end, if any.
    fn end_of(world: &World<Self>, index: usize, row: &Row<Self::Workflow>) -> Option<String>;
}

/// A decision that an operator gives as a command.
pub struct Verdict<M: Model> {
    /// The record's number.
    pub index: usize,
    /// The version that the operator saw.
    pub version: u64,
    /// The decision.
    pub choice: M::Choice,
    /// The operator's reason.
    pub reason: &'static str,
}
