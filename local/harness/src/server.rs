//! What the fake services share: an HTTP server on a free port of 127.0.0.1, and the responses of AWS's JSON 1.1
//! protocol.

use std::net::SocketAddr;

use axum::Router;
use axum::handler::Handler;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running HTTP server; stops when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `app` on a free port.
    pub(crate) async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_on(listener, app)
    }

    /// Serves an AWS service, whose calls all are a `POST` to `/`, on a free port.
    pub(crate) async fn start_aws<T: 'static, S: Clone + Send + Sync + 'static>(
        handler: impl Handler<T, S>,
        state: S,
    ) -> Self {
        Self::start(Router::new().route("/", post(handler)).with_state(state)).await
    }

    /// Serves `app` on a socket that already listens.
    pub(crate) fn start_on(listener: TcpListener, app: Router) -> Self {
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self { address, task }
    }

    /// `http://127.0.0.1:port`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The text of a request's header; empty if it is absent.
pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// A response of an AWS service.
pub(crate) fn aws_response(status: StatusCode, content: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    (status, headers, content.to_string()).into_response()
}

/// An error response of an AWS service: `kind` is the name of the exception.
pub(crate) fn aws_error(status: StatusCode, kind: &str) -> Response {
    aws_response(status, &json!({ "__type": kind }))
}
