//! What the broker's CRM is sent: the real binary, a real receiver, and the verification of Standard Webhooks' own
//! library.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use harness::{Backend, Call, Reply, Setup, Stage};
use http::HeaderMap;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::net::TcpSocket;

const BINARY: &str = env!("CARGO_BIN_EXE_crm-webhook");
const SUCCEEDED: &str = include_str!("../../../events/crm-webhook-succeeded.json");
const SECRET_ID: &str = "inapp/crm-webhook";
const SECRET: &str = "whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==";
const NEW_SECRET: &str = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhlLXRlc3Rz";

/// As a broker verifies it.
fn is_signed_with(call: &Call, secret: &str) -> bool {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", call.id.parse().unwrap());
    headers.insert("webhook-timestamp", call.timestamp.parse().unwrap());
    headers.insert("webhook-signature", call.signature.parse().unwrap());
    let webhook = Webhook::new(secret).unwrap();
    webhook.verify(&call.body, &headers).is_ok()
}

/// A CRM that answers so, one reply each, and the last to all further calls; and the URL to call it back at.
async fn crm(replies: &[Reply]) -> (Backend, String) {
    let crm = Backend::start().await;
    crm.does(replies.to_vec());
    let url = format!("{}/crm/events?key=canary-key", crm.origin);
    (crm, url)
}

fn status(status: u16) -> Reply {
    Reply::Answer(status, String::new())
}

async fn stage(url: &str) -> Stage {
    let setup = Setup {
        timeout: Duration::from_secs(15),
        ..Setup::default()
    };
    let setup = setup
        .env("CRM_WEBHOOK_URL", url)
        .env("CRM_WEBHOOK_SECRET_ID", SECRET_ID);
    let stage = Stage::start(BINARY, setup).await;
    stage.set_secret(SECRET_ID, Some(SECRET));
    stage.forbid("canary-key");
    stage
}

