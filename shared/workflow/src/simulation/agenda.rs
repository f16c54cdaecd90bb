//! The agenda: future events of the simulated world.

use jiff::Timestamp;

use crate::{
    Record, Transition, Workflow,
    simulation::{Model, Ms, Verdict},
};

/// An event outside of the functions, or one that starts a function.
pub enum Happening<M: Model> {
    /// A trader submits the form of the record with this number.
    Create(usize),
    /// The schedule starts `reconcile`.
    Reconcile,
    /// An operator looks at a record.
    Look(usize),
    /// An operator finds out the truth, and decides about this version.
    Decide(usize, u64),
    /// An operator gives the command.
    Command(Verdict<M>),
    /// An event of the workflow's own outside world.
    Own(M::Happening),
    /// The table applies a write whose answer the function no longer waits for.
    Write(Box<LateWrite<M::Workflow>>),
    /// The table applies a write of the due time whose answer the function no longer waits for.
    Republish(Version, Timestamp),
    /// The publisher receives a change.
    Publish(Version, <M::Workflow as Workflow>::Status, Timestamp),
    /// The publisher marks a record as published.
    Mark(Version, <M::Workflow as Workflow>::Status),
}

/// A version of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The record's number.
    pub index: usize,
    /// Its version.
    pub version: u64,
}

/// A write whose answer the function no longer waits for.
pub struct LateWrite<W: Workflow> {
    pub(super) index: usize,
    pub(super) next: Record<W>,
    pub(super) transition: Transition<W>,
    /// The function that sent it.
    pub(super) by: usize,
}

/// Future events, each with its earliest time.
pub struct Agenda<M: Model> {
    entries: Vec<(Ms, Happening<M>)>,
}

impl<M: Model> Default for Agenda<M> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<M: Model> Agenda<M> {
    /// Adds an event that happens at this time or some time after it.
    pub fn add(&mut self, at: Ms, happening: Happening<M>) {
        self.entries.push((at, happening));
    }

    /// The time of the next event.
    pub(super) fn next(&self) -> Option<Ms> {
        self.entries.iter().map(|(at, _)| *at).min()
    }

    /// How many events are due.
    pub(super) fn due(&self, now: Ms) -> usize {
        self.entries.iter().filter(|(at, _)| *at <= now).count()
    }

    /// Takes the `nth` due event. An event that [lands](Model::lands) outside comes first, because its effect
    /// is visible from its time on.
    pub(super) fn take(&mut self, now: Ms, nth: usize) -> Option<Happening<M>> {
        let mut due = self.entries.iter().enumerate().filter(|(_, (at, _))| *at <= now);
        let lands = |happening: &Happening<M>| matches!(happening, Happening::Own(own) if M::lands(own));
        let landing = due.clone().find(|(_, (_, happening))| lands(happening));
        let (index, _) = landing.or_else(|| due.nth(nth))?;
        Some(self.entries.swap_remove(index).1)
    }
}
