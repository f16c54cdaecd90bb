//! Rounds over the open deposits: the real binary under an emulated Lambda, an embedded DynamoDB, a simulated cTrader.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use deposits::{
    DepositId, Notification, Order, PaymentEvent, PaymentEventKind, Sender, Status, apply_payment_event,
};
use futures_util::future::join_all;
use harness::{Endpoint, Fault, TestDeposits, TestEnv, TestEnvOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::System;

const BINARY: &str = env!("CARGO_BIN_EXE_reconcile");

/// What EventBridge's schedule sends.
const SCHEDULED: &str = include_str!("../../../events/reconcile-scheduled.json");

/// Ada's account.
const LOGIN: u64 = 1_000_501;

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
        let deposits = env.deposits();
        Self { env, deposits }
    }

    /// One round, which must not fail.
    async fn round(&self) -> Value {
        let done = self.env.trigger(scheduled()).await;
        assert_eq!(done, Ok(Value::Null), "{}", self.env.log_text());
        let mut log = self.env.log();
        log.retain(|line| line["event"] == "reconciled");
        log.pop().expect("the round is told")
    }

    /// Ada's deposit, told to be paid; not credited yet.
    async fn paid(&self) -> DepositId {
        self.paid_with(TestDeposits::sample_order()).await
    }

    async fn paid_with(&self, order: Order) -> DepositId {
        let id = self.deposits.create(order).await;
        self.pay(&id).await;
        id
    }

    /// The provider says that it was paid.
    async fn pay(&self, id: &DepositId) {
        let order = self.deposits.find(id).await.record.data.order;
        let notification = Notification {
            deposit: id.clone(),
            event: PaymentEvent {
                kind: PaymentEventKind::Paid,
                at: Timestamp::now(),
                money: order.money,
                reference: "psp-1".into(),
            },
            reason: None,
        };
        let sender = Sender {
            method: order.method,
            broker: order.broker,
        };
        let told = apply_payment_event(&self.deposits.table, &System, &sender, &notification).await;
        assert_eq!(told.unwrap().deposit.status, Status::Paid);
    }

    async fn status(&self, id: &DepositId) -> Status {
        self.deposits.find(id).await.record.status
    }

    fn credited(&self) -> usize {
        self.env.balance_history(LOGIN).len()
    }

    async fn fault(&self, fault: Option<Fault>) {
        let fault = fault.map(|fault| fault.on(Endpoint::ChangeBalance));
        self.env.simulator().set_fault(fault).await.unwrap();
    }

    /// The log lines about a deposit.
    fn lines(&self, id: &DepositId) -> Vec<Value> {
        let mut lines = self.env.log();
        lines.retain(|line| line["reference"] == id.reference());
        lines
    }
}

fn options() -> TestEnvOptions {
    TestEnvOptions {
        timeout: Duration::from_secs(30),
        ..TestEnvOptions::default()
    }
}

