//! Typed client of the cTrader backend.
//!
//! A broker's backend makes three calls:
//!
//! * [`Client::redeem`] redeems the one-time token that cTrader put into the URL of an embedded screen, and learns who
//!   the trader is, in both revisions that Spotware has published ([`RedeemApi`]);
//! * [`Client::trader`] asks which broker a trading account belongs to, and in which currency it is kept;
//! * [`Client::change_balance`] credits a deposit to it.
//!
//! Three rules shape this crate, because a one-time token dies of being looked at and money is credited twice by being
//! sent twice:
//!
//! * **A token is never blindly sent twice.** [`Client::redeem`] consumes the [`OneTimeToken`]; the only answer that
//!   hands it back is [`RedeemError::Unauthorized`], where cTrader refused *us* before it looked at the token.
//! * **An answer about money says whether it moved.** [`BalanceAnswer`] has no "failed": it says that the money was
//!   credited, that it certainly was not, or that nobody knows.
//! * **No secret leaves by accident.** The manager token travels in the URL (that is cTrader's contract), so URLs are
//!   stripped from every error, and both token types print as `[redacted]`.

mod answer;
mod balance;
mod base_url;
mod client;
mod code;
mod tokens;
mod trader;

pub use answer::Redeemed;
pub use balance::{BalanceAnswer, BalanceChange};
pub use base_url::{BadBaseUrl, BaseUrl};
pub use client::{Client, RedeemApi, RedeemError, Redemption, UnknownRedeemApi};
pub use outbound::NoTls;
pub use tokens::{BadManagerToken, MalformedToken, ManagerToken, OneTimeToken, TokenDigest};
pub use trader::{Trader, TraderError};
