//! The invariants of every workflow, after every write and at the end.

use jiff::{SignedDuration, Timestamp};

use crate::{
    Actor, Counts, Named, Record, Status, Transition, Workflow, guard,
    simulation::{
        HOUR, MINUTE, Model, Ms, SECOND, World,
        agenda::Version,
        coverage::By,
        table::{Row, index},
        world::since_begin,
    },
};

/// A record that a round has to count.
#[derive(PartialEq, Eq)]
pub struct ToCount<W: Workflow> {
    index: usize,
    /// The status that needs an operator; `None` for a record that is stuck.
    status: Option<W::Status>,
    since: Ms,
}

/// How many rounds may serve abandoned records in place of work that is due.
const MAX_PASSED_OVER: u32 = 8;

/// How long a record may wait for a program before an operator has to be told.
const MAX_SILENCE: Ms = 72 * HOUR;

impl<M: Model> World<M> {
    /// Checks a write before it is applied.
    pub(super) fn check_write(
        &mut self,
        index: usize,
        next: &Record<M::Workflow>,
        transition: &Transition<M::Workflow>,
        by: usize,
    ) {
        let detail = transition.detail.as_ref().map(ToString::to_string);
        let empty = detail.is_none_or(|detail| detail.trim().is_empty());
        if matches!(transition.by, Actor::Operator(_)) && empty {
            let kind = M::Workflow::KIND;
            self.breaks(format!(
                "an operator decided about {kind} {index} without a reason"
            ));
        }
        guard!(
            WritesHaveForm,
            self.check_form(index, next, transition, by),
            without {}
        );
        M::check_write(self, index, next, transition);
    }

    /// A write takes nothing back, and its change of status is in the diagram. An operator's write is about the
    /// version that the operator saw.
    fn check_form(
        &mut self,
        index: usize,
        next: &Record<M::Workflow>,
        transition: &Transition<M::Workflow>,
        by: usize,
    ) {
        let kind = M::Workflow::KIND;
        let Some(held) = self.table.row(index).map(|row| &row.record) else {
            return;
        };
        let kept = next.id == held.id
            && next.write_id != held.write_id
            && (transition.version, transition.status) == (next.version, next.status)
            && (next.due_at.is_some() || next.status == held.status)
            && (!held.is_decided() || next.is_decided())
            && M::keeps(held, next);
        let (from, to, version) = (held.status, next.status, held.version);
        let who = By::new(&transition.by);
        if !self.seen.change(&(from, to, who)) {
            self.breaks(format!("{kind} {index} goes from {from} to {to} by {who}"));
        }
        if !kept {
            self.breaks(format!("a write takes back what was known of {kind} {index}"));
        }
        let seen = self.run(by).and_then(|run| run.decides_about);
        if who == By::Operator && seen.is_some_and(|seen| seen != version) {
            self.breaks(format!(
                "an operator decided about a {kind} {index} that they had not seen"
            ));
        }
        M::check_form(self, index, next, transition);
    }

    /// A flow returned this record as written: the table must hold the write, or have held it.
    pub fn check_claim(&mut self, record: &Record<M::Workflow>) {
        let index = index(&record.id);
        let row = self.table.row(index);
        let nth = usize::try_from(record.version).unwrap_or(usize::MAX) - 1;
        let held = row.and_then(|row| row.write_ids.get(nth));
        if held != Some(&record.write_id) {
            let kind = M::Workflow::KIND;
            self.breaks(format!("{kind} {index} is said to be written, and is not"));
        }
    }

    /// The operator's command returned success: the operator's function must have written the record.
    pub(super) fn check_decision(&mut self, function: usize, record: &Record<M::Workflow>) {
        self.check_claim(record);
        let index = index(&record.id);
        let row = self.table.row(index);
        if !row.is_some_and(|row| row.writers.contains(&function)) {
            let kind = M::Workflow::KIND;
            self.breaks(format!(
                "a decision about {kind} {index} is said to be recorded, and is not"
            ));
        }
    }

    /// A record that waits for a program becomes due again, and is not tried for ever without an operator.
    pub(super) fn check_silence(&mut self) {
        let now = self.now;
        let silent = |row: &Row<M::Workflow>| row.waits.is_some_and(|since| now - since > MAX_SILENCE);
        let silent = self
            .table
            .rows()
            .find(|(_, row)| silent(row))
            .map(|(index, _)| index);
        if let Some(index) = silent {
            let kind = M::Workflow::KIND;
            self.breaks(format!("{kind} {index} waits for days, and no operator knows"));
        }
        let latest = self.time() + M::Workflow::DEFERRALS.longest + SignedDuration::from_mins(2);
        let forgotten = |row: &Row<M::Workflow>| {
            row.waits.is_some() && row.record.due_at.is_none_or(|due_at| due_at > latest)
        };
        let forgotten = self
            .table
            .rows()
            .find(|(_, row)| forgotten(row))
            .map(|(index, _)| index);
        if let Some(index) = forgotten {
            let kind = M::Workflow::KIND;
            self.breaks(format!(
                "{kind} {index} waits for a program, and none will come to it"
            ));
        }
    }

