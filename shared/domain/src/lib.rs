//! The terms of the project as types: ids, money, names, the trader's identity, and how a screen was opened.
//!
//! All other crates may depend on this one, which depends on no crate of the workspace. It does no I/O, except that
//! [`RecordId::random`] asks the operating system for random bytes.

mod https;
mod identity;
mod launch;
mod login;
mod money;
mod names;
mod principal;
mod record_id;
mod screen;

pub use https::{is_https_or_loopback, is_loopback};
pub use identity::Identity;
pub use launch::{Attribution, Launch, Source, Theme};
pub use login::ProvenLogin;
pub use money::{BadCurrencyCode, CurrencyCode, Money};
pub use names::{BadMethodId, BrokerName, MethodId};
pub use principal::{BadPrincipal, Principal};
pub use record_id::{BadRecordId, NoRandomness, RecordId};
pub use screen::{ScreenKind, UnknownScreen};
