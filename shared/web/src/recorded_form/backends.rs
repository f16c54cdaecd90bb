//! Calls the broker's backend about a recorded request, and turns its answer into an outcome.

use backend::{BackendAnswer, Call, CallError, Client, Submission};
use credential::FirstTry;
use domain::RecordId;
use resolution::Upstream;
use secret::Secret;
use store::{Outcome, Status};
use tokio::time::{Duration, Instant};

use crate::{Failure, Setup, StartError, failure::UnstoredOutcome, settings};

/// Time reserved, before the request's deadline, for storing the outcome.
const TIME_TO_STORE: Duration = Duration::from_millis(400);

/// The client of the brokers' backends.
pub(crate) struct Backends {
    client: Client,
    /// Signs the calls.
    secret: Secret<webhooks::Secret>,
}

/// The result of a call to a backend.
pub(crate) struct BackendResult {
    /// The outcome. `None` if the request certainly did not reach the backend.
    pub outcome: Option<Outcome>,
    /// What went wrong, for the log.
    pub detail: Option<String>,
    /// The exchange, if the request may have reached the backend.
    pub exchange: Option<Upstream>,
}

impl Backends {
    /// Makes the client and reads the secret that signs calls.
    pub(crate) async fn start(setup: &Setup) -> Result<Self, StartError> {
        let client = aws_sdk_secretsmanager::Client::new(&setup.aws);
        let secret = Secret::parsed(client, settings::backend_secret_id()?);
        let client = Client::new(setup.tls.clone())?;
        secret.warm_up().await;
        Ok(Self { client, secret })
    }

    /// Calls the backend at `url` once. Calls it a second time only if it refused the signature and the secret has
    /// been replaced since it was read.
    pub(crate) async fn call(
        &self,
        backend: config::Backend<'_>,
        url: &str,
        submission: &Submission<'_>,
        deadline: Instant,
    ) -> BackendResult {
        let deadline = deadline - TIME_TO_STORE;
        let first = match FirstTry::new(&self.secret, deadline).await {
            Ok(first) => first,
            Err(error) => return BackendResult::not_sent(error.to_string()),
        };
        let mut call = self.client.submit(url, submission, first.value(), deadline).await;
        if call.outcome == Err(CallError::Unauthorized)
            && let Ok(Some(secret)) = first.second_try(deadline).await
        {
            call = self.client.submit(url, submission, &secret, deadline).await;
        }
        BackendResult::new(call, backend)
    }
}

impl BackendResult {
    fn new(call: Call, backend: config::Backend<'_>) -> Self {
        let exchange = Some(Upstream {
            status: call.status,
            took: call.took,
        });
        let unknown = |detail: String| Self {
            outcome: Some(Outcome {
                status: Status::Unknown,
                message: None,
                redirect: None,
            }),
            detail: Some(format!("the broker's backend: {detail}")),
            exchange,
        };
        match call.outcome {
            Ok(BackendAnswer {
                redirect: Some(url), ..
            }) if !backend.may_redirect(&url) => {
                let detail = "broke the contract: a `redirect` to an origin that broker.toml does not list";
                unknown(detail.into())
            }
            Ok(answer) => Self {
                outcome: Some(Outcome {
                    status: if answer.success {
                        Status::Succeeded
                    } else {
                        Status::Failed
                    },
                    message: answer.message,
                    redirect: answer.redirect,
                }),
                detail: None,
                exchange,
            },
            Err(CallError::NotSent(problem)) => {
                Self::not_sent(format!("the broker's backend: not reached: {problem}"))
            }
            Err(error) => unknown(error.to_string()),
        }
    }

    /// The failure for an outcome that could not be stored. The log line says what the operator has to know.
    pub(crate) fn not_stored(&self, outcome: &Outcome, id: &RecordId, failure: Failure) -> Failure {
        let answer = match &self.detail {
            Some(detail) => detail.clone(),
            None => format!("the broker's backend: {}", outcome.status),
        };
        let reason = failure.detail.as_deref().unwrap_or_default();
        Failure {
            detail: Some(format!("{answer}, but the outcome could not be stored: {reason}")),
            unstored: Some(Box::new(UnstoredOutcome {
                backend: self.exchange,
                reference: id.reference(),
            })),
            ..failure
        }
    }

    fn not_sent(detail: String) -> Self {
        Self {
            outcome: None,
            detail: Some(detail),
            exchange: None,
        }
    }
}
