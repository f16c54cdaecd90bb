//! On a schedule, one round over the due deposits: [`deposits::reconcile`] with this deployment's table and cTrader.

use std::{error::Error, process::ExitCode};

use crediting::{ACTION, Crediting, log_transition};
use deposits::{Counts, Environment, RoundReport, Status, reconcile};
use function::{log, time_left};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};
use store::System;
use tokio::time::{Duration, Instant};

/// For the log.
const NAME: &str = "reconcile";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    log::panics();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::fatal(&error);
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error + Send + Sync>> {
    let tls = outbound::tls()?;
    let aws = aws::config(tls.clone()).await?;
    let table = aws_sdk_dynamodb::Client::new(&aws);
    let secrets = aws_sdk_secretsmanager::Client::new(&aws);
    let crediting = &Crediting::from_env(tls, table, secrets)?;
    crediting.warm_up().await;
    // The schedule's event says nothing that a round needs.
    let service = service_fn(move |event: LambdaEvent<Value>| round(crediting, time_left(&event.context)));
    lambda_runtime::run(service).await
}

/// One round, in an invocation that has `time_left`. No deposit is begun later than a credit may be: the
/// longest step takes the rest of the invocation.
///
/// # Errors
/// If the table does not count the open deposits. Lambda counts the error, and an alarm looks at the count.
async fn round(crediting: &Crediting, time_left: Duration) -> Result<Value, lambda_runtime::Error> {
    let started = Instant::now();
    let gateway = crediting.gateway(started + time_left);
    let begin_within = gateway.begin_until().saturating_duration_since(started);
    let until = System.now().saturating_add(begin_within)?;
    let report = reconcile(&crediting.table, &gateway, &System, until).await;
    for deposit in &report.updated {
        log_transition(NAME, deposit);
    }
    for problem in &report.problems {
        log::warn("left_for_the_next_round", problem);
    }
    let counts = report
        .counts
        .as_ref()
        .inspect_err(|error| log::warn("not_counted", &error.to_string()))
        .map_err(Clone::clone)?;
    log_round(&report, counts, started);
    Ok(Value::Null)
}

/// Logs the counts, which are metrics too.
fn log_round(report: &RoundReport, counts: &Counts, started: Instant) {
    let open_in = |status: Status| counts.open.get(&status).copied().unwrap_or(0);
    let metrics = [
        ("DepositsOpen", counts.open.values().sum::<u64>()),
        ("DepositsReview", open_in(Status::Review)),
        ("DepositsUnknown", open_in(Status::Unknown)),
        ("DepositsStuck", counts.stuck),
        ("DepositsLeft", report.not_begun + report.problems.len() as u64),
    ];
    let open = counts
        .open
        .iter()
        .map(|(status, count)| (status.as_str().to_owned(), json!(count)));
    let mut line = json!({
        "level": "INFO",
        "event": "reconciled",
        "action": ACTION,
        "function": NAME,
        "open": Value::Object(open.collect()),
        "updated": report.updated.len(),
        "republished": report.republished,
        "ms": started.elapsed().as_millis() as u64,
    });
    log::add_metrics(
        &mut line,
        metrics.map(|(name, count)| (name, "Count", json!(count))),
    );
    println!("{line}");
}
