//! Compares the keys of the table in template.yaml with the schema. `.ci/lint_template.py` compares the rest of
//! the table.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use deposits::{Deposit, Status};
use embedded_table::{TABLE, client, create_deposit, sample_order};
use jiff::Timestamp;
use serde_json::Value;
use store::{
    Table,
    schema::{EXPIRES_AT, INDEXES, RecordKind},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const TEMPLATE: &str = include_str!("../../../template.yaml");

fn kinds() -> BTreeSet<String> {
    RecordKind::ALL.iter().map(ToString::to_string).collect()
}

#[test]
fn the_stream_is_filtered_for_the_kinds_that_are_published() {
    let is_filter = |line: &&str| line.contains("Pattern: '") && line.contains("eventName");
    let filter = TEMPLATE.lines().find(is_filter).expect("a filter of the stream");
    let pattern = filter.split('\'').nth(1).unwrap();
    let pattern: Value = serde_json::from_str(pattern).unwrap();
    let sort_keys = pattern["dynamodb"]["Keys"]["sk"]["S"].as_array().unwrap();
    let sort_keys = sort_keys.iter().map(|key| key.as_str().unwrap().to_owned());
    let published = RecordKind::ALL.into_iter().filter(|kind| kind.is_published());
    assert_eq!(
        sort_keys.collect::<BTreeSet<_>>(),
        published.map(|kind| kind.to_string()).collect()
    );
    let events = pattern["eventName"].as_array().unwrap();
    assert!(!events.contains(&"REMOVE".into()), "an expired item is no news");
}

/// `.ci/lint_template.py` demands these conditions. It does not know the kinds.
#[test]
fn each_right_on_the_table_is_bound_to_kinds_that_there_are() {
    let rights: Vec<_> = TEMPLATE.split("\"dynamodb:LeadingKeys\": [").skip(1).collect();
    assert!(!rights.is_empty());
    for right in rights {
        let (keys, _) = right.split_once(']').unwrap();
        let keys: Vec<String> = serde_json::from_str(&format!("[{keys}]")).unwrap();
        for key in keys {
            let kind = key.strip_suffix("#*").unwrap_or(&key);
            assert!(kinds().contains(kind), "{key} is of no kind");
        }
    }
}

/// The body of the one request that `call` sends to a table.
async fn request_of<F: Future>(call: impl FnOnce(Table) -> F) -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        loop {
            let mut chunk = [0; 4096];
            let read = stream.read(&mut chunk).await.unwrap();
            request += str::from_utf8(&chunk[..read]).unwrap();
            let body = request
                .split_once("\r\n\r\n")
                .map(|(_, body)| serde_json::from_str(body));
            if let Some(Ok(body)) = body {
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(answer.as_bytes()).await.unwrap();
                return body;
            }
        }
    });
    call(Table::new(client(&url), TABLE.to_owned())).await;
    server.await.unwrap()
}

/// The attributes that an update reads or writes: what IAM calls `dynamodb:Attributes`.
fn attributes(update: &Value) -> BTreeSet<String> {
    let expressions = ["ConditionExpression", "UpdateExpression"].map(|name| update[name].as_str().unwrap());
    let expressions = expressions.join(" ");
    let words = expressions.split(|c: char| !c.is_alphanumeric() && !"_#:".contains(c));
    let names = words.filter(|word| {
        !word.is_empty() && !word.starts_with(':') && !["SET", "REMOVE", "ADD", "AND"].contains(word)
    });
    let names = names.map(|name| update["ExpressionAttributeNames"][name].as_str().unwrap_or(name));
    let key = update["Key"].as_object().unwrap().keys().map(String::as_str);
    names.chain(key).map(str::to_owned).collect()
}

#[tokio::test]
async fn marking_a_deposit_as_published_uses_the_attributes_that_its_role_allows() {
    let (_, rights) = TEMPLATE.split_once("\"dynamodb:Attributes\": [").unwrap();
    let (allowed, _) = rights.split_once(']').unwrap();
    let allowed: BTreeSet<String> = allowed.split(',').map(|name| name.trim().to_owned()).collect();
    let (table, _) = common::table().await;
    let deposit = create_deposit(&table, sample_order()).await;
    for status in [Status::Failed, Status::Review] {
        let published = Deposit {
            status,
            ..deposit.clone()
        };
        let update =
            request_of(async |table: Table| table.mark_published(&published, Timestamp::now()).await).await;
        assert_eq!(attributes(&update), allowed, "{update}");
        assert_eq!(update["ReturnValues"], Value::Null);
    }
}

#[test]
fn rights_on_indexes_name_indexes_that_there_are() {
    let named = TEMPLATE.split("${LedgerTable.Arn}/index/").skip(1);
    let named: BTreeSet<&str> = named.filter_map(|rest| rest.split_whitespace().next()).collect();
    assert!(!named.is_empty());
    for name in named {
        assert!(INDEXES.iter().any(|index| index.name == name), "{name}");
    }
}

#[test]
fn items_expire_by_the_attribute_of_the_schema() {
    let (_, specification) = TEMPLATE.split_once("TimeToLiveSpecification:").unwrap();
    let attribute = specification.lines().nth(1).unwrap().trim();
    assert_eq!(attribute, format!("AttributeName: {EXPIRES_AT}"));
}
