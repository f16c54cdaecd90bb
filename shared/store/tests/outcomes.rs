//! Outcomes of requests, in an embedded DynamoDB over HTTP.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Attribution, Launch, RecordId, ScreenKind};
use embedded_table::LIMITS;
use embedded_table::TABLE;
use futures_util::future::join_all;
use serde_json::json;
use store::{Outcome, Request, RequestRecord, Status, TableError};

use common::table;

fn request() -> Request {
    Request {
        id: RecordId::random().unwrap(),
        screen: ScreenKind::Custom,
        broker: "demobroker".into(),
        identity: serde_json::from_str(r#"{"userId":1}"#).unwrap(),
        launch: Launch::default(),
        attribution: Attribution::new(),
        limits: LIMITS,
        keep_days: None,
        fields: BTreeMap::from([("amount".to_owned(), "50.00".to_owned())]),
    }
}

#[tokio::test]
async fn a_request_expires_after_the_days_that_it_is_kept() {
    let (table, client) = table().await;
    for (keep_days, expires_at) in [(Some(30), Some("2592100")), (None, None)] {
        let request = Request {
            keep_days,
            ..request()
        };
        table.record(&request, at(100)).await.unwrap();
        let expires = async || {
            let item = item(&client, &request.id).await;
            item.get("expires_at")
                .map(|expires| expires.as_n().unwrap().clone())
        };
        assert_eq!(expires().await.as_deref(), expires_at);
        // Neither a repeat nor an outcome prolongs it.
        table.record(&request, at(200)).await.unwrap();
        let failed = outcome(Status::Failed, "no");
        table.record_outcome(&request.id, &failed, at(300)).await.unwrap();
        assert_eq!(expires().await.as_deref(), expires_at);
    }
}

fn outcome(status: Status, message: &str) -> Outcome {
    Outcome {
        status,
        message: (!message.is_empty()).then(|| message.to_owned()),
        redirect: None,
    }
}

/// Seconds after 1970.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

async fn item(client: &Client, id: &RecordId) -> HashMap<String, AttributeValue> {
    let found = client
        .get_item()
        .table_name(TABLE)
        .key("pk", AttributeValue::S(format!("request#{}", id.as_str())))
        .key("sk", AttributeValue::S("request".to_owned()));
    found.send().await.unwrap().item.unwrap()
}

/// The status of each step.
fn history(item: &HashMap<String, AttributeValue>) -> Vec<&str> {
    let steps = item.get("history").map_or(&[][..], |steps| steps.as_l().unwrap());
    steps
        .iter()
        .map(|step| step.as_m().unwrap()["status"].as_s().unwrap().as_str())
        .collect()
}

#[tokio::test]
async fn a_request_is_recorded_until_it_has_an_outcome() {
    let (table, client) = table().await;
    let request = request();
    assert_eq!(table.record(&request, at(1)).await.unwrap().outcome, None);
    let item_before = item(&client, &request.id).await;
    assert_eq!(item_before["status"].as_s().unwrap(), "recorded");

    let given = Outcome {
        status: Status::Succeeded,
        message: Some("Done.".to_owned()),
        redirect: Some("https://pay.broker.example/1".to_owned()),
    };
    assert_eq!(
        table.record_outcome(&request.id, &given, at(2)).await.unwrap(),
        given
    );
    let found = table.find(&request.id).await.unwrap().unwrap();
    assert_eq!(found.outcome.as_ref(), Some(&given));
    assert_eq!(found.fields, request.fields);
    let again = table.record(&request, at(3)).await.unwrap();
    assert!(again.again);
    assert_eq!(again.outcome, Some(given));
    assert_eq!(again.recorded_at.as_second(), 1);
    let item = item(&client, &request.id).await;
    assert_eq!(item["concluded_at"].as_s().unwrap(), "1970-01-01T00:00:02.000Z");
}

#[tokio::test]
async fn a_record_has_everything_that_was_recorded_and_the_outcome() {
    let (table, client) = table().await;
    let mut request = request();
    request.identity = serde_json::from_str(
        r#"{"userId":1,"traderId":2,"accountId":3,"tradingLogin":3,"brokerName":"demobroker","email":"ada@example.com"}"#,
    )
    .unwrap();
    request.launch = serde_json::from_str(
        r#"{"account":3,"lang":"es","theme":"dark","source":"iOS","actionType":"bonus","kycType":"full"}"#,
    )
    .unwrap();
    request.attribution = Attribution::from([("gclid".to_owned(), "x".to_owned())]);
    table.record(&request, at(1)).await.unwrap();
    let unknown = outcome(Status::Unknown, "");
    table.record_outcome(&request.id, &unknown, at(2)).await.unwrap();
    let failed = Outcome {
        redirect: Some("https://pay.broker.example".to_owned()),
        ..outcome(Status::Failed, "No bonus is due.")
    };
    table.record_outcome(&request.id, &failed, at(3)).await.unwrap();

    let entry = RequestRecord::read(&item(&client, &request.id).await).unwrap();
    assert_eq!(
        serde_json::to_value(&entry).unwrap(),
        json!({
            "requestId": request.id.as_str(),
            "reference": request.id.reference(),
            "status": "failed",
            "action": "action",
            "actionType": "bonus",
            "broker": "demobroker",
            "identity": {
                "userId": 1, "traderId": 2, "accountId": 3, "tradingLogin": 3, "brokerName": "demobroker", "email": "ada@example.com",
            },
            "launch": {"account": 3, "lang": "es", "source": "iOS", "actionType": "bonus", "kycType": "full"},
            "attribution": {"gclid": "x"},
            "fields": {"amount": "50.00"},
            "recordedAt": "1970-01-01T00:00:01.000Z",
            "message": "No bonus is due.",
        })
    );
    assert_eq!(entry.redirect.as_deref(), Some("https://pay.broker.example"));
    assert_eq!(entry.concluded_at, Some(at(3).try_into().unwrap()));
    assert_eq!(
        serde_json::to_value(&entry.history).unwrap(),
        json!([
            {"status": "unknown", "at": "1970-01-01T00:00:02.000Z"},
            {"status": "failed", "at": "1970-01-01T00:00:03.000Z", "message": "No bonus is due."},
        ])
    );
}

#[tokio::test]
async fn the_error_of_a_damaged_item_names_the_attribute_and_quotes_nothing() {
    let (table, client) = table().await;
    let request = request();
    table.record(&request, at(1)).await.unwrap();
    let whole = item(&client, &request.id).await;
    for name in [
        "user_id",
        "fields",
        "status",
        "recorded_at",
        "source",
        "trader_id",
    ] {
        let mut damaged = whole.clone();
        damaged.insert(name.to_owned(), AttributeValue::Bool(true));
        assert_eq!(
            RequestRecord::read(&damaged).map(drop),
            Err(TableError::damaged(name))
        );
    }
}

#[tokio::test]
async fn a_final_outcome_is_never_overwritten() {
    let (table, client) = table().await;
    for (first, second) in [
        (Status::Succeeded, Status::Failed),
        (Status::Succeeded, Status::Unknown),
        (Status::Failed, Status::Succeeded),
        (Status::Failed, Status::Unknown),
        (Status::Failed, Status::Failed),
    ] {
        let request = request();
        table.record(&request, at(1)).await.unwrap();
        let given = outcome(first, "the first");
        table.record_outcome(&request.id, &given, at(2)).await.unwrap();
        let before = item(&client, &request.id).await;
        let other = outcome(second, "the second");
        let held = table.record_outcome(&request.id, &other, at(3)).await.unwrap();
        assert_eq!(held, given, "{first:?}, then {second:?}");
        assert_eq!(item(&client, &request.id).await, before);
    }
}

#[tokio::test]
async fn a_final_outcome_replaces_unknown_and_its_message() {
    let (table, client) = table().await;
    let request = request();
    table.record(&request, at(1)).await.unwrap();
    let unknown = Outcome {
        status: Status::Unknown,
        message: Some("no answer".to_owned()),
        redirect: Some("https://pay.broker.example".to_owned()),
    };
    table.record_outcome(&request.id, &unknown, at(2)).await.unwrap();
    let before = item(&client, &request.id).await;
    // A retry inside the SDK sends the same.
    assert_eq!(
        table.record_outcome(&request.id, &unknown, at(3)).await.unwrap(),
        unknown
    );
    assert_eq!(item(&client, &request.id).await, before);

    let succeeded = outcome(Status::Succeeded, "");
    let held = table
        .record_outcome(&request.id, &succeeded, at(4))
        .await
        .unwrap();
    assert_eq!(held, succeeded);
    let found = table.find(&request.id).await.unwrap().unwrap();
    assert_eq!(found.outcome, Some(succeeded));
    assert_eq!(
        history(&item(&client, &request.id).await),
        ["unknown", "succeeded"]
    );
}

#[tokio::test]
async fn one_of_several_concurrent_outcomes_counts_for_all_callers() {
    let (table, client) = table().await;
    for _ in 0..10 {
        let request = request();
        table.record(&request, at(1)).await.unwrap();
        let outcomes: Vec<Outcome> = (0..8)
            .map(|n| {
                let status = [Status::Succeeded, Status::Failed][n % 2];
                outcome(status, &format!("caller {n}"))
            })
            .collect();
        let calls = outcomes
            .iter()
            .map(|outcome| table.record_outcome(&request.id, outcome, at(2)));
        let returned: Vec<Outcome> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
        assert!(outcomes.contains(&returned[0]));
        assert!(returned.iter().all(|one| *one == returned[0]), "{returned:?}");
        assert_eq!(history(&item(&client, &request.id).await).len(), 1);
    }
}

#[tokio::test]
async fn an_outcome_needs_a_recorded_request() {
    let (table, client) = table().await;
    let id = RecordId::random().unwrap();
    let succeeded = outcome(Status::Succeeded, "");
    let error = table.record_outcome(&id, &succeeded, at(1)).await.unwrap_err();
    assert!(matches!(error, TableError::Misused(_)), "{error}");
    let recorded = outcome(Status::Recorded, "");
    let error = table.record_outcome(&id, &recorded, at(1)).await.unwrap_err();
    assert!(matches!(error, TableError::Misused(_)), "{error}");
    let scan = client.scan().table_name(TABLE).send().await.unwrap();
    assert_eq!(scan.count, 0);
}
