//! The timeline: all events in order, numbered, each with its sentence.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tokio::sync::broadcast;

use crate::events::Event;
use crate::lock;

/// An event on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Counts from 1.
    pub id: u64,
    /// Unix time in milliseconds.
    pub at: u64,
    /// Describes the event to a reader who learns the protocol.
    pub sentence: String,
    /// The event itself.
    #[serde(flatten)]
    pub event: Event,
}

/// All events so far, and a channel that announces new ones.
pub(crate) struct Timeline {
    /// Identifies this run of the simulator to a page that outlives it.
    pub(crate) run: u64,
    entries: Mutex<Vec<Entry>>,
    new_ids: broadcast::Sender<u64>,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        Self {
            run: unix_ms(),
            entries: Mutex::default(),
            new_ids: broadcast::Sender::new(64),
        }
    }

    pub(crate) fn add(&self, event: Event) {
        let mut entries = lock(&self.entries);
        let id = entries.len() as u64 + 1;
        entries.push(Entry {
            id,
            at: unix_ms(),
            sentence: event.sentence(),
            event,
        });
        drop(entries);
        // Fails if there is no subscriber.
        let _ = self.new_ids.send(id);
    }

    /// The entries after the one with this id.
    pub(crate) fn since(&self, id: u64) -> Vec<Entry> {
        let entries = lock(&self.entries);
        let skip = usize::try_from(id).unwrap_or(usize::MAX);
        entries.iter().skip(skip).cloned().collect()
    }

    /// A channel that receives the id of each new entry.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<u64> {
        self.new_ids.subscribe()
    }
}

fn unix_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis().try_into().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::ClosedBy;

    #[test]
    fn entries_are_numbered_from_one() {
        let timeline = Timeline::new();
        timeline.add(Event::ManagerTokenChanged);
        timeline.add(Event::Fault { fault: None });
        let ids: Vec<u64> = timeline.since(0).iter().map(|entry| entry.id).collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!(timeline.since(1).len(), 1);
        assert_eq!(timeline.since(9).len(), 0);
    }

    #[test]
    fn an_entry_is_flat_json() {
        let timeline = Timeline::new();
        timeline.add(Event::Closed {
            action: "deposit".to_owned(),
            by: ClosedBy::Success,
            event_name: Some("deposit_done".to_owned()),
        });
        let entry = serde_json::to_value(&timeline.since(0)[0]).unwrap();
        assert_eq!(entry["kind"], "closed");
        assert_eq!(entry["by"], "success");
        assert_eq!(entry["eventName"], "deposit_done");
        assert_eq!(entry["id"], 1);
    }
}
