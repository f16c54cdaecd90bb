//! The broker's own backend, with responses that the test chooses.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::lock;
use crate::server::{Server, header_text};

/// A backend on a port of 127.0.0.1; stops when dropped. As many firewalls do, it answers 403 to a call without a
/// `User-Agent`.
pub struct FakeBackend {
    /// `http://127.0.0.1:port`
    pub origin: String,
    state: Arc<Mutex<BackendState>>,
    _server: Server,
}

/// How the backend responds to a call.
#[derive(Clone, Debug)]
pub enum FakeResponse {
    /// With this status and JSON body.
    Status(u16, String),
    /// The same after a delay.
    DelayedStatus(Duration, u16, String),
    /// Not at all; the connection stays open.
    Never,
    /// With a redirect to this URL.
    Redirect(String),
    /// With a connection that breaks before the end of the response.
    Disconnect,
}

/// A call that the backend received.
#[derive(Clone, Debug)]
pub struct ReceivedCall {
    /// `webhook-id`
    pub id: String,
    /// `idempotency-key`
    pub idempotency_key: String,
    /// `webhook-timestamp`
    pub timestamp: String,
    /// `webhook-signature`
    pub signature: String,
    /// The raw body.
    pub body: Vec<u8>,
    /// Names of all headers.
    pub headers: Vec<String>,
}

#[derive(Default)]
struct BackendState {
    calls: Vec<ReceivedCall>,
    /// One for each of the next calls; the last one for all further calls.
    responses: VecDeque<FakeResponse>,
    /// If set, calls that are not signed with this secret get status 401.
    secret: Option<webhooks::Secret>,
}

impl FakeBackend {
    /// Starts a backend that responds to all calls with success.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_on(listener)
    }

    /// The same on a socket that already listens.
    pub fn start_on(listener: TcpListener) -> Self {
        let state = Arc::new(Mutex::new(BackendState::default()));
        let app = Router::new().fallback(handle).with_state(Arc::clone(&state));
        let server = Server::start_on(listener, app);
        Self {
            origin: server.url(),
            state,
            _server: server,
        }
    }

    /// Responds to all calls from now on with status 200 and this JSON.
    pub fn respond_with_json(&self, json: &Value) {
        self.respond_with([FakeResponse::Status(200, json.to_string())]);
    }

    /// Uses each response for one of the next calls, and the last one for all further calls.
    pub fn respond_with(&self, responses: impl IntoIterator<Item = FakeResponse>) {
        lock(&self.state).responses = responses.into_iter().collect();
    }

    /// From now on responds with 401 to calls that are not signed with this secret.
    pub fn require_secret(&self, secret: &str) {
        lock(&self.state).secret = Some(secret.parse().unwrap());
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<ReceivedCall> {
        lock(&self.state).calls.clone()
    }
}

impl ReceivedCall {
    fn new(headers: &HeaderMap, body: &Bytes) -> Self {
        Self {
            id: header_text(headers, webhooks::ID),
            idempotency_key: header_text(headers, "idempotency-key"),
            timestamp: header_text(headers, webhooks::TIMESTAMP),
            signature: header_text(headers, webhooks::SIGNATURE),
            body: body.to_vec(),
            headers: headers.keys().map(ToString::to_string).collect(),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether the call is signed with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        self.is_signed_with_secret(&secret.parse().unwrap())
    }

    fn is_signed_with_secret(&self, secret: &webhooks::Secret) -> bool {
        let now = SystemTime::now();
        secret
            .verify(&self.id, &self.timestamp, &self.signature, &self.body, now)
            .is_ok()
    }
}

impl BackendState {
    /// Keeps the call, and returns the response that is due.
    fn receive(&mut self, call: ReceivedCall) -> FakeResponse {
        let secret = self.secret.as_ref();
        let is_trusted = secret.is_none_or(|secret| call.is_signed_with_secret(secret));
        self.calls.push(call);
        if !is_trusted {
            return FakeResponse::Status(401, String::new());
        }
        match self.responses.len() {
            0 => FakeResponse::Status(200, r#"{"result":"success"}"#.to_owned()),
            1 => self.responses[0].clone(),
            _ => self.responses.pop_front().unwrap(),
        }
    }
}

async fn handle(State(state): State<Arc<Mutex<BackendState>>>, headers: HeaderMap, body: Bytes) -> Response {
    if header_text(&headers, header::USER_AGENT.as_str()).is_empty() {
        return StatusCode::FORBIDDEN.into_response();
    }
    let response = lock(&state).receive(ReceivedCall::new(&headers, &body));
    match response {
        FakeResponse::Status(status, body) => json_response(status, body),
        FakeResponse::DelayedStatus(delay, status, body) => {
            tokio::time::sleep(delay).await;
            json_response(status, body)
        }
        FakeResponse::Never => std::future::pending().await,
        FakeResponse::Redirect(to) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
        }
        FakeResponse::Disconnect => ([(header::CONTENT_LENGTH, "100")], broken_body()).into_response(),
    }
}

fn json_response(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A body that fails before its first byte.
fn broken_body() -> Body {
    let failure = async { Err::<Bytes, _>(std::io::Error::other("the connection breaks")) };
    Body::from_stream(futures_util::stream::once(failure))
}
