//! What the schedules have met: a simulation that never meets a fault proves nothing about it.

use std::fmt;

use crate::{Actor, Named, Workflow, simulation::Model};

/// An enum that knows its variants. [`kinds!`](crate::kinds!) declares one.
pub trait Kind: Copy + fmt::Debug + PartialEq + 'static {
    /// All variants.
    const ALL: &'static [Self];

    /// The variant's place in [`Kind::ALL`].
    fn position(self) -> usize;
}

/// Declares an enum that knows its variants.
#[macro_export]
macro_rules! kinds {
    ($(#[$of_enum:meta])* $visibility:vis enum $name:ident { $($(#[$of_kind:meta])* $kind:ident),* $(,)? }) => {
        $(#[$of_enum])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $name { $($(#[$of_kind])* $kind),* }

        impl $crate::simulation::Kind for $name {
            const ALL: &'static [Self] = &[$(Self::$kind),*];

            fn position(self) -> usize {
                self as usize
            }
        }
    };
}

kinds! {
    /// What can go wrong with the table, with functions, with operators and with publishing, or be done in an unlucky moment.
    /// Each strikes with odds that the schedule draws.
    pub enum Fault {
        /// The table refuses: nothing is read or written.
        Throttled,
        /// Written, and the answer lost.
        WrittenAnswerLost,
        /// Not written, and no answer.
        LostBeforeWrite,
        /// No answer; written later, when nobody expects it any more.
        WrittenLater,
        /// The SDK sends the write twice, and reports the outcome of the second.
        RetriedBySdk,
        /// The index does not show the last changes yet.
        IndexLags,
        /// The operating system gives no random numbers.
        NoRandomness,
        /// The function's machine stands still while the table answers.
        Paused,
        /// The function dies.
        Crash,
        /// Two reconcilers start in the same moment.
        TwoReconcilers,
        /// A reconciler has hardly any time.
        ShortRound,
        /// Two operators look at the same record.
        TwoOperators,
        /// An operator decides what must be refused.
        CarelessOperator,
        /// An operator gives no reason.
        NoReason,
        /// A change does not reach the publisher.
        StreamLost,
        /// The publisher dies before it marks the record as published.
        MarkLost,
    }
}

kinds! {
    /// What happens without any fault, or because of one, and has to be met for the proof to mean something.
    pub enum Event {
        /// A function was killed at its timeout.
        Killed,
        /// A round wrote a record.
        RoundUpdated,
        /// A round published a record again.
        RoundRepublished,
        /// A round could not write a record.
        RoundProblem,
        /// A round left a record for want of time.
        RoundLeft,
        /// A round found a record stuck.
        RoundStuck,
        /// A round could not even list what is due.
        RoundStore,
        /// An operator's decision was recorded.
        Decided,
        /// Nobody had to decide.
        DecideNotOpen,
        /// The workflow refused the decision.
        DecideRefused,
        /// The operator gave no reason.
        DecideNoReason,
        /// The record had changed.
        DecideChanged,
        /// The table did not answer.
        DecideStore,
        /// A record was published late: it had been lost before.
        PublishedAfterLoss,
    }
}

/// Who writes: an [`Actor`] without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<P> {
    /// The trader.
    Trader,
    /// An outside party.
    Provider,
    /// `reconcile`.
    Reconcile,
    /// A program of the workflow's own.
    Program(P),
    /// An operator.
    Operator,
}

impl<P: Named> By<P> {
    /// Who that is.
    pub fn new(actor: &Actor<P>) -> Self {
        match actor {
            Actor::Trader => Self::Trader,
            Actor::Provider => Self::Provider,
            Actor::Reconcile => Self::Reconcile,
            Actor::Program(program) => Self::Program(*program),
            Actor::Operator(_) => Self::Operator,
        }
    }
}

impl<P: Named> fmt::Display for By<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trader => f.write_str("trader"),
            Self::Provider => f.write_str("provider"),
            Self::Reconcile => f.write_str("reconcile"),
            Self::Program(program) => f.write_str(program.as_str()),
            Self::Operator => f.write_str("operator"),
        }
    }
}

/// A call that a function makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call<S> {
    /// Loads a record.
    Load,
    /// Lists what is due.
    ListDue,
    /// Publishes a record again.
    Republish,
    /// Writes a record in that status.
    Write(S),
    /// A call to the workflow's own outside.
    Outside(&'static str),
}

