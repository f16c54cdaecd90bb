//! What got stuck is driven on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use workflow::guard;

use crate::{
    Actor, CTrader, Deposit, Environment, Open, Reason, STALE_AFTER, Status, Store, StoreError, WriteError,
    commit::{ANNOUNCE_AGAIN_AFTER, Committed, commit},
    credit,
};

/// What is paid for longer than this and not credited is stuck.
const STUCK_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What a round of [`reconcile`] found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// How many deposits are open, by status, after the round; those whose end is only to be announced left out.
    pub open: BTreeMap<Status, u64>,
    /// How many are paid for a quarter of an hour and not credited.
    pub stuck: u64,
    /// Those that the round wrote, as they are now: most have another status, some were tried and put off.
    pub moved: Vec<Deposit>,
    /// How many were announced again.
    pub announced_again: u64,
    /// Why some were left for the next round.
    pub problems: Vec<String>,
    /// How many were left for the next round for want of time.
    pub left: u64,
}

/// One round: what is due is credited, expires, becomes unknown or is announced again; everything is counted. Two rounds at
/// once do no harm. No deposit is begun after `until`.
///
/// # Errors
/// [`StoreError`] if the table does not even say what is open. A deposit that cannot be moved does not keep the others back:
/// [`Round::problems`].
pub async fn reconcile(
    store: &impl Store,
    ctrader: &impl CTrader,
    environment: &impl Environment,
    until: Timestamp,
) -> Result<Round, StoreError> {
    let mut round = Round::default();
    let mut all = store.open().await?;
    // A cTrader that hangs is not to keep the others waiting: what asks it comes last.
    all.sort_by_key(|open| open.status == Status::Paid);
    for open in all {
        let now = environment.now();
        let mut status = open.status;
        if open.due <= now && now >= until {
            round.left += 1;
        } else if open.due <= now {
            match step(store, ctrader, environment, &open).await {
                Ok(Done::Wrote(deposit)) => {
                    status = deposit.status;
                    round.moved.push(*deposit);
                }
                Ok(Done::Nothing(deposit)) => status = deposit.status,
                Ok(Done::AnnouncedAgain) => round.announced_again += 1,
                Err(problem) => round.problems.push(format!("{}: {problem}", open.id.reference())),
            }
        }
        if status.is_final() {
            continue;
        }
        *round.open.entry(status).or_default() += 1;
        if status.waits_for_credit() && now > open.since + STUCK_AFTER {
            round.stuck += 1;
        }
    }
    Ok(round)
}

/// What became of a deposit that was due.
enum Done {
    /// What was written.
    Wrote(Box<Deposit>),
    /// There was nothing to do, or another was faster: the table holds this.
    Nothing(Box<Deposit>),
    AnnouncedAgain,
}

async fn step(
    store: &impl Store,
    ctrader: &impl CTrader,
    environment: &impl Environment,
    open: &Open,
) -> Result<Done, StoreError> {
    // What is listed as open may lag behind the table.
    let deposit = store.load(&open.id).await?;
    let deposit = deposit.ok_or_else(|| StoreError("an open deposit is not there".into()))?;
    let now = environment.now();
    if guard!(NotDueIsLeftAlone, deposit.due.is_none_or(|due| due > now)) {
        return Ok(Done::Nothing(Box::new(deposit)));
    }
    let next = match deposit.status {
        Status::Paid => {
            let version = deposit.version;
            let tried = Box::new(credit(store, ctrader, environment, deposit).await?);
            return Ok(match tried.version == version {
                true => Done::Nothing(tried),
                false => Done::Wrote(tried),
            });
        }
        Status::Created | Status::Pending => deposit.next(Status::Expired, now).scheduled(now),
        Status::Crediting => match deposit.attempt.as_ref() {
            Some(attempt) if guard!(AttemptGoesStale, now < attempt.at + STALE_AFTER) => {
                return Ok(Done::Nothing(Box::new(deposit)));
            }
            _ => guard!(
                StaleIsNotRepeated,
                deposit.unknown(Reason::CreditOutcomeNotRecorded, now),
                without deposit.next(Status::Paid, now).scheduled(now)
            ),
        },
        Status::Credited | Status::Failed | Status::Expired | Status::Review | Status::Unknown => {
            if !guard!(UnpublishedIsRepublished, true) {
                return Ok(Done::Nothing(Box::new(deposit)));
            }
            return match store
                .announce_again(&deposit, now + again_after(&deposit, now))
                .await
            {
                Ok(()) => Ok(Done::AnnouncedAgain),
                Err(WriteError::Conflict(held)) => Ok(Done::Nothing(held)),
                Err(WriteError::Store(error)) => Err(error),
            };
        }
    };
    let detail = next.detail();
    Ok(
        match commit(store, environment, next, Actor::Reconcile, detail).await? {
            Committed::Ours(deposit) => Done::Wrote(Box::new(deposit)),
            Committed::Theirs(deposit) => Done::Nothing(Box::new(deposit)),
        },
    )
}

/// How long to wait before the next time: as long as it has been in its status, a day at most.
fn again_after(deposit: &Deposit, now: Timestamp) -> SignedDuration {
    let waited = now.duration_since(deposit.since);
    waited.clamp(ANNOUNCE_AGAIN_AFTER, SignedDuration::from_hours(24))
}
