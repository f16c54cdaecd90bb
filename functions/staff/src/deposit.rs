//! `POST /staff/deposits/{id}/decisions`: an operator's decision about a deposit.

use crediting::log_transition;
use deposits::{Decision, Deposit, DepositId, Operator, ResolveError, resolve};
use domain::Principal;
use staff_calls::{DecideDeposit, DecidedDeposit, DepositDecision, RecordedDecision};
use store::{System, Table};
use tokio::time::{Instant, timeout_at};
use web::{Content, Response};

use crate::{NAME, reason, refusal::Refusal};

/// Records the decision, unless the same call was recorded before.
pub async fn decide(
    table: &Table,
    caller: &Principal,
    id: &DepositId,
    call: &DecideDeposit,
    deadline: Instant,
) -> Result<Response, Refusal> {
    let operator = Operator {
        seen: call.version,
        by: caller,
        request: &call.request_id,
        reason: reason(&call.reason)?,
    };
    let resolving = resolve(table, &System, id, operator, decision(call)?);
    let Ok(resolved) = timeout_at(deadline, resolving).await else {
        return Err(Refusal::Unavailable("no answer before the deadline".into()));
    };
    let deposit = resolved.map_err(|error| match error {
        ResolveError::NotFound => Refusal::NoSuchRecord,
        ResolveError::NoReason => Refusal::Malformed("reason"),
        ResolveError::NotOpen(_) | ResolveError::Refused(_) | ResolveError::Changed => {
            Refusal::Conflict(error.to_string())
        }
        ResolveError::Store(error) => Refusal::Unavailable(error.to_string()),
    })?;
    answer(&deposit)
}

/// The decision of the call.
fn decision(call: &DecideDeposit) -> Result<Decision, Refusal> {
    let payment_found = call.payment_found;
    match (call.decision, call.balance_history_id) {
        (DepositDecision::Credited, Some(..=0)) => Err(Refusal::Malformed("balanceHistoryId")),
        (DepositDecision::Credited, balance_history_id) => Ok(Decision::Credited {
            balance_history_id,
            payment_found,
        }),
        (_, Some(_)) => Err(Refusal::Malformed("balanceHistoryId")),
        (DepositDecision::Retry, None) => Ok(Decision::Retry { payment_found }),
        (DepositDecision::Failed, None) if payment_found => Err(Refusal::Malformed("paymentFound")),
        (DepositDecision::Failed, None) => Ok(Decision::Failed),
    }
}

fn answer(deposit: &Deposit) -> Result<Response, Refusal> {
    let recorded = deposit.decision.clone().ok_or(Refusal::Unavailable(
        "the deposit does not show the decision".into(),
    ))?;
    // A repeated call finds the deposit as other programs have left it since.
    if recorded.version == deposit.version {
        log_transition(NAME, deposit);
    }
    let reference = deposit.id.reference();
    let decided = DecidedDeposit {
        deposit_id: deposit.id.clone(),
        reference: reference.clone(),
        status: deposit.status.to_string(),
        version: deposit.version,
        recorded: RecordedDecision {
            request_id: recorded.request,
            by: recorded.by,
            version: recorded.version,
        },
    };
    Ok(Response {
        reference: Some(reference),
        ..Response::new(200, "DECIDED", Content::json(&decided))
    })
}
