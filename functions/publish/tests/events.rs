//! Events published from the table's stream, tested with the real binary, a real stream and an emulated event bus.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use deposits::{
    DepositId, Notification, PaymentEvent, PaymentEventKind, PaymentSource, Sender, Store,
    apply_payment_event,
};
use domain::{Attribution, RecordId, ScreenKind};
use harness::{EventBridgeFault, LIMITS, TestDeposits, TestEnv, TestEnvOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Outcome, Request, Status, System, Table};

const BINARY: &str = env!("CARGO_BIN_EXE_publish");
const RECORDED: &str = include_str!("../../../events/publish-recorded.json");
const CREDITED: &str = include_str!("../../../events/publish-deposit-credited.json");
const SUCCEEDED: &str = include_str!("../../../events/publish-succeeded.json");

async fn test_env() -> TestEnv {
    let options = TestEnvOptions {
        timeout: Duration::from_secs(30),
        ..TestEnvOptions::default()
    };
    TestEnv::start(BINARY, options).await
}

fn table(env: &TestEnv) -> Table {
    env.deposits().table
}

fn request(fields: &[(&str, &str)]) -> Request {
    let identity = json!({
        "userId": 77001, "accountId": 1000123, "tradingLogin": 1000123, "email": "ada@example.com",
    });
    let launch =
        json!({"account": 1000123, "lang": "es", "theme": "dark", "source": "iOS", "actionType": "bonus"});
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        id: RecordId::random().unwrap(),
        screen: ScreenKind::Custom,
        broker: "demobroker".into(),
        identity: serde_json::from_value(identity).unwrap(),
        launch: serde_json::from_value(launch).unwrap(),
        attribution: Attribution::from([("utm_source".to_owned(), "newsletter".to_owned())]),
        limits: LIMITS,
        keep_days: None,
        fields: fields.iter().map(owned).collect::<BTreeMap<_, _>>(),
    }
}

/// The time this many seconds after 1970.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn records(fixture: &str) -> Vec<Value> {
    let event: Value = serde_json::from_str(fixture).unwrap();
    event["Records"].as_array().unwrap().clone()
}

/// Stream records of `count` different recorded requests. A sequence number ends with the record's index.
fn recorded_requests(count: usize) -> Vec<Value> {
    let record = &records(RECORDED)[0];
    (0..count)
        .map(|index| {
            let mut record = record.clone();
            record["dynamodb"]["SequenceNumber"] = json!(sequence_number(index));
            record["dynamodb"]["NewImage"]["pk"] = json!({"S": format!("request#AB{index:024}")});
            record
        })
        .collect()
}

fn sequence_number(index: usize) -> String {
    format!("1000000000000000{index:08}")
}

