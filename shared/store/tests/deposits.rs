//! Deposits in an embedded DynamoDB behind real HTTP: the flows of the crate `deposits`, on the real table.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use deposits::{
    Account, AccountError, Actor, CTrader, CreditAnswer, CreditCall, Decision, Deposit, DepositBody,
    DepositId, Notification, Operator, Order, PaymentEvent, PaymentEventKind, Sender, Status, Store,
    Transition, apply_payment_event, credit, reconcile, resolve,
};
use domain::{Attribution, Launch, Money, RecordId, ScreenKind};
use embedded_table::{TABLE, client};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use store::{Request, System, Table, schema::INDEXES};
use workflow::{DueRecord, WriteError};

/// The provider of cards, for the broker of the tests.
fn card() -> Sender {
    Sender {
        method: "card".parse().unwrap(),
        broker: "demobroker".into(),
    }
}

fn euros(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), "EUR".parse().unwrap())
}

async fn ledger() -> Table {
    common::ledger().await.0
}

async fn load(ledger: &Table, id: &DepositId) -> Deposit {
    Store::load(ledger, id).await.unwrap().unwrap()
}

async fn due(ledger: &Table) -> Vec<DueRecord<DepositBody>> {
    ledger.list_due().await.unwrap()
}

/// A cTrader that gives one answer, and counts.
struct Answers {
    answer: CreditAnswer,
    credits: AtomicU32,
}

impl Answers {
    fn new(answer: CreditAnswer) -> Self {
        let credits = AtomicU32::new(0);
        Self { answer, credits }
    }

    fn credits(&self) -> u32 {
        self.credits.load(Ordering::SeqCst)
    }
}

impl CTrader for Answers {
    async fn account(&self, _: i64) -> Result<Account, AccountError> {
        Ok(Account {
            broker: Some("demobroker".into()),
            currency: "EUR".into(),
            digits: 2,
        })
    }

    async fn credit(&self, _: &CreditCall) -> CreditAnswer {
        self.credits.fetch_add(1, Ordering::SeqCst);
        self.answer.clone()
    }
}

fn credited() -> Answers {
    Answers::new(CreditAnswer::Credited {
        balance_history_id: 77,
    })
}

/// A deposit of 250.50 EUR that is in the table.
async fn created(ledger: &Table) -> Deposit {
    let id = RecordId::random().unwrap();
    let order = Order {
        broker: "demobroker".into(),
        method: "card".parse().unwrap(),
        login: 1_000_501,
        money: euros("250.50"),
        at: Timestamp::now(),
        wait_seconds: 3_600,
    };
    let at = order.at;
    let body = DepositBody::new(order);
    let deposit = Deposit::new(id.clone(), Status::Created, body, at, "first".into());
    let held = ledger.create(&deposit, &request(id)).await.unwrap();
    assert_eq!(held, deposit);
    held
}

