//! Workflow records in the table: `pk` is `<kind>#<id>`, `sk` is the kind.
//!
//! One item holds the record, its history, and the trader who asked for it. The fields of [`Record`] are
//! attributes; the workflow's own data is the one attribute `data`. A write replaces all attributes of the
//! record, on the condition that the item has the previous version, and appends to the history. It replaces
//! `data` as a whole, so a removed value does not stay in the table.

use aws_error::describe;
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure, Select},
};
use domain::{Attribution, BrokerName, Identity, Launch, NoRandomness, ProvenLogin, RecordId};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_dynamo::{from_attribute_value, to_attribute_value};
use workflow::{DueRecord, Environment, Record, Status, Store, StoreError, Transition, Workflow, WriteError};

use crate::{
    Request, Table, TableError,
    item::{self, Item},
    limits::OpenOf,
    schema::{BY_ACCOUNT, BY_DUE, RecordKind, SK},
    submission::Submission,
    table::store_error,
};

/// How often an operator is reminded of a record that only an operator can change.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);

/// The attribute that counts republications. Each change of it is in the table's stream, so the record is
/// published again.
pub(crate) const REPUBLISHED: &str = "republished";

/// A workflow whose records are in the table.
pub trait Stored: Workflow {
    /// The kind of its records.
    const RECORD_KIND: RecordKind;

    /// The trading account of the record: its broker and login.
    fn account(&self) -> (&BrokerName, ProvenLogin);
}

/// A complete record from the table, for events and for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord<W: Workflow> {
    /// The reference that the trader sees.
    pub reference: String,
    /// The record.
    pub record: Record<W>,
    /// The trader.
    pub identity: Identity,
    /// The launch parameters.
    pub launch: Launch,
    /// The marketing attribution.
    pub attribution: Attribution,
    /// All writes, the oldest first.
    pub history: Vec<Transition<W>>,
}

impl<W: Stored> StoredRecord<W> {
    /// Reads an item of the table. `None` if it is no record of this workflow.
    ///
    /// # Errors
    /// [`TableError::Damaged`] names the attribute that is absent or malformed.
    pub fn read(item: &Item) -> Result<Option<Self>, TableError> {
        let kind = item.get(SK).and_then(|kind| kind.as_s().ok());
        if kind.ok_or_else(|| TableError::damaged(SK))? != W::RECORD_KIND.as_str() {
            return Ok(None);
        }
        let submission: Submission = item::read(item.clone())?;
        let history = item
            .get("history")
            .cloned()
            .ok_or_else(|| TableError::damaged("history"))?;
        Ok(Some(Self {
            record: read(item)?,
            identity: submission.identity(),
            launch: submission.launch(),
            reference: submission.reference,
            attribution: submission.attribution,
            history: from_attribute_value(history).map_err(|_| TableError::damaged("history"))?,
        }))
    }

    /// The version in which the record got its status. Later writes that keep the status do not change it.
    pub fn status_version(&self) -> u64 {
        let transition = self.transition_to_status();
        transition.map_or(self.record.version, |transition| transition.version)
    }

    /// When the record got its status. In statuses that wait for a program it may be later than
    /// [`Record::status_since`].
    pub fn status_at(&self) -> Timestamp {
        let transition = self.transition_to_status();
        transition.map_or(self.record.status_since, |transition| transition.at)
    }

    fn transition_to_status(&self) -> Option<&Transition<W>> {
        let status = self.record.status;
        let newest_first = self.history.iter().rev();
        newest_first
            .take_while(|transition| transition.status == status)
            .last()
    }
}

/// The system's clock and random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Environment for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn unique(&self) -> Result<String, NoRandomness> {
        Ok(RecordId::random()?.as_str().to_owned())
    }
}

