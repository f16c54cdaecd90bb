//! From a one-time token to the trader's identity.

use std::{fmt::Display, time::Duration};

use credential::{Credential, FirstTry};
use ctrader::{Client, ManagerToken, OneTimeToken, RedeemError, RedeemedTrader, Redemption};
use domain::{BrokerName, Identity};
use tokio::time::Instant;

use crate::proof::{AccountIdIs, login_in_answer};

/// Resolves one-time tokens and looks up accounts, for the brokers that this deployment serves.
pub struct Resolver {
    pub(crate) client: Client,
    pub(crate) brokers: Vec<BrokerName>,
    pub(crate) account_id_is: AccountIdIs,
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

impl Resolver {
    /// `brokers` are the accepted `brokerName`s in cTrader's spelling, at least one.
    pub fn new(client: Client, brokers: Vec<BrokerName>, account_id_is: AccountIdIs) -> Self {
        Self {
            client,
            brokers,
            account_id_is,
        }
    }

    /// Redeems `token` and checks the answer against the configured brokers and the `account` of the URL. The identity
    /// has a login only if the answer proves one.
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
            .and_then(|redeemed| self.identity(redeemed, account));
        Resolution { outcome, upstream }
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

    /// The trader in cTrader's answer, at a broker of this deployment. With a login if the answer proves one.
    fn identity(&self, redeemed: RedeemedTrader, account: Option<i64>) -> Result<Identity, ResolveError> {
        let user_id = redeemed.user_id.ok_or(ResolveError::NoUser)?;
        let broker_name = redeemed.broker_name.as_deref().map(BrokerName::from);
        match &broker_name {
            Some(name) if !self.brokers.contains(name) => return Err(ResolveError::OtherBroker),
            None if self.brokers.len() != 1 => return Err(ResolveError::UnnamedBroker),
            _ => {}
        }
        let login = login_in_answer(&redeemed, self.account_id_is, account);
        let trading_login = login.map_err(|_| ResolveError::OtherAccount {
            broker: broker_name.clone(),
        })?;
        Ok(Identity {
            user_id,
            trader_id: redeemed.trader_id,
            account_id: redeemed.account_id,
            broker_name,
            email: redeemed.email,
            trading_login,
        })
    }
}
