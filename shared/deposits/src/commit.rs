//! Writing a deposit, whatever becomes of the answers.

use workflow::guard;

use crate::{Actor, Deposit, Detail, Environment, Status, Store, StoreError, Transition, WriteError};

/// How often a write is sent, where its answer does not come.
const MAX_TRIES: u32 = 3;

/// What became of a write.
pub(crate) enum Committed {
    /// The table holds what was to be written.
    Ours(Deposit),
    /// Somebody else was faster: this is what the table holds.
    Theirs(Deposit),
}

/// Writes `next`; `detail` says why. If no answer comes the same write is sent again: it cannot happen twice, and if the
/// first one did happen the conflict of the second shows our own write id.
pub(crate) async fn commit(
    store: &impl Store,
    environment: &impl Environment,
    next: Deposit,
    by: Actor,
    detail: Option<Detail>,
) -> Result<Committed, StoreError> {
    let next = Deposit {
        write: environment.unique()?,
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
                let of_another = guard!(AnothersWriteIsNotOurs, held.write != next.write);
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

impl Committed {
    /// What the table holds, whoever wrote it.
    pub(crate) fn deposit(self) -> Deposit {
        match self {
            Self::Ours(deposit) | Self::Theirs(deposit) => deposit,
        }
    }
}

/// How long after it got a final status, or one that an operator has to change, it is announced again unless it is known
/// to have been announced.
pub(crate) const ANNOUNCE_AGAIN_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

impl Deposit {
    /// This, to be looked at again when its status asks for it.
    pub(crate) fn scheduled(self, now: jiff::Timestamp) -> Self {
        let due = match self.status {
            Status::Created | Status::Pending => now + self.order.wait(),
            Status::Paid => now,
            Status::Crediting => guard!(CreditingIsDueLater, now + crate::STALE_AFTER, without now),
            Status::Credited | Status::Failed | Status::Expired | Status::Review | Status::Unknown => {
                now + ANNOUNCE_AGAIN_AFTER
            }
        };
        Self {
            due: Some(due),
            ..self
        }
    }
}
