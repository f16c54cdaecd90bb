//! Workflows, and their versioned records.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

use domain::{Principal, RecordId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Named, UnknownName, guard};

/// A workflow. The type is the workflow's own data in a record; [`Record`] adds the bookkeeping. The rules are
/// pure functions from a record to its next version ([`Record::next`]), which [`commit`](crate::commit) writes.
pub trait Workflow:
    Clone + fmt::Debug + PartialEq + Eq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The name of a record of this workflow, in one word: part of its key and of messages to the operator.
    const KIND: &'static str;

    /// The statuses of a record.
    type Status: Status;

    /// The workflow's own programs, besides `reconcile`.
    type Program: Named;

    /// Why a record was written, for its history. Its `Display` is for the operator.
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

    /// How failed work is deferred.
    const DEFERRALS: Deferrals = Deferrals::DEFAULT;

    /// How long after it gets `status` a record is due. Only for statuses that are not final and do not need an
    /// operator: records with those are due for [republication](crate::REPUBLISH_AFTER).
    fn wait(&self, status: Self::Status) -> SignedDuration;

    /// The next version of a record that is due in a status without [work](Status::is_work), and why.
    /// `reconcile` writes it. `None` if it is too early.
    fn overdue(record: &Record<Self>, now: Timestamp) -> Option<(Record<Self>, Option<Self::Detail>)>;
}

/// The status of a record.
pub trait Status: Named + Serialize + DeserializeOwned {
    /// Whether nothing remains to be done. An event from outside may still change the record.
    fn is_final(self) -> bool;

    /// Whether an operator has to decide.
    fn needs_operator(self) -> bool;

    /// Whether a program has to call the outside. `reconcile` does such work last, because the outside may hang.
    fn is_work(self) -> bool;

    /// Whether a program has to do work, or is doing it. `reconcile` counts the records that wait for too long.
    fn waits_for_program(self) -> bool;
}

/// How failed work is deferred: the waits double, up to a number of deferrals.
#[derive(Clone, Copy, Debug)]
pub struct Deferrals {
    /// The first wait.
    pub shortest: SignedDuration,
    /// The longest wait.
    pub longest: SignedDuration,
    /// The number of deferrals after which an operator has to look at the record.
    pub max: u32,
}

impl Deferrals {
    /// Waits from 10 seconds to an hour, 40 times: more than a day in all.
    pub const DEFAULT: Self = Self {
        shortest: SignedDuration::from_secs(10),
        longest: SignedDuration::from_hours(1),
        max: 40,
    };

    fn wait(self, deferrals: u32) -> SignedDuration {
        // The limit keeps the shift from overflowing; the longest wait is reached long before.
        let doubled = self
            .shortest
            .saturating_mul(1 << deferrals.saturating_sub(1).min(16));
        doubled.min(self.longest)
    }
}

/// Delay after which a final or operator-pending record is published again if its publication was not confirmed.
pub const REPUBLISH_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// A record in the table. Each write makes the next version. Dereferences to the workflow's own data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Record<W: Workflow> {
    /// The record's id.
    pub id: RecordId,
    /// The number of the last write, from 1.
    pub version: u64,
    /// The id of the last write. If the answer to a write is lost, the id shows whose write the table holds.
    pub write_id: String,
    /// The status.
    pub status: W::Status,
    /// When the record got its status. Statuses that wait for a program count as one: the time is when the wait
    /// began, however often the work was tried.
    pub status_since: Timestamp,
    /// When `reconcile` has to look at the record. Absent once the record is final and its publication was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// How often the work was deferred.
    pub deferrals: u32,
    /// The size of the history, as [`stored_size`] measures it.
    #[serde(default)]
    pub history_size: u32,
    /// The last decision of an operator about the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<OperatorDecision>,
    /// The workflow's own data.
    pub data: W,
}

/// An operator's decision that is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorDecision {
    /// The id of the request that asked for it. If the answer to the request was lost, the id shows that the same
    /// request is sent again.
    pub request: RecordId,
    /// The operator.
    pub by: Principal,
    /// The version that the decision made.
    pub version: u64,
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
            history_size: 0,
            decision: None,
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

    /// The next version, in `status`, with the due time of that status. If the status does not change, neither
    /// does the due time.
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

    /// The next version, in `status`, due after a wait that doubles with each deferral. `None` after too many
    /// deferrals.
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

    /// The same record with the due time of its status.
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

    /// Whether an operator has decided about the record.
    pub fn is_decided(&self) -> bool {
        self.decision.is_some()
    }

    /// Whether it is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due_at| due_at <= now)
    }
}

/// About how many bytes a value takes in the table: those of its JSON. DynamoDB takes no item of more than 400 KB.
pub fn stored_size(value: &impl Serialize) -> u32 {
    let json = serde_json::to_vec(value).unwrap_or_default();
    u32::try_from(json.len()).unwrap_or(u32::MAX)
}

/// One write of a record, stored for ever in its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Transition<W: Workflow> {
    /// The version that the write made.
    pub version: u64,
    /// The status after the write.
    pub status: W::Status,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: Actor<W::Program>,
    /// Why it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<W::Detail>,
}

/// The writer of a record. As text: `trader`, `provider`, `reconcile`, the program's name, or `operator:` and an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor<P> {
    /// The trader, on a screen.
    Trader,
    /// An outside party, by a notification.
    Provider,
    /// A round over the due records.
    Reconcile,
    /// Another program of the workflow.
    Program(P),
    /// An operator.
    Operator(Principal),
}

/// The prefix of an operator's text.
const OPERATOR: &str = "operator:";

impl<P: Named> fmt::Display for Actor<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trader => f.write_str("trader"),
            Self::Provider => f.write_str("provider"),
            Self::Reconcile => f.write_str("reconcile"),
            Self::Program(program) => f.write_str(program.as_str()),
            Self::Operator(principal) => write!(f, "{OPERATOR}{principal}"),
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
                Some(arn) => Self::Operator(arn.to_owned().try_into().map_err(serde::de::Error::custom)?),
                None => Self::Program(
                    text.parse()
                        .map_err(|error: UnknownName| serde::de::Error::custom(error))?,
                ),
            },
        })
    }
}
