//! Rounds over the due records.

use std::collections::{BTreeMap, VecDeque};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use crate::{
    Actor, CommitOutcome, DueRecord, Environment, Named, REPUBLISH_AFTER, Record, Status, Store, StoreError,
    Workflow, WriteError, commit, guard,
};

/// A record that waits for a program for longer than this is stuck.
const STUCK_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Longest wait between two publications of a record whose publication was not confirmed.
const MAX_REPUBLISH_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// How much of a round's time belongs to the records that wait for a program, in tenths. They get the rest too if
/// nothing else is due.
const WAITING_TENTHS: i32 = 6;

/// How many due records of one status a round lists.
const MAX_LISTED: usize = 1_000;

/// How many records that need no work are written at once.
const AT_ONCE: usize = 8;

/// The result of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundReport<W: Workflow> {
    /// The counts after the round, or why the table cannot count. They are not of one moment: a record that changes
    /// meanwhile may be missed or counted twice. And the index may lag behind the table.
    pub counts: Result<Counts<W>, StoreError>,
    /// The records that the round wrote. They have a new status, or their work was deferred.
    pub updated: Vec<Record<W>>,
    /// How many were published again.
    pub republished: u64,
    /// The statuses that could not be listed, and the errors of records that could not be read or written. The next
    /// round tries again.
    pub problems: Vec<String>,
    /// How many listed records were left for the next round because time was up.
    pub not_begun: u64,
}

/// How many records are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts<W: Workflow> {
    /// How many are open, by status. Final records that only wait for publication do not count.
    pub open: BTreeMap<W::Status, u64>,
    /// How many have waited for a program for more than 15 minutes.
    pub stuck: u64,
}

/// One round over all due records: does work, writes overdue records, publishes records again whose publication
/// was not confirmed, and counts all. Two rounds at once do no harm. No record is begun after `until`.
///
/// Records that wait for a program come first, and have a share of the round's time of their own: however many
/// others are due, they delay none of these. The work may hang, so it is not begun after that share while others
/// are due. The others take turns by status, so that no status delays another.
///
/// `work` does the work of a record whose status [asks for it](Status::is_work), and returns the record that
/// the table holds afterwards.
pub async fn reconcile<W: Workflow>(
    store: &impl Store<W>,
    environment: &impl Environment,
    until: Timestamp,
    work: impl AsyncFn(Record<W>) -> Result<Record<W>, StoreError>,
) -> RoundReport<W> {
    let mut round = Round {
        store,
        environment,
        work: &work,
        updated: Vec::new(),
        republished: 0,
        problems: Vec::new(),
    };
    let share = share_until(environment.now(), until);
    let all = W::Status::ALL.iter().copied();
    let (mut waiting, others): (Vec<_>, Vec<_>) = all.partition(|status| status.waits_for_program());
    // Work last: the outside may hang.
    waiting.sort_by_key(|status| status.is_work());
    let (first, second) = guard!(
        WaitingIsServedFirst,
        ((waiting, share), (others, until)),
        without((others, until), (waiting, until))
    );
    let mut first_due = round.list(&first.0).await;
    round.serve(&mut first_due, first.1).await;
    let mut second_due = round.list(&second.0).await;
    round.serve(&mut second_due, second.1).await;
    round.serve(&mut first_due, until).await;
    let left = first_due
        .iter()
        .chain(&second_due)
        .map(VecDeque::len)
        .sum::<usize>();
    RoundReport {
        counts: count(store, environment.now()).await,
        updated: round.updated,
        republished: round.republished,
        problems: round.problems,
        not_begun: u64::try_from(left).unwrap_or(u64::MAX),
    }
}

/// Until when records that wait for a program are begun, while others may be due.
fn share_until(now: Timestamp, until: Timestamp) -> Timestamp {
    let round = until.duration_since(now).max(SignedDuration::ZERO);
    now + round / 10 * WAITING_TENTHS
}

async fn count<W: Workflow>(store: &impl Store<W>, now: Timestamp) -> Result<Counts<W>, StoreError> {
    let all = W::Status::ALL.iter().copied();
    let open = all
        .filter(|status| !status.is_final())
        .map(|status| (status, None));
    let waiting = W::Status::ALL.iter().filter(|status| status.waits_for_program());
    let stuck = waiting.map(|status| (*status, Some(now - STUCK_AFTER)));
    let queries: Vec<_> = open.chain(stuck).collect();
    let counted = join_all(queries.iter().map(|(status, since)| store.count(*status, *since))).await;
    let mut counts = Counts {
        open: BTreeMap::new(),
        stuck: 0,
    };
    for ((status, since), count) in queries.into_iter().zip(counted) {
        match (since, count?) {
            (_, 0) => {}
            (None, count) => drop(counts.open.insert(status, count)),
            (Some(_), count) => counts.stuck += count,
        }
    }
    Ok(counts)
}

