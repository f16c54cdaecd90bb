//! Erasing a trader's personal data. Money records stay, without what is personal in them.
//!
//! What stays of a request: its id and reference, the screen, the broker, the trader's ids and logins, when it was
//! recorded, its status and when that changed, and its amounts with their currencies. What stays of a deposit: all of
//! its workflow, and the same ids. The e-mail address, all other fields of a form, the language, the client, the
//! marketing attribution, and what a backend said go.

use std::collections::BTreeMap;

use aws_error::describe;
use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::AttributeValue};
use domain::{BrokerName, Principal, RecordId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Moment, ReadError, RecordKind, Table, TableError,
    item::{self, Item},
    request_record::StatusChange,
    schema::{PK, SK},
};

/// The attributes that are removed from every record.
const PERSONAL: [&str; 4] = ["email", "attribution", "lang", "source"];

/// The attributes that are removed from a request too.
const OUTCOME: [&str; 2] = ["outcome_message", "outcome_redirect"];

/// How often a request that changes at the same time is read again.
const MAX_TRIES: u32 = 3;

/// Whose data is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trader {
    /// The trader's broker, as in `broker.toml`.
    pub broker: BrokerName,
    /// cTrader's user id.
    pub user_id: i64,
}

/// An erasure that an operator asked for. Kept for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Whose data is erased.
    #[serde(flatten)]
    pub trader: Trader,
    /// Who asked for it.
    pub by: Principal,
    /// Why.
    pub reason: String,
    /// When the first call of it came.
    pub recorded_at: Moment,
}

/// What was erased in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erased {
    /// The attributes that were there, in alphabetical order. Empty if there was nothing left to erase.
    Attributes(Vec<String>),
    /// There is no such record of this trader.
    NotFound,
}

impl RecordKind {
    /// Whether records of this kind hold personal data of a trader.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Request | Self::Deposit)
    }
}

impl Table {
    /// Records the erasure under the id of its call, and returns the one that the table holds: another one, if the id
    /// was used before.
    ///
    /// # Errors
    /// [`TableError`]; calling again is safe.
    pub async fn record_erasure(&self, id: &RecordId, erasure: &Erasure) -> Result<Erasure, TableError> {
        let mut new = RecordKind::Erasure.key(id);
        new.extend(item::write(erasure)?);
        match self.put_new(new).await? {
            None => Ok(erasure.clone()),
            Some(held) => item::read(held),
        }
    }

    /// Erases the personal data in a record of this trader. `id` is the id of the [`Erasure`], which the record keeps.
    ///
    /// # Errors
    /// [`TableError`]; calling again is safe.
    pub async fn erase(
        &self,
        id: &RecordId,
        trader: &Trader,
        kind: RecordKind,
        record: &RecordId,
    ) -> Result<Erased, TableError> {
        if !kind.is_personal() {
            return Ok(Erased::NotFound);
        }
        for _ in 0..MAX_TRIES {
            let Some(held) = self.get(kind.key(record)).await? else {
                return Ok(Erased::NotFound);
            };
            if item::read::<Trader>(held.clone())? != *trader {
                return Ok(Erased::NotFound);
            }
            let change = Change::new(kind, &held)?;
            if change.erased.is_empty() {
                return Ok(Erased::Attributes(Vec::new()));
            }
            if self.write_erased(id, kind, record, &change).await? {
                return Ok(Erased::Attributes(change.erased));
            }
        }
        Err(TableError::Unavailable("the record keeps changing".into()))
    }

    /// Writes the change, on the condition that what it replaces has not changed. Returns whether it was written.
    async fn write_erased(
        &self,
        id: &RecordId,
        kind: RecordKind,
        record: &RecordId,
        change: &Change,
    ) -> Result<bool, TableError> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(kind.key(record)))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":erasure", AttributeValue::S(id.to_string()));
        let mut conditions = vec!["attribute_exists(#pk)".to_owned()];
        let mut set = vec!["erasure = :erasure".to_owned()];
        for (name, held, value) in &change.replaced {
            conditions.push(format!("#{name} = :held_{name}"));
            set.push(format!("#{name} = :{name}"));
            update = update
                .expression_attribute_names(format!("#{name}"), *name)
                .expression_attribute_values(format!(":held_{name}"), held.clone())
                .expression_attribute_values(format!(":{name}"), value.clone());
        }
        let mut removed = Vec::new();
        for name in &change.removed {
            removed.push(format!("#{name}"));
            update = update.expression_attribute_names(format!("#{name}"), *name);
        }
        let mut expression = format!("SET {}", set.join(", "));
        if !removed.is_empty() {
            expression += &format!(" REMOVE {}", removed.join(", "));
        }
        let sent = update
            .condition_expression(conditions.join(" AND "))
            .update_expression(expression)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::Unavailable(describe(&error))),
            },
        }
    }
}

