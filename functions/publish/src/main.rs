//! Announces on EventBridge each request that is recorded and each outcome, and each step of a deposit: `docs/EVENTS.md`. Fed
//! by the table's stream, in its order, until the event bus has taken every event. So each is announced at least once.
//!
//! Of a deposit that is at its end, or waits for an operator, it notes in the table that this was announced: for what was not,
//! `reconcile` has it announced again.

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

use bus::{Announcement, Bus, Unannounced};
use event::Record;

/// For a single try at EventBridge. Lambda gives the function 30 s for a batch (`template.yaml`), and hands it over
/// again if that is not enough.
const TRY: Duration = Duration::from_secs(3);

struct Announce {
    bus: Bus,
    ledger: Table,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    batch::run(start(), announce).await
}

async fn start() -> Result<Announce, Box<dyn Error>> {
    let name = required("EVENT_BUS")?;
    let table = required("LEDGER_TABLE")?;
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(TRY).build();
    let aws = aws::config(outbound::tls()?)
        .await?
        .into_builder()
        .timeout_config(timeouts)
        .build();
    Ok(Announce {
        bus: Bus::new(Client::new(&aws), name),
        ledger: Table::new(aws_sdk_dynamodb::Client::new(&aws), table),
    })
}

async fn announce(announce: &Announce, batch: Batch<Record>) -> Failures {
    let announcements: Vec<Announcement> = batch.records.into_iter().filter_map(announcement).collect();
    let put = announce.bus.put(&announcements).await;
    let taken = match &put {
        Ok(()) => announcements.len(),
        Err(Unannounced { from, .. }) => announcements.iter().take_while(|one| one.number != *from).count(),
    };
    let announced = &announcements[..taken];
    if !announced.is_empty() {
        log(announced);
    }
    for announcement in announced {
        note(&announce.ledger, announcement).await;
    }
    match put {
        Ok(()) => Failures::default(),
        Err(Unannounced { from, problem }) => {
            log::warn("not_published", &problem);
            [from].into_iter().collect()
        }
    }
}

/// Notes in the table that a deposit was announced. If that fails it is announced again.
async fn note(ledger: &Table, announcement: &Announcement) {
    let Some(deposit) = &announcement.deposit else {
        return;
    };
    if let Err(problem) = ledger.mark_published(deposit, Timestamp::now()).await {
        log::warn(
            "published_but_not_marked",
            &format!("{}: {problem}", announcement.reference),
        );
    }
}

/// What the record gives to announce. One that cannot be read never will be: it is told and passed over, so that it
/// does not hold up those behind it.
fn announcement(record: Record) -> Option<Announcement> {
    let number = record.sequence_number().to_owned();
    let reference = record.reference().map(str::to_owned);
    let announcement = record.event().and_then(|event| {
        let announcement = event.map(|event| Announcement::new(number.clone(), &event));
        announcement.transpose()
    });
    announcement.unwrap_or_else(|problem| {
        let mut line = json!({
            "level": "ERROR",
            "event": "unreadable",
            "action": "publish",
            "detail": problem.to_string(),
            "reference": reference,
            "sequence_number": number,
        });
        log::add_metrics(&mut line, [("Unreadable", "Count", json!(1))]);
        println!("{line}");
        None
    })
}

fn log(announcements: &[Announcement]) {
    let events: Vec<_> = announcements
        .iter()
        .map(|one| json!({ "type": one.kind, "reference": one.reference }))
        .collect();
    println!(
        "{}",
        json!({ "level": "INFO", "event": "published", "events": events })
    );
}
