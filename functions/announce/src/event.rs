//! From a record of the table's stream to an event: `docs/EVENTS.md`.

use ledger::{Entry, LedgerError, Status};
use serde::{Deserialize, Serialize};
use serde_dynamo::{AttributeValue, Item};

/// A record of the stream, as far as it matters.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    event_name: String,
    dynamodb: Change,
}

/// What changed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    sequence_number: String,
    new_image: Option<Item>,
    old_image: Option<Item>,
}

/// What is announced: `detail` on EventBridge.
#[derive(Debug, Serialize)]
pub struct Event {
    /// The same however often it is announced.
    id: String,
    /// `detail-type` on EventBridge.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it came about: RFC 3339.
    timestamp: String,
    pub data: Entry,
}

/// Sort key of the items that hold requests.
const REQUEST: &str = "request";

impl Record {
    /// Where it stands in the stream.
    pub fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The request's reference.
    pub fn reference(&self) -> Option<&str> {
        text(self.dynamodb.new_image.as_ref()?, "reference")
    }

    /// The event of this record, if it is one of a request that was recorded or whose status changed.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] if the item cannot be read.
    pub fn event(self) -> Result<Option<Event>, LedgerError> {
        let Some(new) = self.dynamodb.new_image else {
            return Ok(None);
        };
        if text(&new, "sk") != Some(REQUEST) {
            return Ok(None);
        }
        let entry = Entry::read(&new.into())?;
        let news = match self.event_name.as_str() {
            "INSERT" => true,
            "MODIFY" => {
                let old = self.dynamodb.old_image.as_ref();
                let before = old.and_then(|old| text(old, "status"));
                before.unwrap_or(Status::Recorded.as_str()) != entry.status.as_str()
            }
            _ => false,
        };
        Ok(news.then(|| Event::of(entry)))
    }
}

impl Event {
    fn of(entry: Entry) -> Self {
        let timestamp = entry.concluded_at.as_ref().unwrap_or(&entry.recorded_at);
        Self {
            id: format!("{}:{}", entry.request_id, entry.status),
            kind: format!("request.{}", entry.status),
            timestamp: timestamp.clone(),
            data: entry,
        }
    }
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}
