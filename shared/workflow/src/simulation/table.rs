//! The simulated table, a [`Store`] with all faults of DynamoDB; the stream of its changes; and the publisher.

use domain::RecordId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    Actor, DueRecord, REPUBLISH_AFTER, Record, Status, Store, StoreError, Transition, Workflow, WriteError,
    guard,
    simulation::{
        Function, HOUR, MINUTE, Model, Ms, SECOND, World,
        agenda::{Happening, LateWrite, Version},
        coverage::{Call, Event, Fault},
        timestamp,
    },
    trace,
};

/// How often an operator is reminded of a record.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);

/// The table's records.
pub struct Table<W: Workflow> {
    rows: Vec<Option<Row<W>>>,
}

/// A record in the table.
pub struct Row<W: Workflow> {
    /// The record.
    pub record: Record<W>,
    /// Its history.
    pub history: Vec<Transition<W>>,
    /// When an operator last decided.
    pub decided: Option<Ms>,
    /// When it began to wait for a program.
    pub waits: Option<Ms>,
    /// The ids of its writes.
    pub(super) write_ids: Vec<String>,
    /// The functions that have written it.
    pub(super) writers: Vec<usize>,
    /// How many rounds served abandoned records while its work was due.
    pub(super) passed_over: u32,
    /// The entries of the index for it, the newest last.
    index: Vec<Option<DueRecord<W>>>,
}

impl<W: Workflow> Table<W> {
    pub(super) fn new(records: usize) -> Self {
        Self {
            rows: (0..records).map(|_| None).collect(),
        }
    }

    /// The record with this number, if it has been created.
    pub fn row(&self, index: usize) -> Option<&Row<W>> {
        self.rows[index].as_ref()
    }

    pub(super) fn row_mut(&mut self, index: usize) -> Option<&mut Row<W>> {
        self.rows[index].as_mut()
    }

    /// All records, with their numbers.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &Row<W>)> {
        let rows = self.rows.iter().enumerate();
        rows.filter_map(|(index, row)| row.as_ref().map(|row| (index, row)))
    }

    /// The record's status.
    pub fn status(&self, index: usize) -> Option<W::Status> {
        self.row(index).map(|row| row.record.status)
    }
}

/// The id of the record with this number, which must be below ten.
#[expect(clippy::expect_used, reason = "it is one")]
pub fn id(index: usize) -> RecordId {
    format!("0123456789ABCDEFGHJKMNPQR{index}")
        .parse()
        .expect("an id")
}

/// The number of the record with this id.
pub fn index(id: &RecordId) -> usize {
    id.as_str()
        .bytes()
        .last()
        .map_or(0, |digit| usize::from(digit - b'0'))
}

/// How many records are abandoned, if any are.
const ABANDONED: u32 = 3_000;

/// The id of every abandoned record.
#[expect(clippy::expect_used, reason = "it is one")]
fn abandoned_id() -> RecordId {
    "0123456789ABCDEFGHJKMNPQRZ".parse().expect("an id")
}

/// Whether the record is one of those that were abandoned. They are no rows of the table.
pub(super) fn is_abandoned(id: &RecordId) -> bool {
    id.as_str().ends_with('Z')
}

impl<W: Workflow> Row<W> {
    fn new(record: Record<W>) -> Self {
        let mut row = Self {
            history: vec![record.first_transition()],
            write_ids: vec![record.write_id.clone()],
            writers: Vec::new(),
            passed_over: 0,
            record,
            decided: None,
            waits: None,
            index: Vec::new(),
        };
        row.list();
        row
    }

    /// Adds the current entry to the index.
    fn list(&mut self) {
        let record = &self.record;
        self.index.push(record.due_at.map(|due_at| DueRecord {
            id: record.id.clone(),
            status: record.status,
            status_since: record.status_since,
            due_at,
        }));
    }
}

impl<M: Model> World<M> {
    /// The trader submits the form.
    pub(super) fn create(&mut self, index: usize) {
        let record = M::create(self, index);
        trace!(self, "{} {index} created: {:?}", M::Workflow::KIND, record.data);
        if !record.status.waits_for_program() && self.abandoned.is_none() && self.strikes(Fault::Abandoned) {
            let like_it = Record {
                id: abandoned_id(),
                due_at: Some(timestamp(0)),
                ..record.clone()
            };
            self.abandoned = Some((ABANDONED, like_it));
            for minute in 1..=20 {
                self.agenda.add(self.now + minute * MINUTE, Happening::Reconcile);
            }
        }
        self.table.rows[index] = Some(Row::new(record));
        self.stream(index);
    }

