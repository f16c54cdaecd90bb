//! AWS Secrets Manager as far as the functions use it: `GetSecretValue` in the JSON 1.1 protocol.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::lock;
use crate::server::{Server, aws_response, header_text};

/// The service on a port of 127.0.0.1; stops when dropped.
pub(crate) struct FakeSecretsManager {
    /// `AWS_ENDPOINT_URL_SECRETS_MANAGER`
    pub(crate) url: String,
    state: Arc<Mutex<SecretsState>>,
    _server: Server,
}

#[derive(Default)]
struct SecretsState {
    secrets: HashMap<String, Secret>,
    /// How many calls asked for each secret, by the id in the call.
    reads: HashMap<String, usize>,
    delay: Duration,
    unavailable: bool,
}

#[derive(Clone)]
struct Secret {
    value: String,
    version: u64,
}

impl FakeSecretsManager {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(Mutex::new(SecretsState::default()));
        let server = Server::start_aws(handle, Arc::clone(&state)).await;
        Self {
            url: server.url(),
            state,
            _server: server,
        }
    }

    /// Creates or changes a secret, or removes it if `value` is `None`.
    pub(crate) fn set(&self, name: &str, value: Option<&str>) {
        let mut state = lock(&self.state);
        let Some(value) = value else {
            state.secrets.remove(name);
            return;
        };
        let version = state.secrets.get(name).map_or(1, |previous| previous.version + 1);
        let value = value.to_owned();
        state.secrets.insert(name.to_owned(), Secret { value, version });
    }

    /// The value of a secret, if there is one.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let state = lock(&self.state);
        state.secrets.get(name).map(|secret| secret.value.clone())
    }

    /// Delays all responses from now on.
    pub(crate) fn set_delay(&self, delay: Duration) {
        lock(&self.state).delay = delay;
    }

    /// While not available, responds with 500.
    pub(crate) fn set_available(&self, available: bool) {
        lock(&self.state).unavailable = !available;
    }

    /// How many calls asked for the secret, failed ones included.
    pub(crate) fn reads(&self, name: &str) -> usize {
        lock(&self.state).reads.get(name).copied().unwrap_or(0)
    }
}

async fn handle(State(state): State<Arc<Mutex<SecretsState>>>, headers: HeaderMap, body: Bytes) -> Response {
    let id = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|call| call["SecretId"].as_str().map(str::to_owned))
        .unwrap_or_default();
    let (delay, unavailable, secret) = {
        let mut state = lock(&state);
        *state.reads.entry(id.clone()).or_default() += 1;
        (state.delay, state.unavailable, state.secrets.get(&id).cloned())
    };
    tokio::time::sleep(delay).await;

    if unavailable {
        let message = "An error occurred on the server side.";
        return error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceError", message);
    }
    if !headers.contains_key(header::AUTHORIZATION) {
        let message = "Missing Authentication Token";
        return bad_request("MissingAuthenticationTokenException", message);
    }
    if header_text(&headers, "x-amz-target") != "secretsmanager.GetSecretValue" {
        return bad_request("UnknownOperationException", "");
    }
    let Some(secret) = secret else {
        let message = "Secrets Manager can't find the specified secret.";
        return bad_request("ResourceNotFoundException", message);
    };
    let content = json!({
        "ARN": format!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:{id}-AbCdEf"),
        "CreatedDate": Timestamp::now().as_second(),
        "Name": id,
        "SecretString": secret.value,
        "VersionId": format!("00000000-0000-4000-8000-{:012}", secret.version),
        "VersionStages": ["AWSCURRENT"],
    });
    aws_response(StatusCode::OK, &content)
}

fn bad_request(kind: &str, message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, kind, message)
}

fn error(status: StatusCode, kind: &str, message: &str) -> Response {
    aws_response(status, &json!({"__type": kind, "Message": message}))
}
