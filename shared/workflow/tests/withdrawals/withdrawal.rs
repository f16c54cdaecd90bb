//! Withdrawals as a workflow: an operator approves, and a program pays out exactly once.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use workflow::{
    Actor, CommitOutcome, DecideError, Deferrals, Environment, Operator, RecordId, Store, StoreError,
    Workflow, commit, decide, guard,
};

workflow::named! {
    /// The status of a withdrawal.
    pub enum Status {
        /// The trader asked for it. An operator approves or rejects it.
        Requested = "requested",
        /// It has to be paid out.
        Approved = "approved",
        /// The payout is being sent to the bank.
        Paying = "paying",
        /// The bank has paid.
        Paid = "paid",
        /// Nothing will be paid.
        Rejected = "rejected",
        /// The bank may have paid: an operator finds out.
        Unknown = "unknown",
    }
}

impl workflow::Status for Status {
    fn is_final(self) -> bool {
        matches!(self, Self::Paid | Self::Rejected)
    }

    fn needs_operator(self) -> bool {
        matches!(self, Self::Requested | Self::Unknown)
    }

    fn is_work(self) -> bool {
        self == Self::Approved
    }

    fn waits_for_program(self) -> bool {
        matches!(self, Self::Approved | Self::Paying)
    }
}

workflow::named! {
    /// The program that pays out.
    pub enum Program {
        Pay = "pay",
    }
}

/// Why a withdrawal was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    Bank(String),
    OutcomeNotRecorded,
    Operator(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bank(text) | Self::Operator(text) => f.write_str(text),
            Self::OutcomeNotRecorded => f.write_str("nobody recorded what the bank answered"),
        }
    }
}

/// The data of a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    pub amount: u32,
    /// The bank's number of the payout.
    pub payout: Option<u32>,
}

pub type Record = workflow::Record<Withdrawal>;

/// No function runs for that long, so no answer is still to come.
const STALE_AFTER: SignedDuration = SignedDuration::from_secs(60);

impl Workflow for Withdrawal {
    const KIND: &'static str = "withdrawal";
    type Status = Status;
    type Program = Program;
    type Detail = Reason;
    const DEFERRALS: Deferrals = Deferrals {
        max: 6,
        ..Deferrals::DEFAULT
    };

    fn wait(&self, status: Status) -> SignedDuration {
        if status == Status::Paying {
            STALE_AFTER
        } else {
            SignedDuration::ZERO
        }
    }

    fn overdue(record: &Record, now: Timestamp) -> Option<(Record, Option<Reason>)> {
        let status = guard!(StaleIsNotRepeated, Status::Unknown, without Status::Approved);
        Some((record.next(status, now), Some(Reason::OutcomeNotRecorded)))
    }
}

/// The bank.
pub trait Bank {
    async fn pay(&self, id: &RecordId, amount: u32) -> BankAnswer;
}

#[derive(Clone, Debug)]
pub enum BankAnswer {
    Paid(u32),
    NotDone(String),
    Unknown(String),
}

/// Tries to pay out an approved withdrawal. Returns the record that the table holds afterwards.
pub async fn pay(
    store: &impl Store<Withdrawal>,
    bank: &impl Bank,
    environment: &impl Environment,
    record: Record,
) -> Result<Record, StoreError> {
    let by = Actor::Program(Program::Pay);
    let now = environment.now();
    if guard!(OnlyApprovedIsPaid, record.status != Status::Approved) || !record.is_due(now) {
        return Ok(record);
    }
    let paying = record.next(Status::Paying, now);
    let committed = guard!(
        PayingIsWrittenFirst,
        commit(store, environment, paying, by.clone(), None).await?,
        without CommitOutcome::Ours(record.clone())
    );
    let paying = match committed {
        CommitOutcome::Ours(paying) => paying,
        CommitOutcome::Theirs(held) => guard!(LoserPaysNothing, return Ok(held), without held),
    };
    if environment.now() > now + SignedDuration::from_secs(10) {
        return defer(store, environment, &paying, "no time was left".into()).await;
    }
    let answer = bank.pay(&paying.id, paying.amount).await;
    let now = environment.now();
    match answer {
        BankAnswer::Paid(payout) => {
            let mut paid = paying.next(Status::Paid, now);
            paid.payout = Some(payout);
            Ok(commit(store, environment, paid, by, None).await?.record())
        }
        BankAnswer::NotDone(problem) => defer(store, environment, &paying, problem).await,
        BankAnswer::Unknown(problem) => {
            let status = guard!(UnknownIsNotRepeated, Status::Unknown, without Status::Approved);
            let unknown = paying.next(status, now);
            Ok(
                commit(store, environment, unknown, by, Some(Reason::Bank(problem)))
                    .await?
                    .record(),
            )
        }
    }
}

/// Defers the payout. After too many deferrals an operator has to decide again.
async fn defer(
    store: &impl Store<Withdrawal>,
    environment: &impl Environment,
    record: &Record,
    problem: String,
) -> Result<Record, StoreError> {
    let now = environment.now();
    let deferred = record.deferred(Status::Approved, now);
    let next = deferred.unwrap_or_else(|| record.next(Status::Requested, now));
    let by = Actor::Program(Program::Pay);
    Ok(commit(store, environment, next, by, Some(Reason::Bank(problem)))
        .await?
        .record())
}

/// An operator's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Approve,
    Reject,
    /// The bank's record shows the payout.
    Paid(u32),
}

/// Records an operator's decision.
pub async fn resolve(
    store: &impl Store<Withdrawal>,
    environment: &impl Environment,
    id: &RecordId,
    operator: Operator<'_>,
    choice: Choice,
) -> Result<Record, DecideError<Withdrawal, &'static str>> {
    let detail = Reason::Operator(operator.reason.to_owned());
    let rule = async |record: &Record, now| {
        let mut next = match choice {
            Choice::Approve => record.next(Status::Approved, now),
            Choice::Reject => record.next(Status::Rejected, now),
            Choice::Paid(_) => record.next(Status::Paid, now),
        };
        next.deferrals = 0;
        if let Choice::Paid(payout) = choice {
            if guard!(OnlyUnknownMayBePaid, record.status != Status::Unknown) {
                return Err(DecideError::Refused("nothing was sent to the bank"));
            }
            next.payout = Some(payout);
        }
        Ok((next, detail))
    };
    decide(store, environment, id, operator, rule).await
}
