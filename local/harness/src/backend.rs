//! The broker's own backend, told what to answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::locked;

/// A backend on a port of 127.0.0.1; stops when dropped.
pub struct Backend {
    /// `http://127.0.0.1:port`
    pub origin: String,
    script: Arc<Mutex<Script>>,
    server: JoinHandle<()>,
}

/// What the backend does with a call.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers with this status and body.
    Answer(u16, String),
    /// The same, this much later.
    Later(Duration, u16, String),
    /// Never answers.
    Hang,
    /// Redirects there.
    Redirect(String),
    /// Takes the call, and breaks the connection.
    Break,
}

/// A call that the backend took.
#[derive(Clone, Debug)]
pub struct Call {
    /// `webhook-id`
    pub id: String,
    /// `idempotency-key`
    pub idempotency_key: String,
    /// `webhook-timestamp`
    pub timestamp: String,
    /// `webhook-signature`
    pub signature: String,
    /// The body, to the byte.
    pub body: Vec<u8>,
    /// Names of all headers.
    pub headers: Vec<String>,
}

#[derive(Default)]
struct Script {
    calls: Vec<Call>,
    /// For the next calls, one each; then the last one for all.
    replies: VecDeque<Reply>,
    /// If there is one, calls that are not signed with it are answered 401.
    secret: Option<webhooks::Secret>,
}

impl Backend {
    /// Starts one that answers success to all.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_on(listener)
    }

    /// The same, at an address that is there already.
    pub fn start_on(listener: TcpListener) -> Self {
        let script = Arc::new(Mutex::new(Script::default()));
        let app = Router::new().fallback(answer).with_state(Arc::clone(&script));
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self {
            origin,
            script,
            server,
        }
    }

    /// Answers with 200 and this JSON from now on.
    pub fn answers(&self, json: &Value) {
        self.does([Reply::Answer(200, json.to_string())]);
    }

    /// Does this with the next calls, one after the other, and the last of it with all further calls.
    pub fn does(&self, replies: impl IntoIterator<Item = Reply>) {
        locked(&self.script).replies = replies.into_iter().collect();
    }

    /// Answers 401 to what is not signed with this secret, from now on.
    pub fn demands(&self, secret: &str) {
        locked(&self.script).secret = Some(secret.parse().unwrap());
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        locked(&self.script).calls.clone()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Call {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether it is signed with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let secret: webhooks::Secret = secret.parse().unwrap();
        self.is_of(&secret)
    }

    fn is_of(&self, secret: &webhooks::Secret) -> bool {
        let now = SystemTime::now();
        secret
            .verify(&self.id, &self.timestamp, &self.signature, &self.body, now)
            .is_ok()
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, headers: HeaderMap, body: Bytes) -> Response {
    let reply = {
        let mut script = locked(&script);
        let call = call(&headers, &body);
        let refused = script.secret.as_ref().is_some_and(|secret| !call.is_of(secret));
        script.calls.push(call);
        if refused {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        match script.replies.len() {
            0 => Reply::Answer(200, r#"{"result":"success"}"#.to_owned()),
            1 => script.replies[0].clone(),
            _ => script.replies.pop_front().unwrap(),
        }
    };
    let json = |status: u16, body: String| {
        let status = StatusCode::from_u16(status).unwrap();
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    match reply {
        Reply::Answer(status, body) => json(status, body),
        Reply::Later(delay, status, body) => {
            tokio::time::sleep(delay).await;
            json(status, body)
        }
        Reply::Hang => std::future::pending().await,
        Reply::Redirect(to) => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response(),
        // A body shorter than it says to be: the connection breaks off.
        Reply::Break => (
            [(header::CONTENT_LENGTH, "100")],
            axum::body::Body::from_stream(futures_util::stream::once(async {
                Err::<Bytes, _>(std::io::Error::other("broken off"))
            })),
        )
            .into_response(),
    }
}

fn call(headers: &HeaderMap, body: &Bytes) -> Call {
    let text = |name: &'static str| {
        let value = headers.get(HeaderName::from_static(name));
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    Call {
        id: text(webhooks::ID),
        idempotency_key: text("idempotency-key"),
        timestamp: text(webhooks::TIMESTAMP),
        signature: text(webhooks::SIGNATURE),
        body: body.to_vec(),
        headers: headers.keys().map(ToString::to_string).collect(),
    }
}
