//! Deposits in the table, and `data` of their events.

use deposits::{DepositBody, DepositId, Payment, Status};
use domain::{Attribution, BrokerName, CurrencyCode, Identity, Launch, MethodId};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::{RecordKind, Stored, StoredRecord};

/// A deposit, its history, and who asked for it.
pub type DepositRecord = StoredRecord<DepositBody>;

impl Stored for DepositBody {
    const RECORD_KIND: RecordKind = RecordKind::Deposit;

    fn account(&self) -> (&BrokerName, i64) {
        (&self.order.broker, self.order.login)
    }
}

/// `data` of a deposit's events.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DepositData<'a> {
    /// Which; cTrader has it as `externalId`.
    pub deposit_id: &'a DepositId,
    /// What the trader sees of its id.
    pub reference: &'a str,
    /// Where it stands.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// Whose trader.
    pub broker: &'a BrokerName,
    /// By which payment method.
    pub method: &'a MethodId,
    /// The trading account to credit.
    pub account: i64,
    /// What was asked for, as text.
    pub amount: Decimal,
    /// In which currency.
    pub currency: &'a CurrencyCode,
    /// When.
    pub requested_at: Timestamp,
    /// What the payment provider has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<&'a Payment>,
    /// Whether the provider took it back, or said so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reversed: bool,
    /// cTrader's id of the credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_history_id: Option<i64>,
    /// Why it stands where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who.
    pub identity: &'a Identity,
    /// Opened how.
    pub launch: &'a Launch,
    /// Where from.
    #[serde(skip_serializing_if = "Attribution::is_empty")]
    pub attribution: &'a Attribution,
}

impl DepositRecord {
    /// `data` of its events.
    pub fn data(&self) -> DepositData<'_> {
        let deposit = &self.record;
        let order = &deposit.order;
        DepositData {
            deposit_id: &deposit.id,
            reference: &self.reference,
            status: deposit.status,
            since: deposit.status_since,
            broker: &order.broker,
            method: &order.method,
            account: order.login,
            amount: order.money.amount,
            currency: &order.money.currency,
            requested_at: order.at,
            payment: deposit.payment.as_ref(),
            reversed: deposit.reversed,
            balance_history_id: deposit
                .credit
                .as_ref()
                .and_then(|credit| credit.balance_history_id),
            reason: deposit.reason(),
            identity: &self.identity,
            launch: &self.launch,
            attribution: &self.attribution,
        }
    }
}
