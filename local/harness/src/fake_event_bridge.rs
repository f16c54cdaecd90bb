//! Amazon EventBridge as far as the functions use it: `PutEvents` in the JSON 1.1 protocol.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::lock;
use crate::server::{Server, aws_error, aws_response, header_text};

/// `EVENT_BUS`
pub(crate) const EVENT_BUS: &str = "inapp";

/// How many entries a call may have.
const MAX_ENTRIES: usize = 10;

/// How many bytes the entries of a call may have together.
const MAX_BYTES: usize = 256 * 1024;

/// The service on a port of 127.0.0.1; stops when dropped.
pub(crate) struct FakeEventBridge {
    /// `AWS_ENDPOINT_URL_EVENTBRIDGE`
    pub(crate) url: String,
    state: Arc<Mutex<BusState>>,
    _server: Server,
}

/// How EventBridge fails one call.
#[derive(Clone, Debug)]
pub enum EventBridgeFault {
    /// The call succeeds, but the entries at these indexes get a `ThrottlingException`.
    Entries(Vec<usize>),
    /// The call fails with this status, for example 500.
    Status(u16),
}

#[derive(Default)]
struct BusState {
    /// The accepted entries, in order.
    published: Vec<Value>,
    calls: usize,
    faults: VecDeque<EventBridgeFault>,
}

impl FakeEventBridge {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(Mutex::new(BusState::default()));
        let server = Server::start_aws(handle, Arc::clone(&state)).await;
        Self {
            url: server.url(),
            state,
            _server: server,
        }
    }

    /// The accepted entries, with `Detail` parsed as JSON.
    pub(crate) fn published(&self) -> Vec<Value> {
        lock(&self.state).published.clone()
    }

    /// How many calls there were, failed ones included.
    pub(crate) fn calls(&self) -> usize {
        lock(&self.state).calls
    }

    /// Fails the next calls, one fault each.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = EventBridgeFault>) {
        lock(&self.state).faults.extend(faults);
    }
}

async fn handle(State(state): State<Arc<Mutex<BusState>>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut state = lock(&state);
    state.calls += 1;
    let entries = match entries(&headers, &body) {
        Ok(entries) => entries,
        Err(kind) => return aws_error(StatusCode::BAD_REQUEST, kind),
    };
    let throttled = match state.faults.pop_front() {
        None => Vec::new(),
        Some(EventBridgeFault::Entries(indexes)) => indexes,
        Some(EventBridgeFault::Status(status)) => {
            return aws_error(StatusCode::from_u16(status).unwrap(), "InternalException");
        }
    };
    let results: Vec<Value> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| state.put(entry, throttled.contains(&index)))
        .collect();
    let failed = results
        .iter()
        .filter(|result| result["EventId"].is_null())
        .count();
    aws_response(
        StatusCode::OK,
        &json!({"FailedEntryCount": failed, "Entries": results}),
    )
}

/// The entries of a valid `PutEvents` call, or the name of the exception.
fn entries(headers: &HeaderMap, body: &Bytes) -> Result<Vec<Value>, &'static str> {
    let authorization = header_text(headers, header::AUTHORIZATION.as_str());
    if !authorization.contains("/events/aws4_request") {
        return Err("MissingAuthenticationTokenException");
    }
    if header_text(headers, "x-amz-target") != "AWSEvents.PutEvents" {
        return Err("UnknownOperationException");
    }
    let call: Value = serde_json::from_slice(body).map_err(|_| "SerializationException")?;
    let entries = call["Entries"].as_array().cloned().unwrap_or_default();
    let size: usize = entries.iter().map(size).sum();
    if entries.is_empty() || entries.len() > MAX_ENTRIES || size > MAX_BYTES {
        return Err("ValidationException");
    }
    Ok(entries)
}

/// The size of an entry in bytes, as EventBridge counts it.
fn size(entry: &Value) -> usize {
    let length = |name: &str| entry[name].as_str().map_or(0, str::len);
    length("Source") + length("DetailType") + length("Detail") + if entry["Time"].is_null() { 0 } else { 14 }
}

impl BusState {
    /// Puts one entry on the bus, and returns its part of the response.
    fn put(&mut self, entry: &Value, throttled: bool) -> Value {
        if throttled {
            return json!({"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"});
        }
        let Some(event) = event(entry) else {
            return json!({"ErrorCode": "InvalidArgument", "ErrorMessage": "Not an event of this bus"});
        };
        self.published.push(event);
        json!({"EventId": format!("00000000-0000-4000-8000-{:012}", self.published.len())})
    }
}

/// The entry with its `Detail` parsed; `None` if it is invalid.
fn event(entry: &Value) -> Option<Value> {
    let is_named = |name: &str| entry[name].as_str().is_some_and(|text| !text.is_empty());
    let detail: Value = serde_json::from_str(entry["Detail"].as_str()?).ok()?;
    let is_valid = is_named("Source")
        && is_named("DetailType")
        && detail.is_object()
        && entry["EventBusName"] == EVENT_BUS;
    let mut event = entry.clone();
    event["Detail"] = detail;
    is_valid.then_some(event)
}
