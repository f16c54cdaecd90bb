//! Deliveries to the broker's CRM, tested with the real binary, a real receiver and the official library of Standard
//! Webhooks.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use harness::{FakeBackend, FakeResponse, ReceivedCall, TestEnv, TestEnvOptions};
use http::HeaderMap;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::net::TcpSocket;

const BINARY: &str = env!("CARGO_BIN_EXE_crm-webhook");
const SUCCEEDED: &str = include_str!("../../../events/crm-webhook-succeeded.json");
const SECRET_ID: &str = "inapp/crm-webhook";
const SECRET: &str = "whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==";
const NEW_SECRET: &str = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhlLXRlc3Rz";

/// Verifies the call as a broker does.
fn is_signed_with(call: &ReceivedCall, secret: &str) -> bool {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", call.id.parse().unwrap());
    headers.insert("webhook-timestamp", call.timestamp.parse().unwrap());
    headers.insert("webhook-signature", call.signature.parse().unwrap());
    let webhook = Webhook::new(secret).unwrap();
    webhook.verify(&call.body, &headers).is_ok()
}

/// A CRM that gives these replies in turn, the last one to all further calls; and its webhook URL.
async fn crm(replies: &[FakeResponse]) -> (FakeBackend, String) {
    let crm = FakeBackend::start().await;
    crm.respond_with(replies.to_vec());
    let url = format!("{}/crm/events?key=canary-key", crm.origin);
    (crm, url)
}

fn status(status: u16) -> FakeResponse {
    FakeResponse::Status(status, String::new())
}

async fn test_env(url: &str) -> TestEnv {
    let options = TestEnvOptions {
        timeout: Duration::from_secs(15),
        ..TestEnvOptions::default()
    };
    let options = options
        .env("CRM_WEBHOOK_URL", url)
        .env("CRM_WEBHOOK_SECRET_ID", SECRET_ID);
    let env = TestEnv::start(BINARY, options).await;
    env.set_secret(SECRET_ID, Some(SECRET));
    env.mark_confidential("canary-key");
    env
}

