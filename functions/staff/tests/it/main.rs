//! Calls of operators to the real binary, under an emulated Lambda, with an embedded DynamoDB.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod decisions;
mod erasures;
mod refusals;

use deposits::{
    Account, AccountError, CTrader, CreditAnswer, CreditCall, Deposit, DepositId, Notification, PaymentEvent,
    PaymentEventKind, PaymentSource, Sender, apply_payment_event, credit,
};
use domain::ProvenLogin;
use harness::{HttpResponse, Request, TestDeposits, TestEnv, TestEnvOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{System, Table};

const OLGA: &str = "arn:aws:iam::123456789012:user/olga";
const IGOR: &str = "arn:aws:sts::123456789012:assumed-role/Operators/igor";

/// A random id of a call.
fn request_id() -> String {
    DepositId::random().unwrap().to_string()
}

struct World {
    env: TestEnv,
    deposits: TestDeposits,
}

impl World {
    async fn new() -> Self {
        let options = TestEnvOptions::default().without_screen_settings();
        // The table is the only setting that the function needs.
        let options = options.env("LEDGER_TABLE", "inapp-ledger");
        let env = TestEnv::start(env!("CARGO_BIN_EXE_staff"), options).await;
        Self {
            deposits: env.deposits(),
            env,
        }
    }

    fn table(&self) -> &Table {
        &self.deposits.table
    }

    /// A deposit whose credit was sent and not answered.
    async fn unknown(&self) -> Deposit {
        let id = self.deposits.create(TestDeposits::sample_order()).await;
        let notification = Notification {
            deposit: id.clone(),
            event: PaymentEvent {
                kind: PaymentEventKind::Paid,
                at: Timestamp::now(),
                money: TestDeposits::sample_order().money,
                reference: "psp-1".into(),
            },
            reason: None,
        };
        let sender = Sender {
            method: "card".parse().unwrap(),
            broker: "demobroker".into(),
            source: PaymentSource::Notification,
        };
        let applied = apply_payment_event(self.table(), &System, &sender, &notification).await;
        let paid = applied.unwrap().deposit;
        credit(self.table(), &Silent, &System, paid).await.unwrap()
    }

    /// Sends a decision, signed by this caller.
    async fn decide(&self, id: &DepositId, call: &Value, caller: &str) -> HttpResponse {
        let path = format!("/staff/deposits/{id}/decisions");
        self.env
            .send(Request::post(&path).json(call).signed_by(caller))
            .await
    }
}

/// A cTrader that never answers.
struct Silent;

impl CTrader for Silent {
    async fn account(&self, _: ProvenLogin) -> Result<Account, AccountError> {
        Ok(Account {
            broker: Some("demobroker".into()),
            currency: "EUR".into(),
            digits: Some(2),
        })
    }

    async fn credit(&self, _: &CreditCall) -> CreditAnswer {
        CreditAnswer::Unknown("no answer came".into())
    }
}

/// A decision that the deposit will not be credited.
fn failed(deposit: &Deposit) -> Value {
    json!({
        "requestId": request_id(),
        "version": deposit.version,
        "decision": "failed",
        "reason": "money returned",
    })
}
