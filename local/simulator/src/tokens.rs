//! One-time tokens: minted for an identity, valid once and for a minute.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::Rng;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};

use crate::behaviour::Behaviour;
use crate::events::{Event, abbreviate};
use crate::{lock, users};

/// The default lifetime of a one-time token.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(60);

/// The trader that a token stands for, with the field names of cTrader's response. Absent fields are left out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// The user's id at cTrader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<u64>,
    /// The trader's id at cTrader; only in responses of revision `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trader_id: Option<u64>,
    /// The user's broker; only in responses of revision `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_name: Option<String>,
    /// A number of the trading account; only in responses of revision `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<u64>,
    /// The user's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The login of the trading account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trading_login: Option<u64>,
}

/// Describes a one-time token to make.
#[derive(Clone, Debug)]
pub struct Mint {
    owner: TokenOwner,
    /// The token's lifetime.
    pub ttl: Duration,
    /// The token itself; random if `None`.
    pub token: Option<String>,
    /// The body of the redemption's response (status 200); the identity as JSON if `None`.
    pub body: Option<String>,
}

#[derive(Clone, Debug)]
enum TokenOwner {
    User { id: String, account: Option<u64> },
    Identity(Identity),
}

impl Mint {
    /// For one of the simulated users (`"ada"`, ...), with the user's first account. The token of an unknown user
    /// has an empty identity.
    #[must_use]
    pub fn user(id: &str) -> Self {
        Self::new(TokenOwner::User {
            id: id.to_owned(),
            account: None,
        })
    }

    /// For one of the simulated users, with one of the user's accounts.
    #[must_use]
    pub fn account(id: &str, account: u64) -> Self {
        Self::new(TokenOwner::User {
            id: id.to_owned(),
            account: Some(account),
        })
    }

    /// For any identity, even an incomplete one.
    #[must_use]
    pub fn identity(identity: Identity) -> Self {
        Self::new(TokenOwner::Identity(identity))
    }

    /// Sets the lifetime.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// Sets the token itself.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the body of the redemption's response.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    fn new(owner: TokenOwner) -> Self {
        Self {
            owner,
            ttl: TOKEN_LIFETIME,
            token: None,
            body: None,
        }
    }
}

/// All tokens ever minted. Used ones stay, to be distinguished from tokens that never existed.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, StoredToken>>);

struct StoredToken {
    grant: Grant,
    expires: Instant,
    consumed: bool,
}

/// The result of a redemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) identity: Identity,
    /// Replaces the identity in the response.
    pub(crate) body: Option<String>,
}

/// Why a token was not redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedeemError {
    /// Never minted, or malformed.
    Unknown,
    Expired,
    Consumed,
}

impl Tokens {
    /// Makes a token, and the event for the timeline.
    pub(crate) fn mint(&self, mint: Mint, broker_name: &str, behaviour: &Behaviour) -> (String, Event) {
        let (name, identity) = match mint.owner {
            TokenOwner::Identity(identity) => (None, identity),
            TokenOwner::User { id, account } => match users::find(broker_name, &id) {
                Some(user) => (Some(user.name.to_owned()), user.identity(account, behaviour)),
                None => (None, Identity::default()),
            },
        };
        let token = mint.token.unwrap_or_else(random_token);
        let event = Event::Minted {
            token: abbreviate(&token),
            name,
            user_id: identity.user_id,
            account: identity.trading_login.or(identity.account_id),
            ttl_ms: mint.ttl.as_millis().try_into().unwrap_or(u64::MAX),
        };
        lock(&self.0).insert(
            token.clone(),
            StoredToken {
                grant: Grant {
                    identity,
                    body: mint.body,
                },
                expires: Instant::now() + mint.ttl,
                consumed: false,
            },
        );
        (token, event)
    }

    /// Consumes a token. One lock covers the check and the change, so that only one of several simultaneous calls
    /// gets it.
    pub(crate) fn redeem(&self, token: &str) -> Result<Grant, RedeemError> {
        let mut tokens = lock(&self.0);
        let stored = tokens.get_mut(token).ok_or(RedeemError::Unknown)?;
        if stored.consumed {
            return Err(RedeemError::Consumed);
        }
        if Instant::now() >= stored.expires {
            return Err(RedeemError::Expired);
        }
        stored.consumed = true;
        Ok(stored.grant.clone())
    }
}

fn random_token() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(32)
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_redeemed_once() {
        let tokens = Tokens::default();
        let (token, _) = tokens.mint(Mint::user("ada"), "demobroker", &Behaviour::default());
        assert!(tokens.redeem(&token).is_ok());
        assert_eq!(tokens.redeem(&token), Err(RedeemError::Consumed));
    }

    #[test]
    fn an_expired_token_is_not_redeemed() {
        let tokens = Tokens::default();
        let (token, _) = tokens.mint(
            Mint::user("ada").ttl(Duration::ZERO),
            "demobroker",
            &Behaviour::default(),
        );
        assert_eq!(tokens.redeem(&token), Err(RedeemError::Expired));
    }

    #[test]
    fn a_token_that_was_never_minted_is_unknown() {
        assert_eq!(Tokens::default().redeem("nonsense"), Err(RedeemError::Unknown));
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(random_token(), random_token());
    }
}