/// The messages of the sample event, as many as there are names.
fn messages<const N: usize>(names: [&str; N]) -> [Value; N] {
    let event: Value = serde_json::from_str(SUCCEEDED).unwrap();
    names.map(|name| {
        let mut message = event["Records"][0].clone();
        message["messageId"] = json!(name);
        message
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_posted_as_it_was_announced_and_signed() {
    let (crm, url) = crm(&[status(204)]).await;
    let stage = stage(&url).await;
    assert_eq!(stage.hand_over(&messages(["a"])).await, [""; 0]);
    let calls = crm.calls();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(is_signed_with(call, SECRET));
    assert!(!is_signed_with(call, NEW_SECRET));
    assert_eq!(call.id, "7Q0M4T9ZK3XH8VW2C5RN6YB1DE:succeeded");
    let message: Value = serde_json::from_str(messages(["a"])[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(call.json(), message["detail"]);
    let told = &stage.log()[0];
    assert_eq!(told["event"], "crm_webhook_delivered");
    assert_eq!(told["status"], 204);
    assert_eq!(told["reference"], "7Q0M4-T9ZK3");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_goes_back_to_the_queue_and_comes_again_with_the_same_id() {
    let (crm, url) = crm(&[500, 404, 301, 429, 204].map(status)).await;
    let stage = stage(&url).await;
    for _ in 0..4 {
        assert_eq!(stage.hand_over(&messages(["a"])).await, ["a"]);
    }
    assert_eq!(stage.hand_over(&messages(["a"])).await, [""; 0]);
    let calls = crm.calls();
    assert_eq!(calls.len(), 5);
    let id = &calls[0].id;
    assert!(
        calls
            .iter()
            .all(|call| call.id == *id && is_signed_with(call, SECRET))
    );
    assert_eq!(stage.log()[0]["event"], "crm_webhook_not_delivered");
    assert_eq!(stage.log()[0]["status"], 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_only_what_was_not_taken_comes_again() {
    let (crm, url) = crm(&[status(204), status(503), status(204)]).await;
    let stage = stage(&url).await;
    let again = stage.hand_over(&messages(["a", "b", "c"])).await;
    assert_eq!(again.len(), 1, "{again:?}");
    assert_eq!(crm.calls().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirect_is_followed() {
    let (crm, url) = crm(&[Reply::Redirect("/elsewhere".to_owned())]).await;
    let stage = stage(&url).await;
    assert_eq!(stage.hand_over(&messages(["a"])).await, ["a"]);
    assert_eq!(crm.calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_costs_ten_seconds_whatever_the_number_of_events() {
    let (crm, url) = crm(&[Reply::Hang]).await;
    let stage = stage(&url).await;
    let started = Instant::now();
    assert_eq!(stage.hand_over(&messages(["a", "b", "c"])).await, ["a", "b", "c"]);
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_secs(15),
        "{took:?}"
    );
    assert_eq!(crm.calls().len(), 3);
    assert_eq!(stage.log()[0]["status"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_not_there_is_told_without_the_url() {
    // Bound, and nobody listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let closed = socket.local_addr().unwrap();
    let stage = stage(&format!("http://{closed}/crm?key=canary-key")).await;
    assert_eq!(stage.hand_over(&messages(["a"])).await, ["a"]);
    let told = &stage.log()[0];
    assert_eq!(told["event"], "crm_webhook_not_delivered");
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains("refused") && !detail.contains("crm"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_secret_is_replaced_either_verifies() {
    let (crm, url) = crm(&[status(204)]).await;
    let stage = stage(&url).await;
    stage.set_secret(SECRET_ID, Some(&format!("{NEW_SECRET} {SECRET}")));
    assert_eq!(stage.hand_over(&messages(["a", "b"])).await, [""; 0]);
    let calls = crm.calls();
    assert!(is_signed_with(&calls[0], SECRET) && is_signed_with(&calls[0], NEW_SECRET));
    assert_eq!(stage.hand_over(&messages(["c"])).await, [""; 0]);
    assert_eq!(stage.secret_reads(SECRET_ID), 1, "it is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_secret_nothing_is_sent_and_nothing_is_lost() {
    let (crm, url) = crm(&[status(204)]).await;
    let stage = stage(&url).await;
    for value in [None, Some("whsec_short"), Some("no base64 !")] {
        stage.set_secret(SECRET_ID, value);
        assert_eq!(stage.hand_over(&messages(["a", "b"])).await, ["a", "b"]);
        assert_eq!(stage.log().pop().unwrap()["event"], "secret_unavailable");
    }
    assert_eq!(crm.calls().len(), 0);
    stage.set_secret(SECRET_ID, Some(SECRET));
    assert_eq!(stage.hand_over(&messages(["a", "b"])).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_event_is_left_for_the_dead_letters() {
    let (crm, url) = crm(&[status(204)]).await;
    let stage = stage(&url).await;
    let mut batch = messages(["a", "b", "c"]);
    batch[0]["body"] = json!("no JSON");
    batch[1]["body"] = json!(r#"{"detail":{"email":"ada@example.com"}}"#);
    assert_eq!(stage.hand_over(&batch).await, ["a", "b"]);
    assert_eq!(crm.calls().len(), 1);
    assert_eq!(stage.log()[0], json!({"level": "ERROR", "event": "unreadable"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_stops_it_with_its_name_and_not_its_value() {
    let setup = || {
        let setup = Setup::default().env("CRM_WEBHOOK_SECRET_ID", SECRET_ID);
        setup.env("CRM_WEBHOOK_URL", "https://crm.broker.example/")
    };
    for (setup, name) in [
        (setup().without("CRM_WEBHOOK_URL"), "CRM_WEBHOOK_URL"),
        (
            setup().env("CRM_WEBHOOK_URL", "http://crm.broker.example/?key=canary-key"),
            "CRM_WEBHOOK_URL",
        ),
        (setup().without("CRM_WEBHOOK_SECRET_ID"), "CRM_WEBHOOK_SECRET_ID"),
    ] {
        let exit = Stage::run_to_exit(BINARY, setup).await;
        assert_eq!(exit.code, Some(1));
        let detail = exit.lines()[0]["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.starts_with(name) && !exit.log.contains("canary-key"),
            "{}",
            exit.log
        );
    }
}