impl Table {
    /// Writes a new record, unless there is one with its id, and returns the record that the table holds afterwards.
    ///
    /// # Errors
    /// [`TableError`]; calling again with the same record is safe. [`TableError::LimitReached`] if the trader has
    /// made too many records today, or the account has too many open ones.
    pub async fn create<W: Stored>(
        &self,
        new: &Record<W>,
        request: &Request,
    ) -> Result<Record<W>, TableError> {
        let kind = W::RECORD_KIND;
        let recorded_at = new.status_since.into();
        let submission = Submission::new(kind, request, recorded_at);
        let key = kind.key(&new.id);
        let mut item = key.clone();
        item.extend(item::write(&submission)?);
        item.insert("history".to_owned(), attribute(&[new.first_transition()])?);
        for (name, value) in attributes(new)? {
            item.extend(value.map(|value| (name.to_owned(), value)));
        }
        let (broker, login) = new.data.account();
        let open = OpenOf { kind, broker, login };
        let put = self.put_counted(item, key, request, recorded_at, Some(open));
        match put.await? {
            None => Ok(new.clone()),
            Some(existing) => read(&existing),
        }
    }

    /// The newest open records of an account, up to `limit`, the newest first. May lag behind the table by a moment.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn open_of_account<W: Stored>(
        &self,
        broker: &BrokerName,
        login: ProvenLogin,
        limit: u32,
    ) -> Result<Vec<Record<W>>, TableError> {
        let account = W::RECORD_KIND.account(broker, login);
        let found = self
            .query(BY_ACCOUNT, account)
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| TableError::Unavailable(describe(&error)))?;
        found.items().iter().map(read).collect()
    }

    /// Reads a complete record.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn stored<W: Stored>(&self, id: &RecordId) -> Result<Option<StoredRecord<W>>, TableError> {
        let item = self.get(W::RECORD_KIND.key(id)).await?;
        item.map_or(Ok(None), |item| StoredRecord::read(&item))
    }

    /// Marks this version of the record as published. A final record loses its due time. One that waits for an
    /// operator is published again after 24 hours, as a reminder.
    ///
    /// # Errors
    /// [`TableError`]; calling again is safe. A record that is not marked is published again.
    pub async fn mark_published<W: Stored>(
        &self,
        published: &Record<W>,
        now: Timestamp,
    ) -> Result<(), TableError> {
        let update = self.update_version::<W>(&published.id, published.version);
        let update = if published.status.is_final() {
            update.update_expression("REMOVE due_at")
        } else if published.status.needs_operator() {
            update
                .update_expression("SET due_at = :due_at")
                .expression_attribute_values(":due_at", text(&(now + REMINDER).to_string()))
        } else {
            return Ok(());
        };
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                // There is a newer version, which will be published.
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(TableError::Unavailable(describe(&error))),
            },
        }
    }

    /// An update on the condition that the table holds this version.
    fn update_version<W: Stored>(&self, id: &RecordId, version: u64) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(W::RECORD_KIND.key(id)))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

impl<W: Stored> Store<W> for Table {
    async fn load(&self, id: &RecordId) -> Result<Option<Record<W>>, StoreError> {
        let item = self.get(W::RECORD_KIND.key(id)).await.map_err(store_error)?;
        item.map(|item| read(&item)).transpose().map_err(store_error)
    }

