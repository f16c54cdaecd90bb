//! The number of a trading account that is proven to be the trader's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The login of a trading account that cTrader has shown to belong to the trader.
///
/// cTrader has three numbers for one account, of which only the login is an account's address, and a trader can edit the
/// `account` of the URL. So orders and credits take this type and no number. `resolution` makes it, by the rules in
/// `docs/HTTP.md`. What is read back from a session or from the table was proven when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProvenLogin(i64);

impl ProvenLogin {
    /// Declares `login` proven. `clippy.toml` forbids the call outside `resolution` and tests.
    pub const fn attest(login: i64) -> Self {
        Self(login)
    }

    /// The login.
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ProvenLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
