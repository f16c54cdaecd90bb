//! The words of the project as types: ids, money, names, who the trader is, and how a screen was opened.
//!
//! Everything else depends on this crate, and it depends on no other crate of the workspace. It calls neither the network
//! nor the disk. The one thing that it asks of the operating system is random bytes ([`RecordId::random`]).

mod https;
mod identity;
mod launch;
mod money;
mod names;
mod record_id;
mod screen;

pub use https::{is_https_or_loopback, is_loopback};
pub use identity::Identity;
pub use launch::{Attribution, Launch, Source, Theme};
pub use money::{BadCurrencyCode, CurrencyCode, Money};
pub use names::{BadMethodId, BrokerName, MethodId};
pub use record_id::{BadRecordId, NoRandomness, RecordId};
pub use screen::{ScreenKind, UnknownScreen};
