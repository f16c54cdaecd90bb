//! Listing records for an operator, the newest first.

use std::{cmp::Reverse, collections::HashMap, fmt};

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use domain::{BrokerName, ScreenKind};
use jiff::civil::Date;

use crate::{
    DepositRecord, Moment, ReadError, RequestRecord, Status, Table, TableError,
    find::deposit,
    item::Item,
    schema::{BY_DAY, BY_DUE, PK, RecordKind},
};

/// A period that includes both its ends.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// The beginning.
    pub since: Moment,
    /// The end.
    pub until: Moment,
}

/// Selects requests. A field that is `None` is no condition.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// Of traders of this broker.
    pub broker: Option<BrokerName>,
    /// Of the trader with this cTrader user id.
    pub user: Option<i64>,
    /// With this account or trading login.
    pub account: Option<i64>,
    /// From this screen.
    pub screen: Option<ScreenKind>,
    /// With this status.
    pub status: Option<Status>,
}

/// Selects deposits. A field that is `None` is no condition.
#[derive(Clone, Debug, Default)]
pub struct DepositFilter {
    /// Of traders of this broker.
    pub broker: Option<BrokerName>,
    /// Of the trader with this cTrader user id.
    pub user: Option<i64>,
    /// To this trading account.
    pub account: Option<i64>,
    /// With the payment method of this id.
    pub method: Option<String>,
    /// With this status.
    pub status: Option<deposits::Status>,
}

/// The records that a list found.
#[derive(Debug)]
pub struct RecordList<T> {
    /// The newest first.
    pub records: Vec<T>,
    /// Whether there are older ones beyond the limit.
    pub more: bool,
    /// The records of the period that cannot be read.
    pub damaged: Vec<DamagedRecord>,
}

/// A record that cannot be read, for example because somebody edited it by hand.
#[derive(Debug)]
pub struct DamagedRecord {
    /// The kind of record that its key names.
    pub kind: RecordKind,
    /// Its id, or the text in the id's place in the partition key.
    pub id: String,
    /// Why it cannot be read.
    pub error: TableError,
}

impl Table {
    /// Lists the newest `limit` requests of the period that match the filter.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_requests(
        &self,
        period: Period,
        filter: &RequestFilter,
        limit: usize,
    ) -> Result<RecordList<RequestRecord>, ReadError> {
        let conditions = filter.conditions();
        let kind = RecordKind::Request;
        self.list(kind, period, &conditions, limit, RequestRecord::read)
            .await
    }

    /// Lists the newest `limit` deposits of the period that match the filter.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_deposits(
        &self,
        period: Period,
        filter: &DepositFilter,
        limit: usize,
    ) -> Result<RecordList<DepositRecord>, ReadError> {
        let conditions = filter.conditions();
        self.list(RecordKind::Deposit, period, &conditions, limit, deposit)
            .await
    }

    /// Lists the newest `limit` open deposits of any age that match the filter. A deposit that cannot be read
    /// may match, so it is listed as damaged.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_open_deposits(
        &self,
        filter: &DepositFilter,
        limit: usize,
    ) -> Result<RecordList<DepositRecord>, ReadError> {
        let mut records = Vec::new();
        let mut damaged = Vec::new();
        let mut due = Vec::new();
        for status in deposits::Status::ALL.iter().filter(|status| !status.is_final()) {
            let query = self.query(BY_DUE, RecordKind::Deposit.in_status(status));
            due.extend(self.pages(&query, usize::MAX).await?);
        }
        for item in self.current(due).await? {
            match deposit(&item) {
                Ok(record) if !record.record.status.is_final() && filter.matches(&record) => {
                    records.push(record)
                }
                Ok(_) => {}
                Err(error) => damaged.push(DamagedRecord::new(RecordKind::Deposit, &item, error)),
            }
        }
        records.sort_by_key(|record| Reverse(record.record.order.at));
        let more = records.len() > limit;
        records.truncate(limit);
        Ok(RecordList {
            records,
            more,
            damaged,
        })
    }

    async fn list<T>(
        &self,
        kind: RecordKind,
        period: Period,
        conditions: &Conditions,
        limit: usize,
        read: impl Fn(&Item) -> Result<T, TableError>,
    ) -> Result<RecordList<T>, ReadError> {
        let mut listed = RecordList {
            records: Vec::new(),
            more: false,
            damaged: Vec::new(),
        };
        let mut next_day = Some(period.until.day());
        while let Some(day) = next_day.filter(|day| *day >= period.since.day()) {
            let mut start = None;
            loop {
                let query = self.day_query(kind, day, period, conditions);
                let page = query.set_exclusive_start_key(start).send().await?;
                for item in page.items() {
                    match read(item) {
                        Ok(_) if listed.records.len() == limit => {
                            listed.more = true;
                            return Ok(listed);
                        }
                        Ok(record) => listed.records.push(record),
                        Err(error) => listed.damaged.push(DamagedRecord::new(kind, item, error)),
                    }
                }
                start = page.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
            next_day = day.yesterday().ok();
        }
        Ok(listed)
    }

    /// A query for the records of a day, the newest first.
    fn day_query(
        &self,
        kind: RecordKind,
        day: Date,
        period: Period,
        conditions: &Conditions,
    ) -> QueryFluentBuilder {
        let time = |moment: Moment| AttributeValue::S(moment.to_string());
        let query = self
            .query(BY_DAY, kind.day(day))
            .key_condition_expression("#partition = :partition AND recorded_at BETWEEN :since AND :until")
            .expression_attribute_values(":since", time(period.since))
            .expression_attribute_values(":until", time(period.until))
            .scan_index_forward(false);
        conditions.apply(query)
    }
}

