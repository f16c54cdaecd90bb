//! Writing a record, even if answers of the table are lost.

use crate::{
    Actor, Environment, Record, Store, StoreError, Transition, Workflow, WriteError, guard, stored_size,
};

/// How often a write is sent if its answer does not come.
const MAX_TRIES: u32 = 3;

/// The outcome of a write.
#[derive(Debug)]
pub enum CommitOutcome<W: Workflow> {
    /// The table holds our version.
    Ours(Record<W>),
    /// Another writer was faster: the table holds this record.
    Theirs(Record<W>),
}

/// Writes `next`, which `by` made because of `detail`. If no answer comes, the same write is sent again. It
/// cannot happen twice: if the first try succeeded, the second conflicts with a record that has our own write
/// id.
///
/// # Errors
/// [`StoreError`]: the write may have happened. Loading the record shows which.
pub async fn commit<W: Workflow>(
    store: &impl Store<W>,
    environment: &impl Environment,
    next: Record<W>,
    by: Actor<W::Program>,
    detail: Option<W::Detail>,
) -> Result<CommitOutcome<W>, StoreError> {
    let next = Record {
        write_id: environment.unique()?,
        ..next
    };
    let transition = Transition {
        version: next.version,
        status: next.status,
        at: environment.now(),
        by,
        detail,
    };
    let next = Record {
        history_size: next.history_size.saturating_add(stored_size(&transition)),
        ..next
    };
    let mut tries = 1;
    loop {
        match store.write(&next, &transition).await {
            Ok(()) => return Ok(CommitOutcome::Ours(next)),
            Err(WriteError::Conflict(held)) => {
                let of_another = guard!(AnothersWriteIsNotOurs, held.write_id != next.write_id);
                let ours = guard!(OwnFirstTryIsOurs, !of_another);
                return Ok(if ours {
                    CommitOutcome::Ours(*held)
                } else {
                    CommitOutcome::Theirs(*held)
                });
            }
            Err(WriteError::Store(error)) if tries == MAX_TRIES => {
                return guard!(SilenceIsNotSuccess, Err(error), without Ok(CommitOutcome::Ours(next)));
            }
            Err(WriteError::Store(_)) => tries += 1,
        }
    }
}

impl<W: Workflow> CommitOutcome<W> {
    /// The record that the table holds, by whichever writer.
    pub fn record(self) -> Record<W> {
        match self {
            Self::Ours(record) | Self::Theirs(record) => record,
        }
    }
}
