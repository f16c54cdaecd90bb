//! What got stuck is carried on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    Actor, Committed, DueRecord, Environment, REPUBLISH_AFTER, Record, Status, Store, StoreError, Workflow,
    WriteError, commit, guard,
};

/// What waits for a program for longer than this is stuck.
const STUCK_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// The longest wait between two publications of a record that is not known to have been published.
const MAX_REPUBLISH_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// What a round found and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundReport<W: Workflow> {
    /// How many records are open, by status, after the round. Final ones that are only to be published are left out.
    pub open: BTreeMap<W::Status, u64>,
    /// How many have been waiting for a program for a quarter of an hour.
    pub stuck: u64,
    /// The records that the round wrote, as they are now. Most have another status; of some the work was deferred.
    pub updated: Vec<Record<W>>,
    /// How many were published again.
    pub republished: u64,
    /// Why some were left for the next round.
    pub problems: Vec<String>,
    /// How many were left for the next round because time was up.
    pub left: u64,
}

impl<W: Workflow> Default for RoundReport<W> {
    fn default() -> Self {
        Self {
            open: BTreeMap::new(),
            stuck: 0,
            updated: Vec::new(),
            republished: 0,
            problems: Vec::new(),
            left: 0,
        }
    }
}

/// One round over all records that are due: `work` is done, what is overdue is written, what was not published is published
/// again; and everything is counted. Two rounds at once do no harm. No record is begun after `until`.
///
/// `work` carries out what a record in a status of [work](Status::is_work) asks for, and returns what the table holds then.
///
/// # Errors
/// [`StoreError`] if the table does not even say what is due. A record that cannot be written does not keep the others back:
/// [`RoundReport::problems`].
pub async fn reconcile<W: Workflow>(
    store: &impl Store<W>,
    environment: &impl Environment,
    until: Timestamp,
    work: impl AsyncFn(Record<W>) -> Result<Record<W>, StoreError>,
) -> Result<RoundReport<W>, StoreError> {
    let mut report = RoundReport::default();
    let mut all = store.list_due().await?;
    // An outside that hangs is not to keep the others waiting.
    all.sort_by_key(|record| record.status.is_work());
    for listed in all {
        let now = environment.now();
        let mut status = listed.status;
        if listed.due_at <= now && now >= until {
            report.left += 1;
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

/// What became of a record that was due.
enum StepResult<W: Workflow> {
    /// This was written.
    Updated(Box<Record<W>>),
    /// There was nothing to do, or another was faster: the table holds this.
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
    let record = store.load(&listed.id).await?;
    let record = record.ok_or_else(|| StoreError("a record that is due is not there".into()))?;
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
            Committed::Ours(record) => StepResult::Updated(Box::new(record)),
            Committed::Theirs(record) => StepResult::Unchanged(Box::new(record)),
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
    // The next wait is as long as all of them until now.
    let waited = now.duration_since(record.status_since);
    let due_at = now + waited.clamp(REPUBLISH_AFTER, MAX_REPUBLISH_WAIT);
    match store.republish(&record, due_at).await {
        Ok(()) => Ok(StepResult::Republished),
        Err(WriteError::Conflict(held)) => Ok(StepResult::Unchanged(held)),
        Err(WriteError::Store(error)) => Err(error),
    }
}
