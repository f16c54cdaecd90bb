//! One-time tokens: minted for an identity, good once and for a minute.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::Rng;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};

use crate::events::{Event, abbreviate};
use crate::{locked, users};

/// How long a one-time token lives unless [`Mint::ttl`] says otherwise.
pub const TOKEN_LIFE: Duration = Duration::from_secs(60);

/// Whom a token stands for, as cTrader names it in its answers. What is absent is left out of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// The user's id at cTrader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<u64>,
    /// The trader's id at cTrader; in the answer of revision `data` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trader_id: Option<u64>,
    /// The broker of the user; in the answer of revision `data` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker_name: Option<String>,
    /// The trading account; in the answer of revision `data` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<u64>,
    /// The user's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The login of the trading account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trading_login: Option<u64>,
}

/// An order for a one-time token.
#[derive(Clone, Debug)]
pub struct Mint {
    who: Who,
    /// How long the token lives.
    pub ttl: Duration,
    /// The token itself, where a test wants a certain one; a random one otherwise.
    pub token: Option<String>,
    /// What the redemption answers (status 200), in place of the identity as JSON.
    pub body: Option<String>,
}

#[derive(Clone, Debug)]
enum Who {
    User { id: String, account: Option<u64> },
    Identity(Identity),
}

impl Mint {
    /// For one of the simulated users (`"ada"`, ...), with the first of their accounts.
    ///
    /// An unknown user gets a token with no identity in it.
    #[must_use]
    pub fn user(id: &str) -> Self {
        Self::who(Who::User {
            id: id.to_owned(),
            account: None,
        })
    }

    /// For one of the simulated users with one of their accounts.
    #[must_use]
    pub fn account(id: &str, account: u64) -> Self {
        Self::who(Who::User {
            id: id.to_owned(),
            account: Some(account),
        })
    }

    /// For any identity, complete or not.
    #[must_use]
    pub fn identity(identity: Identity) -> Self {
        Self::who(Who::Identity(identity))
    }

    /// With another life than a minute.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// With this token in place of a random one.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// With this answer to its redemption, byte by byte.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    fn who(who: Who) -> Self {
        Self {
            who,
            ttl: TOKEN_LIFE,
            token: None,
            body: None,
        }
    }
}

/// All tokens ever minted: a used one must stay known, to be told from one that never was.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Minted>>);

struct Minted {
    grant: Grant,
    expires: Instant,
    consumed: bool,
}

/// What the holder of a token gets for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) identity: Identity,
    /// Replaces the identity in the answer.
    pub(crate) body: Option<String>,
}

/// Why a token is not redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Never minted, or malformed.
    Unknown,
    Expired,
    Consumed,
}

impl Tokens {
    /// Makes a token, and the event that tells of it.
    pub(crate) fn mint(&self, mint: Mint, broker_name: &str) -> (String, Event) {
        let (name, identity) = match mint.who {
            Who::Identity(identity) => (None, identity),
            Who::User { id, account } => match users::find(broker_name, &id) {
                Some(user) => (Some(user.name.to_owned()), user.identity(account)),
                None => (None, Identity::default()),
            },
        };
        let token = mint.token.unwrap_or_else(random_token);
        let minted = Event::Minted {
            token: abbreviate(&token),
            name,
            user_id: identity.user_id,
            account: identity.account_id.or(identity.trading_login),
            ttl_ms: mint.ttl.as_millis().try_into().unwrap_or(u64::MAX),
        };
        locked(&self.0).insert(
            token.clone(),
            Minted {
                grant: Grant {
                    identity,
                    body: mint.body,
                },
                expires: Instant::now() + mint.ttl,
                consumed: false,
            },
        );
        (token, minted)
    }

    /// Consumes a token. However many ask for it at once, one gets it: asking and consuming are one step
    /// under one lock.
    pub(crate) fn redeem(&self, token: &str) -> Result<Grant, Refusal> {
        let mut tokens = locked(&self.0);
        let minted = tokens.get_mut(token).ok_or(Refusal::Unknown)?;
        if minted.consumed {
            return Err(Refusal::Consumed);
        }
        if Instant::now() >= minted.expires {
            return Err(Refusal::Expired);
        }
        minted.consumed = true;
        Ok(minted.grant.clone())
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
        let (token, _) = tokens.mint(Mint::user("ada"), "demobroker");
        assert!(tokens.redeem(&token).is_ok());
        assert_eq!(tokens.redeem(&token), Err(Refusal::Consumed));
    }

    #[test]
    fn a_token_dies_with_its_time() {
        let tokens = Tokens::default();
        let (token, _) = tokens.mint(Mint::user("ada").ttl(Duration::ZERO), "demobroker");
        assert_eq!(tokens.redeem(&token), Err(Refusal::Expired));
    }

    #[test]
    fn a_token_that_was_never_minted_is_unknown() {
        assert_eq!(Tokens::default().redeem("nonsense"), Err(Refusal::Unknown));
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(random_token(), random_token());
    }
}
