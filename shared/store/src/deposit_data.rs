//! What is told of a deposit: `data` of its events.

use deposits::{DepositId, Payment, Status, Transition};
use domain::{Attribution, Identity, Launch};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::DepositRecord;

/// What is told of a deposit: `data` of its events.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DepositData<'a> {
    /// Which; cTrader has it as `externalId`.
    pub deposit_id: &'a DepositId,
    /// What was told to the trader.
    pub reference: &'a str,
    /// Where it stands.
    pub status: Status,
    /// Since when.
    pub since: Timestamp,
    /// Whose trader.
    pub broker: &'a str,
    /// By which payment method.
    pub method: &'a str,
    /// The trading account to credit.
    pub account: i64,
    /// What was asked for, as text.
    pub amount: Decimal,
    /// In which currency.
    pub currency: &'a str,
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
    /// What is told of it.
    pub fn data(&self) -> DepositData<'_> {
        let deposit = &self.deposit;
        let order = &deposit.order;
        DepositData {
            deposit_id: &deposit.id,
            reference: &self.reference,
            status: deposit.status,
            since: deposit.since,
            broker: &order.broker,
            method: &order.method,
            account: order.login,
            amount: order.amount,
            currency: &order.currency,
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

    /// The version in which it came to the status that it has: the same however often it was written since.
    pub fn status_version(&self) -> u64 {
        self.status_transition()
            .map_or(self.deposit.version, |transition| transition.version)
    }

    /// When it came to the status that it has. Of one that is being credited that is later than [`Deposit::since`], which
    /// counts from when it was paid.
    pub fn status_at(&self) -> Timestamp {
        self.status_transition()
            .map_or(self.deposit.since, |transition| transition.at)
    }

    fn status_transition(&self) -> Option<&Transition> {
        let status = self.deposit.status;
        let since = self
            .history
            .iter()
            .rev()
            .take_while(|transition| transition.status == status);
        since.last()
    }
}
