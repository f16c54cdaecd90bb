//! Functions that Lambda invokes with batches of records from a stream or a queue.

use std::{convert::Infallible, fmt::Display, process::ExitCode};

use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::log;

/// The payload of an invocation.
#[derive(Debug, Deserialize)]
pub struct Batch<R> {
    /// In order if they come from a stream; in no particular order if they come from a queue.
    #[serde(rename = "Records")]
    pub records: Vec<R>,
}

/// The response to Lambda: the records that failed. A queue delivers exactly these again; a stream delivers the
/// first of them and all records after it again.
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
    /// Takes the identifiers of the failed records: sequence numbers of a stream, message ids of a queue.
    fn from_iter<I: IntoIterator<Item = String>>(identifiers: I) -> Self {
        let failure = |item_identifier| Failure { item_identifier };
        Self {
            batch_item_failures: identifiers.into_iter().map(failure).collect(),
        }
    }
}

/// The whole `main` of such a function. Awaits `handler`, which does everything that needs no batch, then calls
/// `handle` for each batch until Lambda ends the process. If the function cannot start, one log line says why.
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