/// The indices of the records whose events were published, in the order of publication.
fn published_indices(env: &TestEnv) -> Vec<usize> {
    let index = |event: &Value| {
        let id = event["Detail"]["data"]["requestId"].as_str().unwrap();
        id[2..].parse().unwrap()
    };
    env.published_events().iter().map(index).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_published_when_it_is_recorded_and_with_each_outcome() {
    let env = test_env().await;
    let table = table(&env);
    let request = request(&[("amount", "50.00"), ("amount_currency", "EUR")]);
    table.record(&request, at(1)).await.unwrap();
    let outcome = |status, message: Option<&str>| Outcome {
        status,
        message: message.map(str::to_owned),
        redirect: Some("https://pay.broker.example/secret".to_owned()),
    };
    let unknown = outcome(Status::Unknown, None);
    table.record_outcome(&request.id, &unknown, at(2)).await.unwrap();
    let succeeded = outcome(Status::Succeeded, Some("Your bonus is on its way."));
    table
        .record_outcome(&request.id, &succeeded, at(3))
        .await
        .unwrap();
    assert_eq!(env.send_batch(&env.stream_records()).await, [""; 0]);

    let events = env.published_events();
    let id = request.id.as_str();
    let expected = [
        ("recorded", "1970-01-01T00:00:01.000Z"),
        ("unknown", "1970-01-01T00:00:02.000Z"),
        ("succeeded", "1970-01-01T00:00:03.000Z"),
    ];
    assert_eq!(events.len(), expected.len());
    for (event, (status, time)) in events.iter().zip(expected) {
        let kind = format!("request.{status}");
        let mut data = json!({
            "requestId": id,
            "reference": request.id.reference(),
            "status": status,
            "action": "action",
            "actionType": "bonus",
            "broker": "demobroker",
            "identity": {
                "userId": 77001, "accountId": 1000123, "brokerName": "demobroker", "email": "ada@example.com",
                "tradingLogin": 1000123,
            },
            "launch": {"account": 1000123, "lang": "es", "source": "iOS", "actionType": "bonus"},
            "attribution": {"utm_source": "newsletter"},
            "fields": {"amount": "50.00", "amount_currency": "EUR"},
            "recordedAt": "1970-01-01T00:00:01.000Z",
        });
        if status == "succeeded" {
            data["message"] = json!("Your bonus is on its way.");
        }
        assert_eq!(
            *event,
            json!({
                "EventBusName": "inapp",
                "Source": "inapp",
                "DetailType": kind,
                "Detail": {"id": format!("{id}:{status}"), "type": kind, "timestamp": time, "data": data},
            })
        );
    }
    let log = &env.log()[0];
    assert_eq!(log["event"], "published");
    let first = json!({"type": "request.recorded", "reference": request.id.reference()});
    assert_eq!(log["events"][0], first);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_are_published_and_a_repeat_has_the_same_id() {
    let env = test_env().await;
    for _ in 0..2 {
        for fixture in [RECORDED, SUCCEEDED] {
            assert_eq!(env.send_batch(&records(fixture)).await, [""; 0]);
        }
    }
    let events = env.published_events();
    assert_eq!(events[0]["DetailType"], "request.recorded");
    assert_eq!(events[1]["DetailType"], "request.succeeded");
    assert_eq!(events[1]["Detail"]["id"], "7Q0M4T9ZK3XH8VW2C5RN6YB1DE:succeeded");
    assert_eq!(events[..2], events[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_calls_for_no_event_is_skipped() {
    let env = test_env().await;
    let recorded = records(RECORDED).remove(0);
    let mut other = recorded.clone();
    other["dynamodb"]["NewImage"] = json!({"pk": {"S": "other#1"}, "sk": {"S": "other"}});
    let mut same_status = recorded.clone();
    same_status["eventName"] = json!("MODIFY");
    same_status["dynamodb"]["OldImage"] = recorded["dynamodb"]["NewImage"].clone();
    let mut removed = recorded.clone();
    removed["eventName"] = json!("REMOVE");
    // DynamoDB itself deletes what has expired.
    removed["userIdentity"] = json!({"type": "Service", "principalId": "dynamodb.amazonaws.com"});
    removed["dynamodb"]["OldImage"] = removed["dynamodb"]
        .as_object_mut()
        .unwrap()
        .remove("NewImage")
        .unwrap();
    let batch = [other, same_status, removed];
    assert_eq!(env.send_batch(&batch).await, [""; 0]);
    assert_eq!(env.send_batch(&[]).await, [""; 0]);
    assert_eq!(env.event_bridge_calls(), 0);
    assert_eq!(env.log_text(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_partial_failure_lambda_hands_over_again_from_the_first_that_failed() {
    let env = test_env().await;
    let batch = recorded_requests(25);
    // The bus accepts all events of the first call, and all but two of the second.
    env.fail_event_bridge([
        EventBridgeFault::Entries(vec![]),
        EventBridgeFault::Entries(vec![3, 7]),
    ]);
    assert_eq!(env.send_batch(&batch).await, [sequence_number(13)]);
    assert_eq!(env.event_bridge_calls(), 2);
    let line = env.log().pop().unwrap();
    assert_eq!(line["event"], "not_published");
    assert_eq!(line["detail"], "ThrottlingException");

    assert_eq!(env.send_batch(&batch[13..]).await, [""; 0]);
    let mut published = published_indices(&env);
    // Some come again below: they were on the bus already.
    assert_eq!(
        published[..18],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 18, 19]
    );
    assert_eq!(published[18..], (13..25).collect::<Vec<_>>());
    published.sort_unstable();
    published.dedup();
    assert_eq!(published, (0..25).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_bus_is_down_nothing_is_lost() {
    let env = test_env().await;
    let batch = recorded_requests(3);
    // One failure for each attempt of the SDK.
    env.fail_event_bridge([500, 503, 500].map(EventBridgeFault::Status));
    assert_eq!(env.send_batch(&batch).await, [sequence_number(0)]);
    assert_eq!(env.published_events(), [json!(null); 0]);
    assert_eq!(env.send_batch(&batch).await, [""; 0]);
    assert_eq!(published_indices(&env), [0, 1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn large_requests_are_put_in_calls_that_eventbridge_takes() {
    let env = test_env().await;
    let mut batch = recorded_requests(12);
    for record in &mut batch {
        let text = "\n".repeat(50 * 1024);
        record["dynamodb"]["NewImage"]["fields"]["M"]["message"] = json!({"S": text});
    }
    assert_eq!(env.send_batch(&batch).await, [""; 0]);
    assert_eq!(published_indices(&env), (0..12).collect::<Vec<_>>());
    assert_eq!(env.event_bridge_calls(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_cannot_be_read_is_logged_and_does_not_hold_up_the_rest() {
    let env = test_env().await;
    let mut batch = recorded_requests(3);
    batch[1]["dynamodb"]["NewImage"]["user_id"] = json!({"S": "ada@example.com"});
    assert_eq!(env.send_batch(&batch).await, [""; 0]);
    assert_eq!(published_indices(&env), [0, 2]);
    let line = &env.log()[0];
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["event"], "unreadable");
    assert_eq!(
        line["detail"],
        "the table holds a record without a usable `user_id`"
    );
    assert_eq!(line["sequence_number"], sequence_number(1));
    assert_eq!(line["Unreadable"], 1);
    assert_eq!(
        line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"],
        "Unreadable"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_name_of_the_bus_it_does_not_start() {
    let exit = TestEnv::run_to_exit(BINARY, TestEnvOptions::default().without("EVENT_BUS")).await;
    assert_eq!(exit.code, Some(1));
    assert_eq!(exit.lines()[0]["detail"], "EVENT_BUS is missing");
}

/// Applies a payment event, as if a payment provider had sent it.
async fn apply_event(deposits: &TestDeposits, id: &DepositId, kind: PaymentEventKind) {
    let notification = Notification {
        deposit: id.clone(),
        event: PaymentEvent {
            kind,
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
    apply_payment_event(&deposits.table, &System, &sender, &notification)
        .await
        .unwrap();
}

/// The id and the type of each published event.
fn published_events(env: &TestEnv) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events = env.published_events();
    events
        .iter()
        .map(|event| (text(&event["Detail"]["id"]), text(&event["DetailType"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_is_published_with_each_change_of_its_status() {
    let env = test_env().await;
    let deposits = env.deposits();
    let id = deposits.create(TestDeposits::sample_order()).await;
    apply_event(&deposits, &id, PaymentEventKind::Pending).await;
    apply_event(&deposits, &id, PaymentEventKind::Paid).await;
    apply_event(&deposits, &id, PaymentEventKind::Refunded).await;
    // Still in review: the record changes, its status does not.
    apply_event(&deposits, &id, PaymentEventKind::ChargedBack).await;
    assert_eq!(env.send_batch(&env.stream_records()).await, [""; 0]);

    let expected = [(1, "created"), (2, "pending"), (3, "paid"), (4, "review")];
    let expected = expected.map(|(version, status)| (format!("{id}:{version}"), format!("deposit.{status}")));
    assert_eq!(published_events(&env), expected);
    let events = env.published_events();
    let detail = &events[3]["Detail"];
    assert_eq!(detail["type"], "deposit.review");
    let history = deposits.find(&id).await.history;
    assert_eq!(detail["timestamp"], history[3].at.to_string());
    let data = &detail["data"];
    for (name, value) in [
        ("depositId", json!(id.as_str())),
        ("reference", json!(id.reference())),
        ("status", json!("review")),
        ("broker", json!("demobroker")),
        ("method", json!("card")),
        ("account", json!(1_000_501)),
        ("amount", json!("250.50")),
        ("currency", json!("EUR")),
        ("reversed", json!(true)),
    ] {
        assert_eq!(data[name], value, "{name}");
    }
    assert_eq!(data["payment"]["amount"], "250.50");
    assert_eq!(data["identity"]["userId"], 501);
    // These fields are not published.
    for name in [
        "history",
        "write_id",
        "seen_events",
        "attempt",
        "due_at",
        "data",
        "version",
        "open_account",
    ] {
        assert_eq!(data[name], Value::Null, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_deposit_is_marked_and_an_unmarked_one_is_republished_under_the_same_id() {
    let env = test_env().await;
    let deposits = env.deposits();
    let id = deposits.create(TestDeposits::sample_order()).await;
    apply_event(&deposits, &id, PaymentEventKind::Failed).await;
    assert!(deposits.find(&id).await.record.due_at.is_some());
    let created = env.stream_records();

    // The bus does not accept the event, so the deposit is not marked.
    env.fail_event_bridge([500, 503, 500].map(EventBridgeFault::Status));
    assert_eq!(env.send_batch(&created).await.len(), 1);
    assert!(deposits.find(&id).await.record.due_at.is_some());

    // As `reconcile` does.
    let deposit = deposits.find(&id).await.record;
    deposits
        .table
        .republish(&deposit, Timestamp::now())
        .await
        .unwrap();
    let again = &env.stream_records()[created.len()..];
    assert_eq!(env.send_batch(again).await, [""; 0]);
    assert_eq!(
        published_events(&env),
        [(format!("{id}:2"), "deposit.failed".to_owned())]
    );
    assert_eq!(deposits.find(&id).await.record.due_at, None);

    // The mark changes the item, but calls for no event.
    let marked = &env.stream_records()[created.len() + 1..];
    assert_eq!(marked.len(), 1);
    assert_eq!(env.send_batch(marked).await, [""; 0]);
    assert_eq!(published_events(&env).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_has_changed_since_is_not_marked() {
    let env = test_env().await;
    let deposits = env.deposits();
    let id = deposits.create(TestDeposits::sample_order()).await;
    apply_event(&deposits, &id, PaymentEventKind::Failed).await;
    let failed = env.stream_records();
    apply_event(&deposits, &id, PaymentEventKind::Paid).await;
    assert_eq!(env.send_batch(&failed).await, [""; 0]);
    assert_eq!(published_events(&env).len(), 2);
    assert!(
        deposits.find(&id).await.record.due_at.is_some(),
        "the deposit is paid by now"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_does_not_answer_does_not_hold_up_the_events() {
    let env = test_env().await;
    let deposits = env.deposits();
    let id = deposits.create(TestDeposits::sample_order()).await;
    apply_event(&deposits, &id, PaymentEventKind::Failed).await;
    let records = env.stream_records();
    env.set_table_available(false);
    assert_eq!(env.send_batch(&records).await, [""; 0]);
    assert_eq!(published_events(&env).len(), 2);
    let log = env.log();
    assert!(
        log.iter().any(|line| line["event"] == "published_but_not_marked"),
        "{log:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_deposit_is_published_as_the_documentation_shows() {
    let env = test_env().await;
    assert_eq!(env.send_batch(&records(CREDITED)).await, [""; 0]);
    let shown = include_str!("../../../docs/EVENTS.md");
    let (_, shown) = shown.split_once("### Of a deposit").unwrap();
    let (_, shown) = shown.split_once("```json\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let shown: Value = serde_json::from_str(shown).unwrap();
    assert_eq!(env.published_events()[0]["Detail"], shown);
}
