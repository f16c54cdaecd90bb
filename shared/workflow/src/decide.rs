//! Recording an operator's decision.

use std::fmt;

use domain::{Principal, RecordId};
use jiff::Timestamp;

use crate::{
    Actor, CommitOutcome, Environment, Named, OperatorDecision, Record, Status, Store, StoreError, Workflow,
    commit, guard,
};

/// An operator who makes a decision.
#[derive(Clone, Copy, Debug)]
pub struct Operator<'a> {
    /// The version of the record that the operator looked at.
    pub seen: u64,
    /// Who it is, stored for ever.
    pub by: &'a Principal,
    /// The id of the operator's request. The same request may be sent again.
    pub request: &'a RecordId,
    /// The operator's reason, stored for ever.
    pub reason: &'a str,
}

/// Why an operator's decision was not recorded. `R` is the workflow's own reason to refuse it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError<W: Workflow, R: fmt::Display> {
    /// No such record.
    #[error("there is no such {}", W::KIND)]
    NotFound,
    /// The record's status is not one that an operator decides about.
    #[error("the {} is {_0}: only one in {} is for an operator to decide", W::KIND, for_operators::<W>())]
    NotOpen(W::Status),
    /// The workflow does not allow the decision.
    #[error("{0}")]
    Refused(R),
    /// No reason was given.
    #[error("a reason is needed: it is kept for ever")]
    NoReason,
    /// The record was changed since the operator looked at it.
    #[error("the {} has just changed: look at it again", W::KIND)]
    Changed,
    /// The table failed: the decision may have been recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records an operator's decision about the version of a record that the operator [saw](Operator::seen). If the
/// record has changed since, for example by another operator's decision, the operator has to look at it again.
/// `rule` makes the next version and the detail for its history, or refuses. It may call the table.
///
/// If the operator's request is already recorded, returns the record as it is now, and writes nothing.
///
/// # Errors
/// [`DecideError`].
pub async fn decide<W: Workflow, R: fmt::Display>(
    store: &impl Store<W>,
    environment: &impl Environment,
    id: &RecordId,
    operator: Operator<'_>,
    rule: impl AsyncFnOnce(&Record<W>, Timestamp) -> Result<(Record<W>, W::Detail), DecideError<W, R>>,
) -> Result<Record<W>, DecideError<W, R>> {
    if guard!(DecisionHasReason, operator.reason.trim().is_empty()) {
        return Err(DecideError::NoReason);
    }
    let record = store.load(id).await?.ok_or(DecideError::NotFound)?;
    if is_recorded(&record, operator) {
        return Ok(record);
    }
    if guard!(DecisionIsAsked, !record.status.needs_operator()) {
        return Err(DecideError::NotOpen(record.status));
    }
    if guard!(DecisionOnWhatWasSeen, record.version != operator.seen) {
        return Err(DecideError::Changed);
    }
    let (mut next, detail) = rule(&record, environment.now()).await?;
    next.decision = Some(OperatorDecision {
        request: operator.request.clone(),
        by: operator.by.clone(),
        version: next.version,
    });
    let by = Actor::Operator(operator.by.clone());
    match commit(store, environment, next, by, Some(detail)).await? {
        CommitOutcome::Ours(record) => Ok(record),
        CommitOutcome::Theirs(held) if is_recorded(&held, operator) => Ok(held),
        CommitOutcome::Theirs(_) if guard!(LateDecisionIsRefused, true) => Err(DecideError::Changed),
        CommitOutcome::Theirs(record) => Ok(record),
    }
}

/// Whether the record has this request's decision, from an earlier try whose answer was lost.
fn is_recorded<W: Workflow>(record: &Record<W>, operator: Operator<'_>) -> bool {
    let decision = record.decision.as_ref();
    decision
        .is_some_and(|decision| decision.request == *operator.request && decision.by.is_same_as(operator.by))
}

/// The statuses that operators decide about, for an error message.
fn for_operators<W: Workflow>() -> String {
    let all = W::Status::ALL.iter().filter(|status| status.needs_operator());
    all.map(|status| status.as_str()).collect::<Vec<_>>().join(" or ")
}
