//! Sends a submission and reads the answer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use outbound::{Connections, MIN_TIME, NoTls, Tls, cause, read};
use reqwest::{
    Method, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue},
};
use tokio::time::{Instant, timeout_at};
use webhooks::Secret;

use crate::{BackendAnswer, Submission};

/// Maximum size of an answer, in bytes.
const MAX_ANSWER: usize = 16 * 1024;

/// A client for brokers' backends. Make one per process.
pub struct Client {
    connections: Connections,
}

/// The outcome of one call, and its status and duration for the log.
#[derive(Debug)]
pub struct Call {
    /// The answer, or why there is none.
    pub outcome: Result<BackendAnswer, CallError>,
    /// HTTP status of the response, if one arrived.
    pub status: Option<u16>,
    /// How long the call took.
    pub took: Duration,
}

/// Why a call has no answer. Never contains the URL or a part of the body.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The request was certainly not delivered (DNS, connect, TLS, or too little time left). Nothing was carried
    /// out.
    #[error("not reached: {0}")]
    NotSent(String),
    /// 401: the backend does not accept the signature, and did not process the request.
    #[error("answered 401: it does not accept the signature")]
    Unauthorized,
    /// The request was sent, but no complete response arrived. The request may have been carried out.
    #[error("no answer: {0}")]
    Lost(String),
    /// 5xx: the backend failed. The request may have been carried out.
    #[error("answered {0}")]
    Failed(u16),
    /// The response breaks the contract. The request may have been carried out.
    #[error("broke the contract: {0}")]
    Contract(String),
}

impl Client {
    /// Prepares the client without connecting. `tls` is the result of [`outbound::tls()`].
    ///
    /// # Errors
    /// [`NoTls`] if the TLS client cannot be set up.
    pub fn new(tls: Tls) -> Result<Self, NoTls> {
        Ok(Self {
            connections: Connections::new(tls)?,
        })
    }

    /// Sends a submission to the backend at `url`, once. Follows no redirect and retries nothing.
    pub async fn submit(
        &self,
        url: &str,
        submission: &Submission<'_>,
        secret: &Secret,
        deadline: Instant,
    ) -> Call {
        let started = Instant::now();
        let mut status = None;
        let outcome = if deadline < started + MIN_TIME {
            Err(CallError::NotSent("too little time was left".into()))
        } else {
            let exchange = self.exchange(url, submission, secret, &mut status);
            let lost = |_| Err(CallError::Lost("the deadline passed".into()));
            timeout_at(deadline, exchange).await.unwrap_or_else(lost)
        };
        Call {
            outcome,
            status,
            took: started.elapsed(),
        }
    }

    async fn exchange(
        &self,
        url: &str,
        submission: &Submission<'_>,
        secret: &Secret,
        status: &mut Option<u16>,
    ) -> Result<BackendAnswer, CallError> {
        let request = request(url, submission, secret)?;
        let client = self
            .connections
            .client()
            .map_err(|error| CallError::NotSent(error.to_string()))?;
        let sent = client.execute(request).await;
        self.connections.used();
        let mut response = sent.map_err(|error| {
            let delivered = !error.is_connect();
            let cause = cause(error);
            if delivered {
                CallError::Lost(cause)
            } else {
                CallError::NotSent(cause)
            }
        })?;
        *status = Some(response.status().as_u16());
        match response.status() {
            StatusCode::OK => {
                let body = read(&mut response, MAX_ANSWER)
                    .await
                    .map_err(|error| match error {
                        outbound::ReadError::TooLarge(_) => CallError::Contract(error.to_string()),
                        outbound::ReadError::Lost(cause) => CallError::Lost(cause),
                    })?;
                BackendAnswer::read(&body).map_err(|error| CallError::Contract(error.to_string()))
            }
            StatusCode::UNAUTHORIZED => Err(CallError::Unauthorized),
            other if other.is_server_error() => Err(CallError::Failed(other.as_u16())),
            other => Err(CallError::Contract(format!("status {}", other.as_u16()))),
        }
    }
}

fn request(url: &str, submission: &Submission<'_>, secret: &Secret) -> Result<reqwest::Request, CallError> {
    let url = Url::parse(url).map_err(|error| CallError::NotSent(error.to_string()))?;
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX);
    let id = submission.id.as_str();
    let body = submission.body();
    let signature = secret.sign(id, now, &body);
    let mut request = reqwest::Request::new(Method::POST, url);
    for (name, value) in [
        (CONTENT_TYPE, "application/json"),
        (ACCEPT, "application/json"),
        (HeaderName::from_static(webhooks::ID), id),
        (HeaderName::from_static("idempotency-key"), id),
        (HeaderName::from_static(webhooks::TIMESTAMP), &now.to_string()),
        (HeaderName::from_static(webhooks::SIGNATURE), &signature),
    ] {
        let value = HeaderValue::from_str(value).map_err(|error| CallError::NotSent(error.to_string()))?;
        request.headers_mut().insert(name, value);
    }
    *request.body_mut() = Some(body.into());
    Ok(request)
}
