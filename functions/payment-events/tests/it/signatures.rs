//! Which notifications are genuine.

use deposits::Status;
use harness::{PAYMENT_SECRETS, Request};
use jiff::Timestamp;
use serde_json::json;

use crate::{CARD, CARD_NEXT, CARD_NORTHWIND, TRANSFER, World, code, signed, signed_at, signed_text};

/// A notification as API Gateway passes it on, signed with the secret of the specification's own example.
const SAMPLE: &str = include_str!("../../../../events/payment-events-paid.json");
const PUBLISHED: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The event of a request, its body as base64.
fn as_base64(request: &Request) -> serde_json::Value {
    let mut event = request
        .clone()
        .header("content-type", "application/webhook")
        .event();
    assert_eq!(event["isBase64Encoded"], true);
    event["headers"]["content-type"] = json!("application/json");
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_a_slash_at_its_end_and_a_byte_order_mark_are_accepted() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    let body = format!("\u{feff}{notification}");
    let mut event = signed_text(body, CARD, Timestamp::now().as_second()).event();
    event["rawPath"] = json!("/payments/card/events/");
    event["requestContext"]["http"]["path"] = json!("/payments/card/events/");
    assert_eq!(world.env.invoke(event).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signature_covers_the_sent_bytes_as_text_or_as_base64() {
    let world = World::new().await;
    // With spaces and an escape: the signature covers the bytes, not the parsed JSON.
    let id = world.create_deposit().await;
    let compact = world.notification(&id, "deposit.paid").await.to_string();
    let body = compact.replace("\"deposit.paid\"", " \"deposit\\u002epaid\" ") + "\n";
    let at = Timestamp::now().as_second();
    let webhook = standardwebhooks::Webhook::new(CARD).unwrap();
    let signature = webhook.sign("m", at, body.as_bytes()).unwrap();
    let request = Request::post("/payments/card/events")
        .header("content-type", "application/json")
        .header("webhook-id", "m")
        .header("webhook-timestamp", &at.to_string())
        .header("webhook-signature", &signature)
        .body(body);
    assert_eq!(world.env.send(request).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);

    let id = world.create_deposit().await;
    let request = signed(&world.notification(&id, "deposit.paid").await, CARD);
    assert_eq!(world.env.invoke(as_base64(&request)).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_without_a_genuine_signature_changes_nothing() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    let right = signed(&notification, CARD);
    let forged = right
        .clone()
        .body(notification.to_string().replace("250.50", "250.51"));
    let other_id = right.clone().header("webhook-id", "another");
    let now = Timestamp::now().as_second();
    let other_time = right.clone().header("webhook-timestamp", &(now + 2).to_string());
    let unknown = "whsec_c29tZWJvZHktZWxzZXMtc2VjcmV0LWVudGlyZWx5";
    for (what, request) in [
        ("another body", forged),
        ("another id", other_id),
        ("another time", other_time),
        ("no time", right.clone().header("webhook-timestamp", "now")),
        ("no id", right.clone().without("webhook-id")),
        ("no timestamp", right.clone().without("webhook-timestamp")),
        ("no signature", right.clone().without("webhook-signature")),
        (
            "an empty signature",
            right.clone().header("webhook-signature", ""),
        ),
        (
            "half a signature",
            right.clone().header("webhook-signature", "v1,AAAA"),
        ),
        (
            "a signature of another version",
            right.clone().header("webhook-signature", "v2,AAAA"),
        ),
        ("a stranger's secret", signed(&notification, unknown)),
        ("another method's secret", signed(&notification, TRANSFER)),
        ("five minutes ago", signed_at(&notification, CARD, now - 301)),
        ("in five minutes", signed_at(&notification, CARD, now + 305)),
    ] {
        let answer = world.env.send(request).await;
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (401, "INVALID_SIGNATURE"),
            "{what}"
        );
    }
    assert_eq!(world.status(&id).await, Status::Created);
    // Just within five minutes.
    let request = signed_at(&notification, CARD, now - 290);
    assert_eq!(world.env.send(request).await.status, 204);
    assert_eq!(world.credited(), ["250.50"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_signatures_are_not_looked_through() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let right = signed(&world.notification(&id, "deposit.paid").await, CARD);
    let signature = right.event()["headers"]["webhook-signature"]
        .as_str()
        .unwrap()
        .to_owned();
    let wrong = format!("v1,{} ", "A".repeat(43) + "=");
    let with = |others: usize| {
        let header = wrong.repeat(others) + &signature;
        right.clone().header("webhook-signature", &header)
    };
    for others in [8, 200] {
        assert_eq!(world.env.send(with(others)).await.status, 401, "{others}");
    }
    assert_eq!(world.status(&id).await, Status::Created);
    assert_eq!(world.env.send(with(7)).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brokers_secret_changes_only_that_brokers_deposits() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    let answer = world.env.send(signed(&notification, CARD_NORTHWIND)).await;
    assert_eq!(
        (answer.status, code(&answer).as_str()),
        (404, "DEPOSIT_NOT_FOUND")
    );
    assert_eq!(world.statuses(&id).await, ["created"]);

    let theirs = world
        .create_deposit_with(|order| order.broker = "northwind".into())
        .await;
    let notification = world.notification(&theirs, "deposit.pending").await;
    assert_eq!(world.send(&notification).await.status, 404);
    let answer = world.env.send(signed(&notification, CARD_NORTHWIND)).await;
    assert_eq!(answer.status, 204);
    assert_eq!(world.status(&theirs).await, Status::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn brokers_may_share_an_account_at_the_provider_and_so_a_secret() {
    let world = World::new().await;
    world.secrets(&json!({ "card": { "ahead": CARD, "demobroker": CARD, "northwind": CARD } }));
    let id = world.create_deposit().await;
    assert_eq!(world.send_paid(&id).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn during_a_rotation_both_secrets_count_and_afterwards_only_the_new_one() {
    let world = World::new().await;
    let before = world.create_deposit().await;
    world.send_paid(&before).await;
    world.secrets(&json!({ "card": { "demobroker": format!("{CARD_NEXT} {CARD}") } }));
    for secret in [CARD, CARD_NEXT] {
        let id = world.create_deposit().await;
        let notification = world.notification(&id, "deposit.paid").await;
        // After an unknown signature the function reads the secrets again if they are 5 s old.
        let mut status = 0;
        for _ in 0..8 {
            status = world.env.send(signed(&notification, secret)).await.status;
            if status == 204 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
        assert_eq!(status, 204);
    }
    world.secrets(&json!({ "card": { "demobroker": CARD_NEXT } }));
    world.env.restart(crate::BINARY, &crate::options());
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    assert_eq!(world.env.send(signed(&notification, CARD)).await.status, 401);
    assert_eq!(world.env.send(signed(&notification, CARD_NEXT)).await.status, 204);
    assert_eq!(world.credited().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_secrets_every_notification_is_answered_with_503() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    world.env.set_secret(PAYMENT_SECRETS, None);
    world.env.restart(crate::BINARY, &crate::options());
    let answer = world.send(&notification).await;
    assert_eq!(
        (answer.status, code(&answer).as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
    // A failed read is remembered for five seconds.
    let remembered = std::time::Duration::from_secs(5);
    world.env.set_secret(PAYMENT_SECRETS, Some("not JSON"));
    tokio::time::sleep(remembered).await;
    assert_eq!(world.send(&notification).await.status, 503);
    // An unusable secret does not stop the others.
    world.secrets(
        &json!({ "card": { "demobroker": CARD, "northwind": "soon" }, "wallet": { "demobroker": 7 } }),
    );
    tokio::time::sleep(remembered).await;
    assert_eq!(world.send(&notification).await.status, 204);
    assert!(world.env.log_text().contains("card, northwind: must be"));
    assert_eq!(world.credited(), ["250.50"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_signatures_do_not_read_the_secrets_each_time() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    let before = world.env.secret_reads(PAYMENT_SECRETS);
    let notification = world.notification(&id, "deposit.paid").await;
    for _ in 0..20 {
        world.env.send(signed(&notification, CARD_NEXT)).await;
    }
    let reads = world.env.secret_reads(PAYMENT_SECRETS) - before;
    assert!(reads <= 2, "read {reads} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_has_a_correct_but_old_signature() {
    let world = World::new().await;
    world.secrets(&json!({ "card": { "demobroker": PUBLISHED } }));
    let mut event: serde_json::Value = serde_json::from_str(SAMPLE).unwrap();
    let header = |name: &str| event["headers"][name].as_str().unwrap().to_owned();
    let body = event["body"].as_str().unwrap().to_owned();
    let webhook = standardwebhooks::Webhook::new(PUBLISHED).unwrap();
    let at = header("webhook-timestamp").parse().unwrap();
    let signature = webhook.sign(&header("webhook-id"), at, body.as_bytes()).unwrap();
    assert_eq!(header("webhook-signature"), signature);
    let answer = world.env.invoke(event.clone()).await;
    assert_eq!(
        (answer.status, code(&answer).as_str()),
        (401, "INVALID_SIGNATURE")
    );
    let line = world.env.request_log().pop().unwrap();
    assert_eq!(line["detail"], "the timestamp is too far from now");

    // Sent now, and of a deposit that there is.
    let id = world.create_deposit().await;
    let body = body.replace("7Q0M4T9ZK3XH8VW2C5RN6YB1DE", id.as_str());
    let now = Timestamp::now().as_second();
    let signature = webhook.sign("evt_81723", now, body.as_bytes()).unwrap();
    event["headers"]["webhook-timestamp"] = json!(now.to_string());
    event["headers"]["webhook-signature"] = json!(signature);
    event["body"] = json!(body);
    assert_eq!(world.env.invoke(event).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);
}
