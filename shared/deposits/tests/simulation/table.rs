//! The simulated table: `deposits::Store`, with everything that DynamoDB may do to a write.

use deposits::{Actor, Deposit, DepositId, Open, Status, Store, StoreError, Transition, WriteError};
use jiff::Timestamp;
use workflow::guard;

use crate::{
    coverage::{Call, Event, Fault},
    events::Happening,
    world::{Function, HOUR, MINUTE, Ms, SECOND, World, tell},
};

/// What the table holds.
pub struct Table {
    rows: Vec<Option<Row>>,
}

/// A deposit in the table.
pub struct Row {
    pub deposit: Deposit,
    pub history: Vec<Transition>,
    /// What the index has shown of it, the newest last.
    index: Vec<Option<Open>>,
    /// When an operator last decided.
    pub decided: Option<Ms>,
    /// Since when it has been paid and not credited.
    pub waits: Option<Ms>,
}

impl Table {
    pub fn new(deposits: usize) -> Self {
        Self {
            rows: (0..deposits).map(|_| None).collect(),
        }
    }

    pub fn row(&self, index: usize) -> Option<&Row> {
        self.rows[index].as_ref()
    }

    pub fn rows(&self) -> impl Iterator<Item = (usize, &Row)> {
        let rows = self.rows.iter().enumerate();
        rows.filter_map(|(index, row)| row.as_ref().map(|row| (index, row)))
    }

    pub fn status(&self, index: usize) -> Option<Status> {
        self.row(index).map(|row| row.deposit.status)
    }
}

/// The id of the deposit of that number.
pub fn id(index: usize) -> DepositId {
    format!("0123456789ABCDEFGHJKMNPQR{index}").parse().unwrap()
}

/// The number of the deposit of that id.
pub fn index(id: &DepositId) -> usize {
    usize::from(*id.as_str().as_bytes().last().unwrap() - b'0')
}

impl Row {
    /// The index follows.
    fn list(&mut self) {
        let deposit = &self.deposit;
        self.index.push(deposit.due.map(|due| Open {
            id: deposit.id.clone(),
            status: deposit.status,
            since: deposit.since,
            due,
        }));
    }
}

impl World {
    /// The trader submits the form.
    pub fn order(&mut self, index: usize) {
        let mut order = self.orders[index].clone();
        order.at = self.time();
        let mut deposit = Deposit::new(id(index), order, format!("o{index}"));
        if deposit.order.method == "bank" {
            deposit.status = Status::Pending;
        }
        tell!(
            self,
            "deposit {index} ordered: {} {} by {} for {} {}, waits {} s",
            deposit.order.amount,
            deposit.order.currency,
            deposit.order.method,
            deposit.order.broker,
            deposit.order.login,
            deposit.order.wait_seconds
        );
        let mut row = Row {
            history: vec![deposit.first_transition()],
            deposit,
            index: Vec::new(),
            decided: None,
            waits: None,
        };
        row.list();
        self.table.rows[index] = Some(row);
    }

    /// Applies a write as the table does: if it holds the version before.
    pub fn write(
        &mut self,
        index: usize,
        next: &Deposit,
        transition: &Transition,
    ) -> Result<(), Box<Deposit>> {
        let row = self.table.rows[index].as_ref().unwrap();
        let (version, from) = (row.deposit.version, row.deposit.status);
        if guard!(WriteIsConditional, version + 1 != next.version) {
            let held = row.deposit.clone();
            tell!(
                self,
                "  table: deposit {index} is of version {version}: not written"
            );
            return Err(Box::new(held));
        }
        tell!(
            self,
            "  table: deposit {index} {from} -> {} (version {}, by {}{})",
            next.status,
            next.version,
            transition.by,
            transition
                .detail
                .as_ref()
                .map_or_else(String::new, |detail| format!(": {detail}"))
        );
        self.check_write(index, next, transition);
        let now = self.now;
        let row = self.table.rows[index].as_mut().unwrap();
        let waits = matches!(next.status, Status::Paid | Status::Crediting);
        row.waits = if waits { row.waits.or(Some(now)) } else { None };
        if matches!(transition.by, Actor::Operator(_)) {
            row.decided = Some(now);
        }
        row.deposit = next.clone();
        row.history.push(transition.clone());
        row.list();
        self.check_denial(index);
        if from != next.status {
            self.stream(index);
        }
        Ok(())
    }

    /// Sets when to look at the deposit again, if the table still holds that version.
    fn set_due(&mut self, index: usize, version: u64, due: Option<Timestamp>) -> Result<(), Box<Deposit>> {
        let row = self.table.rows[index].as_mut().unwrap();
        if guard!(MarkIsConditional, row.deposit.version != version) {
            return Err(Box::new(row.deposit.clone()));
        }
        row.deposit.due = due;
        row.list();
        Ok(())
    }

    /// The same, and the announcer learns of it.
    pub fn announce_again(&mut self, index: usize, version: u64, due: Timestamp) -> Result<(), Box<Deposit>> {
        self.set_due(index, version, Some(due))?;
        self.stream(index);
        Ok(())
    }

    /// The announcer learns of a change of the status, or that it is to announce it again, if the stream does not lose it.
    fn stream(&mut self, index: usize) {
        let deposit = &self.table.rows[index].as_ref().unwrap().deposit;
        if !deposit.status.is_final() && !deposit.status.needs_operator() || self.strikes(Fault::StreamLost) {
            return;
        }
        let deposit = &self.table.rows[index].as_ref().unwrap().deposit;
        let announce = Happening::Announce {
            deposit: index,
            version: deposit.version,
            status: deposit.status,
            since: deposit.since,
        };
        self.later(5 * SECOND, announce);
    }

