//! Doubts: that a notification nobody could believe names a deposit is reported once for each deposit.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::RecordId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    Table, TableError,
    schema::{EXPIRES_AT, RecordKind},
};

/// How long a doubt is remembered: longer than a deposit waits for its payment.
const KEEP: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Table {
    /// Remembers that the deposit is doubted. Returns whether this is the first time.
    ///
    /// # Errors
    /// [`TableError`]; the doubt may be remembered.
    pub async fn flag_doubt(&self, deposit: &RecordId, now: Timestamp) -> Result<bool, TableError> {
        let mut item = RecordKind::Doubt.key(deposit);
        let expires_at = (now.as_second() + KEEP.as_secs()).to_string();
        item.insert(EXPIRES_AT.to_owned(), AttributeValue::N(expires_at));
        Ok(self.put_new(item).await?.is_none())
    }
}
