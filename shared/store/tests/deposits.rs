//! Deposits in an embedded DynamoDB behind real HTTP: the flows of the crate `deposits`, on the real table.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use deposits::{
    Account, AccountError, Actor, CTrader, CreditAnswer, CreditCall, Decision, Deposit, DepositBody,
    DepositId, Notification, Operator, Payment, PaymentEvent, PaymentEventKind, PaymentRecord,
    PaymentRecords, PaymentSource, Reason, Refusal, ResolveError, Sender, Status, Store, Transition,
    apply_payment_event, credit, reconcile, resolve,
};
use domain::{Attribution, Launch, Money, Principal, ProvenLogin, RecordId, ScreenKind};
use embedded_table::{LIMITS, TABLE, client, create_deposit, proven_login, sample_order};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use store::{Request, System, Table, schema::INDEXES};
use workflow::{DecideError, DueRecord, WriteError};

/// The provider of cards, for the broker of the tests.
fn card() -> Sender {
    Sender {
        method: "card".parse().unwrap(),
        broker: "demobroker".into(),
        source: PaymentSource::Notification,
    }
}

fn euros(amount: &str) -> Money {
    Money::new(amount.parse().unwrap(), "EUR".parse().unwrap())
}

async fn table() -> Table {
    common::table().await.0
}

async fn load(table: &Table, id: &DepositId) -> Deposit {
    Store::load(table, id).await.unwrap().unwrap()
}