    /// Applies a write, on the condition that the table holds the previous version. `by` is the writing function.
    pub(super) fn write(
        &mut self,
        index: usize,
        next: &Record<M::Workflow>,
        transition: &Transition<M::Workflow>,
        by: usize,
    ) -> Result<(), Box<Record<M::Workflow>>> {
        let Some(row) = self.table.rows[index].as_ref() else {
            return Ok(());
        };
        let (version, from) = (row.record.version, row.record.status);
        if guard!(WriteIsConditional, version + 1 != next.version) {
            let held = row.record.clone();
            trace!(
                self,
                "  table: {} {index} is of version {version}: not written",
                M::Workflow::KIND
            );
            return Err(Box::new(held));
        }
        trace!(
            self,
            "  table: {} {index} {from} -> {} (version {}, by {}{})",
            M::Workflow::KIND,
            next.status,
            next.version,
            transition.by,
            transition
                .detail
                .as_ref()
                .map_or_else(String::new, |detail| format!(": {detail}"))
        );
        self.check_write(index, next, transition, by);
        let now = self.now;
        if let Some(row) = self.table.rows[index].as_mut() {
            let waits = next.status.waits_for_program();
            row.waits = if waits { row.waits.or(Some(now)) } else { None };
            if matches!(transition.by, Actor::Operator(_)) {
                row.decided = Some(now);
            }
            row.record = next.clone();
            row.history.push(transition.clone());
            row.write_ids.push(next.write_id.clone());
            row.writers.push(by);
            row.list();
        }
        M::written(self, index);
        if from != next.status {
            self.stream(index);
        }
        Ok(())
    }

    /// Replaces a record by one that no flow of the workflow wrote. The invariants of writes do not hold for it;
    /// those of the outside do.
    pub fn forge(&mut self, index: usize, next: &Record<M::Workflow>, transition: &Transition<M::Workflow>) {
        trace!(
            self,
            "  table: {} {index} is forged: {}",
            M::Workflow::KIND,
            next.status
        );
        let now = self.now;
        if let Some(row) = self.table.rows[index].as_mut() {
            row.waits = next.status.waits_for_program().then_some(now);
            row.record = next.clone();
            row.history.push(transition.clone());
            row.write_ids.push(next.write_id.clone());
            row.list();
        }
    }

    /// Sets the due time, on the condition that the table holds this version.
    fn set_due(&mut self, at: Version, due_at: Option<Timestamp>) -> Result<(), Box<Record<M::Workflow>>> {
        let Some(row) = self.table.rows[at.index].as_mut() else {
            return Ok(());
        };
        if guard!(MarkIsConditional, row.record.version != at.version) {
            return Err(Box::new(row.record.clone()));
        }
        row.record.due_at = due_at;
        row.list();
        Ok(())
    }

    /// The same, and sends the change to the publisher.
    pub(super) fn republish(
        &mut self,
        at: Version,
        due_at: Timestamp,
    ) -> Result<(), Box<Record<M::Workflow>>> {
        self.set_due(at, Some(due_at))?;
        self.stream(at.index);
        Ok(())
    }

    /// Sends a change of status, or a republication, to the publisher, unless the stream loses it.
    fn stream(&mut self, index: usize) {
        let Some(record) = self.table.row(index).map(|row| &row.record) else {
            return;
        };
        let (version, status, since) = (record.version, record.status, record.status_since);
        if !status.is_final() && !status.needs_operator() || self.strikes(Fault::StreamLost) {
            return;
        }
        let at = Version { index, version };
        self.later(5 * SECOND, Happening::Publish(at, status, since));
    }

