//! A typed client of the cTrader backend. It makes three calls:
//!
//! * [`Client::redeem`] redeems the one-time token in the URL of an embedded screen and returns the trader, in
//!   both published revisions of the call ([`RedeemApi`]);
//! * [`Client::trader`] looks up the broker, the currency and the owner of a trading account;
//! * [`Client::change_balance`] credits a deposit to a trading account.
//!
//! A one-time token is spent by its first use, and a credit that is sent twice is credited twice. Hence three rules:
//!
//! * **A token is never blindly sent twice.** [`Client::redeem`] consumes the [`OneTimeToken`]. Only
//!   [`RedeemError::Unauthorized`] hands it back: cTrader refused the manager token before it looked at the
//!   one-time token.
//! * **An answer about money says whether it moved.** [`BalanceAnswer`] has no "failed". The money was
//!   credited, or certainly not credited, or the outcome is unknown.
//! * **No secret leaks.** cTrader's contract puts the manager token into the URL, so errors never contain URLs,
//!   and both token types print as `[redacted]`.

mod answer;
mod balance;
mod base_url;
mod client;
mod code;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod tokens;
mod trader;

pub use answer::RedeemedTrader;
pub use balance::{BalanceAnswer, BalanceChange};
pub use base_url::{BadBaseUrl, BaseUrl, BaseUrls};
pub use client::{Client, RedeemApi, RedeemError, Redemption, UnknownRedeemApi};
pub use outbound::NoTls;
pub use tokens::{BadManagerToken, MalformedToken, ManagerToken, OneTimeToken, TokenDigest};
pub use trader::{Trader, TraderError};
