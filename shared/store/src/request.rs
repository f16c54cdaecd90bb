//! Requests: written once, and read back.

use std::{collections::BTreeMap, time::SystemTime};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Attribution, BrokerName, Identity, Launch, RecordId, ScreenKind};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    Limits, Moment, Outcome, Status, Table, TableError,
    item::{self, Item},
    request_record::StatusChange,
    schema::{EXPIRES_AT, RecordKind},
    submission::Submission,
};

/// A form that a trader submitted.
#[derive(Clone, Debug)]
pub struct Request {
    /// The id, made together with the form.
    pub id: RecordId,
    /// The screen of the form.
    pub screen: ScreenKind,
    /// The trader's broker, as in `broker.toml`.
    pub broker: BrokerName,
    /// The trader.
    pub identity: Identity,
    /// The launch parameters.
    pub launch: Launch,
    /// The marketing attribution.
    pub attribution: Attribution,
    /// The form's checked fields, by name. Amounts are decimals with a point.
    pub fields: BTreeMap<String, String>,
    /// How many records the trader may make.
    pub limits: Limits,
    /// How many days the record is kept; `None` if for ever. Then DynamoDB deletes the record.
    pub keep_days: Option<u32>,
}

/// A request in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// The form's fields by name.
    pub fields: BTreeMap<String, String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Whether an earlier submit of the same form recorded it.
    pub again: bool,
    /// Its outcome, if there is one.
    pub outcome: Option<Outcome>,
}

/// The attributes of requests, besides those of every submitted form.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RequestAttributes {
    pub(crate) fields: BTreeMap<String, String>,
    /// The id of the call that wrote the item.
    attempt: String,
    pub(crate) status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome_redirect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) concluded_at: Option<Moment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) history: Vec<StatusChange>,
}

impl RequestAttributes {
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        (self.status != Status::Recorded).then(|| Outcome {
            status: self.status,
            message: self.outcome_message.clone(),
            redirect: self.outcome_redirect.clone(),
        })
    }
}

impl Table {
    /// Records `request`, unless a request of this id is recorded, and returns the request that the table holds
    /// afterwards.
    ///
    /// If the SDK retries a write whose first try succeeded, it finds its own item. The attempt's id in the
    /// item shows that.
    ///
    /// # Errors
    /// [`TableError`]; calling again with the same request is safe. [`TableError::LimitReached`] if the trader has
    /// made too many records today.
    pub async fn record(&self, request: &Request, now: SystemTime) -> Result<StoredRequest, TableError> {
        let attempt = RecordId::random().map_err(|error| TableError::Unavailable(error.to_string()))?;
        let recorded_at =
            Moment::try_from(now).map_err(|error| TableError::Unavailable(error.to_string()))?;
        let attributes = RequestAttributes {
            fields: request.fields.clone(),
            attempt: attempt.as_str().to_owned(),
            status: Status::Recorded,
            outcome_message: None,
            outcome_redirect: None,
            concluded_at: None,
            history: Vec::new(),
        };
        let key = RecordKind::Request.key(&request.id);
        let mut item = key.clone();
        item.extend(item::write(&Submission::new(
            RecordKind::Request,
            request,
            recorded_at,
        ))?);
        item.extend(item::write(&attributes)?);
        item.extend(expiry(recorded_at, request.keep_days));
        match self.put_counted(item, key, request, recorded_at, None).await? {
            None => Ok(StoredRequest {
                fields: request.fields.clone(),
                recorded_at: recorded_at.timestamp(),
                again: false,
                outcome: None,
            }),
            Some(existing) => stored(existing, |of_item| of_item != attempt.as_str()),
        }
    }

    /// The request of this id, if it is recorded.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn find(&self, id: &RecordId) -> Result<Option<StoredRequest>, TableError> {
        let found = self.get(RecordKind::Request.key(id)).await?;
        found.map(|item| stored(item, |_| true)).transpose()
    }
}

/// The attribute by which DynamoDB deletes the item, if it is not kept for ever.
fn expiry(recorded_at: Moment, keep_days: Option<u32>) -> Option<(String, AttributeValue)> {
    let kept = SignedDuration::from_hours(24 * i64::from(keep_days?));
    let seconds = recorded_at.timestamp().as_second() + kept.as_secs();
    Some((EXPIRES_AT.to_owned(), AttributeValue::N(seconds.to_string())))
}

/// Reads a request from an item. `again` decides, from the id of the attempt that wrote it, whether that was an
/// earlier one.
fn stored(item: Item, again: impl FnOnce(&str) -> bool) -> Result<StoredRequest, TableError> {
    let Submission { recorded_at, .. } = item::read(item.clone())?;
    let attributes: RequestAttributes = item::read(item)?;
    Ok(StoredRequest {
        again: again(&attributes.attempt),
        outcome: attributes.outcome(),
        fields: attributes.fields,
        recorded_at: recorded_at.timestamp(),
    })
}
