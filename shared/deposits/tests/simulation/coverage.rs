//! What the schedules have met: a simulation that never meets a fault proves nothing about it.

use deposits::{Actor, Status};

/// An enum that knows all its variants.
macro_rules! kinds {
    ($(#[$of_enum:meta])* $name:ident { $($(#[$of_kind:meta])* $kind:ident),* $(,)? }) => {
        $(#[$of_enum])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of_kind])* $kind),* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$kind),*];
        }
    };
}

kinds! {
    /// What can go wrong, or be done in an unlucky moment. Each strikes with odds that the schedule draws.
    Fault {
        /// The table refuses: nothing is read or written.
        Throttled,
        /// Written, and the answer lost.
        WrittenAnswerLost,
        /// Not written, and no answer.
        LostBeforeWrite,
        /// No answer; written later, when nobody expects it any more.
        WrittenLater,
        /// The SDK sends the write twice, and reports what became of the second.
        RetriedBySdk,
        /// The index does not show the last changes yet.
        IndexLags,
        /// The operating system gives no random numbers.
        NoRandomness,
        /// The function's machine stands still while the table answers.
        Paused,
        /// The function dies.
        Crash,
        /// cTrader does not say what the account is.
        AccountUnavailable,
        /// cTrader refuses to say what the account is.
        AccountRefused,
        /// The credit was not delivered.
        CreditNotDone,
        /// cTrader refuses the credit.
        CreditRefused,
        /// Credited, and the answer lost.
        CreditedAnswerLost,
        /// Not credited, and no answer.
        LostBeforeCredit,
        /// No answer; credited some seconds later.
        CreditedLater,
        /// Credited, and the answer takes so long that the function may be killed before it comes.
        CreditedSlowly,
        /// A notification never arrives; the provider sends it again.
        NotificationLost,
        /// Our answer to a notification never arrives; the provider sends it again.
        ReplyLost,
        /// A notification arrives twice in the same moment.
        Duplicated,
        /// A notification arrives again much later.
        Replayed,
        /// The provider tells of a payment in other words a second time.
        Reworded,
        /// Two reconcilers start in the same moment.
        TwoReconcilers,
        /// A reconciler has hardly any time.
        ShortRound,
        /// Two operators look at the same deposit.
        TwoOperators,
        /// An operator decides what must be refused.
        CarelessOperator,
        /// An operator gives no reason.
        NoReason,
        /// A change does not reach the announcer.
        StreamLost,
        /// The announcer dies before it writes down that it has announced.
        MarkLost,
    }
}

kinds! {
    /// What happens without any fault, or because of one, and has to be met for the proof to mean something.
    Event {
        /// Functions killed at their timeout.
        Killed,
        AccountOfOtherBroker,
        AccountWithoutBroker,
        AccountInOtherCurrency,
        AccountWithFewerDigits,
        Declined,
        PaidOtherAmount,
        PaidOtherCurrency,
        PaidTwice,
        PaidAfterDecline,
        PaidAfterExpiry,
        Refunded,
        ChargedBack,
        TakenBack,
        TakenBackBeforeToldPaid,
        TakenBackWhileCrediting,
        TakenBackAfterCredit,
        Reinstated,
        Forged,
        AppliedChanged,
        AppliedNothingNew,
        AppliedUnknown,
        AppliedBusy,
        AppliedStore,
        CreditStray,
        CreditStore,
        CreditSentTooLate,
        CreditedByHand,
        RoundMoved,
        RoundAnnouncedAgain,
        RoundProblem,
        RoundLeft,
        RoundStuck,
        RoundStore,
        Resolved,
        ResolveNotOpen,
        ResolveCreditedAlready,
        ResolveNotPaidAsAsked,
        ResolveNoReason,
        ResolveChanged,
        ResolveStore,
        ReviewDeferredTooOften,
        ReviewPaidBeforeFailed,
        ReviewPaidOtherwise,
        ReviewPaidMoreThanOnce,
        ReviewTakenBack,
        ReviewPaidAgain,
        ReviewOtherPayment,
        ReviewAccountRefused,
        ReviewCreditRefused,
        AnnouncedAfterOutage,
    }
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Provider,
    Credit,
    Reconcile,
    Operator,
}

impl By {
    pub fn new(actor: &Actor) -> Option<Self> {
        match actor {
            Actor::Trader => None,
            Actor::Provider => Some(Self::Provider),
            Actor::Credit => Some(Self::Credit),
            Actor::Reconcile => Some(Self::Reconcile),
            Actor::Operator(_) => Some(Self::Operator),
        }
    }
}

/// A call that a function makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Load,
    Open,
    Account,
    Credit,
    AnnounceAgain,
    /// Of that status.
    Write(Status),
}

