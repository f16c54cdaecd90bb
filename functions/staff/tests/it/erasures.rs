//! Erasing a trader's personal data.

use std::{collections::BTreeMap, time::SystemTime};

use domain::{Attribution, Identity, ScreenKind};
use harness::{HttpResponse, LIMITS, Request, TestDeposits};
use serde_json::{Value, json};
use store::{Outcome, Status};

use crate::{IGOR, OLGA, World, request_id};

const EMAIL: &str = "ada.canary@example.com";

impl World {
    /// Records a form that this user submitted, and returns its id.
    async fn request(&self, user: i64, fields: &[(&str, &str)]) -> String {
        let identity: Identity =
            serde_json::from_value(json!({"userId": user, "email": EMAIL, "tradingLogin": 1000501})).unwrap();
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let request = store::Request {
            id: request_id().parse().unwrap(),
            screen: ScreenKind::Custom,
            broker: "demobroker".into(),
            identity,
            launch: serde_json::from_value(json!({"lang": "es", "source": "iOS", "actionType": "withdraw"}))
                .unwrap(),
            attribution: Attribution::from([("utm_source".to_owned(), "canary-letter".to_owned())]),
            fields: fields.iter().map(owned).collect::<BTreeMap<_, _>>(),
            limits: LIMITS,
            keep_days: Some(30),
        };
        self.table().record(&request, SystemTime::now()).await.unwrap();
        request.id.to_string()
    }

    async fn erase(&self, call: &Value, caller: &str) -> HttpResponse {
        self.env
            .send(Request::post("/staff/erasures").json(call).signed_by(caller))
            .await
    }

    fn item(&self, kind: &str, id: &str) -> Value {
        let key = format!("{kind}#{id}");
        let items = self.env.items();
        items.into_iter().find(|item| item["pk"] == key).unwrap()
    }
}

