//! Deposits in the table of a test environment.

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
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

    /// Stores this many copies of the deposit, each under an id of its own.
    ///
    /// # Panics
    /// If the table rejects them.
    pub async fn copy(&self, id: &DepositId, copies: usize) {
        const MAX_AT_ONCE: usize = 25;
        let kind = RecordKind::Deposit;
        let key = |id: &DepositId| AttributeValue::S(kind.partition(id));
        let get = self.client.get_item().table_name(TABLE).key("pk", key(id));
        let found = get
            .key("sk", AttributeValue::S(kind.as_str().to_owned()))
            .send()
            .await;
        let item = found
            .expect("the table responds")
            .item
            .expect("the deposit exists");
        for begun in (0..copies).step_by(MAX_AT_ONCE) {
            let puts = (begun..copies.min(begun + MAX_AT_ONCE)).map(|_| {
                let mut copy = item.clone();
                copy.insert("pk".to_owned(), key(&DepositId::random().expect("randomness")));
                let put = PutRequest::builder()
                    .set_item(Some(copy))
                    .build()
                    .expect("an item");
                WriteRequest::builder().put_request(put).build()
            });
            let write = self
                .client
                .batch_write_item()
                .request_items(TABLE, puts.collect());
            let written = write.send().await.expect("the table takes the copies");
            assert!(written.unprocessed_items.unwrap_or_default().is_empty());
        }
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