    /// The publisher publishes a change to the broker.
    pub(super) fn publish(
        &mut self,
        at: Version,
        status: <M::Workflow as Workflow>::Status,
        since: Timestamp,
    ) {
        trace!(
            self,
            "publisher: {} {} is {status} (version {})",
            M::Workflow::KIND,
            at.index,
            at.version
        );
        if !self.published.contains(&(at.index, status, since)) {
            self.published.push((at.index, status, since));
            if self.time() > since + REPUBLISH_AFTER {
                self.seen.event(Event::PublishedAfterLoss);
            }
        }
        // An operator who receives the event looks at once; others look later.
        if status.needs_operator() && !self.calm && self.rng.bool() {
            self.later(2 * MINUTE, Happening::Look(at.index));
        }
        if !self.strikes(Fault::MarkLost) {
            self.later(2 * SECOND, Happening::Mark(at, status));
        }
    }

    /// The publisher marks the record as published, on the condition that the table holds this version. A final
    /// record leaves the index. One that needs an operator becomes due again in a day.
    pub(super) fn mark(&mut self, at: Version, status: <M::Workflow as Workflow>::Status) {
        let reminder = self.time() + REMINDER;
        let due_at = status.needs_operator().then_some(reminder);
        let marked = self.set_due(at, due_at).is_ok();
        trace!(
            self,
            "publisher: {} {} marked: {marked}",
            M::Workflow::KIND,
            at.index
        );
    }

    /// The entries of the index that a function sees, and whether some lag.
    fn index_entries(&mut self) -> (Vec<DueRecord<M::Workflow>>, bool) {
        let mut entries = Vec::new();
        let mut lags = false;
        for index in 0..self.table.rows.len() {
            let Some(shown) = self.table.row(index).map(|row| row.index.len()) else {
                continue;
            };
            let back = if self.strikes(Fault::IndexLags) {
                lags = true;
                self.rng.usize(1..=shown)
            } else {
                1
            };
            entries.extend(
                self.table
                    .row(index)
                    .and_then(|row| row.index[shown - back].clone()),
            );
        }
        (entries, lags)
    }

    /// The entries of a status that are due, as a function sees them.
    fn list_due(
        &mut self,
        function: usize,
        status: <M::Workflow as Workflow>::Status,
        now: Timestamp,
        limit: usize,
    ) -> Vec<DueRecord<M::Workflow>> {
        let (mut due, lags) = self.index_entries();
        if let Some(run) = self.run(function) {
            run.lists_badly |= lags;
        }
        if let Some((count, record)) = &self.abandoned
            && let Some(due_at) = record.due_at
        {
            let one = DueRecord {
                id: record.id.clone(),
                status: record.status,
                status_since: record.status_since,
                due_at,
            };
            due.extend((0..*count).map(|_| one.clone()));
        }
        due.retain(|record| record.status == status && record.due_at <= now);
        due.sort_by_key(|record| record.due_at);
        due.truncate(limit);
        due
    }

    /// Counts the entries of a status, as a function sees them.
    fn count(
        &mut self,
        function: usize,
        status: <M::Workflow as Workflow>::Status,
        since: Option<Timestamp>,
    ) -> u64 {
        let (entries, lags) = self.index_entries();
        if let Some(run) = self.run(function) {
            run.counts_badly |= lags;
        }
        let counted = entries.iter().filter(|record| {
            record.status == status && since.is_none_or(|since| record.status_since <= since)
        });
        counted.count() as u64
    }

    /// The function has looked at its clock, and counts what is there.
    fn begin_count(&mut self, function: usize) {
        let to_count = self.to_be_counted();
        if let Some(run) = self.run(function) {
            run.to_count.get_or_insert(to_count);
        }
    }

    /// An abandoned record was served.
    fn serve_abandoned(&mut self) {
        if let Some((count, _)) = &mut self.abandoned {
            *count = count.saturating_sub(1);
        }
    }
}

fn no_answer() -> StoreError {
    StoreError("no answer".into())
}

fn throttled() -> StoreError {
    StoreError("throttled".into())
}

