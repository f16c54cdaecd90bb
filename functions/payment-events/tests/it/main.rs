//! Notifications of payment providers to the real binary, under an emulated Lambda, with an embedded DynamoDB
//! and a simulated cTrader that applies every credit that it receives.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod chaos;
mod credits;
mod filled;
mod payment_events;
mod refusals;
mod signatures;

use std::time::Duration;

use deposits::{DepositId, Order, Status};
use harness::{HttpResponse, PAYMENT_SECRETS, Request, TestDeposits, TestEnv, TestEnvOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

const BINARY: &str = env!("CARGO_BIN_EXE_payment-events");

/// Ada's account.
const LOGIN: u64 = 1_000_501;

const CARD: &str = "whsec_Y2FyZC1kZW1vYnJva2VyLXNlY3JldC1vbmU=";
const CARD_NEXT: &str = "whsec_Y2FyZC1kZW1vYnJva2VyLXNlY3JldC10d28=";
const CARD_NORTHWIND: &str = "whsec_Y2FyZC1ub3J0aHdpbmQtc2VjcmV0LW9uZSE=";
const TRANSFER: &str = "whsec_YmFuay10cmFuc2Zlci1zZWNyZXQtb25lISE=";

/// A test environment with secrets, and its deposits.
struct World {
    env: TestEnv,
    deposits: TestDeposits,
}

impl World {
    async fn new() -> Self {
        Self::with(options()).await
    }

    async fn with(options: TestEnvOptions) -> Self {
        let env = TestEnv::start(BINARY, options).await;
        let world = Self {
            deposits: env.deposits(),
            env,
        };
        world.secrets(&json!({
            "card": { "demobroker": CARD, "northwind": CARD_NORTHWIND },
            "bank_transfer": { "demobroker": TRANSFER },
        }));
        world
    }

    fn secrets(&self, secrets: &Value) {
        self.env.set_secret(PAYMENT_SECRETS, Some(&secrets.to_string()));
    }

    /// Creates Ada's deposit of 250.50 EUR by card.
    async fn create_deposit(&self) -> DepositId {
        self.deposits.create(TestDeposits::sample_order()).await
    }

    async fn create_deposit_with(&self, edit: impl FnOnce(&mut Order)) -> DepositId {
        let mut order = TestDeposits::sample_order();
        edit(&mut order);
        self.deposits.create(order).await
    }

    /// A notification of the card provider about this deposit.
    async fn notification(&self, id: &DepositId, kind: &str) -> Value {
        self.deposits.notification(id, kind).await
    }

    /// Sends a notification, signed by the card provider.
    async fn send(&self, notification: &Value) -> HttpResponse {
        self.env.send(signed(notification, CARD)).await
    }

    async fn send_paid(&self, id: &DepositId) -> HttpResponse {
        let notification = self.notification(id, "deposit.paid").await;
        self.send(&notification).await
    }

    async fn status(&self, id: &DepositId) -> Status {
        self.deposits.find(id).await.record.status
    }

    /// The statuses in the deposit's history.
    async fn statuses(&self, id: &DepositId) -> Vec<&'static str> {
        let history = self.deposits.find(id).await.history;
        history.iter().map(|step| step.status.as_str()).collect()
    }

    /// The amounts that were credited to Ada's account.
    fn credited(&self) -> Vec<String> {
        let history = self.env.balance_history(LOGIN);
        history.into_iter().map(|change| change.amount).collect()
    }

    /// The log lines about deposits.
    fn deposit_log(&self) -> Vec<Value> {
        let mut lines = self.env.log();
        lines.retain(|line| line["event"] == "deposit");
        lines
    }
}

fn options() -> TestEnvOptions {
    TestEnvOptions {
        timeout: Duration::from_secs(20),
        ..TestEnvOptions::default()
    }
}

/// A notification signed by the library of Standard Webhooks, as a provider would.
fn signed(notification: &Value, secret: &str) -> Request {
    signed_at(notification, secret, Timestamp::now().as_second())
}

fn signed_at(notification: &Value, secret: &str, at: i64) -> Request {
    signed_text(notification.to_string(), secret, at)
}

/// A signed body, whether it is a notification or not.
fn signed_text(body: String, secret: &str, at: i64) -> Request {
    let id = format!("msg_{}", Timestamp::now().as_nanosecond());
    let signature = Webhook::new(secret).unwrap().sign(&id, at, body.as_bytes());
    Request::post("/payments/card/events")
        .header("content-type", "application/json")
        .header("accept", "*/*")
        .header("webhook-id", &id)
        .header("webhook-timestamp", &at.to_string())
        .header("webhook-signature", &signature.unwrap())
        .body(body)
}

/// The code of an error, after checking the shape of its body.
fn code(answer: &HttpResponse) -> String {
    let body = answer.json();
    let members: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["code", "error", "message"], "{body}");
    assert_eq!(answer.header("content-type"), "application/json");
    body["code"].as_str().unwrap().to_owned()
}