impl Call {
    /// All of them: nothing here writes the first version of a deposit.
    const ALL: [Self; 13] = {
        use {Call::*, Status::*};
        [
            Load,
            Open,
            Account,
            Call::Credit,
            AnnounceAgain,
            Write(Pending),
            Write(Paid),
            Write(Crediting),
            Write(Credited),
            Write(Failed),
            Write(Expired),
            Write(Review),
            Write(Unknown),
        ]
    };
}

/// The states' diagram, with who may. Nothing else may happen, and all of this has to.
pub const TRANSITIONS: &[(Status, Status, By)] = {
    use {By::*, Status::*};
    &[
        (Created, Pending, Provider),
        (Created, Paid, Provider),
        (Created, Failed, Provider),
        (Created, Review, Provider),
        (Created, Expired, Reconcile),
        (Pending, Pending, Provider),
        (Pending, Paid, Provider),
        (Pending, Failed, Provider),
        (Pending, Review, Provider),
        (Pending, Expired, Reconcile),
        (Failed, Failed, Provider),
        (Failed, Pending, Provider),
        (Failed, Paid, Provider),
        (Failed, Review, Provider),
        (Expired, Expired, Provider),
        (Expired, Pending, Provider),
        (Expired, Paid, Provider),
        (Expired, Review, Provider),
        (Paid, Crediting, By::Credit),
        (Paid, Paid, By::Credit),
        (Paid, Paid, Provider),
        (Paid, Review, By::Credit),
        (Paid, Review, Provider),
        (Crediting, Credited, By::Credit),
        (Crediting, Paid, By::Credit),
        (Crediting, Review, By::Credit),
        (Crediting, Unknown, By::Credit),
        (Crediting, Unknown, Reconcile),
        (Credited, Credited, Provider),
        (Credited, Review, Provider),
        (Review, Review, Provider),
        (Review, Credited, Operator),
        (Review, Paid, Operator),
        (Review, Failed, Operator),
        (Unknown, Unknown, Provider),
        (Unknown, Credited, Operator),
        (Unknown, Paid, Operator),
        (Unknown, Failed, Operator),
    ]
};

/// How often each was met.
#[derive(Clone)]
pub struct Coverage {
    pub schedules: u64,
    pub polls: u64,
    pub credits: u64,
    faults: [u64; Fault::ALL.len()],
    events: [u64; Event::ALL.len()],
    transitions: [u64; TRANSITIONS.len()],
    /// By call, functions that died before and after its effect.
    deaths: [[u64; 2]; Call::ALL.len()],
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            schedules: 0,
            polls: 0,
            credits: 0,
            faults: [0; Fault::ALL.len()],
            events: [0; Event::ALL.len()],
            transitions: [0; TRANSITIONS.len()],
            deaths: [[0; 2]; Call::ALL.len()],
        }
    }
}

impl Coverage {
    pub fn fault(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }

    pub fn event(&mut self, event: Event) {
        self.events[event as usize] += 1;
    }

    /// Whether the diagram has it.
    pub fn transition(&mut self, from: Status, to: Status, by: By) -> bool {
        let known = TRANSITIONS.iter().position(|known| *known == (from, to, by));
        if let Some(known) = known {
            self.transitions[known] += 1;
        }
        known.is_some()
    }

    /// A function died at a call.
    pub fn death(&mut self, call: Call, after_effect: bool) {
        let known = Call::ALL.iter().position(|known| *known == call);
        self.deaths[known.unwrap()][usize::from(after_effect)] += 1;
    }

    pub fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.polls += other.polls;
        self.credits += other.credits;
        let all = [
            (&mut self.faults[..], &other.faults[..]),
            (&mut self.events, &other.events),
            (&mut self.transitions, &other.transitions),
            (self.deaths.as_flattened_mut(), other.deaths.as_flattened()),
        ];
        for (sums, counts) in all {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
    }

    /// Each with how often it was met.
    pub fn lines(&self) -> Vec<(String, u64)> {
        let faults = Fault::ALL.iter().zip(self.faults);
        let events = Event::ALL.iter().zip(self.events);
        let transitions = TRANSITIONS.iter().zip(self.transitions);
        let mut lines = Vec::new();
        lines.extend(faults.map(|(fault, count)| (format!("fault {fault:?}"), count)));
        lines.extend(events.map(|(event, count)| (format!("event {event:?}"), count)));
        lines.extend(transitions.map(|((from, to, by), count)| (format!("{from} -> {to} by {by:?}"), count)));
        for (call, [before, after]) in Call::ALL.iter().zip(self.deaths) {
            lines.push((format!("death before {call:?}"), before));
            lines.push((format!("death after {call:?}"), after));
        }
        lines
    }
}
