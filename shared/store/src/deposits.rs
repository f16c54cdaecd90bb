//! Deposits in the table: `pk` is `deposit#<id>`, `sk` is `deposit`.
//!
//! One item holds what the rules need (the attributes of [`Deposit`]), its history, and who asked for it. Each write
//! replaces the former, on the condition that the item is of the version before, and appends to the history.

use std::{collections::HashMap, time::SystemTime};

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
    entry::Attributes,
    record::{self, Item},
};

/// Sort key of the item that holds a deposit, and `kind` in the index by due time.
const DEPOSIT: &str = "deposit";

/// Index by the time when a deposit is to be looked at again; those that never are, are not in it.
const BY_DUE: &str = "by-due";

/// Index by trading account of the deposits that are not final.
const BY_ACCOUNT: &str = "by-account";

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
        let attributes = Attributes(item);
        if attributes.text("sk")? != DEPOSIT {
            return Ok(None);
        }
        let deposit = read(item)?;
        let history = item.get("history").cloned();
        let history = history.unwrap_or(AttributeValue::L(Vec::new()));
        Ok(Some(Self {
            reference: attributes.text("reference")?.to_owned(),
            identity: attributes.identity(&deposit.order.broker.as_str().into())?,
            launch: attributes.launch()?,
            attribution: attributes.attribution()?,
            history: serde_dynamo::from_attribute_value(history)
                .map_err(|_| TableError::Damaged("history"))?,
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
        let recorded_at = record::millisecond(SystemTime::from(deposit.order.at))?;
        let mut item = record::item(request, &request.id, &recorded_at);
        item.extend(key(&deposit.id));
        item.remove("fields");
        let day = recorded_at.split('T').next().unwrap_or_default();
        item.insert("day".to_owned(), text(&format!("{DEPOSIT}#{day}")));
        item.insert("kind".to_owned(), text(DEPOSIT));
        let open = open_account(&deposit.order.broker, deposit.order.login);
        item.insert("open_account".to_owned(), text(&open));
        item.remove("attempt");
        item.extend(core(deposit)?);
        let history = to_attribute_value(vec![deposit.first_transition()]);
        item.insert(
            "history".to_owned(),
            history.map_err(|_| TableError::Damaged("history"))?,
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
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(BY_ACCOUNT)
            .key_condition_expression("open_account = :account")
            .expression_attribute_values(":account", text(&open_account(broker, login)))
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
        let item = self.get(key(id)).await?;
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
            .table_name(&self.table)
            .set_key(Some(key(id)))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

impl Store for Table {
    async fn load(&self, id: &DepositId) -> Result<Option<Deposit>, StoreError> {
        let item = self.get(key(id)).await.map_err(store_error)?;
        let deposit = item.map(|item| read(&item)).transpose();
        deposit.map_err(store_error)
    }

    async fn write(&self, next: &Deposit, transition: &Transition) -> Result<(), WriteError> {
        let mut attributes = core(next).map_err(store_error)?;
        attributes.remove("order");
        let mut removed: Vec<&str> = OPTIONAL.to_vec();
        removed.retain(|name| !attributes.contains_key(*name));
        if next.status.is_final() {
            removed.push("open_account");
        } else {
            let account = open_account(&next.order.broker, next.order.login);
            attributes.insert("open_account".to_owned(), text(&account));
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
        let mut open = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(BY_DUE)
                .key_condition_expression("kind = :kind")
                .expression_attribute_values(":kind", text(DEPOSIT))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| StoreError(describe(&error)))?;
            for item in page.items() {
                open.push(read_open(item).map_err(store_error)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
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
    let id = Attributes(item).text("pk")?.strip_prefix("deposit#");
    let id = id.ok_or(TableError::Damaged("pk"))?;
    let mut item = item.clone();
    item.insert("id".to_owned(), text(id));
    from_item(item).map_err(|_| TableError::Damaged("deposit"))
}

fn read_open(item: &Item) -> Result<Open, TableError> {
    let attributes = Attributes(item);
    let time = |name| {
        let time = attributes.text(name)?.parse();
        time.map_err(|_| TableError::Damaged(name))
    };
    let id = attributes.text("pk")?.strip_prefix("deposit#");
    let id = id.and_then(|id| id.parse().ok());
    let status: Result<Status, _> = attributes.text("status")?.parse();
    Ok(Open {
        id: id.ok_or(TableError::Damaged("pk"))?,
        status: status.map_err(|_| TableError::Damaged("status"))?,
        since: time("since")?,
        due: time("due")?,
    })
}

fn key(id: &DepositId) -> Item {
    HashMap::from([
        ("pk".to_owned(), text(&format!("deposit#{id}"))),
        ("sk".to_owned(), text(DEPOSIT)),
    ])
}

/// Whose deposits are looked up together: those of one account at one broker.
fn open_account(broker: &str, login: i64) -> String {
    format!("{broker}#{login}")
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
