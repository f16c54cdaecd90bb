//! Crediting a paid deposit.

use jiff::{SignedDuration, Timestamp};
use workflow::{Actor, CommitOutcome, Environment, Store, StoreError, commit, guard};

use crate::{
    Account, AccountError, Attempt, CTrader, Credit, CreditAnswer, CreditCall, Deposit, DepositBody,
    PaymentRecords, Program, Reason, Status,
    deposit::because,
    payment_record::{self, Recorded},
};

/// How long after `crediting` is written the credit may still be sent. Together with the time of the call this
/// is well below [`STALE_AFTER`].
pub const CALL_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// A deposit that is `crediting` for longer becomes `unknown`. Longer than [`CALL_WITHIN`] and the time of the call
/// together, and than the `Timeout` of any function in `template.yaml`, so that no answer is still to come.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// The writer of all versions that this module makes.
const BY: Actor<Program> = Actor::Program(Program::Credit);

/// Tries once to credit the deposit, if it is paid and due. Returns the deposit that the table holds afterwards.
///
/// 1. Compares the payment with its [record](crate::PaymentRecord), then looks up the account and checks it
///    against the order.
/// 2. Writes `crediting` with the id of the attempt. If another writer was faster, or the write's answer is
///    lost, it sends nothing.
/// 3. Sends the credit and records the outcome. If the account may or may not have been credited, the deposit
///    becomes `unknown`, and only an operator can move it from there.
///
/// # Errors
/// [`StoreError`]: the state of the table is unknown. Calling again is safe.
pub async fn credit(
    store: &(impl Store<DepositBody> + PaymentRecords),
    ctrader: &impl CTrader,
    environment: &impl Environment,
    deposit: Deposit,
) -> Result<Deposit, StoreError> {
    if !may_be_credited(&deposit, environment.now()) {
        return Ok(deposit);
    }
    let recorded = payment_record::recorded(store, &deposit.id, &deposit).await?;
    if guard!(OnlyRecordedIsCredited, recorded != Recorded::AsNamed) {
        let next = because(
            &deposit,
            Status::Review,
            Reason::PaymentNotRecorded,
            environment.now(),
        );
        let detail = next.detail();
        return Ok(commit(store, environment, next, BY, detail).await?.record());
    }
    let account = ctrader.account(deposit.order.login).await;
    if let Some(next) = obstacle(&deposit, account, environment.now()) {
        let detail = next.detail();
        return Ok(commit(store, environment, next, BY, detail).await?.record());
    }

    let begun = environment.now();
    let mut crediting = deposit.next(Status::Crediting, begun);
    crediting.attempt = Some(Attempt {
        id: environment.unique()?,
        at: begun,
    });
    crediting.reasons.clear();
    let committed = guard!(
        CreditingIsWrittenFirst,
        commit(store, environment, crediting, BY, None).await?,
        without CommitOutcome::Ours(deposit.clone())
    );
    let crediting = match committed {
        CommitOutcome::Ours(crediting) => crediting,
        CommitOutcome::Theirs(held) => guard!(LoserSendsNothing, return Ok(held), without held),
    };
    let late = guard!(NothingIsSentLate, environment.now() > begun + CALL_WITHIN);
    let next = if late {
        deferred(&crediting, Reason::CreditNotSentInTime, environment.now())
    } else {
        let call = CreditCall {
            login: crediting.order.login,
            amount: crediting.order.money.amount,
            deposit: crediting.id.clone(),
        };
        let answer = ctrader.credit(&call).await;
        answered(&crediting, answer, environment.now())
    };
    let (credit, detail) = (next.credit.clone(), next.detail());
    match commit(store, environment, next, BY, detail).await {
        Ok(committed) => Ok(committed.record()),
        // The deposit will become `unknown`. The text saves the operator a search in cTrader.
        Err(StoreError(problem)) => Err(StoreError(match credit {
            Some(credit) => format!("{problem}; not recorded: cTrader credited it ({credit})"),
            None => format!("{problem}; not recorded: cTrader did not say that it credited it"),
        })),
    }
}

/// Whether a program may credit the deposit now.
fn may_be_credited(deposit: &Deposit, now: Timestamp) -> bool {
    let barred = guard!(OnlyPaidIsCredited, deposit.status != Status::Paid)
        || guard!(CreditedIsNotCredited, deposit.credit.is_some())
        || guard!(OnlyPaidAsAskedIsCredited, !deposit.is_paid_as_asked())
        || deposit.due_at.is_some_and(|due_at| due_at > now);
    !barred
}

/// The next version if the account cannot be credited now, or not as ordered.
fn obstacle(deposit: &Deposit, account: Result<Account, AccountError>, now: Timestamp) -> Option<Deposit> {
    let order = &deposit.order;
    let reason = match account {
        Err(AccountError::Unavailable(problem)) => {
            return Some(deferred(deposit, Reason::AccountUnavailable { problem }, now));
        }
        Err(AccountError::Refused(error)) => Reason::AccountRefused { error },
        Ok(account) if guard!(AccountOfTheBroker, !order.has_broker(account.broker.as_ref())) => {
            Reason::AccountOfAnotherBroker
        }
        Ok(account)
            if guard!(
                AccountInTheCurrency,
                account.currency != order.money.currency.as_str()
            ) =>
        {
            Reason::AccountInAnotherCurrency {
                account: account.currency,
                order: order.money.currency.clone(),
            }
        }
        Ok(account)
            if guard!(
                AccountHasTheDigits,
                order.money.amount.normalize().scale() > order.digits(account.digits)
            ) =>
        {
            Reason::AccountHasFewerDigits {
                digits: order.digits(account.digits),
            }
        }
        Ok(_) => return None,
    };
    Some(because(deposit, Status::Review, reason, now))
}

/// The next version after cTrader's answer.
fn answered(deposit: &Deposit, answer: CreditAnswer, now: Timestamp) -> Deposit {
    match answer {
        CreditAnswer::Credited { balance_history_id } => {
            let mut credited = deposit.next(Status::Credited, now);
            credited.credit = Some(Credit {
                balance_history_id: Some(balance_history_id),
            });
            credited.reasons.clear();
            credited
        }
        CreditAnswer::NotDone(problem) => deferred(deposit, Reason::CreditNotDone { problem }, now),
        CreditAnswer::Refused(error) => {
            because(deposit, Status::Review, Reason::CreditRefused { error }, now)
        }
        CreditAnswer::Unknown(problem) => guard!(
            UnknownIsNotRepeated,
            because(deposit, Status::Unknown, Reason::CreditUnanswered { problem }, now),
            without deferred(deposit, Reason::CreditNotDone { problem }, now)
        ),
    }
}

/// The next version: `paid` with a later due time, or `review` after too many deferrals.
fn deferred(deposit: &Deposit, reason: Reason, now: Timestamp) -> Deposit {
    let Some(mut next) = deposit.deferred(Status::Paid, now) else {
        let reason = Reason::DeferredTooOften {
            deferrals: deposit.deferrals,
            last: Box::new(reason),
        };
        return because(deposit, Status::Review, reason, now);
    };
    next.reasons = vec![reason];
    next
}
