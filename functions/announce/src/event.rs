//! From a record of the table's stream to an event: `docs/EVENTS.md`.

use deposits::Deposit;
use serde::{Deserialize, Serialize, Serializer};
use serde_dynamo::{AttributeValue, Item};
use store::{DepositRecord, RequestRecord, Status, TableError};

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
    data: Data,
}

/// What an event is about.
#[derive(Debug)]
enum Data {
    Request(Box<RequestRecord>),
    Deposit(Box<DepositRecord>),
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Request(entry) => entry.serialize(serializer),
            Self::Deposit(entry) => entry.data().serialize(serializer),
        }
    }
}

/// Sort key of the items that hold requests.
const REQUEST: &str = "request";

/// Sort key of the items that hold deposits.
const DEPOSIT: &str = "deposit";

impl Record {
    /// Where it stands in the stream.
    pub fn sequence_number(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The reference of what it is about.
    pub fn reference(&self) -> Option<&str> {
        text(self.dynamodb.new_image.as_ref()?, "reference")
    }

    /// The event of this record, if it is one of a request or deposit that was recorded or whose status changed, or of a
    /// deposit that is to be announced again.
    ///
    /// # Errors
    /// [`TableError::Damaged`] if the item cannot be read.
    pub fn event(self) -> Result<Option<Event>, TableError> {
        let Some(new) = self.dynamodb.new_image else {
            return Ok(None);
        };
        let old = self.dynamodb.old_image;
        let inserted = match self.event_name.as_str() {
            "INSERT" => true,
            "MODIFY" => false,
            _ => return Ok(None),
        };
        match text(&new, "sk") {
            Some(REQUEST) => {
                let entry = RequestRecord::read(&new.into())?;
                let before = old.as_ref().and_then(|old| text(old, "status"));
                let before = before.unwrap_or(Status::Recorded.as_str());
                let news = inserted || before != entry.status.as_str();
                Ok(news.then(|| Event::of_request(entry)))
            }
            Some(DEPOSIT) => {
                let changed = |name| old.as_ref().and_then(|old| old.get(name)) != new.get(name);
                if !inserted && !changed("status") && !changed(AGAIN) {
                    return Ok(None);
                }
                let entry = DepositRecord::read(&new.into())?;
                Ok(entry.map(Event::of_deposit))
            }
            _ => Ok(None),
        }
    }
}

/// Counts how often a deposit was to be announced again.
const AGAIN: &str = "announced_again";

impl Event {
    fn of_request(entry: RequestRecord) -> Self {
        let timestamp = entry.concluded_at.as_ref().unwrap_or(&entry.recorded_at);
        Self {
            id: format!("{}:{}", entry.request_id, entry.status),
            kind: format!("request.{}", entry.status),
            timestamp: timestamp.clone(),
            data: Data::Request(Box::new(entry)),
        }
    }

    fn of_deposit(entry: DepositRecord) -> Self {
        let deposit = &entry.deposit;
        Self {
            id: format!("{}:{}", deposit.id, entry.status_version()),
            kind: format!("deposit.{}", deposit.status),
            timestamp: entry.status_at().to_string(),
            data: Data::Deposit(Box::new(entry)),
        }
    }

    /// What the trader was told.
    pub fn reference(&self) -> &str {
        match &self.data {
            Data::Request(entry) => &entry.reference,
            Data::Deposit(entry) => &entry.reference,
        }
    }

    /// The deposit that it is about, if it is about one.
    pub fn deposit(&self) -> Option<&Deposit> {
        match &self.data {
            Data::Request(_) => None,
            Data::Deposit(entry) => Some(&entry.deposit),
        }
    }
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}
