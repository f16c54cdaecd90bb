//! What a workflow needs of the outside: a table, time and chance.
#![allow(
    async_fn_in_trait,
    reason = "the callers are this workspace's, which need no Send"
)]

use domain::{NoRandomness, RecordId};
use jiff::Timestamp;

use crate::{Record, Transition, Workflow};

/// The table of a workflow's records.
pub trait Store<W: Workflow> {
    /// The record as the table holds it now, not as it was a while ago.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn load(&self, id: &RecordId) -> Result<Option<Record<W>>, StoreError>;

    /// Writes `next` if the table holds the version before it, and appends `transition` to the history, in the same write.
    ///
    /// # Errors
    /// [`WriteError`].
    async fn write(&self, next: &Record<W>, transition: &Transition<W>) -> Result<(), WriteError<W>>;

    /// Sets when the record is due, if the table still holds this version. That write publishes the record again.
    ///
    /// # Errors
    /// [`WriteError`].
    async fn republish(&self, record: &Record<W>, due_at: Timestamp) -> Result<(), WriteError<W>>;

    /// All records that have a [`Record::due_at`], the earliest first. May lag behind the table.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_due(&self) -> Result<Vec<DueRecord<W>>, StoreError>;
}

/// A record that something is still to be done about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRecord<W: Workflow> {
    /// Which.
    pub id: RecordId,
    /// Where it stands.
    pub status: W::Status,
    /// Since when.
    pub status_since: Timestamp,
    /// When to look at it.
    pub due_at: Timestamp,
}

/// The table did not answer as hoped. Whether a write happened is unknown; writing the same again is safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger table: {0}")]
pub struct StoreError(pub String);

impl From<NoRandomness> for StoreError {
    fn from(error: NoRandomness) -> Self {
        Self(error.to_string())
    }
}

/// Why a write is not known to have happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError<W: Workflow> {
    /// The table holds another version than the one before: this. It may be what an earlier try of this very write left
    /// ([`Record::write_id`] tells).
    #[error("the {} is of another version by now", W::KIND)]
    Conflict(Box<Record<W>>),
    /// It may have happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Time and chance, so that a simulation can have its own.
pub trait Environment {
    /// Now.
    fn now(&self) -> Timestamp;

    /// A text that nobody else has.
    ///
    /// # Errors
    /// [`NoRandomness`] if there is none to be had.
    fn unique(&self) -> Result<String, NoRandomness>;
}
