//! Deposits in the table: `pk` is `deposit#<id>`, `sk` is `deposit`.
//!
//! One item holds what the rules need (the attributes of [`Deposit`]), its history, and who asked for it. Each write
//! replaces the former, on the condition that the item is of the version before, and appends to the history.

use aws_error::describe;
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use deposits::{
    Deposit, DepositId, Environment, NoRandomness, Open, Status, Store, StoreError, Transition, WriteError,
};
use domain::{Attribution, Identity, Launch, RecordId};
use jiff::{SignedDuration, Timestamp};
use serde_dynamo::{from_item, to_attribute_value, to_item};

use crate::{
    Request, Table, TableError,
    item::{self, Item},
    schema::{BY_ACCOUNT, BY_DUE, RecordKind, SK},
    submission::Submission,
};

/// How many open deposits a trader is offered at most.
const MOST_OFFERED: i32 = 3;

/// How often an operator is reminded of a deposit that only an operator can move.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);

/// The attributes of [`Deposit`] that come and go.
const OPTIONAL: [&str; 12] = [
    "payment",
    "paid_again_at",
    "pending_at",
    "failed_at",
    "reversed",
    "seen_events",
    "attempt",
    "deferrals",
    "credit",
    "resolved",
    "reasons",
    "due",
];

/// What the table holds of a deposit: for events and for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositRecord {
    /// What was told to the trader.
    pub reference: String,
    /// The deposit.
    pub deposit: Deposit,
    /// Who.
    pub identity: Identity,
    /// Opened how.
    pub launch: Launch,
    /// Where from.
    pub attribution: Attribution,
    /// Each write, the oldest first.
    pub history: Vec<Transition>,
}

impl DepositRecord {
    /// Reads an item of the table; `None` if it holds something else than a deposit.
    ///
    /// # Errors
    /// [`TableError::Damaged`] names what is absent or not of the expected form.
    pub fn read(item: &Item) -> Result<Option<Self>, TableError> {
        if text_of(item, SK)? != RecordKind::Deposit.as_str() {
            return Ok(None);
        }
        let deposit = read(item)?;
        let submission: Submission = item::read(item.clone())?;
        let history = item.get("history").cloned();
        let history = history.unwrap_or(AttributeValue::L(Vec::new()));
        Ok(Some(Self {
            identity: submission.identity(),
            launch: submission.launch(),
            reference: submission.reference,
            attribution: submission.attribution,
            history: serde_dynamo::from_attribute_value(history)
                .map_err(|_| TableError::damaged("history"))?,
            deposit,
        }))
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
        let id = RecordId::random().map_err(|_| NoRandomness)?;
        Ok(id.as_str().to_owned())
    }
}

impl Table {
    /// Writes a new deposit, unless one of that id is there already, and returns what the table holds then.
    ///
    /// # Errors
    /// [`TableError`]; calling again with the same deposit is safe.
    pub async fn create_deposit(&self, deposit: &Deposit, request: &Request) -> Result<Deposit, TableError> {
        let submission = Submission::new(RecordKind::Deposit, request, deposit.order.at.into());
        let mut item = RecordKind::Deposit.key(&deposit.id);
        item.extend(item::write(&submission)?);
        item.insert(BY_DUE.partition.to_owned(), text(RecordKind::Deposit.as_str()));
        let account = open_account(deposit);
        item.insert(BY_ACCOUNT.partition.to_owned(), text(&account));
        item.extend(core(deposit)?);
        let history = to_attribute_value(vec![deposit.first_transition()]);
        item.insert(
            "history".to_owned(),
            history.map_err(|_| TableError::damaged("history"))?,
        );
        match self.put_new(item).await? {
            None => Ok(deposit.clone()),
            Some(existing) => read(&existing),
        }
    }

    /// The deposits of that account that are not final, the newest first. May lag behind the table by a moment.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn open_deposits(&self, broker: &str, login: i64) -> Result<Vec<Deposit>, TableError> {
        let account = RecordKind::Deposit.account(broker, login);
        let found = self
            .query(BY_ACCOUNT, account)
            .scan_index_forward(false)
            .limit(MOST_OFFERED)
            .send()
            .await
            .map_err(|error| TableError::Unavailable(describe(&error)))?;
        found.items().iter().map(read).collect()
    }

    /// Whole, with its history and who asked for it.
    ///
    /// # Errors
    /// [`TableError`].
    pub async fn deposit(&self, id: &DepositId) -> Result<Option<DepositRecord>, TableError> {
        let item = self.get(RecordKind::Deposit.key(id)).await?;
        item.map_or(Ok(None), |item| DepositRecord::read(&item))
    }

    /// Notes that this version of the deposit has been announced. One that is final needs nothing more; of one that waits
    /// for an operator there will be a reminder.
    ///
    /// # Errors
    /// [`TableError`]; calling again is safe. It is announced again if this is not noted.
    pub async fn mark_published(&self, deposit: &Deposit, now: Timestamp) -> Result<(), TableError> {
        let update = self.update_version(&deposit.id, deposit.version);
        let update = if deposit.status.is_final() {
            update.update_expression("REMOVE due")
        } else if deposit.status.needs_operator() {
            update
                .update_expression("SET due = :due")
                .expression_attribute_values(":due", text(&(now + REMINDER).to_string()))
        } else {
            return Ok(());
        };
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                // It has moved on, and that will be announced too.
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(TableError::Unavailable(describe(&error))),
            },
        }
    }

    /// An update that happens only to that version.
    fn update_version(&self, id: &DepositId, version: u64) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(RecordKind::Deposit.key(id)))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

