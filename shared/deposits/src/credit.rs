//! One try at crediting a paid deposit.

use jiff::{SignedDuration, Timestamp};
use workflow::{Actor, Committed, Environment, Store, StoreError, commit, guard};

use crate::{
    Account, AccountError, Attempt, CTrader, Credit, CreditAnswer, CreditCall, Deposit, DepositBody, Program,
    Reason, Status, deposit::because,
};

/// How long after `crediting` was written the call may still be sent. Together with the call itself well below
/// [`STALE_AFTER`].
pub const CALL_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// A deposit that is `crediting` for longer becomes `unknown`: whoever was crediting it is not any more. Longer than any
/// function that credits may run (`Timeout` in `template.yaml`), so nobody's answer is still to come.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Who writes.
const BY: Actor<Program> = Actor::Program(Program::Credit);

/// Tries to credit the deposit, if it is paid and its time has come. Returns what the table holds afterwards. If the table
/// has another version of it by now, nothing is sent.
///
/// The account is looked at first. `crediting` with an attempt's id is in the table before the call is sent; if that write
/// is lost to another, or its answer to us, nothing is sent. Where the call's answer leaves it open whether the account was
/// credited, the deposit becomes `unknown`, and nothing but an operator moves it from there.
///
/// # Errors
/// [`StoreError`]: what the table holds is not known. Calling again is safe.
pub async fn credit(
    store: &impl Store<DepositBody>,
    ctrader: &impl CTrader,
    environment: &impl Environment,
    deposit: Deposit,
) -> Result<Deposit, StoreError> {
    if !may_be_credited(&deposit, environment.now()) {
        return Ok(deposit);
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
        without Committed::Ours(deposit.clone())
    );
    let crediting = match committed {
        Committed::Ours(crediting) => crediting,
        Committed::Theirs(held) => guard!(LoserSendsNothing, return Ok(held), without held),
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
        // It will become `unknown`: with this line an operator need not search.
        Err(StoreError(problem)) => Err(StoreError(match credit {
            Some(credit) => format!("{problem}; not written down: cTrader credited it ({credit})"),
            None => format!("{problem}; not written down: cTrader did not say that it credited it"),
        })),
    }
}

/// Whether a program may credit it now.
fn may_be_credited(deposit: &Deposit, now: Timestamp) -> bool {
    let barred = guard!(OnlyPaidIsCredited, deposit.status != Status::Paid)
        || guard!(CreditedIsNotCredited, deposit.credit.is_some())
        || guard!(OnlyPaidAsAskedIsCredited, !deposit.is_paid_as_asked())
        || deposit.due_at.is_some_and(|due_at| due_at > now);
    !barred
}

/// The next version if the account cannot be credited now, or not as asked.
fn obstacle(deposit: &Deposit, account: Result<Account, AccountError>, now: Timestamp) -> Option<Deposit> {
    let order = &deposit.order;
    let reason = match account {
        Err(AccountError::Unavailable(problem)) => {
            return Some(deferred(deposit, Reason::AccountUnavailable { problem }, now));
        }
        Err(AccountError::Refused(error)) => Reason::AccountRefused { error },
        Ok(account) if guard!(AccountOfTheBroker, account.broker.as_ref() != Some(&order.broker)) => {
            Reason::AccountOfAnotherBroker
        }
        Ok(account) if guard!(AccountInTheCurrency, account.currency != order.money.currency.as_str()) => {
            Reason::AccountInAnotherCurrency {
                account: account.currency,
                order: order.money.currency.clone(),
            }
        }
        Ok(account)
            if guard!(
                AccountHasTheDigits,
                order.money.amount.normalize().scale() > account.digits
            ) =>
        {
            Reason::AccountHasFewerDigits {
                digits: account.digits,
            }
        }
        Ok(_) => return None,
    };
    Some(because(deposit, Status::Review, reason, now))
}

/// What cTrader's answer makes of it.
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

/// Paid, and to be tried again later; after too many tries an operator looks at it.
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