impl RequestFilter {
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.equal(&["action"], self.screen.map(|screen| text(screen.as_str())));
        conditions.equal(&["status"], self.status.map(|status| text(status.as_str())));
        conditions.equal(&["account_id", "trading_login"], self.account.map(number));
        conditions.equal(
            &["broker"],
            self.broker.as_ref().map(|broker| text(broker.as_str())),
        );
        conditions.equal(&["user_id"], self.user.map(number));
        conditions
    }
}

impl DepositFilter {
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.equal(&["status"], self.status.map(|status| text(status.as_str())));
        conditions.equal(&["data.order.method"], self.method.as_deref().map(text));
        conditions.equal(&["data.order.login"], self.account.map(number));
        conditions.equal(
            &["broker"],
            self.broker.as_ref().map(|broker| text(broker.as_str())),
        );
        conditions.equal(&["user_id"], self.user.map(number));
        conditions
    }

    fn matches(&self, record: &DepositRecord) -> bool {
        let deposit = &record.record;
        let order = &deposit.order;
        self.status.is_none_or(|status| status == deposit.status)
            && self
                .method
                .as_ref()
                .is_none_or(|method| method.as_str() == order.method.as_str())
            && self.account.is_none_or(|account| account == order.login.number())
            && self.broker.as_ref().is_none_or(|broker| *broker == order.broker)
            && self.user.is_none_or(|user| user == record.identity.user_id)
    }
}

/// The conditions of a query. An item must fulfil all of them.
#[derive(Debug, Default)]
struct Conditions {
    expressions: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Conditions {
    /// One of these attributes must have this value. A point leads into a map.
    fn equal(&mut self, attributes: &[&str], value: Option<AttributeValue>) {
        let Some(value) = value else {
            return;
        };
        let placeholder = format!(":condition{}", self.values.len());
        let alternatives = attributes.iter().map(|attribute| {
            // Some names are reserved words of DynamoDB, so all get a placeholder with `#`.
            let path = attribute.split('.').map(|name| {
                self.names.insert(format!("#{name}"), name.to_owned());
                format!("#{name}")
            });
            format!("{} = {placeholder}", path.collect::<Vec<_>>().join("."))
        });
        let alternatives: Vec<_> = alternatives.collect();
        self.expressions.push(format!("({})", alternatives.join(" OR ")));
        self.values.insert(placeholder, value);
    }

    fn apply(&self, mut query: QueryFluentBuilder) -> QueryFluentBuilder {
        if self.expressions.is_empty() {
            return query;
        }
        for (placeholder, name) in &self.names {
            query = query.expression_attribute_names(placeholder, name);
        }
        for (placeholder, value) in &self.values {
            query = query.expression_attribute_values(placeholder, value.clone());
        }
        query.filter_expression(self.expressions.join(" AND "))
    }
}

impl DamagedRecord {
    fn new(kind: RecordKind, item: &Item, error: TableError) -> Self {
        let key = item
            .get(PK)
            .and_then(|key| key.as_s().ok())
            .map_or("without a key", String::as_str);
        let id = kind.after_prefix(key).unwrap_or(key).to_owned();
        Self { kind, id, error }
    }
}

impl fmt::Display for DamagedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} cannot be read: ", self.kind, self.id)?;
        match &self.error {
            TableError::Damaged(name) => write!(f, "`{name}` is missing or not of the expected form"),
            error => error.fmt(f),
        }
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