    /// The records that a round has to count: those that need an operator, and those that have waited for a
    /// program for 15 minutes.
    pub(super) fn to_be_counted(&self) -> Vec<ToCount<M::Workflow>> {
        let late = 15 * MINUTE + 2 * SECOND;
        let mut all = Vec::new();
        for (index, row) in self.table.rows() {
            let record = &row.record;
            if record.status.needs_operator() {
                all.push(ToCount {
                    index,
                    status: Some(record.status),
                    since: since_begin(record.status_since),
                });
            }
            if let Some(since) = row.waits
                && self.now - since > late
            {
                all.push(ToCount {
                    index,
                    status: None,
                    since,
                });
            }
        }
        all
    }

    /// The records whose work is due, with their versions.
    pub(super) fn due_work(&self) -> Vec<Version> {
        // The function's clock may be a second late.
        let now = self.time() - SignedDuration::from_secs(2);
        let due = self.table.rows().filter(|(_, row)| {
            let record = &row.record;
            record.status.is_work() && record.is_due(now)
        });
        due.map(|(index, row)| Version {
            index,
            version: row.record.version,
        })
        .collect()
    }

    /// A round that served abandoned records has tried the work that was due when it began, or a later round does.
    pub(super) fn check_passed_over(&mut self, function: usize, due: &[Version]) {
        let Some(run) = self.run(function) else {
            return;
        };
        let counts = run.loads_abandoned && !run.lists_badly;
        let loaded = std::mem::take(&mut run.loaded);
        let mut broken = None;
        for Version { index, version } in due {
            let Some(row) = self.table.row_mut(*index) else {
                continue;
            };
            if row.record.version != *version || loaded.contains(index) {
                row.passed_over = 0;
            } else if counts {
                row.passed_over += 1;
                broken = broken.or((row.passed_over > MAX_PASSED_OVER).then_some(*index));
            }
        }
        if let Some(index) = broken {
            let kind = M::Workflow::KIND;
            self.breaks(format!(
                "the work of {kind} {index} is due, and {MAX_PASSED_OVER} rounds serve abandoned {kind}s in its place"
            ));
        }
    }

    /// A round counts at least the records that were there when it began to count and still are.
    pub(super) fn check_counts(&mut self, function: usize, counts: &Counts<M::Workflow>) {
        let now = self.to_be_counted();
        let run = self.run(function).filter(|run| !run.counts_badly);
        let Some(to_count) = run.and_then(|run| run.to_count.take()) else {
            return;
        };
        let statuses = <M::Workflow as Workflow>::Status::ALL.iter().copied();
        let for_operators = statuses.filter(|status| status.needs_operator()).map(Some);
        for status in std::iter::once(None).chain(for_operators) {
            let of = |entry: &&ToCount<M::Workflow>| entry.status == status && now.contains(*entry);
            let there = to_count.iter().filter(of).count() as u64;
            let counted = match status {
                None => counts.stuck,
                Some(status) => counts.open.get(&status).copied().unwrap_or(0),
            };
            if there > counted {
                let what = status.map_or("stuck", Named::as_str);
                let kind = M::Workflow::KIND;
                return self.breaks(format!(
                    "{there} {kind}s are {what}, and a round counts {counted}"
                ));
            }
        }
    }

    /// Whether the record's current status was published.
    pub fn is_published(&self, index: usize, record: &Record<M::Workflow>) -> bool {
        self.published
            .contains(&(index, record.status, record.status_since))
    }

    /// Whether nothing remains to be done.
    pub(super) fn is_settled(&self) -> bool {
        let settled = |(index, row): (usize, &Row<M::Workflow>)| {
            let status = row.record.status;
            (status.is_final() || status.needs_operator()) && self.is_published(index, &row.record)
        };
        self.table.rows().all(settled) && M::is_settled(self)
    }

    /// Checks the end of a schedule: the faults are over, and all work had time to finish.
    pub(super) fn check_end(&mut self) {
        let kind = M::Workflow::KIND;
        let broken: Vec<_> = self
            .table
            .rows()
            .filter_map(|(index, row)| {
                let broken = self.end_of(index, row).or_else(|| M::end_of(self, index, row))?;
                Some(format!("{kind} {index} ends {}: {broken}", row.record.status))
            })
            .collect();
        for broken in broken {
            self.breaks(broken);
        }
        if !M::is_settled(self) {
            self.breaks("something outside does not come to its end".into());
        }
    }

    /// The invariant that the record breaks, if any.
    fn end_of(&self, index: usize, row: &Row<M::Workflow>) -> Option<String> {
        let record = &row.record;
        let status = record.status;
        if !status.is_final() && !status.needs_operator() {
            return Some("nobody works on it any more".into());
        }
        if !self.is_published(index, record) {
            return Some("it was never published".into());
        }
        let versions = row.history.iter().map(|transition| transition.version);
        let last = row.history.last().map(|transition| transition.status);
        if !versions.eq(1..=record.version) || last != Some(status) {
            return Some("its history has gaps".into());
        }
        None
    }

    /// The earliest due time of the records that were not published.
    pub(super) fn next_due(&self) -> Option<Ms> {
        self.table
            .rows()
            .filter(|(index, row)| !self.is_published(*index, &row.record))
            .filter_map(|(_, row)| row.record.due_at)
            .map(|due: Timestamp| since_begin(due))
            .min()
    }
}
