//! Typed client of the cTrader backend.
//!
//! A broker's backend makes one call for the one-time token handoff: it redeems the token that cTrader put into the
//! URL of an embedded screen, and learns who the trader is. [`Client::redeem`] is that call, in both revisions that
//! Spotware has published ([`RedeemApi`]).
//!
//! Two rules shape this crate, because a one-time token dies of being looked at:
//!
//! * **A token is never blindly sent twice.** [`Client::redeem`] consumes the [`OneTimeToken`]; the only answer that
//!   hands it back is [`RedeemError::Unauthorized`], where cTrader refused *us* before it looked at the token.
//! * **No secret leaves by accident.** The manager token travels in the URL (that is cTrader's contract), so URLs are
//!   stripped from every error, and both token types print as `[redacted]`.

mod answer;
mod base_url;
mod client;
mod tokens;

pub use answer::Redeemed;
pub use base_url::{BadBaseUrl, BaseUrl};
pub use client::{Client, RedeemApi, RedeemError, Redemption, UnknownRedeemApi};
pub use outbound::NoTls;
pub use tokens::{BadManagerToken, MalformedToken, ManagerToken, OneTimeToken, TokenDigest};
