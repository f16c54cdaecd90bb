//! Requests that somebody made who may have no right to: codes of their own in the log, where the answer's code is
//! the same for harmless and harmful causes.

/// A request that was refused because of who made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityEvent {
    /// The request has no session.
    SessionMissing,
    /// The session was not made here for this screen: forged, damaged, of another screen, or sealed with a key that
    /// was replaced.
    SessionForged,
    /// The session was genuine and has expired.
    SessionExpired,
    /// The URL names an account that is not the trader's.
    AccountMismatch,
    /// The token is of a broker that `broker.toml` does not list.
    BrokerMismatch,
    /// The token was not sent to cTrader, because somebody guesses tokens.
    TokenHeldBack,
    /// A page of another site sent a form to a screen.
    OtherSite,
    /// A payment notification, or a call of an operator, has no valid signature.
    Unsigned,
}

impl SecurityEvent {
    /// The value of `security` in log lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionMissing => "SESSION_MISSING",
            Self::SessionForged => "SESSION_FORGED",
            Self::SessionExpired => "SESSION_EXPIRED",
            Self::AccountMismatch => "ACCOUNT_MISMATCH",
            Self::BrokerMismatch => "BROKER_MISMATCH",
            Self::TokenHeldBack => "TOKEN_HELD_BACK",
            Self::OtherSite => "OTHER_SITE",
            Self::Unsigned => "UNSIGNED",
        }
    }
}
