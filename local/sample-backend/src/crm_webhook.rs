//! `POST /inapp/events`: each request of a trader and what became of it, as docs/EVENTS.md describes.

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use crate::World;

/// Takes what is signed. A CRM would keep it, once by `webhook-id`.
pub(crate) async fn take(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let verified = world.options.crm_webhook_secret.verify(
        header(webhooks::ID),
        header(webhooks::TIMESTAMP),
        header(webhooks::SIGNATURE),
        &body,
        SystemTime::now(),
    );
    match verified {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}
