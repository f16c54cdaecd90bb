//! An operator's decision about a deposit.

use jiff::Timestamp;
use workflow::{DecideError, Environment, Operator, RecordId, Store, decide, guard};

use crate::{
    Credit, Deposit, DepositBody, Detail, PaymentRecords, PaymentSource, Reason, Status,
    payment_record::{self, Recorded},
};

/// An operator's finding or decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The account was credited: cTrader's record shows it, or the operator credited it by hand.
    Credited {
        /// cTrader's id of the balance operation, if the operator knows it.
        balance_history_id: Option<i64>,
        /// As for [`Decision::Retry`], but never needed: no program credits the deposit.
        payment_found: bool,
    },
    /// The account was not credited: cTrader's record shows that. A program tries again.
    Retry {
        /// Whether the operator asked the provider, and it has the payment that the deposit names. Needed if no
        /// notification of it is recorded.
        payment_found: bool,
    },
    /// Nothing will be credited: the money was returned, or never came.
    Failed,
}

/// Why the decision is not possible for the deposit.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The account was already credited.
    #[error("the deposit has been credited ({0}): it cannot be credited again")]
    CreditedAlready(Credit),
    /// The provider does not have the money that was ordered.
    #[error(
        "the provider does not have exactly what was asked for, or has taken it back: a program may not credit it. \
         Credit it by hand and record that, or record that it failed"
    )]
    NotPaidAsAsked,
    /// Nobody who learns of payments recorded the payment.
    #[error(
        "no notification of the payment is recorded, so the provider may not have the money. Ask the provider for \
         the payment's reference, and say that you found it there, or record that the deposit failed"
    )]
    PaymentNotRecorded,
}

/// Why an operator's decision was not recorded.
pub type ResolveError = DecideError<DepositBody, Refusal>;

/// Records an operator's decision about a deposit that is in review or unknown.
///
/// # Errors
/// [`ResolveError`].
pub async fn resolve(
    store: &(impl Store<DepositBody> + PaymentRecords),
    environment: &impl Environment,
    id: &RecordId,
    operator: Operator<'_>,
    decision: Decision,
) -> Result<Deposit, ResolveError> {
    decide(store, environment, id, operator, async |deposit, now| {
        let mut next = decided(deposit, decision, now).map_err(DecideError::Refused)?;
        vouch(store, environment, deposit, operator, decision).await?;
        let reasons = vec![Reason::Operator {
            text: operator.reason.to_owned(),
        }];
        next.reasons.clone_from(&reasons);
        Ok((next, Detail::Reasons { reasons }))
    })
    .await
}

/// Records the payment that the decision rests on, if nobody did and the operator found it at the provider.
async fn vouch(
    payments: &impl PaymentRecords,
    environment: &impl Environment,
    deposit: &Deposit,
    operator: Operator<'_>,
    decision: Decision,
) -> Result<(), ResolveError> {
    let found = match decision {
        Decision::Failed => return Ok(()),
        Decision::Credited { payment_found, .. } | Decision::Retry { payment_found } => payment_found,
    };
    let is_retry = matches!(decision, Decision::Retry { .. });
    let Some(payment) = &deposit.payment else {
        return Ok(());
    };
    match payment_record::recorded(payments, &deposit.id, deposit).await? {
        Recorded::AsNamed => return Ok(()),
        // The provider reported other money for this reference. No word of an operator changes that.
        Recorded::Otherwise if is_retry => {
            return Err(DecideError::Refused(Refusal::NotPaidAsAsked));
        }
        Recorded::Otherwise => return Ok(()),
        Recorded::Nothing if is_retry && guard!(NoRetryOfUnrecorded, !found) => {
            return Err(DecideError::Refused(Refusal::PaymentNotRecorded));
        }
        Recorded::Nothing if !is_retry && !found => return Ok(()),
        Recorded::Nothing => {}
    }
    let by = Some(operator.by);
    payment_record::record(
        payments,
        environment,
        &deposit.id,
        payment,
        PaymentSource::Staff,
        by,
    )
    .await?;
    Ok(())
}

fn decided(deposit: &Deposit, decision: Decision, now: Timestamp) -> Result<Deposit, Refusal> {
    match decision {
        Decision::Credited {
            balance_history_id, ..
        } => {
            let mut credited = deposit.next(Status::Credited, now);
            credited.credit.get_or_insert(Credit { balance_history_id });
            Ok(credited)
        }
        Decision::Failed => Ok(deposit.next(Status::Failed, now)),
        Decision::Retry { .. } => {
            let credit = deposit.credit.clone().filter(|_| guard!(NoRetryOfCredited, true));
            if let Some(credit) = credit {
                return Err(Refusal::CreditedAlready(credit));
            }
            if guard!(NoRetryOfUnpaid, !deposit.is_paid_as_asked()) {
                return Err(Refusal::NotPaidAsAsked);
            }
            let mut retried = deposit.next(Status::Paid, now);
            retried.deferrals = 0;
            Ok(retried)
        }
    }
}
