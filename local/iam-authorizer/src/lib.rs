//! API Gateway's IAM authorisation (`AuthorizationType: AWS_IAM`) on this machine.
//!
//! [`serve`] stands in front of a function. It verifies the AWS signature (SigV4) of each request, makes the event of
//! an HTTP API with the caller in `requestContext.authorizer.iam`, and answers with what the function returns. A
//! request without a good signature gets the answer of API Gateway: 403 `{"message":"Forbidden"}`. What the caller may
//! call is not checked: there are no IAM policies on this machine.

mod event;
mod signature;

use std::{collections::HashMap, future::Future, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::StatusCode;
use local_guard::guarded;
use serde_json::Value;
use tokio::net::TcpListener;

pub use signature::{Caller, Refused};

/// API Gateway's limit of a body.
const MAX_BODY: usize = 10 * 1024 * 1024;

/// Runs the function behind the routes.
pub trait Invoke: Send + Sync + 'static {
    /// Invokes the function with an event, and returns its response.
    ///
    /// # Errors
    /// What went wrong, for people.
    fn invoke(&self, event: Value) -> impl Future<Output = Result<Value, String>> + Send;
}

impl<T: Invoke> Invoke for Arc<T> {
    fn invoke(&self, event: Value) -> impl Future<Output = Result<Value, String>> + Send {
        T::invoke(self, event)
    }
}

/// The callers that there are, by the id of their access key.
pub type Callers = HashMap<String, Caller>;

struct Front<I> {
    region: String,
    callers: Callers,
    function: I,
}

/// Serves requests, signed for this region, until the task ends.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    region: &str,
    callers: Callers,
    function: impl Invoke,
) -> std::io::Result<()> {
    let front = Arc::new(Front {
        region: region.to_owned(),
        callers,
        function,
    });
    let routes = Router::new().fallback(respond).with_state(front);
    axum::serve(listener, guarded(routes, local_guard::Callers::Itself)).await
}

async fn respond<I: Invoke>(State(front): State<Arc<Front<I>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    };
    let caller = signature::verify(
        &parts,
        &body,
        &front.callers,
        &front.region,
        jiff::Timestamp::now(),
    );
    let Ok((key_id, caller)) = caller else {
        return message(StatusCode::FORBIDDEN, "Forbidden");
    };
    let event = event::event(&parts, &body, key_id, caller);
    match front.function.invoke(event).await {
        Ok(answer) => event::response(&answer)
            .unwrap_or_else(|| message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")),
        Err(_) => message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

/// An answer of API Gateway itself.
fn message(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(serde_json::json!({ "message": text }).to_string()));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}
