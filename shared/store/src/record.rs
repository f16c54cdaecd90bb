//! Requests: written once, read back.

use std::{
    collections::{BTreeMap, HashMap},
    time::SystemTime,
};

use aws_error::describe;
use aws_sdk_dynamodb::{
    Client,
    operation::put_item::PutItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{Attribution, BrokerName, Identity, Launch, RecordId, ScreenKind};
use jiff::Timestamp;

use crate::{Outcome, Status, entry::Attributes};

/// Sort key of the item that holds a request.
const REQUEST: &str = "request";

/// The table of requests.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) table: String,
}

/// What a trader asks for, by submitting a screen's form.
#[derive(Clone, Debug)]
pub struct Request {
    /// Minted with the form.
    pub id: RecordId,
    /// On which screen.
    pub screen: ScreenKind,
    /// Name of the broker, as in `broker.toml`.
    pub broker: BrokerName,
    /// Who.
    pub identity: Identity,
    /// Opened how.
    pub launch: Launch,
    /// Where from.
    pub attribution: Attribution,
    /// The form's fields by name, as checked: amounts as decimals with a point.
    pub fields: BTreeMap<String, String>,
}

/// What the table holds of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// The form's fields by name.
    pub fields: BTreeMap<String, String>,
    /// When.
    pub recorded_at: Timestamp,
    /// Whether it was there before: the form was submitted again.
    pub again: bool,
    /// What became of it, if that is known.
    pub outcome: Option<Outcome>,
}

/// Why the table did not answer as hoped.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The call failed. Whether a write happened is unknown; writing the same request again is safe.
    #[error("the ledger table: {0}")]
    Unavailable(String),
    /// The item is not of the expected form.
    #[error("the ledger table holds a request without `{0}`")]
    Damaged(&'static str),
    /// The caller asked for what cannot be.
    #[error("the ledger table: {0}")]
    Misused(&'static str),
}

impl Table {
    /// The ledger in `table`.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Records `request` unless a request of that id is recorded already, and returns what the table holds then.
    ///
    /// A retry inside the SDK can find the item that its own first try wrote, so the item names the attempt.
    ///
    /// # Errors
    /// [`TableError`]; calling again with the same request is safe.
    pub async fn record(&self, request: &Request, now: SystemTime) -> Result<StoredRequest, TableError> {
        let attempt = RecordId::random().map_err(|error| TableError::Unavailable(error.to_string()))?;
        let recorded_at = millisecond(now)?;
        match self.put_new(item(request, &attempt, &recorded_at)).await? {
            None => Ok(StoredRequest {
                fields: request.fields.clone(),
                recorded_at: recorded_at
                    .parse()
                    .map_err(|_| TableError::Damaged("recorded_at"))?,
                again: false,
                outcome: None,
            }),
            Some(existing) => read(&existing, &attempt),
        }
    }

    /// The request of that id, if it is recorded.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn find(&self, id: &RecordId) -> Result<Option<StoredRequest>, TableError> {
        let found = self.get(key(id)).await?;
        // No attempt of ours wrote it: whatever is there was there before.
        let nobody = RecordId::random().map_err(|error| TableError::Unavailable(error.to_string()))?;
        found.map(|item| read(&item, &nobody)).transpose()
    }

    /// Puts an item into the table, unless one of that key is there already: that one is returned.
    pub(crate) async fn put_new(&self, item: Item) -> Result<Option<Item>, TableError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = put else {
            return Ok(None);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(existing)) => {
                let existing = existing.item.clone();
                Ok(Some(existing.ok_or(TableError::Damaged("pk"))?))
            }
            _ => Err(TableError::Unavailable(describe(&error))),
        }
    }

    /// The item of that key, as the table holds it now.
    pub(crate) async fn get(&self, key: Item) -> Result<Option<Item>, TableError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| TableError::Unavailable(describe(&error)))?;
        Ok(found.item)
    }
}

/// An item of the table, or its key.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// A moment as the table has it: RFC 3339 with milliseconds, all of one length, so that texts sort as time does.
pub(crate) fn millisecond(time: SystemTime) -> Result<String, TableError> {
    let time = Timestamp::try_from(time).and_then(|time| time.round(jiff::Unit::Millisecond));
    let time = time.map_err(|error| TableError::Unavailable(error.to_string()))?;
    Ok(format!("{time:.3}"))
}

pub(crate) fn key(id: &RecordId) -> Item {
    HashMap::from([
        (
            "pk".to_owned(),
            AttributeValue::S(format!("request#{}", id.as_str())),
        ),
        ("sk".to_owned(), AttributeValue::S(REQUEST.to_owned())),
    ])
}

pub(crate) fn item(request: &Request, attempt: &RecordId, recorded_at: &str) -> Item {
    let text = |text: &str| Some(AttributeValue::S(text.to_owned()));
    let number = |number: Option<i64>| number.map(|number| AttributeValue::N(number.to_string()));
    let texts = |map: &BTreeMap<String, String>| {
        let values = map
            .iter()
            .map(|(name, value)| (name.clone(), AttributeValue::S(value.clone())));
        Some(AttributeValue::M(values.collect()))
    };
    let identity = &request.identity;
    let launch = &request.launch;
    let attributes = [
        ("action", text(request.screen.as_str())),
        ("action_type", launch.action_type.as_deref().and_then(text)),
        ("attempt", text(attempt.as_str())),
        ("reference", text(&request.id.reference())),
        ("broker", text(request.broker.as_str())),
        ("day", recorded_at.split('T').next().and_then(text)),
        ("user_id", number(Some(identity.user_id))),
        ("trader_id", number(identity.trader_id)),
        ("account_id", number(identity.account_id)),
        ("trading_login", number(identity.trading_login())),
        ("launch_account", number(launch.account)),
        ("email", identity.email.as_deref().and_then(text)),
        ("kyc_type", launch.kyc_type.as_deref().and_then(text)),
        ("lang", launch.lang.as_deref().and_then(text)),
        ("source", launch.source.and_then(|source| text(source.as_str()))),
        (
            "attribution",
            texts(&request.attribution).filter(|_| !request.attribution.is_empty()),
        ),
        ("fields", texts(&request.fields)),
        ("recorded_at", text(recorded_at)),
        ("status", text(Status::Recorded.as_str())),
    ];
    let mut item = key(&request.id);
    item.extend(
        attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    item
}

fn read(item: &Item, attempt: &RecordId) -> Result<StoredRequest, TableError> {
    let attributes = Attributes(item);
    let recorded_at = attributes.text("recorded_at")?.parse();
    Ok(StoredRequest {
        fields: attributes.texts("fields")?,
        recorded_at: recorded_at.map_err(|_| TableError::Damaged("recorded_at"))?,
        again: attributes.text("attempt")? != attempt.as_str(),
        outcome: attributes.outcome()?,
    })
}
