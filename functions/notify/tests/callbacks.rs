//! What the broker's CRM is sent: the real binary, a real receiver, and the verification of Standard Webhooks' own
//! library.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use harness::{Setup, Stage};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::net::TcpListener;

const BINARY: &str = env!("CARGO_BIN_EXE_notify");
const SUCCEEDED: &str = include_str!("../../../events/notify-succeeded.json");
const SECRET_ID: &str = "inapp/callback";
const SECRET: &str = "whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==";
const NEW_SECRET: &str = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhlLXRlc3Rz";

/// How the receiver answers a call.
#[derive(Clone, Copy)]
enum Reply {
    Status(u16),
    Redirect,
    Hang,
}

/// A call that the receiver got.
#[derive(Clone)]
struct Call {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// As a broker verifies it.
    fn is_signed_with(&self, secret: &str) -> bool {
        let webhook = Webhook::new(secret).unwrap();
        webhook.verify(&self.body, &self.headers).is_ok()
    }
}

#[derive(Clone, Default)]
struct Receiver {
    calls: Arc<Mutex<Vec<Call>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Receiver {
    /// Answers so, one reply each, and then 204. Returns its URL too.
    async fn start(replies: &[Reply]) -> (Self, String) {
        let receiver = Self::default();
        receiver.replies.lock().unwrap().extend(replies);
        let app = Router::new().fallback(answer).with_state(receiver.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "http://{}/crm/events?key=canary-key",
            listener.local_addr().unwrap()
        );
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (receiver, url)
    }

    fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

async fn answer(State(receiver): State<Receiver>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    receiver.calls.lock().unwrap().push(Call { uri, headers, body });
    let reply = receiver.replies.lock().unwrap().pop_front();
    match reply.unwrap_or(Reply::Status(204)) {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Redirect => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")]).into_response()
        }
        Reply::Hang => std::future::pending().await,
    }
}

async fn stage(url: &str) -> Stage {
    let setup = Setup {
        timeout: Duration::from_secs(15),
        ..Setup::default()
    };
    let setup = setup
        .env("CALLBACK_URL", url)
        .env("CALLBACK_SECRET_ID", SECRET_ID);
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
    let (receiver, url) = Receiver::start(&[]).await;
    let stage = stage(&url).await;
    assert_eq!(stage.hand_over(&messages(["a"])).await, [""; 0]);
    let calls = receiver.calls();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(call.is_signed_with(SECRET));
    assert!(!call.is_signed_with(NEW_SECRET));
    assert_eq!(call.header("webhook-id"), "7Q0M4T9ZK3XH8VW2C5RN6YB1DE:succeeded");
    assert_eq!(call.header("content-type"), "application/json");
    assert_eq!(call.uri, "/crm/events?key=canary-key");
    let message: Value = serde_json::from_str(messages(["a"])[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(call.json(), message["detail"]);
    let told = &stage.log()[0];
    assert_eq!(told["event"], "called_back");
    assert_eq!(told["status"], 204);
    assert_eq!(told["reference"], "7Q0M4-T9ZK3");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_goes_back_to_the_queue_and_comes_again_with_the_same_id() {
    let replies = [500, 404, 301, 429].map(Reply::Status);
    let (receiver, url) = Receiver::start(&replies).await;
    let stage = stage(&url).await;
    for _ in replies {
        assert_eq!(stage.hand_over(&messages(["a"])).await, ["a"]);
    }
    assert_eq!(stage.hand_over(&messages(["a"])).await, [""; 0]);
    let calls = receiver.calls();
    assert_eq!(calls.len(), 5);
    let id = calls[0].header("webhook-id");
    assert!(
        calls
            .iter()
            .all(|call| call.header("webhook-id") == id && call.is_signed_with(SECRET))
    );
    assert_eq!(stage.log()[0]["event"], "not_called_back");
    assert_eq!(stage.log()[0]["status"], 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_only_what_was_not_taken_comes_again() {
    let (receiver, url) = Receiver::start(&[Reply::Status(204), Reply::Status(503)]).await;
    let stage = stage(&url).await;
    let again = stage.hand_over(&messages(["a", "b", "c"])).await;
    assert_eq!(again.len(), 1, "{again:?}");
    assert_eq!(receiver.calls().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirect_is_followed() {
    let (receiver, url) = Receiver::start(&[Reply::Redirect]).await;
    let stage = stage(&url).await;
    assert_eq!(stage.hand_over(&messages(["a"])).await, ["a"]);
    assert_eq!(receiver.calls().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_costs_ten_seconds_whatever_the_number_of_events() {
    let (receiver, url) = Receiver::start(&[Reply::Hang; 3]).await;
    let stage = stage(&url).await;
    let started = Instant::now();
    assert_eq!(stage.hand_over(&messages(["a", "b", "c"])).await, ["a", "b", "c"]);
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_secs(13),
        "{took:?}"
    );
    assert_eq!(receiver.calls().len(), 3);
    assert_eq!(stage.log()[0]["status"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_not_there_is_told_without_the_url() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let stage = stage(&format!("http://{closed}/crm?key=canary-key")).await;
    assert_eq!(stage.hand_over(&messages(["a"])).await, ["a"]);
    let told = &stage.log()[0];
    assert_eq!(told["event"], "not_called_back");
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains("refused") && !detail.contains("crm"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_secret_is_replaced_either_verifies() {
    let (receiver, url) = Receiver::start(&[]).await;
    let stage = stage(&url).await;
    stage.set_secret(SECRET_ID, Some(&format!("{NEW_SECRET} {SECRET}")));
    assert_eq!(stage.hand_over(&messages(["a", "b"])).await, [""; 0]);
    let calls = receiver.calls();
    assert!(calls[0].is_signed_with(SECRET) && calls[0].is_signed_with(NEW_SECRET));
    assert_eq!(stage.hand_over(&messages(["c"])).await, [""; 0]);
    assert_eq!(stage.secret_reads(SECRET_ID), 1, "it is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_secret_nothing_is_sent_and_nothing_is_lost() {
    let (receiver, url) = Receiver::start(&[]).await;
    let stage = stage(&url).await;
    for value in [None, Some("whsec_short"), Some("no base64 !")] {
        stage.set_secret(SECRET_ID, value);
        assert_eq!(stage.hand_over(&messages(["a", "b"])).await, ["a", "b"]);
        assert_eq!(stage.log().pop().unwrap()["event"], "secret_unavailable");
    }
    assert_eq!(receiver.calls().len(), 0);
    stage.set_secret(SECRET_ID, Some(SECRET));
    assert_eq!(stage.hand_over(&messages(["a", "b"])).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_event_is_left_for_the_dead_letters() {
    let (receiver, url) = Receiver::start(&[]).await;
    let stage = stage(&url).await;
    let mut batch = messages(["a", "b", "c"]);
    batch[0]["body"] = json!("no JSON");
    batch[1]["body"] = json!(r#"{"detail":{"email":"ada@example.com"}}"#);
    assert_eq!(stage.hand_over(&batch).await, ["a", "b"]);
    assert_eq!(receiver.calls().len(), 1);
    assert_eq!(stage.log()[0], json!({"level": "ERROR", "event": "unreadable"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_stops_it_with_its_name_and_not_its_value() {
    let setup = || {
        let setup = Setup::default().env("CALLBACK_SECRET_ID", SECRET_ID);
        setup.env("CALLBACK_URL", "https://crm.broker.example/")
    };
    for (setup, name) in [
        (setup().without("CALLBACK_URL"), "CALLBACK_URL"),
        (
            setup().env("CALLBACK_URL", "http://crm.broker.example/?key=canary-key"),
            "CALLBACK_URL",
        ),
        (setup().without("CALLBACK_SECRET_ID"), "CALLBACK_SECRET_ID"),
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