fn scheduled() -> Value {
    serde_json::from_str(SCHEDULED).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_and_not_credited_is_credited() {
    let world = World::new().await;
    let id = world.paid().await;
    let told = world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
    assert_eq!(world.credited(), 1);
    assert_eq!((&told["DepositsOpen"], &told["updated"]), (&json!(0), &json!(1)));
    assert_eq!(world.lines(&id).pop().unwrap()["status"], "credited");
    // And that is that.
    world.round().await;
    assert_eq!(world.credited(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rounds_at_the_same_time_credit_once() {
    let mut options = options();
    options.instances = 3;
    let world = World::with(options).await;
    world.env.wait_until_ready().await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(world.paid().await);
    }
    join_all((0..3).map(|_| world.round())).await;
    world.round().await;
    for id in &ids {
        assert_eq!(world.status(id).await, Status::Credited);
    }
    assert_eq!((world.credited(), world.env.balance_calls()), (6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_waits_for_its_time_and_is_then_credited() {
    let world = World::new().await;
    let id = world.paid().await;
    world.fault(Some(Fault::status(429))).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Paid);
    let line = world.lines(&id).pop().unwrap();
    assert_eq!(
        (&line["status"], &line["function"]),
        (&json!("paid"), &json!("reconcile"))
    );
    assert!(
        line["detail"].as_str().unwrap().starts_with("cTrader is busy"),
        "{line}"
    );
    world.fault(None).await;
    world.round().await;
    assert_eq!(world.lines(&id).len(), 1, "nothing was done");
    assert_eq!(world.env.balance_calls(), 1, "its time has not come");
    world.deposits.backdate(&id, 1).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_credits_it_leaves_what_becomes_unknown_and_is_never_sent_again() {
    let world = World::new().await;
    let id = world.paid().await;
    world.fault(Some(Fault::delay(Duration::from_secs(30)))).await;
    let applied = async {
        while world.credited() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        _ = world.round() => panic!("the round ended"),
        () = applied => {}
    }
    world.env.restart(BINARY, &options());
    world.fault(None).await;
    assert_eq!(world.status(&id).await, Status::Crediting);

    // Somebody may still be at it.
    let told = world.round().await;
    assert_eq!(told["open"], json!({ "crediting": 1 }));
    world.deposits.backdate(&id, 50).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Crediting);

    // Nobody can be any more.
    world.deposits.backdate(&id, 61).await;
    let told = world.round().await;
    assert_eq!(world.status(&id).await, Status::Unknown);
    assert_eq!(told["DepositsUnknown"], 1);
    let line = world.lines(&id).pop().unwrap();
    assert_eq!(
        (&line["level"], &line["status"], &line["DepositUnknown"]),
        (&json!("ERROR"), &json!("unknown"), &json!(1))
    );
    for _ in 0..3 {
        world.deposits.backdate(&id, 86_400).await;
        world.round().await;
    }
    assert_eq!(world.status(&id).await, Status::Unknown);
    assert_eq!((world.credited(), world.env.balance_calls()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_unknown_and_is_counted_in_every_round() {
    let world = World::new().await;
    let id = world.paid().await;
    world.fault(Some(Fault::lose_answer())).await;
    let told = world.round().await;
    assert_eq!(
        (&told["DepositsUnknown"], &told["DepositsOpen"]),
        (&json!(1), &json!(1))
    );
    world.fault(None).await;
    let told = world.round().await;
    assert_eq!(told["DepositsUnknown"], 1);
    assert_eq!(world.status(&id).await, Status::Unknown);
    assert_eq!(world.env.balance_calls(), 1);
    let metrics = &told["_aws"]["CloudWatchMetrics"][0];
    let names: Vec<_> = metrics["Metrics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["Name"])
        .collect();
    assert_eq!(
        names,
        [
            "DepositsOpen",
            "DepositsReview",
            "DepositsUnknown",
            "DepositsStuck",
            "DepositsLeft"
        ]
    );
    assert_eq!(metrics["Dimensions"], json!([["stack"], ["stack", "action"]]));
    assert_eq!(told["stack"], "local");
    assert_eq!(told["action"], "deposits");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_little_time_left_no_deposit_is_begun() {
    let world = World::with(Setup {
        timeout: Duration::from_secs(15),
        ..setup()
    })
    .await;
    let id = world.paid().await;
    let told = world.round().await;
    assert_eq!((&told["DepositsLeft"], &told["updated"]), (&json!(1), &json!(0)));
    let deposit = world.deposits.find(&id).await.record;
    assert_eq!((deposit.status, deposit.deferrals), (Status::Paid, 0));
    assert_eq!(world.stage.balance_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_another_broker_is_for_an_operator() {
    let world = World::new().await;
    let order = Order {
        login: 2_000_905,
        ..TestDeposits::sample_order()
    };
    let id = world.paid_with(order).await;
    let told = world.round().await;
    assert_eq!(world.status(&id).await, Status::Review);
    assert_eq!(told["DepositsReview"], 1);
    assert_eq!(world.env.balance_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_paid_expires_and_a_payment_that_comes_late_is_credited() {
    let world = World::new().await;
    let id = world.deposits.create(TestDeposits::sample_order()).await;
    let told = world.round().await;
    assert_eq!(told["open"], json!({ "created": 1 }));
    assert_eq!(world.status(&id).await, Status::Created);
    world.deposits.backdate(&id, 1).await;
    let told = world.round().await;
    assert_eq!(world.status(&id).await, Status::Expired);
    assert_eq!(told["DepositsOpen"], 0);

    world.pay(&id).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
    assert_eq!(world.credited(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_for_a_quarter_of_an_hour_and_not_credited_is_stuck() {
    let world = World::new().await;
    let id = world.paid().await;
    world
        .env
        .simulator()
        .set_fault(Some(Fault::down()))
        .await
        .unwrap();
    world.deposits.backdate(&id, 14 * 60).await;
    assert_eq!(world.round().await["DepositsStuck"], 0);
    world.deposits.backdate(&id, 16 * 60).await;
    assert_eq!(world.round().await["DepositsStuck"], 1);
    assert_eq!(world.status(&id).await, Status::Paid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_without_the_table_fails_for_lambda_to_count() {
    let world = World::new().await;
    world.env.wait_until_ready().await;
    world.env.set_table_available(false);
    assert!(world.env.trigger(scheduled()).await.is_err());
    world.env.set_table_available(true);
    world.round().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_settings_it_does_not_start() {
    for name in ["CTRADER_BASE_URL", "MANAGER_TOKEN_SECRET_ID", "LEDGER_TABLE"] {
        let exit = TestEnv::run_to_exit(BINARY, options().without(name)).await;
        assert_eq!(exit.code, Some(1));
        assert!(exit.log.contains(&format!("{name} is missing")), "{}", exit.log);
    }
}