impl Store for Table {
    async fn load(&self, id: &DepositId) -> Result<Option<Deposit>, StoreError> {
        let item = self.get(RecordKind::Deposit.key(id)).await.map_err(store_error)?;
        let deposit = item.map(|item| read(&item)).transpose();
        deposit.map_err(store_error)
    }

    async fn write(&self, next: &Deposit, transition: &Transition) -> Result<(), WriteError> {
        let mut attributes = core(next).map_err(store_error)?;
        attributes.remove("order");
        let mut removed: Vec<&str> = OPTIONAL.to_vec();
        removed.retain(|name| !attributes.contains_key(*name));
        if next.status.is_final() {
            removed.push(BY_ACCOUNT.partition);
        } else {
            let account = open_account(next);
            attributes.insert(BY_ACCOUNT.partition.to_owned(), text(&account));
        }
        let transition = to_attribute_value(vec![transition]);
        let transition = transition.map_err(|_| StoreError("a transition cannot be written".into()))?;
        let mut update = self
            .update_version(&next.id, next.version - 1)
            .expression_attribute_values(":transition", transition);
        let mut set = "SET history = list_append(history, :transition)".to_owned();
        // Some of the names are DynamoDB's own words.
        for (name, value) in attributes {
            set += &format!(", #{name} = :{name}_next");
            update = update
                .expression_attribute_names(format!("#{name}"), name.as_str())
                .expression_attribute_values(format!(":{name}_next"), value);
        }
        for name in &removed {
            update = update.expression_attribute_names(format!("#{name}"), *name);
        }
        let removed: Vec<_> = removed.iter().map(|name| format!("#{name}")).collect();
        if !removed.is_empty() {
            set += &format!(" REMOVE {}", removed.join(", "));
        }
        written(update.update_expression(set).send().await)
    }

    async fn announce_again(&self, deposit: &Deposit, due: Timestamp) -> Result<(), WriteError> {
        let update = self
            .update_version(&deposit.id, deposit.version)
            .update_expression("SET due = :due ADD announced_again :one")
            .expression_attribute_values(":due", text(&due.to_string()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        written(update.send().await)
    }

    async fn open(&self) -> Result<Vec<Open>, StoreError> {
        let due = self.due(RecordKind::Deposit).await;
        let due = due.map_err(|error| StoreError(describe(&error)))?;
        let open: Result<Vec<Open>, _> = due.iter().map(read_open).collect();
        let mut open = open.map_err(store_error)?;
        open.sort_by_key(|open| open.due);
        Ok(open)
    }
}

/// What became of a conditional update.
fn written<O>(sent: Result<O, SdkError<UpdateItemError>>) -> Result<(), WriteError> {
    let Err(error) = sent else {
        return Ok(());
    };
    match error.as_service_error() {
        Some(UpdateItemError::ConditionalCheckFailedException(existing)) => {
            let item = existing.item.as_ref();
            let item = item.ok_or_else(|| StoreError("the deposit is not there".into()))?;
            Err(WriteError::Conflict(Box::new(read(item).map_err(store_error)?)))
        }
        _ => Err(WriteError::Store(StoreError(describe(&error)))),
    }
}

/// The attributes that [`Deposit`] has, its id left out: that is in the key.
fn core(deposit: &Deposit) -> Result<Item, TableError> {
    let item: Result<Item, _> = to_item(deposit);
    let mut item = item.map_err(|_| TableError::Misused("a deposit cannot be written"))?;
    item.remove("id");
    Ok(item)
}

fn read(item: &Item) -> Result<Deposit, TableError> {
    let id = RecordKind::Deposit.id(item)?;
    let mut item = item.clone();
    item.insert("id".to_owned(), text(id.as_str()));
    from_item(item).map_err(|_| TableError::damaged("deposit"))
}

fn read_open(item: &Item) -> Result<Open, TableError> {
    let time = |name| {
        let time = text_of(item, name)?.parse();
        time.map_err(|_| TableError::damaged(name))
    };
    let status: Result<Status, _> = text_of(item, "status")?.parse();
    Ok(Open {
        id: RecordKind::Deposit.id(item)?,
        status: status.map_err(|_| TableError::damaged("status"))?,
        since: time("since")?,
        due: time("due")?,
    })
}

/// Whose deposits are looked up together: those of one account at one broker.
fn open_account(deposit: &Deposit) -> String {
    RecordKind::Deposit.account(&deposit.order.broker, deposit.order.login)
}

fn text_of<'a>(item: &'a Item, name: &'static str) -> Result<&'a str, TableError> {
    let text = item.get(name).and_then(|value| value.as_s().ok());
    text.map(String::as_str).ok_or_else(|| TableError::damaged(name))
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn store_error(error: TableError) -> StoreError {
    match error {
        TableError::Unavailable(problem) => StoreError(problem),
        damaged => StoreError(damaged.to_string()),
    }
}