impl<M: Model> Store<M::Workflow> for Function<M> {
    async fn load(&self, id: &RecordId) -> Result<Option<Record<M::Workflow>>, StoreError> {
        self.sends(Call::Load).await;
        if is_abandoned(id) {
            let record = {
                let mut world = self.world();
                if let Some(run) = world.run(self.id) {
                    run.loads_abandoned = true;
                }
                world.abandoned.as_ref().map(|(_, record)| record.clone())
            };
            self.waits(Call::Load).await;
            return Ok(record);
        }
        if let Some(run) = self.world().run(self.id) {
            run.loaded.push(index(id));
        }
        let loaded = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                Err(throttled())
            } else {
                Ok(world.table.row(index(id)).map(|row| row.record.clone()))
            }
        };
        self.trace(|| match &loaded {
            Ok(Some(record)) => format!(
                "loads {}: {} (version {})",
                index(id),
                record.status,
                record.version
            ),
            other => format!("loads {}: {other:?}", index(id)),
        });
        self.waits_or_stands_still(Call::Load).await;
        loaded
    }

    async fn write(
        &self,
        next: &Record<M::Workflow>,
        transition: &Transition<M::Workflow>,
    ) -> Result<(), WriteError<M::Workflow>> {
        self.sends(Call::Write(next.status)).await;
        if is_abandoned(&next.id) {
            self.world().serve_abandoned();
            return Ok(());
        }
        let index = index(&next.id);
        self.trace(|| format!("writes {index}: {}", next.status));
        let written = {
            let mut world = self.world();
            let by = self.id;
            if world.strikes(Fault::Throttled) {
                Err(throttled().into())
            } else if world.strikes(Fault::LostBeforeWrite) {
                Err(no_answer().into())
            } else if world.strikes(Fault::WrittenAnswerLost) {
                let _ = world.write(index, next, transition, by);
                Err(no_answer().into())
            } else if world.strikes(Fault::WrittenLater) {
                world.doubted[index] = true;
                let within = [SECOND, MINUTE, HOUR][world.rng.usize(..3)];
                let late = LateWrite {
                    index,
                    next: next.clone(),
                    transition: transition.clone(),
                    by,
                };
                world.later(within, Happening::Write(Box::new(late)));
                Err(no_answer().into())
            } else if world.strikes(Fault::RetriedBySdk) {
                let _ = world.write(index, next, transition, by);
                world
                    .write(index, next, transition, by)
                    .map_err(WriteError::Conflict)
            } else {
                world
                    .write(index, next, transition, by)
                    .map_err(WriteError::Conflict)
            }
        };
        self.waits_or_stands_still(Call::Write(next.status)).await;
        written
    }

    async fn republish(
        &self,
        record: &Record<M::Workflow>,
        due_at: Timestamp,
    ) -> Result<(), WriteError<M::Workflow>> {
        if is_abandoned(&record.id) {
            self.sends(Call::Republish).await;
            self.world().serve_abandoned();
            return Ok(());
        }
        let at = Version {
            index: index(&record.id),
            version: record.version,
        };
        self.sends(Call::Republish).await;
        self.trace(|| format!("publishes {} again: {}", at.index, record.status));
        let written = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                Err(throttled().into())
            } else if world.strikes(Fault::WrittenAnswerLost) {
                let _ = world.republish(at, due_at);
                Err(no_answer().into())
            } else if world.strikes(Fault::WrittenLater) {
                world.later(MINUTE, Happening::Republish(at, due_at));
                Err(no_answer().into())
            } else {
                world.republish(at, due_at).map_err(WriteError::Conflict)
            }
        };
        self.waits_or_stands_still(Call::Republish).await;
        written
    }

    async fn list_due(
        &self,
        status: <M::Workflow as Workflow>::Status,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueRecord<M::Workflow>>, StoreError> {
        self.sends(Call::ListDue).await;
        let due = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                if let Some(run) = world.run(self.id) {
                    run.lists_badly = true;
                }
                return Err(throttled());
            }
            world.list_due(self.id, status, now, limit)
        };
        if !due.is_empty() {
            self.trace(|| format!("lists what is due and {status}: {}", due.len()));
        }
        self.waits_or_stands_still(Call::ListDue).await;
        Ok(due)
    }

    async fn count(
        &self,
        status: <M::Workflow as Workflow>::Status,
        since: Option<Timestamp>,
    ) -> Result<u64, StoreError> {
        self.world().begin_count(self.id);
        self.sends(Call::Count).await;
        let count = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                return Err(throttled());
            }
            world.count(self.id, status, since)
        };
        self.waits(Call::Count).await;
        Ok(count)
    }
}
