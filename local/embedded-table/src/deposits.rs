//! Deposits for tests that need one in the table.

use std::collections::BTreeMap;

use deposits::{Deposit, DepositBody, Order, Status};
use domain::{Attribution, Launch, Money, Principal, ProvenLogin, RecordId, ScreenKind};
use jiff::Timestamp;
use serde_json::json;
use store::{Limits, Request, Table};

/// Limits that tests do not reach unless they mean to.
pub const LIMITS: Limits = Limits {
    records_per_day: 10_000,
    open_per_account: 100,
};

/// Ada orders 250.50 EUR by card for her account 1000501. The deposit waits a day for its payment.
#[must_use]
pub fn sample_order() -> Order {
    Order {
        broker: "demobroker".into(),
        method: "card".parse().unwrap(),
        login: proven_login(1_000_501),
        account_digits: 2,
        unnamed_broker: false,
        money: Money::new("250.50".parse().unwrap(), "EUR".parse().unwrap()),
        at: Timestamp::now(),
        wait_seconds: 24 * 3_600,
    }
}

/// A login that the tests need not prove.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "nobody owns the accounts of tests")]
pub fn proven_login(number: i64) -> ProvenLogin {
    ProvenLogin::attest(number)
}

/// Stores a new deposit, as the deposit screen does, and returns it.
///
/// # Panics
/// If the table rejects it.
pub async fn create_deposit(table: &Table, order: Order) -> Deposit {
    let id = RecordId::random().unwrap();
    let created_at = order.at;
    let body = DepositBody::new(order);
    let deposit = Deposit::new(id, Status::Created, body, created_at, "first".into());
    let created = table.create(&deposit, &request(&deposit)).await;
    created.expect("the table stores the deposit")
}

/// Olga, an operator of the broker.
///
/// # Panics
/// Never: it is the ARN of a user.
#[must_use]
pub fn operator() -> Principal {
    let arn = "arn:aws:iam::123456789012:user/olga".to_owned();
    arn.try_into().unwrap()
}

/// The form in which Ada submitted the deposit.
fn request(deposit: &Deposit) -> Request {
    let identity = json!({"userId": 501, "email": "ada.canary@example.com"});
    Request {
        id: deposit.id.clone(),
        screen: ScreenKind::Deposit,
        broker: deposit.order.broker.clone(),
        identity: serde_json::from_value(identity).unwrap(),
        launch: Launch::default(),
        attribution: Attribution::new(),
        limits: LIMITS,
        keep_days: None,
        fields: BTreeMap::new(),
    }
}
