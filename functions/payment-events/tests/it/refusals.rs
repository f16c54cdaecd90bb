//! Refused notifications: genuine ones that cannot be recorded, and requests that are none.

use deposits::Status;
use harness::{PAYMENT_SECRETS, Request};
use jiff::Timestamp;
use serde_json::json;

use crate::{CARD, TRANSFER, World, code, signed, signed_text};

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_of_another_method_and_one_that_is_not_there_are_404() {
    let world = World::new().await;
    let by_transfer = world
        .create_deposit_with(|order| order.method = "bank_transfer".parse().unwrap())
        .await;
    let notification = world.notification(&by_transfer, "deposit.paid").await;
    let answer = world.send(&notification).await;
    assert_eq!(
        (answer.status, code(&answer).as_str()),
        (404, "DEPOSIT_NOT_FOUND")
    );
    assert_eq!(world.status(&by_transfer).await, Status::Created);

    for id in ["00000000000000000000000000", "42"] {
        let mut unknown = notification.clone();
        unknown["data"]["depositId"] = json!(id);
        assert_eq!(code(&world.send(&unknown).await), "DEPOSIT_NOT_FOUND", "{id}");
    }
    // The same notification at the address of its payment method.
    let mut event = signed(&notification, TRANSFER).event();
    event["rawPath"] = json!("/payments/bank_transfer/events");
    event["requestContext"]["http"]["path"] = json!("/payments/bank_transfer/events");
    assert_eq!(world.env.invoke(event).await.status, 204);
    assert_eq!(world.status(&by_transfer).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_but_malformed_notification_is_400_and_names_the_part() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    for (pointer, value, name) in [
        ("/type", json!("deposit.won"), "type"),
        ("/timestamp", json!("soon"), "timestamp"),
        ("/data/amount", json!(250.5), "amount"),
        ("/data/amount", json!("250,50"), "amount"),
        ("/data/currency", json!("€"), "currency"),
        ("/data/providerReference", json!(null), "providerReference"),
        ("/data/depositId", json!(null), "depositId"),
    ] {
        let mut notification = world.notification(&id, "deposit.paid").await;
        *notification.pointer_mut(pointer).unwrap() = value;
        let answer = world.send(&notification).await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (400, "INVALID_PARAMETER"),
            "{name}"
        );
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(name), "{message}");
    }
    let answer = world.send(&json!([])).await;
    assert_eq!(answer.status, 400);
    assert_eq!(world.statuses(&id).await, ["created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_notification_with_a_member_twice_is_400() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await.to_string();
    for (once, twice) in [
        (r#""amount":"#, r#""amount":"1","amount":"#),
        (r#""type":"#, r#""type":"deposit.failed","type":"#),
        (r#""data":"#, r#""data":{},"data":"#),
    ] {
        let body = notification.replacen(once, twice, 1);
        assert_ne!(body, notification, "{once}");
        let request = signed_text(body, CARD, Timestamp::now().as_second());
        let answer = world.env.send(request).await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (400, "INVALID_PARAMETER"),
            "{twice}"
        );
    }
    assert_eq!(world.statuses(&id).await, ["created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_paths_methods_and_sizes_are_refused() {
    let world = World::new().await;
    for path in [
        "/payments/cheque/events",
        "/payments//events",
        "/payments/card/events//",
        "/payments/card/events/paid",
        "/payments/card",
        "/payments/c%61rd/events",
        "/",
    ] {
        let request = Request::post(path).body("{}");
        let answer = world.env.send(request).await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (404, "NOT_FOUND"),
            "{path}"
        );
    }
    for method in ["GET", "PUT", "DELETE"] {
        let answer = world
            .env
            .send(Request::new(method, "/payments/card/events"))
            .await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (405, "METHOD_NOT_ALLOWED")
        );
        assert_eq!(answer.header("allow"), "POST");
    }
    let huge = Request::post("/payments/card/events").body("x".repeat(64 * 1024 + 1));
    let answer = world.env.send(huge).await;
    assert_eq!(
        (answer.status, code(&answer).as_str()),
        (413, "PAYLOAD_TOO_LARGE")
    );
    let empty = world.env.send(Request::post("/payments/card/events")).await;
    assert_eq!(empty.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_of_broker_toml_without_a_secret_is_reported_to_the_operator() {
    let world = World::new().await;
    world.secrets(&json!({ "bank_transfer": { "demobroker": TRANSFER } }));
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    let answer = world.env.send(signed(&notification, CARD)).await;
    assert_eq!(answer.status, 401);
    let line = world.env.request_log().pop().unwrap();
    assert_eq!(
        (&line["level"], &line["PaymentsMisconfigured"]),
        (&json!("WARN"), &json!(1))
    );
    assert!(
        line["detail"].as_str().unwrap().contains("PAYMENT_SECRETS_ID"),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_notification_that_names_a_deposit_is_reported_to_the_operator() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    let reported = async |request: Request| {
        let doubts = || {
            let lines = world.env.log();
            lines
                .iter()
                .filter(|line| line["NotificationsDoubted"] == 1)
                .count()
        };
        let before = doubts();
        let status = world.env.send(request).await.status;
        let line = world.env.request_log().pop().unwrap();
        (status, doubts() > before, line["reference"] == id.reference())
    };
    assert_eq!(reported(signed(&notification, TRANSFER)).await, (401, true, true));
    // The trader knows the id, too. However often it is named, the alarm hears of it once.
    for unsigned in [signed(&notification, TRANSFER), unsigned(&notification)] {
        assert_eq!(reported(unsigned).await, (401, false, true));
    }
    let doubts = || {
        let lines = world.env.log();
        lines
            .iter()
            .filter(|line| line["NotificationsDoubted"] == 1)
            .count()
    };
    for (nth, address) in ["/payments/cheque/events", "/payments/card/events/paid"]
        .into_iter()
        .enumerate()
    {
        let other = world.create_deposit().await;
        let elsewhere = world.notification(&other, "deposit.paid").await.to_string();
        let elsewhere = Request::post(address).body(elsewhere);
        assert_eq!(world.env.send(elsewhere).await.status, 404, "{address}");
        assert_eq!(doubts(), 2 + nth, "{address}");
    }

    // A deposit of another method, or one that is credited, cannot wait for this payment.
    let by_transfer = world
        .create_deposit_with(|order| order.method = "bank_transfer".parse().unwrap())
        .await;
    let of_another = world.notification(&by_transfer, "deposit.paid").await;
    world.env.send(signed(&of_another, TRANSFER)).await;
    let credited = world.create_deposit().await;
    world.send_paid(&credited).await;
    assert_eq!(world.status(&credited).await, Status::Credited);
    let again = world.notification(&credited, "deposit.paid").await;
    world.env.send(signed(&again, TRANSFER)).await;
    assert_eq!(doubts(), 3);

    // A stranger cannot name a deposit.
    let mut made_up = notification.clone();
    made_up["data"]["depositId"] = json!("00000000000000000000000000");
    assert_eq!(reported(signed(&made_up, TRANSFER)).await, (401, false, false));
    assert_eq!(world.statuses(&id).await, ["created"]);
}

/// A notification without any signature.
fn unsigned(notification: &serde_json::Value) -> Request {
    let request = signed(notification, TRANSFER);
    ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .into_iter()
        .fold(request, Request::without)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_signed_rings_no_alarm_and_reads_no_secret() {
    let world = World::new().await;
    let mut notification = world
        .notification(&world.create_deposit().await, "deposit.paid")
        .await;
    notification["data"]["depositId"] = json!("00000000000000000000000000");
    world.env.wait_until_ready().await;
    let reads = world.env.secret_reads(PAYMENT_SECRETS);
    for signature in ["v1,", "v1,AAAA", "v2,AAAA", &format!("v1,{}", "A".repeat(45))] {
        let request = signed(&notification, TRANSFER).header("webhook-signature", signature);
        assert_eq!(world.env.send(request).await.status, 401, "{signature}");
    }
    assert_eq!(world.env.send(unsigned(&notification)).await.status, 401);
    let rings = |line: &serde_json::Value| {
        [
            "NotificationsUnsigned",
            "NotificationsDoubted",
            "PaymentsMisconfigured",
        ]
        .iter()
        .any(|metric| line[metric] == 1)
    };
    assert!(!world.env.log().iter().any(rings));
    assert_eq!(world.env.secret_reads(PAYMENT_SECRETS), reads);
    // What looks signed counts.
    world.env.send(signed(&notification, TRANSFER)).await;
    assert!(world.env.log().iter().any(rings));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_without_a_value_is_404_for_a_method_that_does_not_exist_and_is_not_read_each_time() {
    let world = World::new().await;
    world.env.set_secret(PAYMENT_SECRETS, None);
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    for _ in 0..5 {
        let answer = world.env.send(Request::post("/payments/cheque/events")).await;
        assert_eq!((answer.status, code(&answer).as_str()), (404, "NOT_FOUND"));
    }
    assert!(
        world
            .env
            .log()
            .iter()
            .all(|line| line["PaymentsMisconfigured"] != 1)
    );
    let reads = world.env.secret_reads(PAYMENT_SECRETS);
    for _ in 0..5 {
        let answer = world.env.send(signed(&notification, CARD)).await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (503, "SERVICE_UNAVAILABLE")
        );
    }
    assert!(
        world.env.secret_reads(PAYMENT_SECRETS) - reads <= 1,
        "a failure is remembered"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_secrets_are_reported_to_the_operator_and_answered_with_503() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    world.secrets(&json!("a string where an object should be"));
    let answer = world.env.send(signed(&notification, TRANSFER)).await;
    assert_eq!(
        (answer.status, code(&answer).as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
    let line = world.env.request_log().pop().unwrap();
    assert_eq!(line["PaymentsMisconfigured"], 1, "{line}");
    assert!(!line.to_string().contains("a string where"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_of_a_provider_are_counted_apart_from_requests_of_strangers() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let mut notification = world.notification(&id, "deposit.paid").await;
    world.env.send(signed(&notification, TRANSFER)).await;
    notification["data"]["amount"] = json!("much");
    world.send(&notification).await;
    notification["data"]["amount"] = json!("250.50");
    notification["data"]["depositId"] = json!("00000000000000000000000000");
    world.send(&notification).await;
    world.env.send(Request::post("/payments/cheque/events")).await;
    world.env.send(Request::get("/payments/card/events")).await;

    let mut lines = world.env.log();
    lines.retain(|line| line["event"] == "notification_refused");
    let metric = |line: &serde_json::Value| {
        let metrics = &line["_aws"]["CloudWatchMetrics"][0];
        let name = metrics["Metrics"][0]["Name"].as_str().unwrap().to_owned();
        assert_eq!(
            (&line[&name], &line["action"]),
            (&json!(1), &json!("payment-events"))
        );
        name
    };
    let counted: Vec<_> = lines.iter().map(metric).collect();
    assert_eq!(
        counted,
        [
            "NotificationsUnsigned",
            "NotificationsRefused",
            "NotificationsRefused"
        ]
    );
}