/// The call of a model's workflow.
pub(super) type CallOf<M> = Call<<<M as Model>::Workflow as Workflow>::Status>;

/// From one status to another, by whom.
pub type Change<W> = (
    <W as Workflow>::Status,
    <W as Workflow>::Status,
    By<<W as Workflow>::Program>,
);

/// How often each was met.
pub struct Coverage<M: Model> {
    /// Schedules.
    pub schedules: u64,
    /// Steps of functions.
    pub steps: u64,
    faults: Vec<u64>,
    events: Vec<u64>,
    own_faults: Vec<u64>,
    own_events: Vec<u64>,
    changes: Vec<u64>,
    calls: Vec<CallOf<M>>,
    /// By call, functions that died before and after its effect.
    deaths: Vec<[u64; 2]>,
}

impl<M: Model> Default for Coverage<M> {
    fn default() -> Self {
        let mut calls = vec![Call::Load, Call::ListDue, Call::Republish];
        for (_, to, _) in M::CHANGES {
            if !calls.contains(&Call::Write(*to)) {
                calls.push(Call::Write(*to));
            }
        }
        calls.extend(M::CALLS.iter().map(|call| Call::Outside(call)));
        Self {
            schedules: 0,
            steps: 0,
            faults: vec![0; Fault::ALL.len()],
            events: vec![0; Event::ALL.len()],
            own_faults: vec![0; M::Fault::ALL.len()],
            own_events: vec![0; M::Event::ALL.len()],
            changes: vec![0; M::CHANGES.len()],
            deaths: vec![[0; 2]; calls.len()],
            calls,
        }
    }
}

impl<M: Model> Coverage<M> {
    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults[fault.position()] += 1;
    }

    pub(super) fn own_fault(&mut self, fault: M::Fault) {
        self.own_faults[fault.position()] += 1;
    }

    /// That happened.
    pub fn event(&mut self, event: Event) {
        self.events[event.position()] += 1;
    }

    /// That happened in the workflow's own outside.
    pub fn met(&mut self, event: M::Event) {
        self.own_events[event.position()] += 1;
    }

    /// Whether the diagram has it.
    pub(super) fn change(&mut self, change: &Change<M::Workflow>) -> bool {
        let known = M::CHANGES.iter().position(|known| known == change);
        if let Some(known) = known {
            self.changes[known] += 1;
        }
        known.is_some()
    }

    /// A function died at a call.
    pub(super) fn death(&mut self, call: CallOf<M>, after_effect: bool) {
        // A write that the diagram does not have is found as such.
        if let Some(known) = self.calls.iter().position(|known| *known == call) {
            self.deaths[known][usize::from(after_effect)] += 1;
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.steps += other.steps;
        let all = [
            (&mut self.faults, &other.faults),
            (&mut self.events, &other.events),
            (&mut self.own_faults, &other.own_faults),
            (&mut self.own_events, &other.own_events),
            (&mut self.changes, &other.changes),
        ];
        for (sums, counts) in all {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        for (sums, counts) in self.deaths.iter_mut().zip(&other.deaths) {
            sums[0] += counts[0];
            sums[1] += counts[1];
        }
    }

    /// Each with how often it was met.
    pub(super) fn lines(&self) -> Vec<(String, u64)> {
        fn named<K: Kind>(what: &str, counts: &[u64]) -> Vec<(String, u64)> {
            let counted = K::ALL.iter().zip(counts);
            counted
                .map(|(kind, count)| (format!("{what} {kind:?}"), *count))
                .collect()
        }
        let mut lines = named::<Fault>("fault", &self.faults);
        lines.extend(named::<M::Fault>("fault", &self.own_faults));
        lines.extend(named::<Event>("event", &self.events));
        lines.extend(named::<M::Event>("event", &self.own_events));
        for ((from, to, by), count) in M::CHANGES.iter().zip(&self.changes) {
            lines.push((format!("{from} -> {to} by {by}"), *count));
        }
        for (call, [before, after]) in self.calls.iter().zip(&self.deaths) {
            lines.push((format!("death before {call:?}"), *before));
            lines.push((format!("death after {call:?}"), *after));
        }
        lines
    }
}
