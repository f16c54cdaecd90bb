//! The ports of a workflow: the table, time and randomness.
#![allow(
    async_fn_in_trait,
    reason = "the callers are this workspace's, which need no Send"
)]

use domain::{NoRandomness, RecordId};
use jiff::Timestamp;

use crate::{Record, Transition, Workflow};

/// The table that holds a workflow's records.
pub trait Store<W: Workflow> {
    /// Loads the current record: a strongly consistent read.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn load(&self, id: &RecordId) -> Result<Option<Record<W>>, StoreError>;

    /// Writes `next` and appends `transition` to the history, in one write, on the condition that the table
    /// holds the previous version.
    ///
    /// # Errors
    /// [`WriteError`].
    async fn write(&self, next: &Record<W>, transition: &Transition<W>) -> Result<(), WriteError<W>>;

    /// Sets the due time of the record, on the condition that the table holds this version. The write publishes
    /// the record again.
    ///
    /// # Errors
    /// [`WriteError`].
    async fn republish(&self, record: &Record<W>, due_at: Timestamp) -> Result<(), WriteError<W>>;

    /// Lists the records in this status whose [`Record::due_at`] is not after `now`, the earliest first, at most
    /// `limit`. Reads no others, so that it costs the same however many others there are. May lag behind the table.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn list_due(
        &self,
        status: W::Status,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueRecord<W>>, StoreError>;

    /// Counts the records in this status that have a [`Record::due_at`], or those of them with the status since
    /// `since` or longer. May lag behind the table.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn count(&self, status: W::Status, since: Option<Timestamp>) -> Result<u64, StoreError>;
}

/// A record that has a due time, as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRecord<W: Workflow> {
    /// The record's id.
    pub id: RecordId,
    /// Its status.
    pub status: W::Status,
    /// When it got its status: [`Record::status_since`].
    pub status_since: Timestamp,
    /// When `reconcile` has to look at it.
    pub due_at: Timestamp,
}

/// A call to the table failed. A write may have happened. Writing the same again is safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table: {0}")]
pub struct StoreError(pub String);

impl From<NoRandomness> for StoreError {
    fn from(error: NoRandomness) -> Self {
        Self(error.to_string())
    }
}

/// Why a write failed, or may have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError<W: Workflow> {
    /// The table does not hold the previous version but this one. An earlier try of the same write may have
    /// made it, which [`Record::write_id`] shows.
    #[error("the {} is of another version by now", W::KIND)]
    Conflict(Box<Record<W>>),
    /// The write may have happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Time and randomness. A simulation replaces both.
pub trait Environment {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// A unique text.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system provides none.
    fn unique(&self) -> Result<String, NoRandomness>;
}
