//! Functions that Lambda hands batches of records: of a stream or of a queue.

use std::{convert::Infallible, fmt::Display, process::ExitCode};

use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::log;

/// What Lambda hands over.
#[derive(Debug, Deserialize)]
pub struct Batch<R> {
    /// In the order of the stream; of a queue in no certain one.
    #[serde(rename = "Records")]
    pub records: Vec<R>,
}

/// What Lambda is told: which records it has to hand over again. Of a stream that is the first and all after it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failures {
    batch_item_failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

impl FromIterator<String> for Failures {
    /// Of the records' identifiers: sequence numbers of a stream, message ids of a queue.
    fn from_iter<I: IntoIterator<Item = String>>(identifiers: I) -> Self {
        let failure = |item_identifier| Failure { item_identifier };
        Self {
            batch_item_failures: identifiers.into_iter().map(failure).collect(),
        }
    }
}

/// The whole of such a function's `main`: makes the handler, which does all that needs no batch, and serves until Lambda
/// ends the process. What cannot start says why in one log line.
pub async fn run<H, R, E>(
    handler: impl Future<Output = Result<H, E>>,
    handle: impl AsyncFn(&H, Batch<R>) -> Failures,
) -> ExitCode
where
    R: DeserializeOwned,
    E: Display,
{
    log::panics();
    let handler = match handler.await {
        Ok(handler) => handler,
        Err(error) => {
            log::fatal(&error);
            return ExitCode::FAILURE;
        }
    };
    let (handler, handle) = (&handler, &handle);
    let service = service_fn(move |event: LambdaEvent<Batch<R>>| async move {
        Ok::<_, Infallible>(handle(handler, event.payload).await)
    });
    match lambda_runtime::run(service).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::fatal(&error);
            ExitCode::FAILURE
        }
    }
}
