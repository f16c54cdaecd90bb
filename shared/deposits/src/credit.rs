//! One try at crediting a paid deposit.

use jiff::{SignedDuration, Timestamp};
use workflow::guard;

use crate::{
    Account, AccountError, Actor, Attempt, CTrader, Credit, CreditAnswer, CreditCall, Deposit, Environment,
    Reason, Status, Store, StoreError,
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

/// How often crediting is deferred, over more than a day, before an operator has to look at it.
const MAX_DEFERRALS: u32 = 40;

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
        let detail = next.detail();
        return Ok(commit(store, environment, next, Actor::Credit, detail)
            .await?
            .deposit());
    }

    let begun = environment.now();
    let crediting = deposit.crediting(environment.unique()?, begun);
    let committed = guard!(
        CreditingIsWrittenFirst,
        commit(store, environment, crediting, Actor::Credit, None).await?,
        without Committed::Ours(deposit.clone())
    );
    let crediting = match committed {
        Committed::Ours(crediting) => crediting,
        Committed::Theirs(held) => guard!(LoserSendsNothing, return Ok(held), without held),
    };
    let late = guard!(NothingIsSentLate, environment.now() > begun + CALL_WITHIN);
    let next = if late {
        crediting.deferred(Reason::CreditNotSentInTime, environment.now())
    } else {
        let call = CreditCall {
            login: crediting.order.login,
            amount: crediting.order.amount,
            deposit: crediting.id.clone(),
        };
        let answer = ctrader.credit(&call).await;
        crediting.answered(answer, environment.now())
    };
    let (credit, detail) = (next.credit.clone(), next.detail());
    match commit(store, environment, next, Actor::Credit, detail).await {
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
        let reason = match account {
            Err(AccountError::Unavailable(problem)) => {
                return Some(self.deferred(Reason::AccountUnavailable { problem }, now));
            }
            Err(AccountError::Refused(error)) => Reason::AccountRefused { error },
            Ok(account) if guard!(AccountOfTheBroker, account.broker.as_ref() != Some(&order.broker)) => {
                Reason::AccountOfAnotherBroker
            }
            Ok(account) if guard!(AccountInTheCurrency, account.currency != order.currency) => {
                Reason::AccountInAnotherCurrency {
                    account: account.currency,
                    order: order.currency.clone(),
                }
            }
            Ok(account)
                if guard!(
                    AccountHasTheDigits,
                    order.amount.normalize().scale() > account.digits
                ) =>
            {
                Reason::AccountHasFewerDigits {
                    digits: account.digits,
                }
            }
            Ok(_) => return None,
        };
        Some(self.review(reason, now))
    }

    /// Crediting, by that attempt.
    fn crediting(&self, attempt: String, now: Timestamp) -> Self {
        Self {
            attempt: Some(Attempt { id: attempt, at: now }),
            reasons: Vec::new(),
            ..self.next(Status::Crediting, now)
        }
        .scheduled(now)
    }

    /// What cTrader's answer makes of it.
    fn answered(&self, answer: CreditAnswer, now: Timestamp) -> Self {
        match answer {
            CreditAnswer::Credited { balance_history_id } => Self {
                credit: Some(Credit {
                    balance_history_id: Some(balance_history_id),
                }),
                reasons: Vec::new(),
                ..self.next(Status::Credited, now)
            }
            .scheduled(now),
            CreditAnswer::NotDone(problem) => self.deferred(Reason::CreditNotDone { problem }, now),
            CreditAnswer::Refused(error) => self.review(Reason::CreditRefused { error }, now),
            CreditAnswer::Unknown(problem) => guard!(
                UnknownIsNotRepeated,
                self.unknown(Reason::CreditUnanswered { problem }, now),
                without self.deferred(Reason::CreditNotDone { problem }, now)
            ),
        }
    }

    /// Paid, and to be tried again later; after too many tries an operator looks at it.
    fn deferred(&self, reason: Reason, now: Timestamp) -> Self {
        let deferrals = self.deferrals + 1;
        if guard!(DeferralsAreLimited, deferrals > MAX_DEFERRALS) {
            let reason = Reason::DeferredTooOften {
                deferrals: MAX_DEFERRALS,
                last: Box::new(reason),
            };
            return self.review(reason, now);
        }
        let (shortest, longest) = WAIT;
        // Doubles each time; an hour is reached long before the limit of the shift.
        let wait = (shortest * (1 << (deferrals - 1).min(16))).min(longest);
        Self {
            deferrals,
            reasons: vec![reason],
            due: Some(now + wait),
            ..self.next(Status::Paid, now)
        }
    }

    pub(crate) fn review(&self, reason: Reason, now: Timestamp) -> Self {
        Self {
            reasons: vec![reason],
            ..self.next(Status::Review, now)
        }
        .scheduled(now)
    }

    pub(crate) fn unknown(&self, reason: Reason, now: Timestamp) -> Self {
        Self {
            reasons: vec![reason],
            ..self.next(Status::Unknown, now)
        }
        .scheduled(now)
    }
}
