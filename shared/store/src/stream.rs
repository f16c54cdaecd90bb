//! The table's stream: from a record of the stream to the event to publish.

use serde::Deserialize;
use serde_dynamo::{AttributeValue, Item};

use crate::{
    DepositRecord, RequestRecord, TableError,
    schema::{RecordKind, SK},
    workflow_records::REPUBLISHED,
};

/// A record of the stream: the change of one item.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Change {
    /// The record's position in the stream.
    pub sequence_number: String,
    new_image: Option<Item>,
    old_image: Option<Item>,
}

/// A change that is published as an event.
#[derive(Debug)]
pub enum News {
    /// A request was recorded or got another status.
    Request(Box<RequestRecord>),
    /// A deposit was recorded, got another status, or has to be published again.
    Deposit(Box<DepositRecord>),
}

impl Change {
    /// The reference of the changed record.
    pub fn reference(&self) -> Option<&str> {
        text(self.new_image.as_ref()?, "reference")
    }

    /// The news in this change; `None` if the change is not published.
    ///
    /// # Errors
    /// [`TableError::Damaged`] if the item cannot be read.
    pub fn news(self) -> Result<Option<News>, TableError> {
        // A deleted item has no new image. DynamoDB deletes what has expired; that is no news.
        let Some(new) = self.new_image else {
            return Ok(None);
        };
        let changed = |name| {
            self.old_image
                .as_ref()
                .is_none_or(|old| old.get(name) != new.get(name))
        };
        let kind = text(&new, SK).and_then(RecordKind::from_sort_key);
        let is_news = match kind {
            Some(RecordKind::Request) => changed("status"),
            Some(RecordKind::Deposit) => changed("status") || changed(REPUBLISHED),
            Some(_) | None => false,
        };
        match kind.filter(|_| is_news) {
            Some(RecordKind::Request) => {
                let record = RequestRecord::read(&new.into())?;
                Ok(Some(News::Request(Box::new(record))))
            }
            Some(RecordKind::Deposit) => {
                let record = DepositRecord::read(&new.into())?;
                Ok(record.map(|record| News::Deposit(Box::new(record))))
            }
            Some(_) | None => Ok(None),
        }
    }
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}