/// A round that is under way.
struct Round<'a, W: Workflow, S, E, F> {
    store: &'a S,
    environment: &'a E,
    work: &'a F,
    updated: Vec<Record<W>>,
    republished: u64,
    problems: Vec<String>,
}

impl<W, S, E, F> Round<'_, W, S, E, F>
where
    W: Workflow,
    S: Store<W>,
    E: Environment,
    F: AsyncFn(Record<W>) -> Result<Record<W>, StoreError>,
{
    /// The due records of each status, the earliest first.
    async fn list(&mut self, statuses: &[W::Status]) -> Vec<VecDeque<DueRecord<W>>> {
        let now = self.environment.now();
        let lists = statuses
            .iter()
            .map(|status| self.store.list_due(*status, now, MAX_LISTED));
        let lists = join_all(lists).await;
        let mut due = Vec::new();
        for (status, listed) in statuses.iter().zip(lists) {
            match listed {
                Ok(listed) => due.push(listed.into()),
                Err(problem) => self.problems.push(format!("{status}: {problem}")),
            }
        }
        due
    }

    /// Takes the records out of the lists, in turns, as long as it is before `until`.
    async fn serve(&mut self, due: &mut [VecDeque<DueRecord<W>>], until: Timestamp) {
        loop {
            let mut served = false;
            for listed in due.iter_mut() {
                // Work calls the outside: one at a time.
                let at_once = match listed.front() {
                    Some(first) if first.status.is_work() => 1,
                    Some(_) => AT_ONCE.min(listed.len()),
                    None => continue,
                };
                if self.environment.now() >= until {
                    return;
                }
                let batch: Vec<_> = listed.drain(..at_once).collect();
                let steps = batch
                    .iter()
                    .map(|listed| advance(self.store, self.environment, listed, self.work));
                let results = join_all(steps).await;
                for (listed, result) in batch.iter().zip(results) {
                    match result {
                        Ok(StepResult::Updated(record)) => self.updated.push(*record),
                        Ok(StepResult::Unchanged) => {}
                        Ok(StepResult::Republished) => self.republished += 1,
                        Err(problem) => {
                            let reference = listed.id.reference();
                            self.problems.push(format!("{reference}: {problem}"));
                        }
                    }
                }
                served = true;
            }
            if !served {
                return;
            }
        }
    }
}

/// The result for one due record.
enum StepResult<W: Workflow> {
    /// The round wrote this version.
    Updated(Box<Record<W>>),
    /// Nothing was to be done, or another writer was faster.
    Unchanged,
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
        return Ok(StepResult::Unchanged);
    }
    if record.status.is_work() {
        let version = record.version;
        let done = Box::new(work(record).await?);
        let unchanged = done.version == version;
        return Ok(if unchanged {
            StepResult::Unchanged
        } else {
            StepResult::Updated(done)
        });
    }
    if record.status.is_final() || record.status.needs_operator() {
        return republish(store, record, now).await;
    }
    let Some((next, detail)) = W::overdue(&record, now) else {
        return Ok(StepResult::Unchanged);
    };
    Ok(
        match commit(store, environment, next, Actor::Reconcile, detail).await? {
            CommitOutcome::Ours(record) => StepResult::Updated(Box::new(record)),
            CommitOutcome::Theirs(_) => StepResult::Unchanged,
        },
    )
}

async fn republish<W: Workflow>(
    store: &impl Store<W>,
    record: Record<W>,
    now: Timestamp,
) -> Result<StepResult<W>, StoreError> {
    if !guard!(UnpublishedIsRepublished, true) {
        return Ok(StepResult::Unchanged);
    }
    // Doubles the wait: the next is as long as all before it together.
    let waited = now.duration_since(record.status_since);
    let due_at = now + waited.clamp(REPUBLISH_AFTER, MAX_REPUBLISH_WAIT);
    match store.republish(&record, due_at).await {
        Ok(()) => Ok(StepResult::Republished),
        Err(WriteError::Conflict(_)) => Ok(StepResult::Unchanged),
        Err(WriteError::Store(error)) => Err(error),
    }
}
