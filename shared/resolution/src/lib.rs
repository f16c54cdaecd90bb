//! From the URL of a screen to a known trader with a session.
//!
//! 1. [`LaunchUrl::parse`] reads the launch parameters and refuses unusable ones before a token is spent.
//! 2. [`Resolver::resolve`] redeems the one-time token once, and checks that the trader belongs to this deployment.
//! 3. [`Resolver::account`] looks up the trader's account, and proves that it is the trader's if the token did not.
//! 4. [`Session`] keeps the trader and the state of the screen, sealed with the [`SessionKey`].
//!
//! Knows neither Lambda nor AWS: the caller hands in the manager token as a [`Credential`](credential::Credential).

mod account;
mod language;
mod launch_url;
mod proof;
mod resolver;
mod session;

pub use account::{Account, AccountError};
pub use ctrader::{MalformedToken, ManagerToken, OneTimeToken, TokenDigest};
pub use launch_url::{BadLaunch, LaunchUrl};
pub use proof::{AccountIdIs, UnknownAccountId};
pub use resolver::{Resolution, ResolveError, Resolver, Upstream};
pub use session::{Session, SessionError, SessionKey, WeakKey};
