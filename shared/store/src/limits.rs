//! How many records a trader may make: counted in the table, in the same transaction as the new record.
//!
//! Two counters, both of the kind [`RecordKind::Quota`]: `quota#day#<broker>#<user>#<day>` has the number of the
//! trader's new records of that day, and `quota#open#<broker>#<login>` the ids of the account's open records. An id
//! stays there until the cap is reached; then the ids of records that are final by now are removed.

use aws_error::describe;
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason, Put, TransactWriteItem, Update},
};
use domain::{BrokerName, ProvenLogin, RecordId};
use jiff::SignedDuration;

use crate::{
    Moment, Request, Table, TableError,
    item::Item,
    schema::{BY_ACCOUNT, EXPIRES_AT, PK, RecordKind},
};

/// How many records one trader may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// New records of a trader in one day (UTC), of all screens together.
    pub records_per_day: u32,
    /// Open records of one trading account. For records of a workflow only.
    pub open_per_account: u32,
}

/// The limit that a new record would exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// [`Limits::records_per_day`].
    #[error("records of a day")]
    RecordsPerDay,
    /// [`Limits::open_per_account`].
    #[error("open records of the account")]
    OpenPerAccount,
}

/// How long the counter of a day is kept.
const KEEP_DAY: SignedDuration = SignedDuration::from_hours(2 * 24);

/// How long the ids of an account's open records are kept after the last new one.
const KEEP_OPEN: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The attribute with the number of a day's records.
const USED: &str = "used";

/// The attribute with the ids of an account's open records.
const RECORDS: &str = "records";

/// How often a transaction is sent that was refused because of another one at the same time.
const MAX_TRIES: u32 = 4;

/// The kind of record whose open ones are counted, and their account.
pub(crate) struct OpenOf<'a> {
    pub(crate) kind: RecordKind,
    pub(crate) broker: &'a BrokerName,
    pub(crate) login: ProvenLogin,
}

impl OpenOf<'_> {
    fn key(&self) -> Item {
        RecordKind::Quota.key_of(format_args!("open#{}#{}", self.broker, self.login))
    }
}

impl Table {
    /// Puts the item of a new record, with this key, unless there is one, and counts it. Returns the existing item
    /// in that case, whatever the counters say: a repeat takes nothing of the quota.
    ///
    /// # Errors
    /// [`TableError::LimitReached`] if the trader or the account has too many.
    pub(crate) async fn put_counted(
        &self,
        item: Item,
        key: Item,
        request: &Request,
        recorded_at: Moment,
        open: Option<OpenOf<'_>>,
    ) -> Result<Option<Item>, TableError> {
        let mut tries = 1;
        loop {
            let error = match self.transact(&item, request, recorded_at, open.as_ref()).await {
                Ok(()) => return Ok(None),
                Err(error) => error,
            };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                return Err(TableError::Unavailable(describe(&error)));
            };
            // The record itself decides before the counters do.
            if let Some(existing) = self.get(key.clone()).await? {
                return Ok(Some(existing));
            }
            let failed = |position: usize| {
                let reasons = cancelled.cancellation_reasons();
                reasons.get(position).and_then(CancellationReason::code) == Some("ConditionalCheckFailed")
            };
            if failed(1) {
                return Err(TableError::LimitReached(Limit::RecordsPerDay));
            }
            if let Some(open) = open.as_ref().filter(|_| failed(2))
                && !self.forget_final(open).await?
            {
                return Err(TableError::LimitReached(Limit::OpenPerAccount));
            }
            if tries == MAX_TRIES {
                return Err(TableError::Unavailable(describe(&error)));
            }
            tries += 1;
        }
    }

    /// Sends the transaction once: the record first, then the counters. The SDK may repeat it, with the same token.
    async fn transact(
        &self,
        item: &Item,
        request: &Request,
        recorded_at: Moment,
        open: Option<&OpenOf<'_>>,
    ) -> Result<(), SdkError<TransactWriteItemsError>> {
        let limits = request.limits;
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item.clone()))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .build()?;
        let day = RecordKind::Quota.key_of(format_args!(
            "day#{}#{}#{}",
            request.broker,
            request.identity.user_id,
            recorded_at.day()
        ));
        let day = self
            .counter(day, USED, number(1), recorded_at, KEEP_DAY)
            .condition_expression("attribute_not_exists(#counted) OR #counted < :max")
            .expression_attribute_values(":max", number(limits.records_per_day.into()))
            .build()?;
        let open = open.map(|open| {
            let id = AttributeValue::Ss(vec![request.id.to_string()]);
            self.counter(open.key(), RECORDS, id, recorded_at, KEEP_OPEN)
                .condition_expression("attribute_not_exists(#counted) OR size(#counted) < :max")
                .expression_attribute_values(":max", number(limits.open_per_account.into()))
                .build()
        });
        let mut transaction = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(TransactWriteItem::builder().update(day).build());
        if let Some(open) = open {
            transaction = transaction.transact_items(TransactWriteItem::builder().update(open?).build());
        }
        transaction.send().await.map(drop)
    }

    /// An update that adds to a counter.
    fn counter(
        &self,
        key: Item,
        attribute: &str,
        added: AttributeValue,
        now: Moment,
        kept: SignedDuration,
    ) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        let expires_at = now.timestamp().as_second() + kept.as_secs();
        Update::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .update_expression("ADD #counted :added SET #expires_at = :expires_at")
            .expression_attribute_names("#counted", attribute)
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":added", added)
            .expression_attribute_values(":expires_at", number(expires_at))
    }

    /// Removes the ids of records that are final by now. Returns whether there were any.
    async fn forget_final(&self, open: &OpenOf<'_>) -> Result<bool, TableError> {
        let counted = self.get(open.key()).await?.unwrap_or_default();
        let ids = counted.get(RECORDS).and_then(|ids| ids.as_ss().ok());
        let mut closed = Vec::new();
        for id in ids.into_iter().flatten() {
            let id: RecordId = id.parse().map_err(|_| TableError::damaged(RECORDS))?;
            let record = self.get(open.kind.key(&id)).await?;
            if record.is_none_or(|record| !record.contains_key(BY_ACCOUNT.partition)) {
                closed.push(id.to_string());
            }
        }
        if closed.is_empty() {
            return Ok(false);
        }
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(open.key()))
            .update_expression("DELETE #counted :closed")
            .expression_attribute_names("#counted", RECORDS)
            .expression_attribute_values(":closed", AttributeValue::Ss(closed));
        match update.send().await {
            Ok(_) => Ok(true),
            Err(error) => Err(TableError::Unavailable(describe(&error))),
        }
    }
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
