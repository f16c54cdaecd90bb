//! What the flows need of the outside: a table and cTrader.
#![allow(
    async_fn_in_trait,
    reason = "the callers are this workspace's, which need no Send"
)]

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{Deposit, DepositId, NoRandomness, Status, Transition};

/// The table of deposits.
pub trait Store {
    /// What the table holds now, not what it held a while ago.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn load(&self, id: &DepositId) -> Result<Option<Deposit>, StoreError>;

    /// Writes `next`, if the table holds the version before it; appends `transition` to the history, in the same write.
    ///
    /// # Errors
    /// [`WriteError`].
    async fn write(&self, next: &Deposit, transition: &Transition) -> Result<(), WriteError>;

    /// Sets only when to look at it again, if the table still holds this version. It is announced again by that.
    ///
    /// # Errors
    /// [`WriteError`].
    async fn announce_again(&self, deposit: &Deposit, due: Timestamp) -> Result<(), WriteError>;

    /// All deposits that have a [`Deposit::due`], the one that is due first at the front. May lag behind the table.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn open(&self) -> Result<Vec<Open>, StoreError>;
}

/// A deposit that something is still to be done about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which.
    pub id: DepositId,
    /// Where it stands.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// When to look at it.
    pub due: Timestamp,
}

/// The table did not answer as hoped. Whether a write happened is unknown; to write the same again is safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger table: {0}")]
pub struct StoreError(pub String);

impl From<NoRandomness> for StoreError {
    fn from(error: NoRandomness) -> Self {
        Self(error.to_string())
    }
}

/// Why a write is not known to have happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The table holds another version than the one before: this. It may be what an earlier try of this very write
    /// left ([`Deposit::write`] tells).
    #[error("the deposit is of another version by now")]
    Conflict(Box<Deposit>),
    /// It may have happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

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
    pub broker: Option<String>,
    /// Its currency.
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
    pub deposit: DepositId,
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
