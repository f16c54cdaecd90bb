//! Writing a record, whatever becomes of the answers.

use crate::{Actor, Environment, Record, Store, StoreError, Transition, Workflow, WriteError, guard};

/// How often a write is sent, where its answer does not come.
const MAX_TRIES: u32 = 3;

/// The outcome of a write.
#[derive(Debug)]
pub enum Committed<W: Workflow> {
    /// The table holds our version.
    Ours(Record<W>),
    /// Somebody else was faster: the table holds this.
    Theirs(Record<W>),
}

/// Writes `next`, made by `by`; `detail` says why. If no answer comes the same write is sent again: it cannot happen twice, and
/// if the first one did happen the conflict of the second shows our own write id.
///
/// # Errors
/// [`StoreError`]: whether it is written is unknown. Whoever loads the record sees which.
pub async fn commit<W: Workflow>(
    store: &impl Store<W>,
    environment: &impl Environment,
    next: Record<W>,
    by: Actor<W::Program>,
    detail: Option<W::Detail>,
) -> Result<Committed<W>, StoreError> {
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
    let mut tries = 1;
    loop {
        match store.write(&next, &transition).await {
            Ok(()) => return Ok(Committed::Ours(next)),
            Err(WriteError::Conflict(held)) => {
                let of_another = guard!(AnothersWriteIsNotOurs, held.write_id != next.write_id);
                let ours = guard!(OwnFirstTryIsOurs, !of_another);
                return Ok(if ours {
                    Committed::Ours(*held)
                } else {
                    Committed::Theirs(*held)
                });
            }
            Err(WriteError::Store(error)) if tries == MAX_TRIES => {
                return guard!(SilenceIsNotSuccess, Err(error), without Ok(Committed::Ours(next)));
            }
            Err(WriteError::Store(_)) => tries += 1,
        }
    }
}

impl<W: Workflow> Committed<W> {
    /// The record as the table holds it, whoever wrote it.
    pub fn record(self) -> Record<W> {
        match self {
            Self::Ours(record) | Self::Theirs(record) => record,
        }
    }
}
