//! AWS Secrets Manager, as far as a function uses it: `GetSecretValue` in the JSON 1.1 protocol.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::locked;

/// The service on a port of 127.0.0.1; stops when dropped.
pub(crate) struct Secrets {
    /// `AWS_ENDPOINT_URL_SECRETS_MANAGER`
    pub(crate) url: String,
    store: Arc<Mutex<Store>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Store {
    secrets: HashMap<String, Secret>,
    /// How often each was asked for, by the id in the call.
    reads: HashMap<String, usize>,
    delay: Duration,
    unavailable: bool,
}

#[derive(Clone)]
struct Secret {
    value: String,
    version: u64,
}

impl Secrets {
    pub(crate) async fn start() -> Self {
        let store = Arc::new(Mutex::new(Store::default()));
        let app = Router::new()
            .route("/", post(answer))
            .with_state(Arc::clone(&store));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self { url, store, server }
    }

    /// Makes, changes or removes a secret.
    pub(crate) fn set(&self, name: &str, value: Option<&str>) {
        let mut store = locked(&self.store);
        match value {
            None => {
                store.secrets.remove(name);
            }
            Some(value) => {
                let version = store.secrets.get(name).map_or(1, |before| before.version + 1);
                let value = value.to_owned();
                store.secrets.insert(name.to_owned(), Secret { value, version });
            }
        }
    }

    /// The value of a secret, if there is one.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let store = locked(&self.store);
        store.secrets.get(name).map(|secret| secret.value.clone())
    }

    /// Answers later by `delay`, from now on.
    pub(crate) fn set_delay(&self, delay: Duration) {
        locked(&self.store).delay = delay;
    }

    /// Answers 500 while not available.
    pub(crate) fn set_available(&self, available: bool) {
        locked(&self.store).unavailable = !available;
    }

    /// How often the secret was asked for, with or without success.
    pub(crate) fn reads(&self, name: &str) -> usize {
        locked(&self.store).reads.get(name).copied().unwrap_or(0)
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(store): State<Arc<Mutex<Store>>>, headers: HeaderMap, body: Bytes) -> Response {
    let id = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|body| body["SecretId"].as_str().map(str::to_owned))
        .unwrap_or_default();
    let (delay, unavailable, secret) = {
        let mut store = locked(&store);
        *store.reads.entry(id.clone()).or_default() += 1;
        (store.delay, store.unavailable, store.secrets.get(&id).cloned())
    };
    tokio::time::sleep(delay).await;

    if unavailable {
        let message = "An error occurred on the server side.";
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceError", message);
    }
    if !headers.contains_key(header::AUTHORIZATION) {
        let message = "Missing Authentication Token";
        return refuse(
            StatusCode::BAD_REQUEST,
            "MissingAuthenticationTokenException",
            message,
        );
    }
    let target = headers
        .get("x-amz-target")
        .map_or(&b""[..], |target| target.as_bytes());
    if target != b"secretsmanager.GetSecretValue" {
        return refuse(StatusCode::BAD_REQUEST, "UnknownOperationException", "");
    }
    let Some(secret) = secret else {
        let message = "Secrets Manager can't find the specified secret.";
        return refuse(StatusCode::BAD_REQUEST, "ResourceNotFoundException", message);
    };
    let content = json!({
        "ARN": format!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:{id}-AbCdEf"),
        "CreatedDate": Timestamp::now().as_second(),
        "Name": id,
        "SecretString": secret.value,
        "VersionId": format!("00000000-0000-4000-8000-{:012}", secret.version),
        "VersionStages": ["AWSCURRENT"],
    });
    reply(StatusCode::OK, &content)
}

fn refuse(status: StatusCode, kind: &str, message: &str) -> Response {
    reply(status, &json!({"__type": kind, "Message": message}))
}

fn reply(status: StatusCode, content: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    (status, headers, content.to_string()).into_response()
}