fn request(id: RecordId) -> Request {
    Request {
        id,
        screen: ScreenKind::Deposit,
        broker: "demobroker".into(),
        identity: serde_json::from_str(r#"{"userId":1,"email":"ada@example.com"}"#).unwrap(),
        launch: Launch::default(),
        attribution: Attribution::new(),
        fields: BTreeMap::new(),
    }
}

fn told(id: &DepositId, kind: PaymentEventKind) -> Notification {
    Notification {
        deposit: id.clone(),
        event: PaymentEvent {
            kind,
            at: Timestamp::now(),
            money: euros("250.5"),
            reference: "P1".into(),
        },
        reason: None,
    }
}

async fn paid(ledger: &Table) -> Deposit {
    let deposit = created(ledger).await;
    let notified = apply_payment_event(ledger, &System, &card(), &told(&deposit.id, PaymentEventKind::Paid))
        .await
        .unwrap();
    assert_eq!(notified.deposit.status, Status::Paid);
    notified.deposit
}

fn statuses(history: &[Transition]) -> Vec<Status> {
    history.iter().map(|transition| transition.status).collect()
}

#[tokio::test]
async fn a_deposit_is_created_once_and_read_back_whole() {
    let ledger = ledger().await;
    let deposit = created(&ledger).await;
    let other = Deposit {
        write_id: "second".into(),
        ..deposit.clone()
    };
    let id = serde_json::from_value(deposit.id.as_str().into()).unwrap();
    let held = ledger.create(&other, &request(id)).await.unwrap();
    assert_eq!(held, deposit, "the first one stays");

    assert_eq!(load(&ledger, &deposit.id).await, deposit);
    let entry = ledger.stored::<DepositBody>(&deposit.id).await.unwrap().unwrap();
    assert_eq!(entry.identity.email.as_deref(), Some("ada@example.com"));
    assert_eq!(entry.reference, deposit.id.reference());
    assert_eq!(statuses(&entry.history), [Status::Created]);
}

#[tokio::test]
async fn paid_is_credited_once_whoever_tries() {
    let ledger = ledger().await;
    let deposit = paid(&ledger).await;
    let open = ledger
        .open_of_account::<DepositBody>(&"demobroker".into(), 1_000_501)
        .await
        .unwrap();
    assert_eq!(open, std::slice::from_ref(&deposit));
    assert_eq!(
        ledger
            .open_of_account::<DepositBody>(&"otherbroker".into(), 1_000_501)
            .await
            .unwrap(),
        []
    );
    let ctrader = credited();
    let tries = (0..8).map(|_| credit(&ledger, &ctrader, &System, deposit.clone()));
    for tried in join_all(tries).await {
        tried.unwrap();
    }
    assert_eq!(ctrader.credits(), 1);
    let entry = ledger.stored::<DepositBody>(&deposit.id).await.unwrap().unwrap();
    assert_eq!(
        statuses(&entry.history),
        [Status::Created, Status::Paid, Status::Crediting, Status::Credited]
    );
    let versions: Vec<_> = entry
        .history
        .iter()
        .map(|transition| transition.version)
        .collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert_eq!(entry.record.data.credit.unwrap().balance_history_id, Some(77));
    assert_eq!(
        ledger
            .open_of_account::<DepositBody>(&"demobroker".into(), 1_000_501)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn a_write_that_was_ours_is_known_again() {
    let ledger = ledger().await;
    let deposit = created(&ledger).await;
    let next = Deposit {
        version: 2,
        write_id: "ours".into(),
        status: Status::Pending,
        ..deposit.clone()
    };
    let transition = Transition {
        version: 2,
        status: Status::Pending,
        at: Timestamp::now(),
        by: Actor::Provider,
        detail: None,
    };
    ledger.write(&next, &transition).await.unwrap();
    let again = ledger.write(&next, &transition).await.unwrap_err();
    assert_eq!(again, WriteError::Conflict(Box::new(next)));
    let history = ledger
        .stored::<DepositBody>(&deposit.id)
        .await
        .unwrap()
        .unwrap()
        .history;
    assert_eq!(
        statuses(&history),
        [Status::Created, Status::Pending],
        "and written once"
    );
}

#[tokio::test]
async fn what_may_have_been_credited_waits_for_an_operator() {
    let ledger = ledger().await;
    let deposit = paid(&ledger).await;
    let lost = Answers::new(CreditAnswer::Unknown("no answer came".into()));
    let after = credit(&ledger, &lost, &System, deposit.clone()).await.unwrap();
    assert_eq!(after.status, Status::Unknown);

    let later = Timestamp::now() + SignedDuration::from_hours(1);
    let round = reconcile(&ledger, &lost, &System, later).await.unwrap();
    assert_eq!(round.open, BTreeMap::from([(Status::Unknown, 1)]));
    assert_eq!(lost.credits(), 1, "nothing sends it again");

    let retry = resolve(
        &ledger,
        &System,
        &deposit.id,
        Operator {
            seen: after.version,
            name: "eve",
            reason: "not in cTrader",
        },
        Decision::Retry,
    );
    assert_eq!(retry.await.unwrap().status, Status::Paid);
    let ctrader = credited();
    let round = reconcile(&ledger, &ctrader, &System, later).await.unwrap();
    assert_eq!(round.updated[0].status, Status::Credited);
    assert_eq!(ctrader.credits(), 1);
    let history = ledger
        .stored::<DepositBody>(&deposit.id)
        .await
        .unwrap()
        .unwrap()
        .history;
    assert_eq!(history[4].by, Actor::Operator("eve".into()));
    assert_eq!(history[4].detail.as_ref().unwrap().to_string(), "not in cTrader");
}

#[tokio::test]
async fn an_end_is_published_again_until_it_is_known_to_be() {
    let ledger = ledger().await;
    let deposit = paid(&ledger).await;
    let done = credit(&ledger, &credited(), &System, deposit.clone())
        .await
        .unwrap();
    assert_eq!(due(&ledger).await.len(), 1, "not known to be published");
    ledger.mark_published(&deposit, Timestamp::now()).await.unwrap();
    assert_eq!(due(&ledger).await.len(), 1, "that was of an older version");
    let due_at = Timestamp::now() + SignedDuration::from_secs(1);
    ledger.republish(&done, due_at).await.unwrap();
    assert_eq!(due(&ledger).await[0].due_at, due_at);
    ledger.mark_published(&done, Timestamp::now()).await.unwrap();
    assert_eq!(due(&ledger).await, []);
    let held = load(&ledger, &deposit.id).await;
    assert_eq!(
        (held.version, held.status, held.due_at),
        (done.version, Status::Credited, None)
    );
}

#[tokio::test]
async fn a_table_that_is_not_there_is_an_error() {
    let ledger = ledger().await;
    let deposit = paid(&ledger).await;
    let nowhere = Table::new(client("http://127.0.0.1:1"), TABLE.to_owned());
    assert!(nowhere.stored::<DepositBody>(&deposit.id).await.is_err());
    let ctrader = credited();
    assert!(credit(&nowhere, &ctrader, &System, deposit).await.is_err());
    assert_eq!(
        ctrader.credits(),
        0,
        "nothing is sent that was not written down before"
    );
}

/// So that a role can be bound to kinds by `dynamodb:LeadingKeys`.
#[tokio::test]
async fn every_partition_key_begins_with_the_kind_of_its_record() {
    let (table, client) = common::ledger().await;
    let deposit = created(&table).await;
    let mut form = request(RecordId::random().unwrap());
    form.screen = ScreenKind::Support;
    table.record(&form, Timestamp::now().into()).await.unwrap();
    paid(&table).await;

    let items = client
        .scan()
        .table_name(TABLE)
        .send()
        .await
        .unwrap()
        .items
        .unwrap();
    assert_eq!(items.len(), 3);
    let partition_keys = INDEXES.map(|index| index.partition);
    for item in items {
        let kind = item["sk"].as_s().unwrap();
        // Of the indexes only that by reference is of all kinds.
        for name in partition_keys
            .iter()
            .filter(|name| **name != "reference")
            .chain(&["pk"])
        {
            if let Some(key) = item.get(*name) {
                let key = key.as_s().unwrap();
                assert!(key.split('#').next() == Some(kind), "{name} of a {kind}: {key}");
            }
        }
    }
    load(&table, &deposit.id).await;
}
