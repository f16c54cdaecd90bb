//! `POST /inapp/events`: the CRM webhook, with the events of docs/EVENTS.md.

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use crate::AppState;

/// Accepts signed events. A real CRM would store each `webhook-id` once.
pub(crate) async fn receive(State(app): State<Arc<AppState>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let verification = app.options.crm_webhook_secret.verify(
        header(webhooks::ID),
        header(webhooks::TIMESTAMP),
        header(webhooks::SIGNATURE),
        &body,
        SystemTime::now(),
    );
    match verification {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}
