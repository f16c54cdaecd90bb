//! Records of a minimal workflow, in an embedded DynamoDB over HTTP.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::{collections::BTreeMap, sync::LazyLock};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use domain::{Attribution, BrokerName, Launch, ProvenLogin, RecordId, ScreenKind};
use embedded_table::{LIMITS, TABLE, proven_login};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{RecordKind, Request, Stored, System, Table};
use workflow::{Actor, CommitOutcome, Environment, Record, Store, Transition, Workflow, commit};

workflow::named! {
    /// The status of a note.
    enum Status {
        Open = "open",
        Asked = "asked",
        Done = "done",
    }
}

impl workflow::Status for Status {
    fn is_final(self) -> bool {
        self == Self::Done
    }

    fn needs_operator(self) -> bool {
        self == Self::Asked
    }

    fn is_work(self) -> bool {
        false
    }

    fn waits_for_program(self) -> bool {
        false
    }
}

workflow::named! {
    /// The program that writes notes.
    enum Program {
        Writer = "writer",
    }
}

/// The data of a note. The table does not know its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<String>,
}

impl Workflow for Note {
    const KIND: &'static str = "note";
    type Status = Status;
    type Program = Program;
    type Detail = String;

    fn wait(&self, _: Status) -> SignedDuration {
        SignedDuration::from_mins(1)
    }

    fn overdue(_: &Record<Self>, _: Timestamp) -> Option<(Record<Self>, Option<String>)> {
        None
    }
}

static BROKER: LazyLock<BrokerName> = LazyLock::new(|| "demobroker".into());

impl Stored for Note {
    // This test has its own table, without any deposit.
    const RECORD_KIND: RecordKind = RecordKind::Deposit;

    fn account(&self) -> (&BrokerName, ProvenLogin) {
        (&BROKER, proven_login(7))
    }
}

const WRITER: Actor<Program> = Actor::Program(Program::Writer);

async fn create(table: &Table, data: Note) -> Record<Note> {
    let id = RecordId::random().unwrap();
    let request = Request {
        id: id.clone(),
        screen: ScreenKind::Custom,
        broker: "demobroker".into(),
        identity: serde_json::from_str(r#"{"userId":1}"#).unwrap(),
        launch: Launch::default(),
        attribution: Attribution::new(),
        limits: LIMITS,
        keep_days: None,
        fields: BTreeMap::new(),
    };
    let new = Record::new(id, Status::Open, data, Timestamp::now(), "first".into());
    table.create(&new, &request).await.unwrap()
}

async fn write(table: &Table, next: Record<Note>, detail: &str) -> Record<Note> {
    let detail = Some(detail.to_owned());
    match commit(table, &System, next, WRITER, detail).await.unwrap() {
        CommitOutcome::Ours(record) => record,
        CommitOutcome::Theirs(record) => panic!("somebody else wrote {record:?}"),
    }
}

async fn item(client: &Client, id: &RecordId) -> std::collections::HashMap<String, AttributeValue> {
    let key = |text: String| AttributeValue::S(text);
    let found = client
        .get_item()
        .table_name(TABLE)
        .key("pk", key(RecordKind::Deposit.partition(id)))
        .key("sk", key("deposit".into()))
        .send();
    found.await.unwrap().item.unwrap()
}

#[tokio::test]
async fn a_removed_value_is_removed_from_the_table() {
    let (table, client) = common::table().await;
    let full = Note {
        text: Some("secret".into()),
        lines: vec!["a line".into()],
    };
    let held = create(&table, full).await;
    let mut next = held.next(Status::Done, System.now());
    next.data = Note::default();
    next.due_at = None;
    let written = write(&table, next, "cleared").await;

    let loaded: Record<Note> = table.load(&held.id).await.unwrap().unwrap();
    assert_eq!((loaded.data.clone(), loaded.due_at), (Note::default(), None));
    assert_eq!(loaded, written);
    let item = item(&client, &held.id).await;
    let stale = ["secret", "a line"].map(|text| format!("{item:?}").contains(text));
    assert_eq!(stale, [false; 2], "{item:?}");
    for gone in ["due_at", "open_account"] {
        assert!(!item.contains_key(gone), "{gone}");
    }
    let counted = Store::<Note>::count(&table, Status::Done, None).await;
    assert_eq!(counted.unwrap(), 0, "it is not in the index of due records");
    assert_eq!(
        table
            .open_of_account::<Note>(&BROKER, proven_login(7), 3)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn every_write_stays_in_the_history_and_so_does_the_trader() {
    let (table, _) = common::table().await;
    let mut held = create(&table, Note::default()).await;
    for number in 0..20 {
        let next = held.next(Status::Open, System.now());
        held = write(&table, next, &format!("write {number}")).await;
    }
    let stored = table.stored::<Note>(&held.id).await.unwrap().unwrap();
    assert_eq!(stored.record, held);
    assert_eq!(stored.identity.user_id, 1);
    let versions: Vec<_> = stored
        .history
        .iter()
        .map(|transition| transition.version)
        .collect();
    assert_eq!(versions, (1..=21).collect::<Vec<_>>());
    let details = stored.history[1..]
        .iter()
        .map(|transition| transition.detail.clone().unwrap());
    assert!(details.eq((0..20).map(|number| format!("write {number}"))));
    assert_eq!(stored.status_version(), 1, "it has been open since then");
}

#[tokio::test]
async fn a_write_on_an_old_version_changes_nothing() {
    let (table, client) = common::table().await;
    let held = create(&table, Note::default()).await;
    let now = write(&table, held.next(Status::Asked, System.now()), "asked").await;
    let before = item(&client, &held.id).await;
    let late = held.next(Status::Done, System.now());
    let transition = Transition {
        version: late.version,
        status: late.status,
        at: System.now(),
        by: WRITER,
        detail: None,
    };
    let conflict = table.write(&late, &transition).await.unwrap_err();
    assert_eq!(conflict, workflow::WriteError::Conflict(Box::new(now)));
    assert_eq!(item(&client, &held.id).await, before);
}
