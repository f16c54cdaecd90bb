//! The event bus on EventBridge.

use std::fmt::Display;

use aws_error::describe;
use aws_sdk_eventbridge::{Client, types::PutEventsRequestEntry};
use deposits::Deposit;
use store::TableError;

use crate::event::Event;

/// `source` of all events.
const SOURCE: &str = "inapp";

/// How many events `PutEvents` takes in one call.
const MAX_EVENTS: usize = 10;

/// How many bytes of `detail` go into one call. The limit of EventBridge is 256 KiB, and EventBridge counts the
/// other fields of an event too.
const MAX_BYTES: usize = 240 * 1024;

/// The event bus.
pub struct EventBus {
    client: Client,
    /// Name or ARN.
    name: String,
}

/// An event, ready to be sent.
pub struct SerializedEvent {
    /// Sequence number of the stream record that the event was made from.
    pub sequence_number: String,
    /// `detail-type` on EventBridge.
    pub kind: String,
    pub reference: String,
    /// The deposit, if the event is about a deposit.
    pub deposit: Option<Deposit>,
    /// The event as JSON.
    detail: String,
}

impl SerializedEvent {
    /// # Errors
    /// [`TableError::Damaged`] if the event cannot be written as JSON.
    pub fn new(sequence_number: String, event: &Event) -> Result<Self, TableError> {
        Ok(Self {
            sequence_number,
            kind: event.kind.clone(),
            reference: event.reference().to_owned(),
            deposit: event.deposit().cloned(),
            detail: serde_json::to_string(event).map_err(|_| TableError::damaged("fields"))?,
        })
    }
}

/// The bus did not accept all events.
pub struct PublishError {
    /// Sequence number of the first event that was not accepted.
    pub failed_at: String,
    /// For the operator. Quotes nothing from the events.
    pub problem: String,
}

impl EventBus {
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Puts the events on the bus, in their order.
    ///
    /// # Errors
    /// [`PublishError`] names the first event that the bus did not accept. Later ones may have been accepted.
    pub async fn publish(&self, mut events: &[SerializedEvent]) -> Result<(), PublishError> {
        while let Some(first) = events.first() {
            let (now, later) = events.split_at(call_size(events));
            let failed = |event: &SerializedEvent, problem: &dyn Display| PublishError {
                failed_at: event.sequence_number.clone(),
                problem: problem.to_string(),
            };
            let entries = now.iter().map(|event| self.entry(event)).collect();
            let response = self
                .client
                .put_events()
                .set_entries(Some(entries))
                .send()
                .await
                .map_err(|error| failed(first, &describe(&error)))?;
            let results = response.entries.unwrap_or_default();
            if results.len() != now.len() {
                return Err(failed(first, &"the response does not cover all events"));
            }
            for (event, result) in now.iter().zip(results) {
                if result.event_id.is_none() {
                    let code = result.error_code.unwrap_or_else(|| "no error code".to_owned());
                    return Err(failed(event, &code));
                }
            }
            events = later;
        }
        Ok(())
    }

    fn entry(&self, event: &SerializedEvent) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .source(SOURCE)
            .detail_type(&event.kind)
            .detail(&event.detail)
            .build()
    }
}

/// How many of the events go into the next call: at least one.
fn call_size(events: &[SerializedEvent]) -> usize {
    let mut bytes = 0;
    let fitting = events.iter().take(MAX_EVENTS).take_while(|event| {
        bytes += event.detail.len();
        bytes <= MAX_BYTES
    });
    fitting.count().max(1)
}