    async fn write(&self, next: &Record<W>, transition: &Transition<W>) -> Result<(), WriteError<W>> {
        let mut set = vec!["history = list_append(history, :transition)".to_owned()];
        let mut removed = Vec::new();
        let mut update = self
            .update_version::<W>(&next.id, next.version - 1)
            .expression_attribute_values(":transition", attribute(&[transition]).map_err(store_error)?);
        // Some names are reserved words of DynamoDB.
        for (name, value) in attributes(next).map_err(store_error)? {
            update = update.expression_attribute_names(format!("#{name}"), name);
            match value {
                Some(value) => {
                    set.push(format!("#{name} = :next_{name}"));
                    update = update.expression_attribute_values(format!(":next_{name}"), value);
                }
                None => removed.push(format!("#{name}")),
            }
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !removed.is_empty() {
            expression += &format!(" REMOVE {}", removed.join(", "));
        }
        written(update.update_expression(expression).send().await)
    }

    async fn republish(&self, record: &Record<W>, due_at: Timestamp) -> Result<(), WriteError<W>> {
        let update = self
            .update_version::<W>(&record.id, record.version)
            .update_expression("SET due_at = :due_at ADD #republished :one")
            .expression_attribute_names("#republished", REPUBLISHED)
            .expression_attribute_values(":due_at", text(&due_at.to_string()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        written(update.send().await)
    }

    async fn list_due(
        &self,
        status: W::Status,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueRecord<W>>, StoreError> {
        // Texts of times with and without a fraction are in order to the second only.
        let latest = now + SignedDuration::from_secs(1);
        let query = self
            .query(BY_DUE, W::RECORD_KIND.in_status(status))
            .key_condition_expression("#partition = :partition AND due_at <= :latest")
            .expression_attribute_values(":latest", text(&latest.to_string()));
        let items = self
            .pages(&query, limit)
            .await
            .map_err(|error| StoreError(describe(&error)))?;
        let mut due = items
            .iter()
            .map(read_due)
            .collect::<Result<Vec<_>, _>>()
            .map_err(store_error)?;
        due.retain(|record: &DueRecord<W>| record.due_at <= now);
        due.sort_by_key(|record| record.due_at);
        Ok(due)
    }

    async fn count(&self, status: W::Status, since: Option<Timestamp>) -> Result<u64, StoreError> {
        let mut query = self
            .query(BY_DUE, W::RECORD_KIND.in_status(status))
            .select(Select::Count);
        if let Some(since) = since {
            query = query
                .filter_expression("status_since <= :since")
                .expression_attribute_values(":since", text(&since.to_string()));
        }
        let (mut count, mut start) = (0, None);
        loop {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page = page.map_err(|error| StoreError(describe(&error)))?;
            count += u64::try_from(page.count).unwrap_or_default();
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(count);
            }
        }
    }
}

/// The outcome of a conditional update.
fn written<W: Stored, O>(sent: Result<O, SdkError<UpdateItemError>>) -> Result<(), WriteError<W>> {
    let Err(error) = sent else {
        return Ok(());
    };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(existing)) => {
            let missing = || StoreError(format!("the {} is not there", W::KIND));
            let item = existing.item.as_ref().ok_or_else(missing)?;
            Err(WriteError::Conflict(Box::new(read(item).map_err(store_error)?)))
        }
        _ => Err(WriteError::Store(StoreError(describe(&error)))),
    }
}

/// All attributes of a record except its id, which is in the key. An absent attribute has no value.
fn attributes<W: Stored>(
    record: &Record<W>,
) -> Result<[(&'static str, Option<AttributeValue>); 11], TableError> {
    // Destructured, so that a new field does not compile until it is stored.
    let Record {
        id: _,
        version,
        write_id,
        status,
        status_since,
        due_at,
        deferrals,
        history_size,
        decision,
        data,
    } = record;
    let (broker, login) = data.account();
    let open_account = (!status.is_final()).then(|| text(&W::RECORD_KIND.account(broker, login)));
    Ok([
        ("version", Some(attribute(version)?)),
        ("write_id", Some(text(write_id))),
        ("status", Some(attribute(status)?)),
        ("status_since", Some(attribute(status_since)?)),
        ("due_at", due_at.as_ref().map(attribute).transpose()?),
        ("deferrals", Some(attribute(deferrals)?)),
        ("history_size", Some(attribute(history_size)?)),
        ("decision", decision.as_ref().map(attribute).transpose()?),
        ("data", Some(attribute(data)?)),
        (BY_ACCOUNT.partition, open_account),
        (BY_DUE.partition, Some(text(&W::RECORD_KIND.in_status(status)))),
    ])
}

fn attribute(value: &(impl Serialize + ?Sized)) -> Result<AttributeValue, TableError> {
    to_attribute_value(value).map_err(|_| TableError::Misused("a record cannot be written"))
}

fn read<W: Stored>(item: &Item) -> Result<Record<W>, TableError> {
    let id = W::RECORD_KIND.id(item)?;
    let mut item = item.clone();
    item.insert("id".to_owned(), text(id.as_str()));
    item::read(item)
}

fn read_due<W: Stored>(item: &Item) -> Result<DueRecord<W>, TableError> {
    let text = |name| {
        let text = item.get(name).and_then(|value| value.as_s().ok());
        text.ok_or_else(|| TableError::damaged(name))
    };
    let time = |name| {
        let time = text(name)?.parse();
        time.map_err(|_| TableError::damaged(name))
    };
    let status: Result<W::Status, _> = text("status")?.parse();
    Ok(DueRecord {
        id: W::RECORD_KIND.id(item)?,
        status: status.map_err(|_| TableError::damaged("status"))?,
        status_since: time("status_since")?,
        due_at: time("due_at")?,
    })
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}
