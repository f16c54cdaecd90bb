//! The limits of records, in an embedded DynamoDB behind real HTTP.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use common::table;
use deposits::{Deposit, DepositBody, Status, Store};
use domain::{Attribution, Launch, RecordId, ScreenKind};
use embedded_table::{TABLE, sample_order};
use futures_util::future::join_all;
use jiff::Timestamp;
use store::{Limit, Limits, Request, Table, TableError};
use workflow::Transition;

const LIMITS: Limits = Limits {
    records_per_day: 3,
    open_per_account: 2,
};

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn request_of(user: i64, screen: ScreenKind) -> Request {
    Request {
        id: RecordId::random().unwrap(),
        screen,
        broker: "demobroker".into(),
        identity: serde_json::from_value(serde_json::json!({ "userId": user })).unwrap(),
        launch: Launch::default(),
        attribution: Attribution::new(),
        limits: LIMITS,
        keep_days: None,
        fields: BTreeMap::new(),
    }
}

fn new_deposit(id: &RecordId) -> Deposit {
    let order = sample_order();
    let at = order.at;
    Deposit::new(
        id.clone(),
        Status::Created,
        DepositBody::new(order),
        at,
        "first".into(),
    )
}

/// A trader with this user id orders a deposit for the account of the sample order.
async fn order(table: &Table, user: i64) -> Result<Deposit, TableError> {
    let request = request_of(user, ScreenKind::Deposit);
    table.create(&new_deposit(&request.id), &request).await
}

async fn write(table: &Table, next: &Deposit) {
    let transition = Transition {
        version: next.version,
        status: next.status,
        at: Timestamp::now(),
        by: deposits::Actor::Reconcile,
        detail: None,
    };
    table.write(next, &transition).await.unwrap();
}

async fn counters(client: &Client) -> Vec<(String, bool)> {
    let scanned = client.scan().table_name(TABLE).send().await.unwrap();
    let text = |value: &AttributeValue| value.as_s().unwrap().clone();
    let mut counters: Vec<_> = scanned
        .items()
        .iter()
        .map(|item| (text(&item["pk"]), item.contains_key("expires_at")))
        .filter(|(key, _)| key.starts_with("quota#"))
        .collect();
    counters.sort();
    counters
}

#[tokio::test]
async fn of_simultaneous_records_of_one_trader_only_as_many_as_a_day_allows_are_written() {
    let (table, _) = table().await;
    let requests: Vec<_> = (0..12).map(|_| request_of(1, ScreenKind::Support)).collect();
    let recorded = join_all(requests.iter().map(|request| table.record(request, at(100)))).await;
    let refused = recorded
        .iter()
        .filter(|recorded| **recorded == Err(TableError::LimitReached(Limit::RecordsPerDay)));
    assert_eq!(refused.count(), 9, "{recorded:?}");
    let mut found = 0;
    for request in &requests {
        found += usize::from(table.find(&request.id).await.unwrap().is_some());
    }
    assert_eq!(found, 3, "nothing of a refused request is in the table");
}

#[tokio::test]
async fn the_limit_is_of_one_trader_and_one_day_and_of_all_screens_together() {
    let (table, client) = table().await;
    for screen in [ScreenKind::Support, ScreenKind::Kyc] {
        table.record(&request_of(1, screen), at(100)).await.unwrap();
    }
    let mut deposit = new_deposit(&RecordId::random().unwrap());
    deposit.status_since = Timestamp::from_second(200).unwrap();
    let request = Request {
        id: deposit.id.clone(),
        ..request_of(1, ScreenKind::Deposit)
    };
    table.create(&deposit, &request).await.unwrap();

    let refused = table.record(&request_of(1, ScreenKind::Custom), at(86_399)).await;
    assert_eq!(refused, Err(TableError::LimitReached(Limit::RecordsPerDay)));
    for (user, time) in [(2, 86_399), (1, 86_400)] {
        let request = request_of(user, ScreenKind::Custom);
        table.record(&request, at(time)).await.unwrap();
    }
    let other_broker = Request {
        broker: "otherbroker".into(),
        ..request_of(1, ScreenKind::Custom)
    };
    table.record(&other_broker, at(86_399)).await.unwrap();

    let expected = [
        "quota#day#demobroker#1#1970-01-01",
        "quota#day#demobroker#1#1970-01-02",
        "quota#day#demobroker#2#1970-01-01",
        "quota#day#otherbroker#1#1970-01-01",
        "quota#open#demobroker#1000501",
    ];
    let expected = expected.map(|key| (key.to_owned(), true));
    assert_eq!(counters(&client).await, expected, "and each expires");
}

#[tokio::test]
async fn a_repeat_finds_its_record_and_takes_nothing_of_the_limit() {
    let (table, _) = table().await;
    let first = request_of(1, ScreenKind::Support);
    for again in [false, true, true, true, true] {
        assert_eq!(table.record(&first, at(100)).await.unwrap().again, again);
    }
    for _ in 0..2 {
        let other = request_of(1, ScreenKind::Support);
        table.record(&other, at(100)).await.unwrap();
    }
    // The limit is reached now, and the first one is still shown.
    let other = table.record(&request_of(1, ScreenKind::Support), at(100)).await;
    assert_eq!(other, Err(TableError::LimitReached(Limit::RecordsPerDay)));
    assert!(table.record(&first, at(100)).await.unwrap().again);
}

#[tokio::test]
async fn of_simultaneous_deposits_of_one_account_only_as_many_as_may_be_open_are_created() {
    let (table, _) = table().await;
    // Two traders share the account, and each tries as often as a day allows.
    let tries = [1, 2].into_iter().flat_map(|user| [user; 3]);
    let created = join_all(tries.map(|user| order(&table, user))).await;
    let (created, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
    assert_eq!((created.len(), refused.len()), (2, 4));
    for refused in refused {
        assert_eq!(
            refused.unwrap_err(),
            TableError::LimitReached(Limit::OpenPerAccount)
        );
    }
    // A refused deposit takes nothing of the day's limit.
    for created in created {
        let deposit = created.unwrap();
        write(&table, &deposit.next(Status::Expired, Timestamp::now())).await;
    }
    order(&table, 1).await.unwrap();
}

#[tokio::test]
async fn a_deposit_that_has_ended_makes_room_for_another() {
    let (table, _) = table().await;
    let first = order(&table, 1).await.unwrap();
    let second = order(&table, 2).await.unwrap();
    let full = Err(TableError::LimitReached(Limit::OpenPerAccount));
    assert_eq!(order(&table, 3).await, full);
    // It is not final, so it still counts.
    let pending = first.next(Status::Pending, Timestamp::now());
    write(&table, &pending).await;
    assert_eq!(order(&table, 3).await, full);

    write(&table, &pending.next(Status::Failed, Timestamp::now())).await;
    let third = order(&table, 3).await.unwrap();
    assert_eq!(order(&table, 3).await, full);

    // A repeated submit finds its deposit, although there is no room.
    let repeated = Request {
        id: second.id.clone(),
        ..request_of(2, ScreenKind::Deposit)
    };
    let held = table.create(&new_deposit(&second.id), &repeated).await.unwrap();
    assert_eq!((held.id, held.version), (second.id, 1));
    assert_eq!(third.version, 1);
}
