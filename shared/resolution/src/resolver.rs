//! From a one-time token to the trader's identity.

use std::{fmt::Display, time::Duration};

use credential::{Credential, FirstTry};
use ctrader::{
    Client, ManagerToken, OneTimeToken, RedeemError, RedeemedTrader, Redemption, Trader, TraderError,
};
use domain::{BrokerName, Identity};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// Resolves one-time tokens for the brokers that this deployment serves.
pub struct Resolver {
    client: Client,
    brokers: Vec<BrokerName>,
}

/// The outcome, and the exchange with cTrader for the log.
#[derive(Debug)]
pub struct Resolution {
    /// The trader, or why there is none.
    pub outcome: Result<Identity, ResolveError>,
    /// The last exchange with cTrader, if there was one.
    pub upstream: Option<Upstream>,
}

/// An exchange with cTrader.
#[derive(Clone, Copy, Debug)]
pub struct Upstream {
    /// The HTTP status of the response, if one came.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Duration,
}

/// Why a launch did not resolve to a trader.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// cTrader did not resolve the token.
    #[error(transparent)]
    Redeem(#[from] RedeemError),
    /// The manager token cannot be read.
    #[error("no manager token: {0}")]
    ManagerToken(String),
    /// cTrader's answer contains no user.
    #[error("the token resolved to no user")]
    NoUser,
    /// The token is for a broker that `broker.toml` does not list. Names are case-sensitive.
    #[error("the token is of a broker that broker.toml does not list")]
    OtherBroker,
    /// The answer names no broker, and `broker.toml` lists several, so the trader's broker is unknown.
    #[error("the answer names no broker and broker.toml lists several")]
    UnnamedBroker,
    /// The account in the URL does not belong to the trader.
    #[error("the account in the URL is not the resolved trader's")]
    OtherAccount {
        /// The trader's broker, from cTrader.
        broker: Option<BrokerName>,
    },
}

/// The currency of a trading account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCurrency {
    /// cTrader's `depositCurrency`.
    pub code: String,
    /// How many digits after the point the account's amounts have: cTrader's `moneyDigits`.
    pub digits: u32,
}

/// Why the currency of an account is unknown. The look-up may always be repeated.
#[derive(Debug, thiserror::Error)]
pub enum AccountCurrencyError {
    /// cTrader did not show the account.
    #[error(transparent)]
    Trader(#[from] TraderError),
    /// The manager token cannot be read.
    #[error("no manager token: {0}")]
    ManagerToken(String),
    /// The account belongs to another broker than the trader.
    #[error("the trading account is of another broker")]
    OtherBroker,
}

impl Resolver {
    /// `brokers` are the accepted `brokerName`s in cTrader's spelling, at least one.
    pub fn new(client: Client, brokers: Vec<BrokerName>) -> Self {
        Self { client, brokers }
    }

    /// Redeems `token` and checks the answer against the configured brokers and the `account` of the URL.
    ///
    /// The token is sent to cTrader once. It is sent a second time only if cTrader refuses the manager token,
    /// which it does before it looks at the one-time token, and the manager token was replaced ([`FirstTry`]).
    pub async fn resolve(
        &self,
        token: OneTimeToken,
        account: Option<i64>,
        manager_token: &impl Credential<Value = ManagerToken, Error: Display>,
        deadline: Instant,
    ) -> Resolution {
        let mut upstream = None;
        let outcome = self
            .redeem(token, manager_token, deadline, &mut upstream)
            .await
            .and_then(|redeemed| {
                let identity = identity(redeemed).ok_or(ResolveError::NoUser)?;
                self.check(&identity, account)?;
                Ok(identity)
            });
        Resolution { outcome, upstream }
    }

    /// Looks up the currency of the trader's account.
    ///
    /// # Errors
    /// [`AccountCurrencyError`].
    pub async fn account_currency(
        &self,
        login: i64,
        broker: &BrokerName,
        manager_token: &impl Credential<Value = ManagerToken, Error: Display>,
        deadline: Instant,
    ) -> Result<AccountCurrency, AccountCurrencyError> {
        let Trader {
            broker_name,
            deposit_currency,
            money_digits,
            ..
        } = self.trader(login, manager_token, deadline).await?;
        if broker_name.as_deref() != Some(broker.as_str()) {
            return Err(AccountCurrencyError::OtherBroker);
        }
        Ok(AccountCurrency {
            code: deposit_currency,
            digits: money_digits,
        })
    }

    async fn trader<C>(
        &self,
        login: i64,
        manager_token: &C,
        deadline: Instant,
    ) -> Result<Trader, AccountCurrencyError>
    where
        C: Credential<Value = ManagerToken, Error: Display>,
    {
        let unavailable = |error: C::Error| AccountCurrencyError::ManagerToken(error.to_string());
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

    async fn redeem<C>(
        &self,
        token: OneTimeToken,
        manager_token: &C,
        deadline: Instant,
        upstream: &mut Option<Upstream>,
    ) -> Result<RedeemedTrader, ResolveError>
    where
        C: Credential<Value = ManagerToken, Error: Display>,
    {
        let unavailable = |error: C::Error| ResolveError::ManagerToken(error.to_string());
        let mut call = async |token, manager: &ManagerToken| {
            let Redemption {
                outcome,
                status,
                took,
            } = self.client.redeem(token, manager, deadline).await;
            *upstream = Some(Upstream { status, took });
            outcome
        };

        let first = FirstTry::new(manager_token, deadline)
            .await
            .map_err(unavailable)?;
        let token = match call(token, first.value()).await {
            Err(RedeemError::Unauthorized(token)) => token,
            outcome => return Ok(outcome?),
        };
        match first.second_try(deadline).await.map_err(unavailable)? {
            Some(manager_token) => Ok(call(token, &manager_token).await?),
            None => Err(RedeemError::Unauthorized(token).into()),
        }
    }

    fn check(&self, identity: &Identity, account: Option<i64>) -> Result<(), ResolveError> {
        match &identity.broker_name {
            Some(name) if !self.brokers.contains(name) => return Err(ResolveError::OtherBroker),
            None if self.brokers.len() != 1 => return Err(ResolveError::UnnamedBroker),
            _ => {}
        }
        match account {
            Some(account) if !identity.owns(account) => Err(ResolveError::OtherAccount {
                broker: identity.broker_name.clone(),
            }),
            _ => Ok(()),
        }
    }
}

/// `None` if the answer contains no user.
fn identity(redeemed: RedeemedTrader) -> Option<Identity> {
    Some(Identity {
        user_id: redeemed.user_id?,
        trader_id: redeemed.trader_id,
        account_id: redeemed.account_id,
        broker_name: redeemed.broker_name.map(BrokerName::from),
        email: redeemed.email,
        trading_login: redeemed.trading_login,
    })
}