    /// The announcer has the change: the broker learns of it.
    pub fn announce(&mut self, index: usize, version: u64, status: Status, since: Timestamp) {
        tell!(self, "announcer: deposit {index} is {status} (version {version})");
        if !self.announced.contains(&(index, status, since)) {
            self.announced.push((index, status, since));
            if self.time() > since + jiff::SignedDuration::from_mins(5) {
                self.seen.event(Event::AnnouncedAfterOutage);
            }
        }
        // An operator who hears of it comes at once, or in their own time.
        if status.needs_operator() && !self.calm && self.rng.bool() {
            self.later(2 * MINUTE, Happening::Look { deposit: index });
        }
        if !self.strikes(Fault::MarkLost) {
            let mark = Happening::Mark {
                deposit: index,
                version,
                status,
            };
            self.later(2 * SECOND, mark);
        }
    }

    /// The announcer writes down that it has announced, if the table still holds what it announced: what is final leaves
    /// the index, what needs an operator comes up again in a day.
    pub fn mark(&mut self, index: usize, version: u64, status: Status) {
        let tomorrow = self.time() + jiff::SignedDuration::from_hours(24);
        let due = status.needs_operator().then_some(tomorrow);
        let marked = self.set_due(index, version, due).is_ok();
        tell!(self, "announcer: deposit {index} marked: {marked}");
    }

    /// What the index shows that function, which may lag.
    fn open(&mut self, function: usize) -> Vec<Open> {
        let mut open = Vec::new();
        let mut lags = false;
        for index in 0..self.table.rows.len() {
            let Some(shown) = self.table.rows[index].as_ref().map(|row| row.index.len()) else {
                continue;
            };
            let back = if self.strikes(Fault::IndexLags) {
                lags = true;
                self.rng.usize(1..=shown)
            } else {
                1
            };
            let row = self.table.rows[index].as_ref().unwrap();
            open.extend(row.index[shown - back].clone());
        }
        let to_count = if lags { Vec::new() } else { self.to_be_counted() };
        let run = self.runs.iter_mut().find(|run| run.id == function).unwrap();
        run.to_count = to_count;
        open.sort_by_key(|open| open.due);
        open
    }
}

fn no_answer() -> StoreError {
    StoreError("no answer".into())
}

impl Store for Function {
    async fn load(&self, id: &DepositId) -> Result<Option<Deposit>, StoreError> {
        self.sends(Call::Load).await;
        let loaded = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                Err(StoreError("throttled".into()))
            } else {
                Ok(world.table.row(index(id)).map(|row| row.deposit.clone()))
            }
        };
        self.tell(|| match &loaded {
            Ok(Some(deposit)) => format!(
                "loads deposit {}: {} (version {})",
                index(id),
                deposit.status,
                deposit.version
            ),
            other => format!("loads deposit {}: {other:?}", index(id)),
        });
        self.waits_or_stands_still(Call::Load).await;
        loaded
    }

    async fn write(&self, next: &Deposit, transition: &Transition) -> Result<(), WriteError> {
        let index = index(&next.id);
        self.sends(Call::Write(next.status)).await;
        self.tell(|| format!("writes deposit {index}: {}", next.status));
        let written = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                Err(StoreError("throttled".into()).into())
            } else if world.strikes(Fault::LostBeforeWrite) {
                Err(no_answer().into())
            } else if world.strikes(Fault::WrittenAnswerLost) {
                let _ = world.write(index, next, transition);
                Err(no_answer().into())
            } else if world.strikes(Fault::WrittenLater) {
                world.doubted[index] = true;
                let within = [SECOND, MINUTE, HOUR][world.rng.usize(..3)];
                world.later(
                    within,
                    Happening::Write(Box::new((index, next.clone(), transition.clone()))),
                );
                Err(no_answer().into())
            } else if world.strikes(Fault::RetriedBySdk) {
                let _ = world.write(index, next, transition);
                world.write(index, next, transition).map_err(WriteError::Conflict)
            } else {
                world.write(index, next, transition).map_err(WriteError::Conflict)
            }
        };
        self.waits_or_stands_still(Call::Write(next.status)).await;
        written
    }

    async fn announce_again(&self, deposit: &Deposit, due: Timestamp) -> Result<(), WriteError> {
        let index = index(&deposit.id);
        self.sends(Call::AnnounceAgain).await;
        self.tell(|| format!("announces deposit {index} again: {}", deposit.status));
        let written = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                Err(StoreError("throttled".into()).into())
            } else if world.strikes(Fault::WrittenAnswerLost) {
                let _ = world.announce_again(index, deposit.version, due);
                Err(no_answer().into())
            } else if world.strikes(Fault::WrittenLater) {
                let late = Happening::Due {
                    deposit: index,
                    version: deposit.version,
                    due,
                };
                world.later(MINUTE, late);
                Err(no_answer().into())
            } else {
                world
                    .announce_again(index, deposit.version, due)
                    .map_err(WriteError::Conflict)
            }
        };
        self.waits_or_stands_still(Call::AnnounceAgain).await;
        written
    }

    async fn open(&self) -> Result<Vec<Open>, StoreError> {
        self.sends(Call::Open).await;
        let open = {
            let mut world = self.world();
            if world.strikes(Fault::Throttled) {
                return Err(StoreError("throttled".into()));
            }
            world.open(self.id)
        };
        self.tell(|| format!("asks what is open: {}", open.len()));
        self.waits_or_stands_still(Call::Open).await;
        Ok(open)
    }
}