fn call(records: &[(&str, &str)]) -> Value {
    let name = |(kind, id): &(&str, &str)| json!({"kind": kind, "id": id});
    json!({
        "requestId": request_id(),
        "broker": "demobroker",
        "userId": 501,
        "reason": "letter 7 of Ada",
        "records": records.iter().map(name).collect::<Vec<_>>(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_data_goes_and_the_money_stays() {
    let world = World::new().await;
    let fields = [
        ("amount", "50.00"),
        ("amount_currency", "EUR"),
        ("iban", "CANARY-IBAN"),
        ("note", "canary-note"),
    ];
    let request = world.request(501, &fields).await;
    let outcome = Outcome {
        status: Status::Unknown,
        message: Some("canary-message to Ada".into()),
        redirect: Some("https://canary.example/ada".into()),
    };
    let id = request.parse().unwrap();
    world
        .table()
        .record_outcome(&id, &outcome, SystemTime::now())
        .await
        .unwrap();
    let deposit = world.unknown().await;
    let before = world.deposits.find(&deposit.id).await;
    assert!(
        world
            .env
            .items()
            .iter()
            .any(|item| item.to_string().contains(EMAIL))
    );

    let call = call(&[("request", &request), ("deposit", deposit.id.as_str())]);
    let answer = world.erase(&call, OLGA).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let expected = json!({
        "requestId": call["requestId"],
        "by": OLGA,
        "records": [
            {"kind": "request", "id": request, "found": true,
             "erased": ["attribution", "email", "fields", "history", "lang", "outcome_message", "outcome_redirect", "source"]},
            {"kind": "deposit", "id": deposit.id, "found": true, "erased": ["email"]},
        ],
    });
    assert_eq!(answer.json(), expected);

    for item in world.env.items() {
        let text = item.to_string().to_lowercase();
        assert!(!text.contains("canary"), "{text}");
    }
    let item = world.item("request", &request);
    assert_eq!(
        item["fields"],
        json!({"amount": "50.00", "amount_currency": "EUR"})
    );
    assert_eq!(
        (&item["status"], &item["user_id"], &item["trading_login"]),
        (&json!("unknown"), &json!(501), &json!(1_000_501))
    );
    assert_eq!(item["history"][0]["status"], "unknown");
    assert_eq!(item["erasure"], call["requestId"]);
    let after = world.deposits.find(&deposit.id).await;
    assert_eq!((&after.record, &after.history), (&before.record, &before.history));
    assert_eq!(after.identity.user_id, 501);

    let erasure = world.item("erasure", call["requestId"].as_str().unwrap());
    assert_eq!(
        (&erasure["by"], &erasure["user_id"], &erasure["broker"]),
        (&json!(OLGA), &json!(501), &json!("demobroker"))
    );
    assert_eq!(erasure["reason"], "letter 7 of Ada");

    // An operator can still decide about the deposit, and read the request.
    let decided = world.decide(&deposit.id, &crate::failed(&deposit), OLGA).await;
    assert_eq!(decided.status, 200, "{}", decided.text());
    let found = world.table().find_requests(&request).await.unwrap();
    assert_eq!(found[0].identity.email, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_harmless_and_says_that_nothing_is_left() {
    let world = World::new().await;
    let request = world.request(501, &[("message", "canary")]).await;
    let call = call(&[("request", &request)]);
    let first = world.erase(&call, OLGA).await;
    assert_eq!(first.status, 200);
    let items = world.env.items();
    let again = world.erase(&call, OLGA).await;
    assert_eq!(again.status, 200);
    assert_eq!(
        again.json()["records"][0],
        json!({"kind": "request", "id": request, "found": true, "erased": []})
    );
    assert_eq!(world.env.items(), items);

    let mut of_another = call.clone();
    of_another["userId"] = json!(502);
    let by_another = world.erase(&call, IGOR).await;
    for answer in [world.erase(&of_another, OLGA).await, by_another] {
        assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("CONFLICT")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_other_traders_and_other_kinds_are_left_alone() {
    let world = World::new().await;
    let other = world.request(502, &[("message", "keep")]).await;
    let deposit = world.deposits.create(TestDeposits::sample_order()).await;
    let mut call = call(&[
        ("request", &other),
        ("request", &request_id()),
        ("erasure", &request_id()),
        ("anything", &request_id()),
        ("deposit", deposit.as_str()),
    ]);
    call["broker"] = json!("northwind");
    let before = world.env.items();
    let answer = world.erase(&call, OLGA).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    for record in answer.json()["records"].as_array().unwrap() {
        assert_eq!((&record["found"], &record["erased"]), (&json!(false), &json!([])));
    }
    let mut after = world.env.items();
    after.retain(|item| item["sk"] != "erasure");
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_no_news() {
    let world = World::new().await;
    let request = world.request(501, &[("message", "canary")]).await;
    let recorded = world.env.stream_records().len();
    assert_eq!(
        world.erase(&call(&[("request", &request)]), OLGA).await.status,
        200
    );
    let records = world.env.stream_records().split_off(recorded);
    assert_eq!(records.len(), 2, "the erasure, and the request");
    for record in records {
        let change: store::Change = serde_json::from_value(record["dynamodb"].clone()).unwrap();
        assert!(change.news().unwrap().is_none(), "{record}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_names_a_reason_and_at_most_25_records() {
    let world = World::new().await;
    let request = world.request(501, &[("message", "keep")]).await;
    for (part, change) in [
        ("reason", json!({"reason": " "})),
        ("records", json!({"records": []})),
        (
            "records",
            json!({"records": vec![json!({"kind": "request", "id": request}); 26]}),
        ),
        ("body", json!({"by": IGOR})),
        ("body", json!({"userId": "501"})),
    ] {
        let mut call = call(&[("request", &request)]);
        call.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let answer = world.erase(&call, OLGA).await;
        assert_eq!(answer.status, 400, "{call}");
        assert_eq!(
            answer.json()["message"],
            format!("'{part}' is missing or not usable")
        );
    }
    let unsigned = Request::post("/staff/erasures").json(&call(&[("request", &request)]));
    assert_eq!(world.env.send(unsigned).await.status, 403);
    assert_eq!(world.item("request", &request)["fields"]["message"], "keep");
}
