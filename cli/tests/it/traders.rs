//! Tests of `inapp traders`.

use std::time::SystemTime;

use domain::{Attribution, Launch, RecordId, ScreenKind};
use embedded_table::LIMITS;
use embedded_table::sample_order;
use serde_json::json;
use store::Request;

use crate::staff::{AS_OLGA, Staff};

impl Staff {
    /// Records a message of this user to support, and returns its id.
    async fn message(&self, user: i64) -> RecordId {
        let request = Request {
            id: RecordId::random().unwrap(),
            screen: ScreenKind::Support,
            broker: "demobroker".into(),
            identity: serde_json::from_value(json!({"userId": user, "email": "ada.canary@example.com"}))
                .unwrap(),
            launch: Launch::default(),
            attribution: Attribution::new(),
            fields: [("message".to_owned(), "canary-message".to_owned())].into(),
            limits: LIMITS,
            keep_days: Some(30),
        };
        self.store
            .table
            .record(&request, SystemTime::now())
            .await
            .unwrap();
        request.id
    }
}

const ERASE: [&str; 7] = [
    "erase",
    "--broker",
    "demobroker",
    "--user",
    "501",
    "--reason",
    "letter 7",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_traders_data_is_erased_in_all_records_and_in_no_others() {
    let staff = Staff::new().await;
    let deposit = staff.store.create(sample_order()).await;
    let mut messages = Vec::new();
    // More than one call takes.
    for _ in 0..27 {
        messages.push(staff.message(501).await);
    }
    let other = staff.message(502).await;

    let run = staff.run("traders", &ERASE, &AS_OLGA, "no\n").await;
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr
            .contains("has these records: 1 x deposit, 27 x request"),
        "{}",
        run.stderr
    );

    let run = staff.run("traders", &ERASE, &AS_OLGA, "yes\n").await;
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("Erased in 28 records, nothing left in 0."),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains(&format!("{}  deposit {deposit}: email\n", deposit.reference()))
    );
    assert!(
        run.stdout
            .contains(&format!("request {}: email, fields\n", messages[0]))
    );

    for (id, erased) in messages.iter().map(|id| (id, true)).chain([(&other, false)]) {
        let found = staff.store.table.find_requests(id.as_str()).await.unwrap();
        assert_eq!(found[0].identity.email.is_none(), erased);
        assert_eq!(found[0].fields.is_empty(), erased);
    }
    let run = staff
        .run("traders", &[&ERASE[..], &["--yes"]].concat(), &AS_OLGA, "")
        .await;
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("Erased in 0 records, nothing left in 28."),
        "{}",
        run.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trader_without_records_has_nothing_to_erase() {
    let staff = Staff::new().await;
    staff.message(502).await;
    let run = staff.run("traders", &ERASE, &AS_OLGA, "yes\n").await;
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr.contains("no record is of user 501 of demobroker"),
        "{}",
        run.stderr
    );
}
