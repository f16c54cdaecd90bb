//! The event bus.

use std::fmt::Display;

use aws_error::describe;
use aws_sdk_eventbridge::{Client, types::PutEventsRequestEntry};
use deposits::Deposit;
use store::TableError;

use crate::event::Event;

/// `source` of all events.
const SOURCE: &str = "inapp";

/// How many events a call may have.
const MOST_EVENTS: usize = 10;

/// How much the events of a call may be in all, in bytes. EventBridge takes 256 KiB and counts some more than this does.
const MOST_BYTES: usize = 240 * 1024;

/// The event bus.
pub struct Bus {
    client: Client,
    /// Name or ARN.
    name: String,
}

/// An event on its way.
pub struct Announcement {
    /// Sequence number of the record that it was made of.
    pub number: String,
    pub kind: String,
    pub reference: String,
    /// The deposit that it is about, if it is about one.
    pub deposit: Option<Deposit>,
    /// The event as JSON.
    detail: String,
}

impl Announcement {
    /// # Errors
    /// [`TableError::Damaged`] if there is no JSON for it.
    pub fn new(number: String, event: &Event) -> Result<Self, TableError> {
        Ok(Self {
            number,
            kind: event.kind.clone(),
            reference: event.reference().to_owned(),
            deposit: event.deposit().cloned(),
            detail: serde_json::to_string(event).map_err(|_| TableError::damaged("fields"))?,
        })
    }
}

/// The events from that one on have not been announced, as far as is known.
pub struct Unannounced {
    pub from: String,
    /// For the operator. Quotes nothing of the events.
    pub problem: String,
}

impl Bus {
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Puts the events on the bus, in their order.
    ///
    /// # Errors
    /// [`Unannounced`] names the first that the bus did not take. Some after it may be on the bus all the same.
    pub async fn put(&self, mut events: &[Announcement]) -> Result<(), Unannounced> {
        while let Some(first) = events.first() {
            let (now, later) = events.split_at(call(events));
            let failed = |event: &Announcement, problem: &dyn Display| Unannounced {
                from: event.number.clone(),
                problem: problem.to_string(),
            };
            let entries = now.iter().map(|event| self.entry(event)).collect();
            let put = self.client.put_events().set_entries(Some(entries)).send().await;
            let put = put.map_err(|error| failed(first, &describe(&error)))?;
            let answers = put.entries.unwrap_or_default();
            if answers.len() != now.len() {
                return Err(failed(first, &"not all events were answered for"));
            }
            for (event, answer) in now.iter().zip(answers) {
                if answer.event_id.is_none() {
                    let code = answer.error_code.unwrap_or_else(|| "no error code".to_owned());
                    return Err(failed(event, &code));
                }
            }
            events = later;
        }
        Ok(())
    }

    fn entry(&self, event: &Announcement) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(&event.kind)
            .detail(&event.detail)
            .build()
    }
}

/// How many of the events go into the next call: at least one.
fn call(events: &[Announcement]) -> usize {
    let mut bytes = 0;
    let fitting = events.iter().take(MOST_EVENTS).take_while(|event| {
        bytes += event.detail.len();
        bytes <= MOST_BYTES
    });
    fitting.count().max(1)
}
