//! Publishes on EventBridge each recorded request, each outcome of a request, and each change of a deposit's status:
//! `docs/EVENTS.md`.
//!
//! Lambda hands over the records of the table's stream, in order, and repeats a batch until the event bus has
//! accepted every event. So each event is published at least once.
//!
//! Marks a final or operator-pending deposit as published. `reconcile` republishes deposits that were never marked.

mod bus;
mod event;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use aws_sdk_eventbridge::{Client, config::timeout::TimeoutConfig};
use function::{
    batch::{self, Batch, Failures},
    log,
    settings::required,
};
use jiff::Timestamp;
use serde_json::json;
use store::Table;

use bus::{EventBus, PublishError, SerializedEvent};
use event::Record;

/// Timeout of a single attempt to call EventBridge. Lambda gives the function 30 s for a batch (`template.yaml`),
/// and hands the batch over again if that is not enough.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);

struct Publisher {
    bus: EventBus,
    table: Table,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    batch::run(start(), publish).await
}

async fn start() -> Result<Publisher, Box<dyn Error>> {
    let bus_name = required("EVENT_BUS")?;
    let table_name = required("LEDGER_TABLE")?;
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    let aws = aws::config(outbound::tls()?)
        .await?
        .into_builder()
        .timeout_config(timeouts)
        .build();
    Ok(Publisher {
        bus: EventBus::new(Client::new(&aws), bus_name),
        table: Table::new(aws_sdk_dynamodb::Client::new(&aws), table_name),
    })
}

async fn publish(publisher: &Publisher, batch: Batch<Record>) -> Failures {
    let events: Vec<SerializedEvent> = batch.records.into_iter().filter_map(read_event).collect();
    let result = publisher.bus.publish(&events).await;
    let published_count = match &result {
        Ok(()) => events.len(),
        Err(PublishError { failed_at, .. }) => events
            .iter()
            .take_while(|event| event.sequence_number != *failed_at)
            .count(),
    };
    let published = &events[..published_count];
    if !published.is_empty() {
        log_published(published);
    }
    for event in published {
        mark_published(&publisher.table, event).await;
    }
    match result {
        Ok(()) => Failures::default(),
        Err(PublishError { failed_at, problem }) => {
            log::warn("not_published", &problem);
            [failed_at].into_iter().collect()
        }
    }
}

/// Marks the event's deposit as published. If the write fails, `reconcile` republishes the deposit.
async fn mark_published(table: &Table, event: &SerializedEvent) {
    let Some(deposit) = &event.deposit else {
        return;
    };
    if let Err(problem) = table.mark_published(deposit, Timestamp::now()).await {
        log::warn(
            "published_but_not_marked",
            &format!("{}: {problem}", event.reference),
        );
    }
}

/// The event that the record calls for, if any. A record that cannot be read now can never be read: it is logged as
/// an error and skipped, so that it does not hold up the records behind it.
fn read_event(record: Record) -> Option<SerializedEvent> {
    let sequence_number = record.sequence_number().to_owned();
    let reference = record.reference().map(str::to_owned);
    let serialized = record.event().and_then(|event| {
        event
            .map(|event| SerializedEvent::new(sequence_number.clone(), &event))
            .transpose()
    });
    serialized.unwrap_or_else(|problem| {
        let mut line = json!({
            "level": "ERROR",
            "event": "unreadable",
            "action": "publish",
            "detail": problem.to_string(),
            "reference": reference,
            "sequence_number": sequence_number,
        });
        log::add_metrics(&mut line, [("Unreadable", "Count", json!(1))]);
        println!("{line}");
        None
    })
}

fn log_published(events: &[SerializedEvent]) {
    let events: Vec<_> = events
        .iter()
        .map(|event| json!({ "type": event.kind, "reference": event.reference }))
        .collect();
    println!(
        "{}",
        json!({ "level": "INFO", "event": "published", "events": events })
    );
}
