//! Makes an event from a record of the table's stream: `docs/EVENTS.md`.

use deposits::Deposit;
use serde::{Deserialize, Serialize, Serializer};
use store::{Change, DepositRecord, News, RequestRecord, TableError};

/// The part of a stream record that this function reads.
#[derive(Debug, Deserialize)]
pub struct Record {
    dynamodb: Change,
}

/// What is published: `detail` on EventBridge.
#[derive(Debug, Serialize)]
pub struct Event {
    /// Stays the same when the event is published again.
    id: String,
    /// `detail-type` on EventBridge.
    #[serde(rename = "type")]
    pub kind: String,
    /// When the status changed, in RFC 3339.
    timestamp: String,
    data: Data,
}

/// What an event is about.
#[derive(Debug)]
struct Data(News);

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            News::Request(record) => record.serialize(serializer),
            News::Deposit(record) => record.data().serialize(serializer),
        }
    }
}

impl Record {
    /// The record's position in the stream.
    pub fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// Reference of the request or deposit.
    pub fn reference(&self) -> Option<&str> {
        self.dynamodb.reference()
    }

    /// The event that this record calls for, if any.
    ///
    /// # Errors
    /// [`TableError::Damaged`] if the item cannot be read.
    pub fn event(self) -> Result<Option<Event>, TableError> {
        Ok(self.dynamodb.news()?.map(Event::from))
    }
}

impl From<News> for Event {
    fn from(news: News) -> Self {
        let (id, kind, timestamp) = match &news {
            News::Request(record) => identify_request(record),
            News::Deposit(record) => identify_deposit(record),
        };
        let data = Data(news);
        Self {
            id,
            kind,
            timestamp,
            data,
        }
    }
}

/// Id, type and timestamp of the event.
fn identify_request(record: &RequestRecord) -> (String, String, String) {
    let timestamp = record.concluded_at.unwrap_or(record.recorded_at);
    (
        format!("{}:{}", record.request_id, record.status),
        format!("request.{}", record.status),
        timestamp.to_string(),
    )
}

/// Id, type and timestamp of the event.
fn identify_deposit(record: &DepositRecord) -> (String, String, String) {
    let deposit = &record.record;
    (
        format!("{}:{}", deposit.id, record.status_version()),
        format!("deposit.{}", deposit.status),
        record.status_at().to_string(),
    )
}

impl Event {
    /// The reference that the trader was shown.
    pub fn reference(&self) -> &str {
        match &self.data.0 {
            News::Request(record) => &record.reference,
            News::Deposit(record) => &record.reference,
        }
    }

    /// The deposit, if the event is about a deposit.
    pub fn deposit(&self) -> Option<&Deposit> {
        match &self.data.0 {
            News::Request(_) => None,
            News::Deposit(record) => Some(&record.record),
        }
    }
}
