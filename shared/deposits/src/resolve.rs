//! An operator decides.

use workflow::guard;

use crate::{
    Actor, Credit, Deposit, DepositId, Environment, Reason, Status, Store, StoreError,
    commit::{Committed, commit},
};

/// What an operator found out, or decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The account has been credited: cTrader's record shows it, or it was done by hand.
    Credited {
        /// cTrader's id of the balance change.
        balance_history_id: Option<i64>,
    },
    /// The account has not been credited: cTrader's record shows that. A program tries again.
    Retry,
    /// Nothing will be credited: the money was given back, or never came.
    Failed,
}

/// Why an operator's decision was not written down.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// No such deposit.
    #[error("there is no such deposit")]
    NoSuchDeposit,
    /// Nobody has to decide about it.
    #[error("the deposit is {0}: only one in review or unknown is for an operator to decide")]
    NotOpen(Status),
    /// The account has been credited.
    #[error("the deposit has been credited ({0}): it cannot be credited again")]
    CreditedAlready(Credit),
    /// The provider does not have the money that was asked for.
    #[error(
        "the provider does not have exactly what was asked for, or has taken it back: a program may not credit it. \
         Credit it by hand and record that, or record that it failed"
    )]
    NotPaidAsAsked,
    /// No reason was given.
    #[error("a reason is needed: it is kept for ever")]
    NoReason,
    /// The deposit was changed since the operator looked at it.
    #[error("the deposit has just changed: look at it again")]
    Changed,
    /// It may have been written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down an operator's decision about a deposit that is in review or unknown, as it was `seen`: of that version. What
/// has happened since then, another operator's decision and what came of it not least, is to be looked at first.
///
/// # Errors
/// [`ResolveError`].
pub async fn resolve(
    store: &impl Store,
    environment: &impl Environment,
    id: &DepositId,
    seen: u64,
    decision: Decision,
    operator: &str,
    reason: &str,
) -> Result<Deposit, ResolveError> {
    if guard!(DecisionHasReason, reason.trim().is_empty()) {
        return Err(ResolveError::NoReason);
    }
    let deposit = store.load(id).await?.ok_or(ResolveError::NoSuchDeposit)?;
    if guard!(DecisionIsAsked, !deposit.status.needs_operator()) {
        return Err(ResolveError::NotOpen(deposit.status));
    }
    if guard!(DecisionOnWhatWasSeen, deposit.version != seen) {
        return Err(ResolveError::Changed);
    }
    let now = environment.now();
    let next = match decision {
        Decision::Credited { balance_history_id } => Deposit {
            credit: Some(deposit.credit.clone().unwrap_or(Credit { balance_history_id })),
            ..deposit.next(Status::Credited, now)
        },
        Decision::Failed => deposit.next(Status::Failed, now),
        Decision::Retry => {
            if let Some(credit) = deposit.credit.clone().filter(|_| guard!(NoRetryOfCredited, true)) {
                return Err(ResolveError::CreditedAlready(credit));
            }
            if guard!(NoRetryOfUnpaid, !deposit.is_paid_as_asked()) {
                return Err(ResolveError::NotPaidAsAsked);
            }
            Deposit {
                deferrals: 0,
                ..deposit.next(Status::Paid, now)
            }
        }
    };
    let next = Deposit {
        resolved: true,
        reasons: vec![Reason::Operator {
            text: reason.to_owned(),
        }],
        ..next.scheduled(now)
    };
    let detail = next.detail();
    match commit(
        store,
        environment,
        next,
        Actor::Operator(operator.to_owned()),
        detail,
    )
    .await?
    {
        Committed::Ours(deposit) => Ok(deposit),
        Committed::Theirs(_) if guard!(LateDecisionIsRefused, true) => Err(ResolveError::Changed),
        Committed::Theirs(held) => Ok(held),
    }
}
