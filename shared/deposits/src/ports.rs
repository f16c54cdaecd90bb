//! cTrader, as the flows need it.
#![allow(
    async_fn_in_trait,
    reason = "the callers are this workspace's, which need no Send"
)]

use domain::{BrokerName, RecordId};
use rust_decimal::Decimal;

/// cTrader, as far as deposits need it.
pub trait CTrader {
    /// The trading account of that login.
    ///
    /// # Errors
    /// [`AccountError`].
    async fn account(&self, login: i64) -> Result<Account, AccountError>;

    /// Credits an account: changebalance, sent once at most, on a fresh connection.
    async fn credit(&self, call: &CreditCall) -> CreditAnswer;
}

/// A trading account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its broker's name, exact to the letter.
    pub broker: Option<BrokerName>,
    /// The code of its currency, as cTrader writes it.
    pub currency: String,
    /// How many digits after the point its amounts have.
    pub digits: u32,
}

/// Why an account could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// There is none, or cTrader does not show it: trying again does not help.
    #[error("cTrader answered {0}")]
    Refused(String),
    /// Not now.
    #[error("{0}")]
    Unavailable(String),
}

/// A credit to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditCall {
    /// The account.
    pub login: i64,
    /// How much, in units of the account's currency.
    pub amount: Decimal,
    /// `externalId`.
    pub deposit: RecordId,
}

/// What cTrader's answer to a credit means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditAnswer {
    /// Applied.
    Credited {
        /// cTrader's id of it.
        balance_history_id: i64,
    },
    /// Certainly not applied, and may be later: never delivered, or refused before it was looked at.
    NotDone(String),
    /// Certainly not applied, and never will be as it stands.
    Refused(String),
    /// May have been applied.
    Unknown(String),
}
