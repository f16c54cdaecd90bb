//! The implementation of [`deposits::CTrader`] for one invocation of a function.

use std::time::Duration;

use credential::FirstTry;
use ctrader::{BalanceAnswer, BalanceChange, Client, ManagerToken, Trader, TraderError};
use deposits::{Account, AccountError, CTrader, CreditAnswer, CreditCall};
use domain::{BrokerName, ProvenLogin};
use secret::{Secret, SecretError};
use tokio::time::Instant;

/// Timeout of looking up an account, and of reading the manager token.
const ACCOUNT_TIMEOUT: Duration = Duration::from_secs(3);

/// Timeout of a credit. Long, because an operator has to investigate each credit that is not answered in time.
const CREDIT_TIMEOUT: Duration = Duration::from_secs(8);

/// Time that is kept back at the end of an invocation: two tries to record the outcome of a credit (5 s), then
/// the log and the function's answer (2 s).
const KEPT_BACK: Duration = Duration::from_secs(7);

/// Minimum time to begin a credit: for looking up the account, and for [`CREDIT_TIMEOUT`]. A credit that is not
/// answered in time is work for an operator, so none is begun with less.
const MIN_TIME: Duration = Duration::from_secs(9);

/// Why a credit is left for another invocation.
const TOO_LATE: &str = "too little time was left of the invocation";

/// cTrader, for one invocation of a function.
pub struct CTraderGateway<'a> {
    client: &'a Client,
    manager_token: &'a Secret<ManagerToken>,
    /// When the last response of cTrader must have arrived.
    until: Instant,
}

impl<'a> CTraderGateway<'a> {
    pub(crate) fn new(
        client: &'a Client,
        manager_token: &'a Secret<ManagerToken>,
        invocation_end: Instant,
    ) -> Self {
        Self {
            client,
            manager_token,
            until: invocation_end - KEPT_BACK,
        }
    }

    /// The latest time to begin a credit. After that too little of the invocation is left.
    pub fn begin_until(&self) -> Instant {
        self.until - MIN_TIME
    }

    /// The deadline of a call with this timeout.
    fn within(&self, timeout: Duration) -> Instant {
        self.until.min(Instant::now() + timeout)
    }

    /// Looks up the account: a second time only if cTrader refused a manager token that was replaced since.
    async fn look_up(&self, login: ProvenLogin) -> Result<Trader, TraderError> {
        let unavailable = |error: SecretError| TraderError::Unavailable(error.to_string());
        let ask = async |token: &ManagerToken| {
            let deadline = self.within(ACCOUNT_TIMEOUT);
            self.client.trader(login.number(), token, deadline).await
        };
        let first = FirstTry::new(self.manager_token, self.within(ACCOUNT_TIMEOUT))
            .await
            .map_err(unavailable)?;
        let answer = ask(first.value()).await;
        if answer != Err(TraderError::Unauthorized) {
            return answer;
        }
        let second = first.second_try(self.within(ACCOUNT_TIMEOUT)).await;
        match second.map_err(unavailable)? {
            Some(token) => ask(&token).await,
            None => answer,
        }
    }
}

impl CTrader for CTraderGateway<'_> {
    async fn account(&self, login: ProvenLogin) -> Result<Account, AccountError> {
        if self.begin_until() < Instant::now() {
            return Err(AccountError::Unavailable(TOO_LATE.into()));
        }
        match self.look_up(login).await {
            Ok(trader) => Ok(Account {
                broker: trader.broker_name.map(BrokerName::from),
                currency: trader.deposit_currency,
                digits: trader.money_digits,
            }),
            Err(TraderError::NotFound) => Err(AccountError::Refused("TRADER_NOT_FOUND".into())),
            Err(TraderError::NoSuchBroker) => Err(AccountError::Refused("CH_BROKER_NOT_FOUND".into())),
            Err(TraderError::Refused(code)) => Err(AccountError::Refused(code)),
            Err(error @ (TraderError::Unauthorized | TraderError::Busy | TraderError::Unavailable(_))) => {
                Err(AccountError::Unavailable(error.to_string()))
            }
        }
    }

    /// Sends the credit once. It is sent a second time only if cTrader refused the manager token, which it does
    /// before it looks at the credit, and the token was replaced since.
    async fn credit(&self, call: &CreditCall) -> CreditAnswer {
        let first = match FirstTry::new(self.manager_token, self.within(ACCOUNT_TIMEOUT)).await {
            Ok(first) => first,
            Err(error) => return CreditAnswer::NotDone(error.to_string()),
        };
        if self.until < Instant::now() + CREDIT_TIMEOUT {
            return CreditAnswer::NotDone(TOO_LATE.into());
        }
        let change = BalanceChange {
            login: call.login,
            amount: call.amount,
            external_id: call.deposit.as_str().to_owned(),
            comment: None,
            note: Some(format!("Deposit {}", call.deposit.reference())),
        };
        let send = async |token: &ManagerToken| {
            let deadline = self.within(CREDIT_TIMEOUT);
            self.client.change_balance(&change, token, deadline).await
        };
        let mut answer = send(first.value()).await;
        if answer == BalanceAnswer::Unauthorized
            && let Ok(Some(token)) = first.second_try(self.within(ACCOUNT_TIMEOUT)).await
        {
            answer = send(&token).await;
        }
        credit_answer(answer)
    }
}

fn credit_answer(answer: BalanceAnswer) -> CreditAnswer {
    match answer {
        BalanceAnswer::Credited { balance_history_id } => CreditAnswer::Credited { balance_history_id },
        BalanceAnswer::NotDelivered(problem) => {
            CreditAnswer::NotDone(format!("cannot reach cTrader: {problem}"))
        }
        BalanceAnswer::Unauthorized => CreditAnswer::NotDone("cTrader refused the manager token".into()),
        BalanceAnswer::Busy(problem) => CreditAnswer::NotDone(format!("cTrader is busy: {problem}")),
        BalanceAnswer::Refused(code) => CreditAnswer::Refused(code),
        BalanceAnswer::Unknown(problem) => CreditAnswer::Unknown(problem),
    }
}
