//! Announces on EventBridge each request that is recorded, and each outcome: `docs/EVENTS.md`. Fed by the table's
//! stream, in its order, until the event bus has taken every event. So each is announced at least once.

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
use serde_json::json;

use bus::{Announcement, Bus, Unannounced};
use event::Record;

/// For a single try at EventBridge. Lambda gives the function 30 s for a batch (`template.yaml`), and hands it over
/// again if that is not enough.
const TRY: Duration = Duration::from_secs(3);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    batch::run(start(), announce).await
}

async fn start() -> Result<Bus, Box<dyn Error>> {
    let name = required("EVENT_BUS")?;
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(TRY).build();
    let aws = aws::config(outbound::tls()?)
        .await?
        .into_builder()
        .timeout_config(timeouts)
        .build();
    Ok(Bus::new(Client::new(&aws), name))
}

async fn announce(bus: &Bus, batch: Batch<Record>) -> Failures {
    let announcements: Vec<Announcement> = batch.records.into_iter().filter_map(announcement).collect();
    match bus.put(&announcements).await {
        Ok(()) => {
            if !announcements.is_empty() {
                log(&announcements);
            }
            Failures::default()
        }
        Err(Unannounced { from, problem }) => {
            log::warn("not_announced", &problem);
            [from].into_iter().collect()
        }
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
        let line = json!({
            "level": "ERROR",
            "event": "unreadable",
            "action": "announce",
            "detail": problem.to_string(),
            "reference": reference,
            "sequence_number": number,
            "Unreadable": 1,
            "_aws": log::metrics([("Unreadable", "Count")]),
        });
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
        json!({ "level": "INFO", "event": "announced", "events": events })
    );
}
