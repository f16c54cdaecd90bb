//! Deposits in the table of a test environment.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, error::DisplayErrorContext};
use deposits::{DepositId, Order};
use embedded_table::TABLE;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::schema::RecordKind;
use store::{DepositRecord, Table};

/// Creates, reads and backdates deposits in the table.
pub struct TestDeposits {
    client: Client,
    /// The table, as the functions see it.
    pub table: Table,
}

impl TestDeposits {
    /// For the DynamoDB at this URL.
    pub(crate) fn new(url: &str) -> Self {
        let client = embedded_table::client(url);
        Self {
            table: Table::new(client.clone(), TABLE.to_owned()),
            client,
        }
    }

    /// Ada orders 250.50 EUR by card for her account.
    #[must_use]
    pub fn sample_order() -> Order {
        embedded_table::sample_order()
    }

    /// Stores a new deposit, as the deposit screen does.
    ///
    /// # Panics
    /// If the table rejects it.
    pub async fn create(&self, order: Order) -> DepositId {
        embedded_table::create_deposit(&self.table, order).await.id
    }

    /// The deposit in its present state.
    ///
    /// # Panics
    /// If there is no such deposit.
    pub async fn find(&self, id: &DepositId) -> DepositRecord {
        let found = self.table.stored(id).await.expect("the table responds");
        found.expect("the deposit exists")
    }

    /// Moves three times of the deposit to `seconds` ago: when its status changed, when its credit attempt began,
    /// and when it became due.
    ///
    /// # Panics
    /// If the table rejects the change.
    pub async fn backdate(&self, id: &DepositId, seconds: i64) {
        let kind = RecordKind::Deposit;
        let time = Timestamp::now() - SignedDuration::from_secs(seconds);
        let mut set = "SET due_at = :time, status_since = :time".to_owned();
        let mut update = self
            .client
            .update_item()
            .table_name(TABLE)
            .key("pk", AttributeValue::S(kind.partition(id)))
            .key("sk", AttributeValue::S(kind.as_str().to_owned()))
            .expression_attribute_values(":time", AttributeValue::S(time.to_string()));
        if self.find(id).await.record.attempt.is_some() {
            set += ", #data.attempt.#at = :time";
            update = update
                .expression_attribute_names("#at", "at")
                .expression_attribute_names("#data", "data");
        }
        if let Err(error) = update.update_expression(set).send().await {
            panic!("{}", DisplayErrorContext(error));
        }
    }

    /// A payment notification about exactly the ordered amount. `kind` is its `type`, for example `deposit.paid`.
    ///
    /// # Panics
    /// If there is no such deposit.
    pub async fn notification(&self, id: &DepositId, kind: &str) -> Value {
        let order = self.find(id).await.record.data.order;
        json!({
            "type": kind,
            "timestamp": Timestamp::now().to_string(),
            "data": {
                "depositId": id.as_str(),
                "amount": order.money.amount.to_string(),
                "currency": order.money.currency,
                "providerReference": format!("psp-{}", &id.as_str()[..8]),
            },
        })
    }
}
