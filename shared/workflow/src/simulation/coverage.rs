//! Coverage: how often the schedules met each fault, event and change. A simulation that never meets a fault
//! proves nothing about it.

use std::fmt;

use crate::{Actor, Named, Workflow, simulation::Model};

/// An enum that lists its variants. [`kinds!`](crate::kinds!) declares one.
pub trait Kind: Copy + fmt::Debug + PartialEq + 'static {
    /// All variants.
    const ALL: &'static [Self];

    /// The variant's index in [`Kind::ALL`].
    fn position(self) -> usize;
}

/// Declares an enum that lists its variants.
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
    /// The faults of the table, of functions, of operators and of publishing. Each strikes with a probability
    /// that the schedule draws.
    pub enum Fault {
        /// The table refuses the call: nothing is read or written.
        Throttled,
        /// The write is applied, and its answer is lost.
        WrittenAnswerLost,
        /// The write is lost, and no answer comes.
        LostBeforeWrite,
        /// No answer comes, and the write is applied later.
        WrittenLater,
        /// The SDK sends the write twice, and reports the outcome of the second.
        RetriedBySdk,
        /// The index does not show the last changes yet.
        IndexLags,
        /// The operating system gives no random numbers.
        NoRandomness,
        /// Thousands of other records, whose traders gave up, are due for longer than all that matter.
        Abandoned,
        /// The function's machine pauses while the table answers.
        Paused,
        /// The function is killed.
        Crash,
        /// Two rounds start at the same time.
        TwoReconcilers,
        /// A round has hardly any time.
        ShortRound,
        /// Two operators look at the same record.
        TwoOperators,
        /// An operator makes a decision that must be refused.
        CarelessOperator,
        /// An operator gives no reason.
        NoReason,
        /// The operator does not get the answer to a decision, and sends the same request again.
        DecisionAnswerLost,
        /// A change does not reach the publisher.
        StreamLost,
        /// The publisher is killed before it marks the record as published.
        MarkLost,
    }
}

kinds! {
    /// The events that the schedules have to meet for the proof to mean something.
    pub enum Event {
        /// A function was killed at its timeout.
        Killed,
        /// A round wrote a record.
        RoundUpdated,
        /// A round published a record again.
        RoundRepublished,
        /// A round could not write a record.
        RoundProblem,
        /// A round left a record because time was up.
        RoundLeft,
        /// A round found a record stuck.
        RoundStuck,
        /// A round could not count the open records.
        RoundStore,
        /// An operator's decision was recorded.
        Decided,
        /// The record's status was not one that operators decide about.
        DecideNotOpen,
        /// The workflow refused the decision.
        DecideRefused,
        /// The operator gave no reason.
        DecideNoReason,
        /// The record had changed.
        DecideChanged,
        /// The table did not answer.
        DecideStore,
        /// A record was published after its first publication was lost.
        PublishedAfterLoss,
    }
}

/// The writer of a change: an [`Actor`] without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<P> {
    /// The trader.
    Trader,
    /// An outside party.
    Provider,
    /// `reconcile`.
    Reconcile,
    /// Another program of the workflow.
    Program(P),
    /// An operator.
    Operator,
}

impl<P: Named> By<P> {
    /// The kind of the actor.
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
    /// Lists the due records of a status.
    ListDue,
    /// Counts the records of a status.
    Count,
    /// Publishes a record again.
    Republish,
    /// Writes a record in this status.
    Write(S),
    /// A call to the workflow's own outside.
    Outside(&'static str),
}

/// The call of a model's workflow.
pub(super) type CallOf<M> = Call<<<M as Model>::Workflow as Workflow>::Status>;

/// A change of status: from, to, and the writer.
pub type Change<W> = (
    <W as Workflow>::Status,
    <W as Workflow>::Status,
    By<<W as Workflow>::Program>,
);

/// Counts of everything that the schedules met.
pub struct Coverage<M: Model> {
    /// The number of schedules.
    pub schedules: u64,
    /// The number of steps of functions.
    pub steps: u64,
    faults: Vec<u64>,
    events: Vec<u64>,
    own_faults: Vec<u64>,
    own_events: Vec<u64>,
    changes: Vec<u64>,
    calls: Vec<CallOf<M>>,
    /// For each call, how many functions were killed before and after its effect.
    deaths: Vec<[u64; 2]>,
}

impl<M: Model> Default for Coverage<M> {
    fn default() -> Self {
        let mut calls = vec![Call::Load, Call::ListDue, Call::Count, Call::Republish];
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

    /// Counts an event.
    pub fn event(&mut self, event: Event) {
        self.events[event.position()] += 1;
    }

    /// Counts an event of the workflow's own outside.
    pub fn met(&mut self, event: M::Event) {
        self.own_events[event.position()] += 1;
    }

    /// Counts a change of status. False if the diagram does not have it.
    pub(super) fn change(&mut self, change: &Change<M::Workflow>) -> bool {
        let known = M::CHANGES.iter().position(|known| known == change);
        if let Some(known) = known {
            self.changes[known] += 1;
        }
        known.is_some()
    }

    /// Counts a function that was killed at a call.
    pub(super) fn death(&mut self, call: CallOf<M>, after_effect: bool) {
        // A write that is not in the diagram is reported elsewhere.
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

    /// All names with their counts.
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