async fn due(table: &Table) -> Vec<DueRecord<DepositBody>> {
    let later = Timestamp::now() + SignedDuration::from_hours(24 * 365);
    let lists = Status::ALL
        .iter()
        .map(|status| table.list_due(*status, later, 100));
    join_all(lists)
        .await
        .into_iter()
        .flat_map(Result::unwrap)
        .collect()
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
    async fn account(&self, _: ProvenLogin) -> Result<Account, AccountError> {
        Ok(Account {
            broker: Some("demobroker".into()),
            currency: "EUR".into(),
            digits: Some(2),
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

fn request(id: RecordId) -> Request {
    Request {
        id,
        screen: ScreenKind::Deposit,
        broker: "demobroker".into(),
        identity: serde_json::from_str(r#"{"userId":1,"email":"ada@example.com"}"#).unwrap(),
        launch: Launch::default(),
        attribution: Attribution::new(),
        limits: LIMITS,
        keep_days: None,
        fields: BTreeMap::new(),
    }
}

fn notification(id: &DepositId, kind: PaymentEventKind) -> Notification {
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

async fn paid(table: &Table) -> Deposit {
    let deposit = create_deposit(table, sample_order()).await;
    let applied = apply_payment_event(
        table,
        &System,
        &card(),
        &notification(&deposit.id, PaymentEventKind::Paid),
    )
    .await
    .unwrap();
    assert_eq!(applied.deposit.status, Status::Paid);
    applied.deposit
}

fn statuses(history: &[Transition]) -> Vec<Status> {
    history.iter().map(|transition| transition.status).collect()
}

#[tokio::test]
async fn a_deposit_is_created_once_and_read_back_whole() {
    let table = table().await;
    let deposit = create_deposit(&table, sample_order()).await;
    let other = Deposit {
        write_id: "second".into(),
        ..deposit.clone()
    };
    let id = serde_json::from_value(deposit.id.as_str().into()).unwrap();
    let held = table.create(&other, &request(id)).await.unwrap();
    assert_eq!(held, deposit, "the first one stays");

    assert_eq!(load(&table, &deposit.id).await, deposit);
    let stored = table.stored::<DepositBody>(&deposit.id).await.unwrap().unwrap();
    assert_eq!(stored.identity.email.as_deref(), Some("ada.canary@example.com"));
    assert_eq!(stored.reference, deposit.id.reference());
    assert_eq!(statuses(&stored.history), [Status::Created]);
}

#[tokio::test]
async fn a_paid_deposit_is_credited_once_by_simultaneous_tries() {
    let table = table().await;
    let deposit = paid(&table).await;
    let open = table
        .open_of_account::<DepositBody>(&"demobroker".into(), proven_login(1_000_501), 3)
        .await
        .unwrap();
    assert_eq!(open, std::slice::from_ref(&deposit));
    assert_eq!(
        table
            .open_of_account::<DepositBody>(&"otherbroker".into(), proven_login(1_000_501), 3)
            .await
            .unwrap(),
        []
    );
    let ctrader = credited();
    let tries = (0..8).map(|_| credit(&table, &ctrader, &System, deposit.clone()));
    for tried in join_all(tries).await {
        tried.unwrap();
    }
    assert_eq!(ctrader.credits(), 1);
    let stored = table.stored::<DepositBody>(&deposit.id).await.unwrap().unwrap();
    assert_eq!(
        statuses(&stored.history),
        [Status::Created, Status::Paid, Status::Crediting, Status::Credited]
    );
    let versions: Vec<_> = stored
        .history
        .iter()
        .map(|transition| transition.version)
        .collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert_eq!(stored.record.data.credit.unwrap().balance_history_id, Some(77));
    assert_eq!(
        table
            .open_of_account::<DepositBody>(&"demobroker".into(), proven_login(1_000_501), 3)
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn a_repeated_write_conflicts_with_itself() {
    let table = table().await;
    let deposit = create_deposit(&table, sample_order()).await;
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
    table.write(&next, &transition).await.unwrap();
    let again = table.write(&next, &transition).await.unwrap_err();
    assert_eq!(again, WriteError::Conflict(Box::new(next)));
    let history = table
        .stored::<DepositBody>(&deposit.id)
        .await
        .unwrap()
        .unwrap()
        .history;
    assert_eq!(
        statuses(&history),
        [Status::Created, Status::Pending],
        "written once"
    );
}

#[tokio::test]
async fn a_deposit_that_was_perhaps_credited_waits_for_an_operator() {
    let table = table().await;
    let deposit = paid(&table).await;
    let lost = Answers::new(CreditAnswer::Unknown("no answer came".into()));
    let after = credit(&table, &lost, &System, deposit.clone()).await.unwrap();
    assert_eq!(after.status, Status::Unknown);

    let later = Timestamp::now() + SignedDuration::from_hours(1);
    let round = reconcile(&table, &lost, &System, later).await.counts.unwrap();
    assert_eq!(round.open, BTreeMap::from([(Status::Unknown, 1)]));
    assert_eq!(lost.credits(), 1, "no program sends it again");

    let retry = resolve(
        &table,
        &System,
        &deposit.id,
        Operator {
            seen: after.version,
            by: &embedded_table::operator(),
            request: &DepositId::random().unwrap(),
            reason: "not in cTrader",
        },
        Decision::Retry { payment_found: false },
    )
    .await;
    assert_eq!(retry.unwrap().status, Status::Paid);
    let ctrader = credited();
    let round = reconcile(&table, &ctrader, &System, later).await;
    assert_eq!(round.updated[0].status, Status::Credited);
    assert_eq!(ctrader.credits(), 1);
    let history = table
        .stored::<DepositBody>(&deposit.id)
        .await
        .unwrap()
        .unwrap()
        .history;
    assert_eq!(history[4].by, Actor::Operator(embedded_table::operator()));
    assert_eq!(history[4].detail.as_ref().unwrap().to_string(), "not in cTrader");
}

#[tokio::test]
async fn a_decision_that_is_sent_again_is_recorded_once() {
    let table = table().await;
    let lost = Answers::new(CreditAnswer::Unknown("no answer came".into()));
    let unknown = credit(&table, &lost, &System, paid(&table).await).await.unwrap();
    let (olga, request) = (embedded_table::operator(), DepositId::random().unwrap());
    let igor = Principal::try_from("arn:aws:iam::123456789012:user/igor".to_owned()).unwrap();
    let first = Operator {
        seen: unknown.version,
        by: &olga,
        request: &request,
        reason: "not in cTrader",
    };
    let decide = async |operator: Operator<'_>| {
        let retry = Decision::Retry { payment_found: false };
        resolve(&table, &System, &unknown.id, operator, retry).await
    };
    let retried = decide(first).await.unwrap();
    // Meanwhile a program has credited it, so the version is not the decision's any more.
    let credited = credit(&table, &credited(), &System, retried.clone())
        .await
        .unwrap();
    assert_eq!(credited.status, Status::Credited);
    assert_eq!(decide(first).await, Ok(credited.clone()));

    let other_request = DepositId::random().unwrap();
    let others = [
        Operator {
            request: &other_request,
            ..first
        },
        Operator { by: &igor, ..first },
    ];
    for other in others {
        assert_eq!(decide(other).await, Err(ResolveError::NotOpen(Status::Credited)));
    }
    let stored = table.stored::<DepositBody>(&unknown.id).await.unwrap().unwrap();
    let decisions = stored.history.iter();
    let decisions = decisions.filter(|transition| matches!(transition.by, Actor::Operator(_)));
    assert_eq!(decisions.count(), 1);
    let decision = stored.record.decision.unwrap();
    assert_eq!(
        (decision.request, decision.by, decision.version),
        (request, olga, retried.version)
    );
}

#[tokio::test]
async fn a_final_deposit_is_published_again_until_that_is_confirmed() {
    let table = table().await;
    let deposit = paid(&table).await;
    let done = credit(&table, &credited(), &System, deposit.clone())
        .await
        .unwrap();
    assert_eq!(due(&table).await.len(), 1, "its publication is not confirmed");
    table.mark_published(&deposit, Timestamp::now()).await.unwrap();
    assert_eq!(due(&table).await.len(), 1, "only an older version was published");
    let due_at = Timestamp::now() + SignedDuration::from_secs(1);
    table.republish(&done, due_at).await.unwrap();
    assert_eq!(due(&table).await[0].due_at, due_at);
    table.mark_published(&done, Timestamp::now()).await.unwrap();
    assert_eq!(due(&table).await, []);
    let held = load(&table, &deposit.id).await;
    assert_eq!(
        (held.version, held.status, held.due_at),
        (done.version, Status::Credited, None)
    );
}

#[tokio::test]
async fn a_payment_is_recorded_once_and_found_by_its_deposit_and_reference() {
    let (table, client) = common::table().await;
    let deposit = paid(&table).await;
    let found = table.recorded_payment(&deposit.id, "P1").await.unwrap().unwrap();
    assert_eq!(found.payment, *deposit.payment.as_ref().unwrap());
    assert_eq!(
        (found.source, found.by.as_ref()),
        (PaymentSource::Notification, None)
    );

    let other = PaymentRecord {
        payment: Payment {
            money: euros("9999"),
            ..found.payment.clone()
        },
        ..found.clone()
    };
    table.record_payment(&other).await.unwrap();
    let held = table.recorded_payment(&deposit.id, "P1").await.unwrap();
    assert_eq!(held, Some(found), "a record never changes");
    assert_eq!(table.recorded_payment(&deposit.id, "P2").await.unwrap(), None);
    let another = RecordId::random().unwrap();
    assert_eq!(table.recorded_payment(&another, "P1").await.unwrap(), None);

    let key = format!("payment#{}#P1", deposit.id);
    let get = client.get_item().table_name(TABLE);
    let get = get.key("pk", AttributeValue::S(key));
    let item = get
        .key("sk", AttributeValue::S("payment".into()))
        .send()
        .await
        .unwrap();
    let item = item.item.unwrap();
    assert_eq!(item["source"].as_s().unwrap(), "notification");
    assert_eq!(item["amount"].as_s().unwrap(), "250.5");
}

/// A role that may write deposits, but no payments, cannot make money.
#[tokio::test]
async fn an_item_that_payment_events_did_not_write_is_not_credited() {
    let table = table().await;
    let deposit = create_deposit(&table, sample_order()).await;
    let mut forged = deposit.next(Status::Paid, Timestamp::now());
    forged.write_id = "forged".into();
    forged.payment = Some(Payment {
        money: forged.order.money.clone(),
        reference: "made up".into(),
        at: Timestamp::now(),
    });
    let transition = Transition {
        version: forged.version,
        status: forged.status,
        at: Timestamp::now(),
        by: Actor::Provider,
        detail: None,
    };
    table.write(&forged, &transition).await.unwrap();

    let ctrader = credited();
    let until = Timestamp::now() + SignedDuration::from_secs(60);
    let round = reconcile(&table, &ctrader, &System, until).await.counts.unwrap();
    assert_eq!(ctrader.credits(), 0);
    assert_eq!(round.open[&Status::Review], 1);
    let held = load(&table, &deposit.id).await;
    assert_eq!(held.reasons, [Reason::PaymentNotRecorded]);

    let (olga, blind_request, request) = (
        embedded_table::operator(),
        DepositId::random().unwrap(),
        DepositId::random().unwrap(),
    );
    let operator = |request, reason| Operator {
        seen: held.version,
        by: &olga,
        request,
        reason,
    };
    let blind = Decision::Retry { payment_found: false };
    let refused = resolve(
        &table,
        &System,
        &deposit.id,
        operator(&blind_request, "it says paid"),
        blind,
    )
    .await;
    assert_eq!(
        refused.unwrap_err(),
        DecideError::Refused(Refusal::PaymentNotRecorded)
    );
    // An operator who finds the payment at the provider records it, by name.
    let found = Decision::Retry { payment_found: true };
    let retried = resolve(
        &table,
        &System,
        &deposit.id,
        operator(&request, "the bank shows it"),
        found,
    )
    .await;
    assert_eq!(retried.unwrap().status, Status::Paid);
    let record = table
        .recorded_payment(&deposit.id, "made up")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (record.source, record.by.as_ref()),
        (PaymentSource::Staff, Some(&olga))
    );
    let round = reconcile(&table, &ctrader, &System, until).await;
    assert_eq!(round.problems, Vec::<String>::new());
    assert_eq!(load(&table, &deposit.id).await.status, Status::Credited);
}

#[tokio::test]
async fn a_table_that_is_not_there_is_an_error() {
    let table = table().await;
    let deposit = paid(&table).await;
    let nowhere = Table::new(client("http://127.0.0.1:1"), TABLE.to_owned());
    assert!(nowhere.stored::<DepositBody>(&deposit.id).await.is_err());
    let ctrader = credited();
    assert!(credit(&nowhere, &ctrader, &System, deposit).await.is_err());
    assert_eq!(
        ctrader.credits(),
        0,
        "no credit is sent before `crediting` is written"
    );
}

/// So that a role can be bound to kinds by `dynamodb:LeadingKeys`.
#[tokio::test]
async fn every_partition_key_begins_with_the_kind_of_its_record() {
    let (table, client) = common::table().await;
    let deposit = create_deposit(&table, sample_order()).await;
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
    let kinds: Vec<&str> = items
        .iter()
        .map(|item| item["sk"].as_s().unwrap().as_str())
        .collect();
    let count = |kind: &str| kinds.iter().filter(|found| **found == kind).count();
    assert_eq!(
        ["deposit", "payment", "request", "quota"].map(count),
        [2, 1, 1, 3]
    );
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

#[tokio::test]
async fn a_list_has_only_what_is_due_in_its_status_the_earliest_first_and_no_more_than_asked_for() {
    let table = table().await;
    let mut ids = Vec::new();
    // The third is due half a second after the second, whose time has no fraction.
    for due_at in [
        "2026-01-01T10:00:02Z",
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:00:00.5Z",
    ] {
        let mut order = sample_order();
        order.wait_seconds = 0;
        order.at = due_at.parse().unwrap();
        ids.push(create_deposit(&table, order).await.id);
    }
    let paid = paid(&table).await;
    let listed = async |status, now: &str, limit| {
        let now = now.parse().unwrap();
        let listed: Vec<DueRecord<DepositBody>> = table.list_due(status, now, limit).await.unwrap();
        listed.into_iter().map(|record| record.id).collect::<Vec<_>>()
    };
    let expected = |positions: &[usize]| positions.iter().map(|at| ids[*at].clone()).collect::<Vec<_>>();
    for (now, limit, positions) in [
        ("2026-01-01T09:59:59.9Z", 100, &[][..]),
        ("2026-01-01T10:00:00Z", 100, &[1]),
        ("2026-01-01T10:00:00.499Z", 100, &[1]),
        ("2026-01-01T10:00:01Z", 100, &[1, 2]),
        ("2026-01-01T10:00:02Z", 100, &[1, 2, 0]),
    ] {
        assert_eq!(
            listed(Status::Created, now, limit).await,
            expected(positions),
            "{now}"
        );
    }
    assert_eq!(listed(Status::Created, "2026-01-01T10:00:02Z", 1).await.len(), 1);
    assert_eq!(listed(Status::Paid, "2100-01-01T00:00:00Z", 100).await, [paid.id]);

    let count = async |status, since: Option<Timestamp>| {
        Store::<DepositBody>::count(&table, status, since).await.unwrap()
    };
    assert_eq!(
        (
            count(Status::Created, None).await,
            count(Status::Paid, None).await
        ),
        (3, 1)
    );
    let since = Some("2026-01-01T10:00:01Z".parse().unwrap());
    assert_eq!(
        (
            count(Status::Created, since).await,
            count(Status::Paid, since).await
        ),
        (2, 0)
    );
}
