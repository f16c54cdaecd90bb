//! Amazon EventBridge, as far as a function uses it: `PutEvents` in the JSON 1.1 protocol.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::locked;

/// `EVENT_BUS`
pub(crate) const BUS: &str = "inapp";

/// How many entries a call may have.
const MOST_ENTRIES: usize = 10;

/// How many bytes the entries of a call may have in all.
const MOST_BYTES: usize = 256 * 1024;

/// The service on a port of 127.0.0.1; stops when dropped.
pub(crate) struct Bus {
    /// `AWS_ENDPOINT_URL_EVENTBRIDGE`
    pub(crate) url: String,
    state: Arc<Mutex<Calls>>,
    server: JoinHandle<()>,
}

/// How the event bus answers a call, if not well.
#[derive(Clone, Debug)]
pub enum BusFault {
    /// It takes all entries but those at these places, counted from 0, for which it answers `ThrottlingException`.
    Entries(Vec<usize>),
    /// It takes none and answers this status, 500 for example.
    Status(u16),
}

#[derive(Default)]
struct Calls {
    /// What was put on the bus, in its order.
    taken: Vec<Value>,
    count: usize,
    faults: VecDeque<BusFault>,
}

impl Bus {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(Mutex::new(Calls::default()));
        let app = Router::new()
            .route("/", post(answer))
            .with_state(Arc::clone(&state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self { url, state, server }
    }

    /// The entries that were put on the bus, with `Detail` as JSON in place of its text.
    pub(crate) fn taken(&self) -> Vec<Value> {
        locked(&self.state).taken.clone()
    }

    /// How often it was called, with or without success.
    pub(crate) fn calls(&self) -> usize {
        locked(&self.state).count
    }

    /// Answers the next calls so, one each.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = BusFault>) {
        locked(&self.state).faults.extend(faults);
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(state): State<Arc<Mutex<Calls>>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut calls = locked(&state);
    calls.count += 1;
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    if !header(header::AUTHORIZATION.as_str()).contains("/events/aws4_request") {
        return reply(
            StatusCode::BAD_REQUEST,
            &json!({"__type": "MissingAuthenticationTokenException"}),
        );
    }
    if header("x-amz-target") != "AWSEvents.PutEvents" {
        return reply(
            StatusCode::BAD_REQUEST,
            &json!({"__type": "UnknownOperationException"}),
        );
    }
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return reply(
            StatusCode::BAD_REQUEST,
            &json!({"__type": "SerializationException"}),
        );
    };
    let entries = request["Entries"].as_array().cloned().unwrap_or_default();
    let size: usize = entries.iter().map(size).sum();
    if entries.is_empty() || entries.len() > MOST_ENTRIES || size > MOST_BYTES {
        return reply(StatusCode::BAD_REQUEST, &json!({"__type": "ValidationException"}));
    }
    let failing = match calls.faults.pop_front() {
        None => Vec::new(),
        Some(BusFault::Entries(places)) => places,
        Some(BusFault::Status(status)) => {
            let status = StatusCode::from_u16(status).unwrap();
            return reply(status, &json!({"__type": "InternalException"}));
        }
    };
    let mut answers = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        answers.push(if failing.contains(&place) {
            json!({"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"})
        } else {
            match event(entry) {
                Some(event) => {
                    calls.taken.push(event);
                    json!({"EventId": format!("00000000-0000-4000-8000-{:012}", calls.taken.len())})
                }
                None => json!({"ErrorCode": "InvalidArgument", "ErrorMessage": "Not an event of this bus"}),
            }
        });
    }
    let failed = answers
        .iter()
        .filter(|answer| answer["EventId"].is_null())
        .count();
    reply(
        StatusCode::OK,
        &json!({"FailedEntryCount": failed, "Entries": answers}),
    )
}

/// As EventBridge counts it.
fn size(entry: &Value) -> usize {
    let length = |name: &str| entry[name].as_str().map_or(0, str::len);
    length("Source") + length("DetailType") + length("Detail") + if entry["Time"].is_null() { 0 } else { 14 }
}

fn event(entry: &Value) -> Option<Value> {
    let named = |name: &str| entry[name].as_str().is_some_and(|text| !text.is_empty());
    let detail: Value = serde_json::from_str(entry["Detail"].as_str()?).ok()?;
    let good = named("Source") && named("DetailType") && detail.is_object() && entry["EventBusName"] == BUS;
    let mut event = entry.clone();
    event["Detail"] = detail;
    good.then_some(event)
}

fn reply(status: StatusCode, content: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    (status, headers, content.to_string()).into_response()
}
