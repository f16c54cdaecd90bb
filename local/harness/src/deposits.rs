//! Deposits in the stage's table, as a screen leaves them there.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, error::DisplayErrorContext};
use deposits::{Deposit, DepositBody, DepositId, Order, Status};
use domain::{Attribution, Launch, RecordId, ScreenKind};
use embedded_table::TABLE;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{DepositRecord, Request, Table};

/// The deposits of a table.
pub struct Deposits {
    client: Client,
    /// The table itself.
    pub ledger: Table,
}

impl Deposits {
    /// Those of the table behind this URL.
    pub(crate) fn at(url: &str) -> Self {
        let client = embedded_table::client(url);
        Self {
            ledger: Table::new(client.clone(), TABLE.to_owned()),
            client,
        }
    }

    /// What Ada asks for: 250.50 EUR for her account, by card.
    #[must_use]
    pub fn order() -> Order {
        Order {
            broker: "demobroker".into(),
            method: "card".into(),
            login: 1_000_501,
            amount: "250.50".parse().unwrap(),
            currency: "EUR".into(),
            at: Timestamp::now(),
            wait_seconds: 24 * 3_600,
        }
    }

    /// A new deposit, asked for a moment ago.
    ///
    /// # Panics
    /// If the table does not take it.
    pub async fn ask(&self, order: Order) -> DepositId {
        let id = RecordId::random().unwrap();
        let at = order.at;
        let body = DepositBody::new(order);
        let deposit = Deposit::new(id.clone(), Status::Created, body, at, "first".into());
        let identity = json!({"userId": 501, "email": "ada.canary@example.com"});
        let request = Request {
            id,
            screen: ScreenKind::Deposit,
            broker: deposit.order.broker.as_str().into(),
            identity: serde_json::from_value(identity).unwrap(),
            launch: Launch::default(),
            attribution: Attribution::new(),
            fields: BTreeMap::new(),
        };
        let held = self.ledger.create(&deposit, &request).await;
        held.expect("the table takes it").id
    }

    /// The deposit as it stands now.
    ///
    /// # Panics
    /// If there is none.
    pub async fn find(&self, id: &DepositId) -> DepositRecord {
        let found = self.ledger.stored(id).await.expect("the table answers");
        found.expect("there is such a deposit")
    }

    /// Makes it seem that what is now was so many seconds ago: when it got its status, when its credit was begun, and that
    /// it is due since.
    ///
    /// # Panics
    /// If the table does not take it.
    pub async fn backdate(&self, id: &DepositId, seconds: i64) {
        let deposit = self.find(id).await.record;
        let then = AttributeValue::S((Timestamp::now() - SignedDuration::from_secs(seconds)).to_string());
        let mut set = "SET due_at = :then, status_since = :then".to_owned();
        if deposit.attempt.is_some() {
            set += ", #data.attempt.#at = :then";
        }
        let mut update = self
            .client
            .update_item()
            .table_name(TABLE)
            .key("pk", AttributeValue::S(format!("deposit#{id}")))
            .key("sk", AttributeValue::S("deposit".into()))
            .update_expression(set)
            .expression_attribute_values(":then", then);
        if deposit.attempt.is_some() {
            update = update
                .expression_attribute_names("#at", "at")
                .expression_attribute_names("#data", "data");
        }
        if let Err(error) = update.send().await {
            panic!("{}", DisplayErrorContext(error));
        }
    }

    /// A notification of a payment of what was asked for.
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
                "amount": order.amount.to_string(),
                "currency": order.currency,
                "providerReference": format!("psp-{}", &id.as_str()[..8]),
            },
        })
    }
}
