//! An operator decides.

use std::fmt;

use domain::RecordId;
use jiff::Timestamp;

use crate::{
    Actor, Committed, Environment, Named, Record, Status, Store, StoreError, Workflow, commit, guard,
};

/// An operator who decides.
#[derive(Clone, Copy, Debug)]
pub struct Operator<'a> {
    /// The version of the record that the operator looked at.
    pub seen: u64,
    /// The operator's name. Kept for ever.
    pub name: &'a str,
    /// Why the operator decides so. Kept for ever.
    pub reason: &'a str,
}

/// Why an operator's decision was not recorded. `R` is why the workflow refuses it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError<W: Workflow, R: fmt::Display> {
    /// No such record.
    #[error("there is no such {}", W::KIND)]
    NotFound,
    /// Nobody has to decide about it.
    #[error("the {} is {_0}: only one in {} is for an operator to decide", W::KIND, for_operators::<W>())]
    NotOpen(W::Status),
    /// The workflow does not allow it.
    #[error("{0}")]
    Refused(R),
    /// No reason was given.
    #[error("a reason is needed: it is kept for ever")]
    NoReason,
    /// The record was changed since the operator looked at it.
    #[error("the {} has just changed: look at it again", W::KIND)]
    Changed,
    /// It may have been recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records an operator's decision about a record, as it was [seen](Operator::seen). What has happened since then, another
/// operator's decision not least, is to be looked at first. `rule` makes the next version and says why it was made, or
/// refuses.
///
/// # Errors
/// [`DecideError`].
pub async fn decide<W: Workflow, R: fmt::Display>(
    store: &impl Store<W>,
    environment: &impl Environment,
    id: &RecordId,
    operator: Operator<'_>,
    rule: impl FnOnce(&Record<W>, Timestamp) -> Result<(Record<W>, W::Detail), R>,
) -> Result<Record<W>, DecideError<W, R>> {
    if guard!(DecisionHasReason, operator.reason.trim().is_empty()) {
        return Err(DecideError::NoReason);
    }
    let record = store.load(id).await?.ok_or(DecideError::NotFound)?;
    if guard!(DecisionIsAsked, !record.status.needs_operator()) {
        return Err(DecideError::NotOpen(record.status));
    }
    if guard!(DecisionOnWhatWasSeen, record.version != operator.seen) {
        return Err(DecideError::Changed);
    }
    let (next, detail) = rule(&record, environment.now()).map_err(DecideError::Refused)?;
    let by = Actor::Operator(operator.name.to_owned());
    match commit(store, environment, next, by, Some(detail)).await? {
        Committed::Ours(record) => Ok(record),
        Committed::Theirs(_) if guard!(LateDecisionIsRefused, true) => Err(DecideError::Changed),
        Committed::Theirs(record) => Ok(record),
    }
}

/// The statuses that are for an operator to decide, for a message.
fn for_operators<W: Workflow>() -> String {
    let all = W::Status::ALL.iter().filter(|status| status.needs_operator());
    all.map(|status| status.as_str()).collect::<Vec<_>>().join(" or ")
}