/// One message for each name, all with the sample event.
fn messages<const N: usize>(names: [&str; N]) -> [Value; N] {
    let event: Value = serde_json::from_str(SUCCEEDED).unwrap();
    names.map(|name| {
        let mut message = event["Records"][0].clone();
        message["messageId"] = json!(name);
        message
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_posted_as_it_was_published_and_signed() {
    let (crm, url) = crm(&[status(204)]).await;
    let env = test_env(&url).await;
    assert_eq!(env.send_batch(&messages(["a"])).await, [""; 0]);
    let calls = crm.calls();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(is_signed_with(call, SECRET));
    assert!(!is_signed_with(call, NEW_SECRET));
    assert_eq!(call.id, "7Q0M4T9ZK3XH8VW2C5RN6YB1DE:succeeded");
    let message: Value = serde_json::from_str(messages(["a"])[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(call.json(), message["detail"]);
    let line = &env.log()[0];
    assert_eq!(line["event"], "crm_webhook_delivered");
    assert_eq!(line["status"], 204);
    assert_eq!(line["reference"], "7Q0M4-T9ZK3");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_not_accepted_goes_back_to_the_queue_and_is_sent_again_with_the_same_id() {
    let (crm, url) = crm(&[500, 404, 301, 429, 204].map(status)).await;
    let env = test_env(&url).await;
    for _ in 0..4 {
        assert_eq!(env.send_batch(&messages(["a"])).await, ["a"]);
    }
    assert_eq!(env.send_batch(&messages(["a"])).await, [""; 0]);
    let calls = crm.calls();
    assert_eq!(calls.len(), 5);
    let id = &calls[0].id;
    assert!(
        calls
            .iter()
            .all(|call| call.id == *id && is_signed_with(call, SECRET))
    );
    assert_eq!(env.log()[0]["event"], "crm_webhook_not_delivered");
    assert_eq!(env.log()[0]["status"], 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_events_of_a_batch_that_were_not_accepted_are_sent_again() {
    let (crm, url) = crm(&[status(204), status(503), status(204)]).await;
    let env = test_env(&url).await;
    let failed = env.send_batch(&messages(["a", "b", "c"])).await;
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!(crm.calls().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirect_is_followed() {
    let (crm, url) = crm(&[FakeResponse::Redirect("/elsewhere".to_owned())]).await;
    let env = test_env(&url).await;
    assert_eq!(env.send_batch(&messages(["a"])).await, ["a"]);
    assert_eq!(crm.calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_costs_ten_seconds_whatever_the_number_of_events() {
    let (crm, url) = crm(&[FakeResponse::Never]).await;
    let env = test_env(&url).await;
    let started = Instant::now();
    assert_eq!(env.send_batch(&messages(["a", "b", "c"])).await, ["a", "b", "c"]);
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_secs(15),
        "{took:?}"
    );
    assert_eq!(crm.calls().len(), 3);
    assert_eq!(env.log()[0]["status"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_not_there_is_logged_without_the_url() {
    // The port is bound, but nothing listens on it.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let closed = socket.local_addr().unwrap();
    let env = test_env(&format!("http://{closed}/crm?key=canary-key")).await;
    assert_eq!(env.send_batch(&messages(["a"])).await, ["a"]);
    let line = &env.log()[0];
    assert_eq!(line["event"], "crm_webhook_not_delivered");
    let detail = line["detail"].as_str().unwrap();
    assert!(detail.contains("refused") && !detail.contains("crm"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_secret_is_replaced_either_verifies() {
    let (crm, url) = crm(&[status(204)]).await;
    let env = test_env(&url).await;
    env.set_secret(SECRET_ID, Some(&format!("{NEW_SECRET} {SECRET}")));
    assert_eq!(env.send_batch(&messages(["a", "b"])).await, [""; 0]);
    let calls = crm.calls();
    assert!(is_signed_with(&calls[0], SECRET) && is_signed_with(&calls[0], NEW_SECRET));
    assert_eq!(env.send_batch(&messages(["c"])).await, [""; 0]);
    assert_eq!(env.secret_reads(SECRET_ID), 1, "the secret is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_secret_nothing_is_sent_and_nothing_is_lost() {
    let (crm, url) = crm(&[status(204)]).await;
    let env = test_env(&url).await;
    for value in [None, Some("whsec_short"), Some("no base64 !")] {
        env.set_secret(SECRET_ID, value);
        assert_eq!(env.send_batch(&messages(["a", "b"])).await, ["a", "b"]);
        assert_eq!(env.log().pop().unwrap()["event"], "secret_unavailable");
    }
    assert_eq!(crm.calls().len(), 0);
    env.set_secret(SECRET_ID, Some(SECRET));
    assert_eq!(env.send_batch(&messages(["a", "b"])).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_event_is_left_for_the_dead_letters() {
    let (crm, url) = crm(&[status(204)]).await;
    let env = test_env(&url).await;
    let mut batch = messages(["a", "b", "c"]);
    batch[0]["body"] = json!("no JSON");
    batch[1]["body"] = json!(r#"{"detail":{"email":"ada@example.com"}}"#);
    assert_eq!(env.send_batch(&batch).await, ["a", "b"]);
    assert_eq!(crm.calls().len(), 1);
    assert_eq!(env.log()[0], json!({"level": "ERROR", "event": "unreadable"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_stops_the_function_with_the_name_of_the_setting_but_not_its_value() {
    let options = || {
        let options = TestEnvOptions::default().env("CRM_WEBHOOK_SECRET_ID", SECRET_ID);
        options.env("CRM_WEBHOOK_URL", "https://crm.broker.example/")
    };
    for (options, name) in [
        (options().without("CRM_WEBHOOK_URL"), "CRM_WEBHOOK_URL"),
        (
            options().env("CRM_WEBHOOK_URL", "http://crm.broker.example/?key=canary-key"),
            "CRM_WEBHOOK_URL",
        ),
        (
            options().without("CRM_WEBHOOK_SECRET_ID"),
            "CRM_WEBHOOK_SECRET_ID",
        ),
    ] {
        let exit = TestEnv::run_to_exit(BINARY, options).await;
        assert_eq!(exit.code, Some(1));
        let detail = exit.lines()[0]["detail"].as_str().unwrap().to_owned();
        assert!(
            detail.starts_with(name) && !exit.log.contains("canary-key"),
            "{}",
            exit.log
        );
    }
}
