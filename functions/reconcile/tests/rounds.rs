//! Rounds over the open deposits: the real binary under an emulated Lambda, an embedded DynamoDB, a simulated
//! cTrader.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use deposits::{
    DepositId, Notification, Order, PaymentEvent, PaymentEventKind, PaymentSource, Sender, Status,
    apply_payment_event,
};
use futures_util::future::join_all;
use harness::{Endpoint, Fault, TestDeposits, TestEnv, TestEnvOptions, proven_login};
use jiff::{SignedDuration, Timestamp};
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
        log.pop().expect("the round is logged")
    }

    /// Ada's deposit, paid and not credited yet.
    async fn paid(&self) -> DepositId {
        self.paid_with(TestDeposits::sample_order()).await
    }

    async fn paid_with(&self, order: Order) -> DepositId {
        let id = self.deposits.create(order).await;
        self.pay(&id).await;
        id
    }

    /// Applies a payment event as the provider's notification would.
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
            source: PaymentSource::Notification,
        };
        let applied = apply_payment_event(&self.deposits.table, &System, &sender, &notification).await;
        assert_eq!(applied.unwrap().deposit.status, Status::Paid);
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

    /// The log lines about this deposit.
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
async fn a_paid_deposit_is_credited() {
    let world = World::new().await;
    let id = world.paid().await;
    let round = world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
    assert_eq!(world.credited(), 1);
    assert_eq!(
        (&round["DepositsOpen"], &round["updated"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(world.lines(&id).pop().unwrap()["status"], "credited");
    // Nothing is left to do.
    world.round().await;
    assert_eq!(world.credited(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_rounds_credit_once() {
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
async fn a_deferred_credit_waits_for_its_due_time() {
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
    assert_eq!(world.lines(&id).len(), 1, "nothing was tried");
    assert_eq!(world.env.balance_calls(), 1, "it is not due");
    world.deposits.backdate(&id, 1).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_whose_function_was_killed_becomes_unknown_and_is_never_credited_again() {
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

    // A function may still be crediting.
    let round = world.round().await;
    assert_eq!(round["open"], json!({ "crediting": 1 }));
    world.deposits.backdate(&id, 50).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Crediting);

    // No function can be crediting any more.
    world.deposits.backdate(&id, 61).await;
    let round = world.round().await;
    assert_eq!(world.status(&id).await, Status::Unknown);
    assert_eq!(round["DepositsUnknown"], 1);
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
async fn a_credit_without_an_answer_is_unknown_and_counted_in_every_round() {
    let world = World::new().await;
    let id = world.paid().await;
    world.fault(Some(Fault::lose_answer())).await;
    let round = world.round().await;
    assert_eq!(
        (&round["DepositsUnknown"], &round["DepositsOpen"]),
        (&json!(1), &json!(1))
    );
    world.fault(None).await;
    let round = world.round().await;
    assert_eq!(round["DepositsUnknown"], 1);
    assert_eq!(world.status(&id).await, Status::Unknown);
    assert_eq!(world.env.balance_calls(), 1);
    let metrics = &round["_aws"]["CloudWatchMetrics"][0];
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
    assert_eq!(round["stack"], "local");
    assert_eq!(round["action"], "deposits");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_little_time_left_no_deposit_is_begun() {
    let world = World::with(TestEnvOptions {
        timeout: Duration::from_secs(15),
        ..options()
    })
    .await;
    let id = world.paid().await;
    let round = world.round().await;
    assert_eq!(
        (&round["DepositsLeft"], &round["updated"]),
        (&json!(1), &json!(0))
    );
    let deposit = world.deposits.find(&id).await.record;
    assert_eq!((deposit.status, deposit.deferrals), (Status::Paid, 0));
    assert_eq!(world.env.balance_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_abandoned_deposits_delay_no_paid_one() {
    let world = World::with(TestEnvOptions {
        // A few seconds for a round: too little for all.
        timeout: Duration::from_secs(18),
        ..options()
    })
    .await;
    let abandoned = Order {
        at: Timestamp::now() - SignedDuration::from_hours(2),
        wait_seconds: 60,
        ..TestDeposits::sample_order()
    };
    let abandoned = world.deposits.create(abandoned).await;
    world.deposits.copy(&abandoned, 2_999).await;
    // It is due later than all of them.
    let id = world.paid().await;
    let round = world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
    assert_eq!(world.credited(), 1);
    let left = round["open"]["created"].as_u64().unwrap();
    assert!(left > 0 && round["DepositsLeft"].as_u64().unwrap() > 0, "{round}");
    assert!(left < 3_000, "the others get their share: {round}");
    let mut transitions = world.env.log();
    transitions.retain(|line| line["status"] == "credited" || line["status"] == "expired");
    assert_eq!(transitions[0]["status"], "credited", "it came first");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_another_broker_goes_to_review() {
    let world = World::new().await;
    let order = Order {
        login: proven_login(2_000_905),
        ..TestDeposits::sample_order()
    };
    let id = world.paid_with(order).await;
    let round = world.round().await;
    assert_eq!(world.status(&id).await, Status::Review);
    assert_eq!(round["DepositsReview"], 1);
    assert_eq!(world.env.balance_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_deposit_expires_and_a_late_payment_is_credited() {
    let world = World::new().await;
    let id = world.deposits.create(TestDeposits::sample_order()).await;
    let round = world.round().await;
    assert_eq!(round["open"], json!({ "created": 1 }));
    assert_eq!(world.status(&id).await, Status::Created);
    world.deposits.backdate(&id, 1).await;
    let round = world.round().await;
    assert_eq!(world.status(&id).await, Status::Expired);
    assert_eq!(round["DepositsOpen"], 0);

    world.pay(&id).await;
    world.round().await;
    assert_eq!(world.status(&id).await, Status::Credited);
    assert_eq!(world.credited(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_is_paid_for_15_minutes_is_stuck() {
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
async fn a_round_without_the_table_fails() {
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
