//! The trader's account, as cTrader describes it: one call tells whose it is, its broker and its currency.

use std::fmt::Display;

use credential::{Credential, FirstTry};
use ctrader::{ManagerToken, Trader, TraderError};
use domain::{BrokerName, Identity, ProvenLogin};
use tokio::time::Instant;

use crate::{
    AccountIdIs, Resolver,
    proof::{NoProof, candidate, login_by_email},
};

/// The trader's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its login.
    pub login: ProvenLogin,
    /// Its broker. Absent if cTrader does not report it; this deployment then has one broker.
    pub broker: Option<BrokerName>,
    /// cTrader's `depositCurrency`.
    pub currency: String,
    /// How many digits after the point its amounts have: cTrader's `moneyDigits`. Absent if cTrader does not report it.
    pub digits: Option<u32>,
}

/// Why the trader's account is unknown. The look-up may always be repeated.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// cTrader did not show the account.
    #[error(transparent)]
    Trader(#[from] TraderError),
    /// The manager token cannot be read.
    #[error("no manager token: {0}")]
    ManagerToken(String),
    /// The account belongs to another broker than the trader.
    #[error("the trading account is of another broker")]
    OtherBroker,
    /// cTrader's record of the account names no broker, and `broker.toml` lists several.
    #[error("the trading account's record names no broker and broker.toml lists several")]
    UnnamedBroker,
    /// Neither cTrader's answer about the token nor the URL has a number of an account.
    #[error("cTrader's answer about the token has no account, and neither has the URL")]
    NoAccount,
    /// The account in the URL is somebody else's.
    #[error("the account in the URL is not the resolved trader's")]
    OtherAccount,
    /// It is not known whether the account is the trader's: the broker has to finish the set-up.
    #[error(
        "no trading account is proven to be the trader's: {0}. See CTRADER_ACCOUNT_ID_IS in docs/CONFIGURATION.md"
    )]
    NotProven(String),
}

impl Resolver {
    /// Looks up the trader's account, and proves that it is the trader's unless cTrader's answer about the token did.
    /// `account` is that of the URL, `broker` the trader's broker. One call to cTrader.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn account(
        &self,
        identity: &Identity,
        account: Option<i64>,
        broker: &BrokerName,
        manager_token: &impl Credential<Value = ManagerToken, Error: Display>,
        deadline: Instant,
    ) -> Result<Account, AccountError> {
        let login = match identity.trading_login {
            Some(login) => login.number(),
            None => self.login_to_look_up(identity, account)?,
        };
        let trader = match self.trader(login, manager_token, deadline).await {
            Err(AccountError::Trader(TraderError::NotFound)) if identity.trading_login.is_none() => {
                return Err(self.refuted("cTrader has no account with the number that was looked up"));
            }
            trader => trader?,
        };
        let login = match identity.trading_login {
            Some(login) => login,
            None => login_by_email(&trader, identity.email.as_deref()).map_err(|reason| match reason {
                NoProof::Different => self.refuted(&reason.to_string()),
                _ => AccountError::NotProven(reason.to_string()),
            })?,
        };
        self.check_broker(trader.broker_name.as_deref(), broker)?;
        Ok(Account {
            login,
            broker: trader.broker_name.map(BrokerName::from),
            currency: trader.deposit_currency,
            digits: trader.money_digits,
        })
    }

    /// The account whose record may prove that it is the trader's.
    fn login_to_look_up(&self, identity: &Identity, account: Option<i64>) -> Result<i64, AccountError> {
        if identity.account_id.is_none() && account.is_none() {
            return Err(AccountError::NoAccount);
        }
        if identity.email.is_none() {
            return Err(AccountError::NotProven(NoProof::NoneInToken.to_string()));
        }
        candidate(identity.account_id, self.account_id_is, account).ok_or_else(|| {
            AccountError::NotProven("the only number is an `accountId` that is no login".to_owned())
        })
    }

    /// The record that was looked up speaks against the trader. While the meaning of `accountId` is not settled, the
    /// reason may be the set-up, else it is the URL's `account`.
    fn refuted(&self, reason: &str) -> AccountError {
        if self.account_id_is == AccountIdIs::Unknown {
            AccountError::NotProven(reason.to_owned())
        } else {
            AccountError::OtherAccount
        }
    }

    /// `record` is the broker in the account's record. The rule is that of the redemption.
    fn check_broker(&self, record: Option<&str>, broker: &BrokerName) -> Result<(), AccountError> {
        match record {
            Some(name) if *broker != name => Err(AccountError::OtherBroker),
            None if self.brokers.len() != 1 => Err(AccountError::UnnamedBroker),
            _ => Ok(()),
        }
    }

    /// The broker of a trader whose token names none: that of the account's record. `None` if that names none either,
    /// or if the trader has no proven account: this deployment's only broker then counts.
    ///
    /// # Errors
    /// As [`Resolver::account`], above all [`AccountError::OtherBroker`].
    pub async fn broker(
        &self,
        identity: &Identity,
        manager_token: &impl Credential<Value = ManagerToken, Error: Display>,
        deadline: Instant,
    ) -> Result<Option<BrokerName>, AccountError> {
        match (&identity.broker_name, &self.brokers[..]) {
            (None, [only]) if identity.trading_login.is_some() => {
                let account = self
                    .account(identity, None, only, manager_token, deadline)
                    .await?;
                Ok(account.broker)
            }
            (named, _) => Ok(named.clone()),
        }
    }

    async fn trader<C>(
        &self,
        login: i64,
        manager_token: &C,
        deadline: Instant,
    ) -> Result<Trader, AccountError>
    where
        C: Credential<Value = ManagerToken, Error: Display>,
    {
        let unavailable = |error: C::Error| AccountError::ManagerToken(error.to_string());
        let first = FirstTry::new(manager_token, deadline)
            .await
            .map_err(unavailable)?;
        let answer = self.client.trader(login, first.value(), deadline).await;
        if answer != Err(TraderError::Unauthorized) {
            return Ok(answer?);
        }
        match first.second_try(deadline).await.map_err(unavailable)? {
            Some(token) => Ok(self.client.trader(login, &token, deadline).await?),
            None => Ok(answer?),
        }
    }
}
