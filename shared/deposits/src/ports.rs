//! The ports to cTrader and to the records of payments.
#![allow(
    async_fn_in_trait,
    reason = "the callers are this workspace's, which need no Send"
)]

use domain::{BrokerName, ProvenLogin, RecordId};
use rust_decimal::Decimal;
use workflow::StoreError;

use crate::{DepositId, PaymentRecord};

/// The table's records of payments. Only functions that learn of payments have the right to write them.
pub trait PaymentRecords {
    /// Records a payment, unless the table has a record of this deposit and reference.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn record_payment(&self, record: &PaymentRecord) -> Result<(), StoreError>;

    /// The record of the payment with the provider's reference: a strongly consistent read.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn recorded_payment(
        &self,
        deposit: &DepositId,
        reference: &str,
    ) -> Result<Option<PaymentRecord>, StoreError>;
}

/// The calls to cTrader that deposits need.
pub trait CTrader {
    /// Looks up a trading account.
    ///
    /// # Errors
    /// [`AccountError`].
    async fn account(&self, login: ProvenLogin) -> Result<Account, AccountError>;

    /// Credits an account (`changebalance`): sent at most once, on a fresh connection.
    async fn credit(&self, call: &CreditCall) -> CreditAnswer;
}

/// A trading account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its broker; absent if cTrader does not report it.
    pub broker: Option<BrokerName>,
    /// The code of its currency, in cTrader's spelling.
    pub currency: String,
    /// How many digits after the point its amounts have; absent if cTrader does not report it.
    pub digits: Option<u32>,
}

/// Why the look-up of an account failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// cTrader has no such account, or does not show it. Trying again does not help.
    #[error("cTrader answered {0}")]
    Refused(String),
    /// Trying later may help.
    #[error("{0}")]
    Unavailable(String),
}

/// A credit to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditCall {
    /// The account.
    pub login: ProvenLogin,
    /// The amount, in units of the account's currency.
    pub amount: Decimal,
    /// The deposit's id, which cTrader gets as `externalId`.
    pub deposit: RecordId,
}

/// The outcome of a credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditAnswer {
    /// cTrader applied it.
    Credited {
        /// cTrader's id of the balance operation.
        balance_history_id: i64,
    },
    /// Certainly not applied, and worth another try: the call was not delivered, or refused before cTrader
    /// looked at it.
    NotDone(String),
    /// Certainly not applied, and another try would not help.
    Refused(String),
    /// Perhaps applied.
    Unknown(String),
}
