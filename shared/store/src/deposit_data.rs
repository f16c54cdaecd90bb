//! Deposits in the table, and the `data` of their events (`docs/EVENTS.md`).

use deposits::{DepositBody, DepositId, Payment, Status};
use domain::{Attribution, BrokerName, CurrencyCode, Identity, Launch, MethodId, ProvenLogin};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::{RecordKind, Stored, StoredRecord};

/// A deposit with its history and the trader who asked for it.
pub type DepositRecord = StoredRecord<DepositBody>;

impl Stored for DepositBody {
    const RECORD_KIND: RecordKind = RecordKind::Deposit;

    fn account(&self) -> (&BrokerName, ProvenLogin) {
        (&self.order.broker, self.order.login)
    }
}

/// The `data` of a deposit's events. Absent values are left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DepositData<'a> {
    /// The deposit's id, which is also cTrader's `externalId`.
    pub deposit_id: &'a DepositId,
    /// The reference that the trader sees.
    pub reference: &'a str,
    /// The deposit's status.
    pub status: Status,
    /// When the deposit got its status.
    pub since: Timestamp,
    /// The trader's broker.
    pub broker: &'a BrokerName,
    /// The payment method.
    pub method: &'a MethodId,
    /// The trading account to credit.
    pub account: ProvenLogin,
    /// The amount to pay and to credit, in units of the currency. In JSON a decimal as text.
    pub amount: Decimal,
    /// The currency of `amount`.
    pub currency: &'a CurrencyCode,
    /// When the trader asked for it.
    pub requested_at: Timestamp,
    /// The payment that the provider reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<&'a Payment>,
    /// Whether the provider took the payment back, or may have.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reversed: bool,
    /// cTrader's id of the balance operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_history_id: Option<i64>,
    /// Why the deposit has its status, for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The trader.
    pub identity: &'a Identity,
    /// The launch parameters.
    pub launch: &'a Launch,
    /// The marketing attribution.
    #[serde(skip_serializing_if = "Attribution::is_empty")]
    pub attribution: &'a Attribution,
}

impl DepositRecord {
    /// The `data` of the deposit's events.
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
