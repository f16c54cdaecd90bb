//! The calls that operators make to the function `staff`: paths, and JSON bodies as types. `inapp` sends them, the
//! function reads them. `docs/HTTP.md` describes them.
//!
//! No call names the operator. API Gateway verifies the AWS signature of each request and names its caller.
//!
//! Each call carries a random [`request id`](DecideDeposit::request_id). If the answer is lost, the same call is
//! sent again, and is carried out once.

use domain::{BrokerName, Principal, RecordId};
use serde::{Deserialize, Serialize};

/// Maximum length of a reason, in characters.
pub const MAX_REASON: usize = 500;

/// Maximum number of records in one [`EraseTrader`].
pub const MAX_RECORDS: usize = 25;

/// The path to which [`DecideDeposit`] is sent, with `POST`.
pub fn deposit_decisions_path(deposit: &RecordId) -> String {
    format!("/staff/deposits/{deposit}/decisions")
}

/// The path to which [`EraseTrader`] is sent, with `POST`.
pub const ERASURES_PATH: &str = "/staff/erasures";

/// An operator's decision about a deposit in review or unknown.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecideDeposit {
    /// A random id. A call with the same id is the same call.
    pub request_id: RecordId,
    /// The version of the deposit that the operator looked at.
    pub version: u64,
    /// The decision.
    pub decision: DepositDecision,
    /// cTrader's id of the balance operation, if the decision is [`DepositDecision::Credited`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance_history_id: Option<i64>,
    /// Whether the operator asked the provider, and it has the payment that the deposit names. Not for
    /// [`DepositDecision::Failed`].
    #[serde(default)]
    pub payment_found: bool,
    /// The operator's reason.
    pub reason: String,
}

/// What the operator found out or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DepositDecision {
    /// The account was credited.
    Credited,
    /// The account was not credited. A program tries again.
    Retry,
    /// Nothing will be credited.
    Failed,
}

/// The deposit after the decision. If the call was sent before, the deposit as it is now.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecidedDeposit {
    /// The deposit's id.
    pub deposit_id: RecordId,
    /// The reference that the trader sees.
    pub reference: String,
    /// The deposit's status.
    pub status: String,
    /// Its version.
    pub version: u64,
    /// The decision that is recorded.
    pub recorded: RecordedDecision,
}

/// A recorded decision.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedDecision {
    /// The id of the call.
    pub request_id: RecordId,
    /// The operator, as AWS named the caller.
    pub by: Principal,
    /// The version that the decision made.
    pub version: u64,
}

/// Erases the personal data of a trader in these records.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EraseTrader {
    /// A random id. All calls of one erasure have the same id.
    pub request_id: RecordId,
    /// The trader's broker.
    pub broker: BrokerName,
    /// cTrader's user id of the trader.
    pub user_id: i64,
    /// The operator's reason.
    pub reason: String,
    /// The records, at most [`MAX_RECORDS`]. Each has to be the trader's.
    pub records: Vec<RecordName>,
}

/// The name of a record: its kind and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordName {
    /// `request` or `deposit`.
    pub kind: String,
    /// The record's id.
    pub id: RecordId,
}

/// What was erased.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasedTrader {
    /// The id of the call, under which the erasure is recorded.
    pub request_id: RecordId,
    /// The operator, as AWS named the caller.
    pub by: Principal,
    /// The records, in the order of the call.
    pub records: Vec<ErasedRecord>,
}

/// What was erased in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedRecord {
    /// The kind of the record.
    pub kind: String,
    /// Its id.
    pub id: RecordId,
    /// Whether the record is one of this trader's. Nothing is erased in others.
    pub found: bool,
    /// The attributes that were erased. Empty if there was nothing left to erase.
    pub erased: Vec<String>,
}

/// The body of an error, as from all functions.
#[derive(Clone, Debug, Deserialize)]
pub struct CallError {
    /// What happened, for people.
    pub message: String,
    /// The error code.
    pub code: String,
}
