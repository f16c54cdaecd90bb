//! One try at crediting a paid deposit.

use jiff::{SignedDuration, Timestamp};
use workflow::guard;

use crate::{
    Account, AccountError, Answer, Attempt, CTrader, Credit, CreditCall, Deposit, Environment, Status, Store,
    StoreError,
    commit::{Committed, commit},
};

/// How long after `crediting` was written the call may still be sent. Together with the call itself well below
/// [`STALE_AFTER`].
pub const CALL_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// A deposit that is `crediting` for longer becomes `unknown`: whoever was crediting it is not any more. Longer than any
/// function that credits may run (`Timeout` in `template.yaml`), so nobody's answer is still to come.
pub const STALE_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// The shortest and the longest wait before crediting is tried again.
const WAIT: (SignedDuration, SignedDuration) = (SignedDuration::from_secs(10), SignedDuration::from_hours(1));

/// After so many times that crediting was put off, more than a day, an operator looks at it.
const MOST_PUT_OFF: u32 = 40;

/// Who writes.
const BY: &str = "credit";

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
    store: &impl Store,
    ctrader: &impl CTrader,
    environment: &impl Environment,
    deposit: Deposit,
) -> Result<Deposit, StoreError> {
    if !deposit.may_be_credited(environment.now()) {
        return Ok(deposit);
    }
    let account = ctrader.account(deposit.order.login).await;
    let obstacle = deposit.obstacle(account, environment.now());
    if let Some(next) = obstacle {
        return Ok(commit(store, environment, next, BY).await?.deposit());
    }

    let begun = environment.now();
    let crediting = deposit.crediting(environment.unique()?, begun);
    let committed = guard!(
        CreditingIsWrittenFirst,
        commit(store, environment, crediting, BY).await?,
        without Committed::Ours(deposit.clone())
    );
    let crediting = match committed {
        Committed::Ours(crediting) => crediting,
        Committed::Theirs(held) => guard!(LoserSendsNothing, return Ok(held), without held),
    };
    let late = guard!(NothingIsSentLate, environment.now() > begun + CALL_WITHIN);
    let answer = if late {
        Answer::NotDone("too much time passed before it could be sent".into())
    } else {
        let call = CreditCall {
            login: crediting.order.login,
            amount: crediting.order.amount,
            deposit: crediting.id.clone(),
        };
        ctrader.credit(&call).await
    };
    let next = crediting.answered(answer, environment.now());
    let credit = next.credit.clone();
    match commit(store, environment, next, BY).await {
        Ok(committed) => Ok(committed.deposit()),
        // It will become `unknown`: with this line an operator need not search.
        Err(StoreError(problem)) => Err(StoreError(match credit {
            Some(credit) => format!("{problem}; not written down: cTrader credited it ({credit})"),
            None => format!("{problem}; not written down: cTrader did not say that it credited it"),
        })),
    }
}

impl Deposit {
    /// Whether a program may credit it now.
    fn may_be_credited(&self, now: Timestamp) -> bool {
        let barred = guard!(OnlyPaidIsCredited, self.status != Status::Paid)
            || guard!(CreditedIsNotCredited, self.credit.is_some())
            || guard!(OnlyPaidAsAskedIsCredited, !self.is_paid_as_asked())
            || self.due.is_some_and(|due| due > now);
        !barred
    }

    /// The next version if the account cannot be credited now, or not as asked.
    fn obstacle(&self, account: Result<Account, AccountError>, now: Timestamp) -> Option<Self> {
        let order = &self.order;
        let problem = match account {
            Err(AccountError::Unavailable(problem)) => return Some(self.put_off(problem, now)),
            Err(error) => error.to_string(),
            Ok(account) if guard!(AccountOfTheBroker, account.broker.as_ref() != Some(&order.broker)) => {
                "the account is of another broker".to_owned()
            }
            Ok(account) if guard!(AccountInTheCurrency, account.currency != order.currency) => {
                format!(
                    "the account is in {}, the deposit in {}",
                    account.currency, order.currency
                )
            }
            Ok(account)
                if guard!(
                    AccountHasTheDigits,
                    order.amount.normalize().scale() > account.digits
                ) =>
            {
                format!("the account has {} digits after the point", account.digits)
            }
            Ok(_) => return None,
        };
        Some(self.review(problem, now))
    }

    /// Crediting, by that attempt.
    fn crediting(&self, attempt: String, now: Timestamp) -> Self {
        Self {
            attempt: Some(Attempt { id: attempt, at: now }),
            reason: None,
            ..self.next(Status::Crediting, now)
        }
        .scheduled(now)
    }

    /// What cTrader's answer makes of it.
    fn answered(&self, answer: Answer, now: Timestamp) -> Self {
        match answer {
            Answer::Credited { balance_history_id } => Self {
                credit: Some(Credit {
                    balance_history_id: Some(balance_history_id),
                }),
                reason: None,
                ..self.next(Status::Credited, now)
            }
            .scheduled(now),
            Answer::NotDone(problem) => self.put_off(problem, now),
            Answer::Refused(problem) => self.review(format!("cTrader refused the credit: {problem}"), now),
            Answer::Unknown(problem) => guard!(
                UnknownIsNotRepeated,
                self.unknown(problem, now),
                without self.put_off(problem, now)
            ),
        }
    }

    /// Paid, and to be tried again later; after too many tries an operator looks at it.
    fn put_off(&self, problem: String, now: Timestamp) -> Self {
        let put_off = self.put_off + 1;
        if guard!(DeferralsAreLimited, put_off > MOST_PUT_OFF) {
            return self.review(
                format!("crediting was put off {MOST_PUT_OFF} times: {problem}"),
                now,
            );
        }
        let (shortest, longest) = WAIT;
        // Doubles each time; an hour is reached long before the limit of the shift.
        let wait = (shortest * (1 << (put_off - 1).min(16))).min(longest);
        Self {
            put_off,
            reason: Some(problem),
            due: Some(now + wait),
            ..self.next(Status::Paid, now)
        }
    }

    pub(crate) fn review(&self, problem: String, now: Timestamp) -> Self {
        Self {
            reason: Some(problem),
            ..self.next(Status::Review, now)
        }
        .scheduled(now)
    }

    pub(crate) fn unknown(&self, problem: String, now: Timestamp) -> Self {
        Self {
            reason: Some(problem),
            ..self.next(Status::Unknown, now)
        }
        .scheduled(now)
    }
}
