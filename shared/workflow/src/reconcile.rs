//! Rounds over the due records.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    Actor, CommitOutcome, DueRecord, Environment, REPUBLISH_AFTER, Record, Status, Store, StoreError,
    Workflow, WriteError, commit, guard,
};

/// A record that waits for a program for longer than this is stuck.
const STUCK_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Longest wait between two publications of a record whose publication was not confirmed.
const MAX_REPUBLISH_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// The result of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundReport<W: Workflow> {
    /// How many records are open after the round, by status. Final records that only wait for publication do
    /// not count.
    pub open: BTreeMap<W::Status, u64>,
    /// How many have waited for a program for more than 15 minutes.
    pub stuck: u64,
    /// The records that the round wrote. They have a new status, or their work was deferred.
    pub updated: Vec<Record<W>>,
    /// How many were published again.
    pub republished: u64,
    /// The errors of records that could not be read or written. The next round tries again.
    pub problems: Vec<String>,
    /// How many due records were left for the next round because time was up.
    pub not_begun: u64,
}

impl<W: Workflow> Default for RoundReport<W> {
    fn default() -> Self {
        Self {
            open: BTreeMap::new(),
            stuck: 0,
            updated: Vec::new(),
            republished: 0,
            problems: Vec::new(),
            not_begun: 0,
        }
    }
}

/// One round over all due records: does work, writes overdue records, publishes records again whose publication
/// was not confirmed, and counts all. Two rounds at once do no harm. No record is begun after `until`.
///
/// `work` does the work of a record whose status [asks for it](Status::is_work), and returns the record that
/// the table holds afterwards.
///
/// # Errors
/// [`StoreError`] if the table cannot list the due records. A record that fails does not stop the round: see
/// [`RoundReport::problems`].
pub async fn reconcile<W: Workflow>(
    store: &impl Store<W>,
    environment: &impl Environment,
    until: Timestamp,
    work: impl AsyncFn(Record<W>) -> Result<Record<W>, StoreError>,
) -> Result<RoundReport<W>, StoreError> {
    let mut report = RoundReport::default();
    let mut all = store.list_due().await?;
    // Work last: the outside may hang, and the other records must not wait for it.
    all.sort_by_key(|record| record.status.is_work());
    for listed in all {
        let now = environment.now();
        let mut status = listed.status;
        if listed.due_at <= now && now >= until {
            report.not_begun += 1;
        } else if listed.due_at <= now {
            match advance(store, environment, &listed, &work).await {
                Ok(StepResult::Updated(record)) => {
                    status = record.status;
                    report.updated.push(*record);
                }
                Ok(StepResult::Unchanged(record)) => status = record.status,
                Ok(StepResult::Republished) => report.republished += 1,
                Err(problem) => report
                    .problems
                    .push(format!("{}: {problem}", listed.id.reference())),
            }
        }
        if status.is_final() {
            continue;
        }
        *report.open.entry(status).or_default() += 1;
        if status.waits_for_program() && now > listed.status_since + STUCK_AFTER {
            report.stuck += 1;
        }
    }
    Ok(report)
}

/// The result for one due record.
enum StepResult<W: Workflow> {
    /// The round wrote this version.
    Updated(Box<Record<W>>),
    /// Nothing was to be done, or another writer was faster: the table holds this version.
    Unchanged(Box<Record<W>>),
    Republished,
}

async fn advance<W: Workflow>(
    store: &impl Store<W>,
    environment: &impl Environment,
    listed: &DueRecord<W>,
    work: &impl AsyncFn(Record<W>) -> Result<Record<W>, StoreError>,
) -> Result<StepResult<W>, StoreError> {
    // The list may lag behind the table.
    let missing = || StoreError("a record that is due is not there".into());
    let record = store.load(&listed.id).await?.ok_or_else(missing)?;
    let now = environment.now();
    if guard!(NotDueIsLeftAlone, !record.is_due(now)) {
        return Ok(StepResult::Unchanged(Box::new(record)));
    }
    if record.status.is_work() {
        let version = record.version;
        let done = Box::new(work(record).await?);
        let unchanged = done.version == version;
        return Ok(if unchanged {
            StepResult::Unchanged(done)
        } else {
            StepResult::Updated(done)
        });
    }
    if record.status.is_final() || record.status.needs_operator() {
        return republish(store, record, now).await;
    }
    let Some((next, detail)) = W::overdue(&record, now) else {
        return Ok(StepResult::Unchanged(Box::new(record)));
    };
    Ok(
        match commit(store, environment, next, Actor::Reconcile, detail).await? {
            CommitOutcome::Ours(record) => StepResult::Updated(Box::new(record)),
            CommitOutcome::Theirs(record) => StepResult::Unchanged(Box::new(record)),
        },
    )
}

async fn republish<W: Workflow>(
    store: &impl Store<W>,
    record: Record<W>,
    now: Timestamp,
) -> Result<StepResult<W>, StoreError> {
    if !guard!(UnpublishedIsRepublished, true) {
        return Ok(StepResult::Unchanged(Box::new(record)));
    }
    // Doubles the wait: the next is as long as all before it together.
    let waited = now.duration_since(record.status_since);
    let due_at = now + waited.clamp(REPUBLISH_AFTER, MAX_REPUBLISH_WAIT);
    match store.republish(&record, due_at).await {
        Ok(()) => Ok(StepResult::Republished),
        Err(WriteError::Conflict(held)) => Ok(StepResult::Unchanged(held)),
        Err(WriteError::Store(error)) => Err(error),
    }
}
