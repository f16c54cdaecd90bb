//! A record of a workflow: versioned, with a history.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

use domain::RecordId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Named, UnknownName, guard};

/// A workflow: the type holds what its records hold besides the bookkeeping of [`Record`]. Its rules are pure functions from
/// a record to the next version ([`Record::next`]), which [`commit`](crate::commit) writes.
pub trait Workflow:
    Clone + fmt::Debug + PartialEq + Eq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What a record is called, in one word: part of its key, and of messages to the operator.
    const KIND: &'static str;

    /// Where a record can stand.
    type Status: Status;

    /// The workflow's own programs, besides `reconcile`.
    type Program: Named;

    /// Why a record was written, for its history. `Display` is the text for the operator.
    type Detail: Clone
        + fmt::Debug
        + fmt::Display
        + PartialEq
        + Eq
        + Serialize
        + DeserializeOwned
        + Send
        + Sync
        + 'static;

    /// How work that did not succeed is deferred.
    const DEFERRALS: Deferrals = Deferrals::DEFAULT;

    /// How long after it came to `status` a record is due. Asked of statuses that are not final and wait for no operator:
    /// those are due for [republication](crate::REPUBLISH_AFTER).
    fn wait(&self, status: Self::Status) -> SignedDuration;

    /// What `reconcile` writes of a record that is due and stands where no [work](Status::is_work) is to be done: the next
    /// version, and why. `None`: it is too early.
    fn overdue(record: &Record<Self>, now: Timestamp) -> Option<(Record<Self>, Option<Self::Detail>)>;
}

/// Where a record can stand.
pub trait Status: Named + Serialize + DeserializeOwned {
    /// Whether nothing more is to be done. News from outside may still change it.
    fn is_final(self) -> bool;

    /// Whether an operator has to decide.
    fn needs_operator(self) -> bool;

    /// Whether a program has to carry something out, outside of the table. `reconcile` comes to such records last, since the
    /// outside may hang.
    fn is_work(self) -> bool;

    /// Whether a program has to carry something out, or is at it. `reconcile` counts what waits for too long.
    fn waits_for_program(self) -> bool;
}

/// How work that did not succeed is deferred: waits that double, and a limit.
#[derive(Clone, Copy, Debug)]
pub struct Deferrals {
    /// The first wait.
    pub shortest: SignedDuration,
    /// The wait that the others grow to.
    pub longest: SignedDuration,
    /// How often, before an operator has to look at it.
    pub max: u32,
}

impl Deferrals {
    /// 10 seconds to an hour, 40 times: more than a day.
    pub const DEFAULT: Self = Self {
        shortest: SignedDuration::from_secs(10),
        longest: SignedDuration::from_hours(1),
        max: 40,
    };

    fn wait(self, deferrals: u32) -> SignedDuration {
        // The shift ends long after the longest wait is reached.
        let doubled = self
            .shortest
            .saturating_mul(1 << deferrals.saturating_sub(1).min(16));
        doubled.min(self.longest)
    }
}

/// How long after it became final, or an operator's, a record is published again unless it is known to have been published.
pub const REPUBLISH_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// A record as the table holds it. Each write makes the next version. Dereferences to what the workflow holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Record<W: Workflow> {
    /// Which.
    pub id: RecordId,
    /// Counts the writes, from 1.
    pub version: u64,
    /// Id of the last write: tells our own from that of another where the answer to it was lost.
    pub write_id: String,
    /// Where it stands.
    pub status: W::Status,
    /// Since when it has its status. Statuses that wait for a program count as one: since when it waits, however often the
    /// work is tried.
    pub status_since: Timestamp,
    /// When `reconcile` looks at it; absent once it is final and known to have been published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// How often its work was deferred.
    pub deferrals: u32,
    /// What the workflow holds.
    pub data: W,
}

impl<W: Workflow> Deref for Record<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.data
    }
}

impl<W: Workflow> DerefMut for Record<W> {
    fn deref_mut(&mut self) -> &mut W {
        &mut self.data
    }
}

impl<W: Workflow> Record<W> {
    /// A new record, to be written as version 1.
    pub fn new(id: RecordId, status: W::Status, data: W, at: Timestamp, write_id: String) -> Self {
        let new = Self {
            id,
            version: 1,
            write_id,
            status,
            status_since: at,
            due_at: None,
            deferrals: 0,
            data,
        };
        new.scheduled(at)
    }

    /// The first transition of its history.
    pub fn first_transition(&self) -> Transition<W> {
        Transition {
            version: self.version,
            status: self.status,
            at: self.status_since,
            by: Actor::Trader,
            detail: None,
        }
    }

    /// The next version, in that status; due when the status asks for it. Where the status stays, the due time stays too.
    #[must_use]
    pub fn next(&self, status: W::Status, now: Timestamp) -> Self {
        let stays = status == self.status;
        let waits_on = status.waits_for_program() && self.status.waits_for_program();
        let counts_on = stays || guard!(WaitCountsFromFirst, waits_on);
        let next = Self {
            version: self.version + 1,
            status,
            status_since: if counts_on { self.status_since } else { now },
            ..self.clone()
        };
        if stays { next } else { next.scheduled(now) }
    }

    /// The next version, in that status and due after a wait that doubles each time; `None` after too many times.
    #[must_use]
    pub fn deferred(&self, status: W::Status, now: Timestamp) -> Option<Self> {
        let deferrals = self.deferrals + 1;
        if guard!(DeferralsAreLimited, deferrals > W::DEFERRALS.max) {
            return None;
        }
        Some(Self {
            deferrals,
            due_at: Some(now + W::DEFERRALS.wait(deferrals)),
            ..self.next(status, now)
        })
    }

    /// This, due when its status asks for it.
    #[must_use]
    pub fn scheduled(self, now: Timestamp) -> Self {
        let wait = if self.status.is_final() || self.status.needs_operator() {
            REPUBLISH_AFTER
        } else {
            self.data.wait(self.status)
        };
        Self {
            due_at: Some(now + wait),
            ..self
        }
    }

    /// Whether it is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due_at| due_at <= now)
    }
}

/// One write of a record, kept for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Transition<W: Workflow> {
    /// The version that it made.
    pub version: u64,
    /// The status since then.
    pub status: W::Status,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: Actor<W::Program>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<W::Detail>,
}

/// Who writes a record. As text: `trader`, `provider`, `reconcile`, the program's name, or `operator:` and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor<P> {
    /// The trader, on a screen.
    Trader,
    /// An outside party, by a notification.
    Provider,
    /// The program that carries on what got stuck.
    Reconcile,
    /// A program of the workflow's own.
    Program(P),
    /// An operator of that name.
    Operator(String),
}

/// What the text of an operator begins with.
const OPERATOR: &str = "operator:";

impl<P: Named> fmt::Display for Actor<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trader => f.write_str("trader"),
            Self::Provider => f.write_str("provider"),
            Self::Reconcile => f.write_str("reconcile"),
            Self::Program(program) => f.write_str(program.as_str()),
            Self::Operator(name) => write!(f, "{OPERATOR}{name}"),
        }
    }
}

impl<P: Named> Serialize for Actor<P> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, P: Named> Deserialize<'de> for Actor<P> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match text.as_str() {
            "trader" => Self::Trader,
            "provider" => Self::Provider,
            "reconcile" => Self::Reconcile,
            text => match text.strip_prefix(OPERATOR) {
                Some(name) => Self::Operator(name.to_owned()),
                None => Self::Program(
                    text.parse()
                        .map_err(|error: UnknownName| serde::de::Error::custom(error))?,
                ),
            },
        })
    }
}
