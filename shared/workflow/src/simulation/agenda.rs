//! What is going to happen, and when.

use jiff::Timestamp;

use crate::{
    Record, Transition, Workflow,
    simulation::{Model, Ms, Verdict},
};

/// Something that happens outside of the functions, or starts one.
pub enum Happening<M: Model> {
    /// A trader submits the form of the record of that number.
    Create(usize),
    /// The schedule of `reconcile` is due.
    Reconcile,
    /// An operator looks at a record.
    Look(usize),
    /// An operator finds out what is true, and decides about that version.
    Decide(usize, u64),
    /// An operator gives the command.
    Command(Verdict<M>),
    /// Something of the workflow's own.
    Own(M::Happening),
    /// A write that was given up is applied.
    Write(Box<LateWrite<M::Workflow>>),
    /// A write of the due time that was given up is applied.
    Republish(Version, Timestamp),
    /// The publisher learns of a change.
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

/// A write that was given up.
pub struct LateWrite<W: Workflow> {
    pub(super) index: usize,
    pub(super) next: Record<W>,
    pub(super) transition: Transition<W>,
    /// The function that gave it up.
    pub(super) by: usize,
}

/// What is going to happen.
pub struct Agenda<M: Model> {
    entries: Vec<(Ms, Happening<M>)>,
}

impl<M: Model> Default for Agenda<M> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<M: Model> Agenda<M> {
    /// At that time, or some time after it, this happens.
    pub fn add(&mut self, at: Ms, happening: Happening<M>) {
        self.entries.push((at, happening));
    }

    /// When the next is due.
    pub(super) fn next(&self) -> Option<Ms> {
        self.entries.iter().map(|(at, _)| *at).min()
    }

    /// How many are due.
    pub(super) fn due(&self, now: Ms) -> usize {
        self.entries.iter().filter(|(at, _)| *at <= now).count()
    }

    /// Takes one of those that are due: the `nth`, but what [lands](Model::lands) outside is there when its time has come, for
    /// whoever looks.
    pub(super) fn take(&mut self, now: Ms, nth: usize) -> Option<Happening<M>> {
        let mut due = self.entries.iter().enumerate().filter(|(_, (at, _))| *at <= now);
        let lands = |happening: &Happening<M>| matches!(happening, Happening::Own(own) if M::lands(own));
        let landing = due.clone().find(|(_, (_, happening))| lands(happening));
        let (index, _) = landing.or_else(|| due.nth(nth))?;
        Some(self.entries.swap_remove(index).1)
    }
}