impl Table {
    /// The names of all records of a trader, whatever their age. Reads the whole table, because no index knows the
    /// trader. `progress` gets the number of items read so far.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn records_of(
        &self,
        trader: &Trader,
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<(RecordKind, RecordId)>, ReadError> {
        let mut records = Vec::new();
        let (mut read, mut start) = (0, None);
        loop {
            let page = self
                .client
                .scan()
                .table_name(&self.name)
                .consistent_read(true)
                .filter_expression("#broker = :broker AND #user_id = :user_id")
                .projection_expression("#pk, #sk")
                .expression_attribute_names("#broker", "broker")
                .expression_attribute_names("#user_id", "user_id")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_names("#sk", SK)
                .expression_attribute_values(":broker", AttributeValue::S(trader.broker.to_string()))
                .expression_attribute_values(":user_id", AttributeValue::N(trader.user_id.to_string()))
                .set_exclusive_start_key(start)
                .send()
                .await?;
            read += u64::try_from(page.scanned_count).unwrap_or_default();
            progress(read);
            for item in page.items() {
                let kind = item.get(SK).and_then(|kind| kind.as_s().ok());
                let kind = kind.and_then(|kind| RecordKind::from_sort_key(kind));
                if let Some(kind) = kind.filter(|kind| kind.is_personal()) {
                    records.push((kind, kind.id(item)?));
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(records);
            }
        }
    }
}

/// What an erasure changes in an item.
struct Change {
    /// The attributes that change, for the operator.
    erased: Vec<String>,
    removed: Vec<&'static str>,
    /// Attributes of which a part stays: name, old value, new value.
    replaced: Vec<(&'static str, AttributeValue, AttributeValue)>,
}

impl Change {
    fn new(kind: RecordKind, held: &Item) -> Result<Self, TableError> {
        let outcome = if kind == RecordKind::Request {
            &OUTCOME[..]
        } else {
            &[]
        };
        let names = PERSONAL.iter().chain(outcome).copied();
        let removed: Vec<_> = names.filter(|name| held.contains_key(*name)).collect();
        let mut replaced = Vec::new();
        if kind == RecordKind::Request {
            replaced.extend(replacement(held, "fields", amounts)?);
            replaced.extend(replacement(held, "history", without_messages)?);
        }
        let replaced_names = replaced.iter().map(|(name, _, _)| *name);
        let mut erased: Vec<String> = removed
            .iter()
            .copied()
            .chain(replaced_names)
            .map(str::to_owned)
            .collect();
        erased.sort();
        Ok(Self {
            erased,
            removed,
            replaced,
        })
    }
}

/// The attribute with its old and its new value, if `keep` changes it.
fn replacement<T>(
    held: &Item,
    name: &'static str,
    keep: impl FnOnce(T) -> T,
) -> Result<Option<(&'static str, AttributeValue, AttributeValue)>, TableError>
where
    T: Serialize + for<'de> Deserialize<'de> + Clone + PartialEq,
{
    let Some(held) = held.get(name) else {
        return Ok(None);
    };
    let damaged = |_| TableError::damaged(name);
    let value: T = serde_dynamo::from_attribute_value(held.clone()).map_err(damaged)?;
    let kept = keep(value.clone());
    if kept == value {
        return Ok(None);
    }
    let kept = serde_dynamo::to_attribute_value(kept).map_err(damaged)?;
    Ok(Some((name, held.clone(), kept)))
}

/// The amounts of a form, and their currencies: `amount` with `currency`, and `NAME` with `NAME_currency`.
fn amounts(mut fields: BTreeMap<String, String>) -> BTreeMap<String, String> {
    const CURRENCY: &str = "_currency";
    let names: Vec<String> = fields.keys().cloned().collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    fields.retain(|name, _| match name.as_str() {
        "amount" => has("currency") || has("amount_currency"),
        "currency" => has("amount"),
        name => match name.strip_suffix(CURRENCY) {
            Some(amount) => has(amount),
            None => has(&format!("{name}{CURRENCY}")),
        },
    });
    fields
}

fn without_messages(history: Vec<StatusChange>) -> Vec<StatusChange> {
    let changes = history.into_iter();
    changes
        .map(|change| StatusChange {
            message: None,
            ..change
        })
        .collect()
}

impl Erasure {
    /// An erasure that this operator asks for now.
    pub fn new(trader: Trader, by: Principal, reason: String, now: Timestamp) -> Self {
        Self {
            trader,
            by,
            reason,
            recorded_at: now.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_form_only_amounts_and_their_currencies_stay() {
        let fields = |names: &[&str]| {
            let field = |name: &&str| ((*name).to_owned(), "x".to_owned());
            names.iter().map(field).collect::<BTreeMap<_, _>>()
        };
        for (form, kept) in [
            (&["amount", "currency", "note"][..], &["amount", "currency"][..]),
            (&["sum", "sum_currency", "iban"], &["sum", "sum_currency"]),
            (&["first_name", "last_name", "document_number"], &[]),
            (&["amount", "currency_of_birth"], &[]),
            (&["home_currency", "message"], &[]),
            (&[], &[]),
        ] {
            assert_eq!(amounts(fields(form)), fields(kept), "{form:?}");
        }
    }
}
