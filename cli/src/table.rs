//! The ledger's table, read with the operator's own credentials.

use std::collections::HashMap;

use aws_config::{BehaviorVersion, Region};
use aws_error::describe;
use aws_sdk_dynamodb::{
    Client,
    config::ProvideCredentials,
    error::{ProvideErrorMetadata, SdkError},
    operation::query::builders::QueryFluentBuilder,
    types::AttributeValue,
};
use domain::ScreenKind;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use store::Status;

use crate::text::plain;

/// Index by day (UTC) and time.
const BY_DAY: &str = "by-day";

/// Index by the time when a deposit is to be looked at again; has little more than the keys.
const BY_DUE: &str = "by-due";

/// Index by reference; has the keys only.
const BY_REFERENCE: &str = "by-reference";

/// The table.
pub struct Table {
    client: Client,
    name: String,
    region: String,
}

/// An item of the table.
pub type Item = HashMap<String, AttributeValue>;

/// What an item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What a trader asked for on one of the screens.
    Request,
    /// A deposit.
    Deposit,
}

impl Kind {
    /// The sort key of such items, and what their partition key begins with.
    fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Deposit => "deposit",
        }
    }
}

/// Which items. Both ends of the time are included.
pub struct Filter {
    pub since: String,
    pub until: String,
    pub broker: Option<String>,
    pub user: Option<i64>,
    pub which: Which,
}

/// Which of one kind.
pub enum Which {
    Requests {
        action: Option<ScreenKind>,
        status: Option<Status>,
        account: Option<i64>,
    },
    Deposits {
        status: Option<deposits::Status>,
        method: Option<String>,
        account: Option<i64>,
    },
}

/// What `list` found.
pub struct Found<T> {
    /// The newest first.
    pub entries: Vec<T>,
    /// There are others, older.
    pub more: bool,
    /// What is between them, and cannot be read.
    pub damaged: Vec<Damaged>,
}

/// An item that cannot be read, as one may be that was edited by hand: which one, and why.
#[derive(Debug, thiserror::Error)]
#[error("{} {} cannot be read: {why}", .kind.as_str(), plain(.id))]
pub struct Damaged {
    kind: Kind,
    id: String,
    why: String,
}

impl Damaged {
    /// Of that kind, and why.
    pub fn new(kind: Kind, item: &Item, error: &store::TableError) -> Self {
        let key = item.get("pk").and_then(|key| key.as_s().ok());
        let key = key.map_or("without a key", String::as_str);
        let id = key.strip_prefix(kind.as_str());
        let id = id.and_then(|id| id.strip_prefix('#')).unwrap_or(key).to_owned();
        let why = match error {
            store::TableError::Damaged(name) => format!("`{name}` is missing or not of the expected form"),
            error => error.to_string(),
        };
        Self { kind, id, why }
    }
}

/// Why the table does not answer as hoped, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There are no credentials.
    #[error(
        "there are no AWS credentials ({0}).\n\
         Name a profile with AWS_PROFILE and log in (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )]
    NoCredentials(String),
    /// There is no region.
    #[error("there is no AWS region: set AWS_REGION, or name a profile that has one with AWS_PROFILE")]
    NoRegion,
    /// There is no such table.
    #[error(
        "there is no table {name} in {region} of this account.\n\
         Its name is LedgerTableName among the outputs of the stack: aws cloudformation describe-stacks --stack-name inapp"
    )]
    NoTable { name: String, region: String },
    /// The credentials may not do it.
    #[error(
        "these AWS credentials may not read the table {0}.\n\
         They need dynamodb:GetItem and dynamodb:Query on it, and dynamodb:Query on its indexes (.../index/*)."
    )]
    Denied(String),
    /// AWS does not know the credentials, or no longer.
    #[error(
        "AWS refuses these credentials ({0}): log in again (aws sso login), or name another profile with AWS_PROFILE"
    )]
    Refused(String),
    /// There is no such index.
    #[error("the table {0} has no such index: deploy the current template.yaml first")]
    NoIndex(String),
    /// Something else.
    #[error("the table {name} in {region}: {problem}")]
    Unavailable {
        name: String,
        region: String,
        problem: String,
    },
    /// An item cannot be read.
    #[error(transparent)]
    Damaged(#[from] store::TableError),
}

impl Table {
    /// The table of that name, in the region and with the credentials of the AWS command line.
    pub async fn open(name: String) -> Result<Self, TableError> {
        let config = aws_config::defaults(BehaviorVersion::latest()).load().await;
        let region = config
            .region()
            .map(Region::to_string)
            .ok_or(TableError::NoRegion)?;
        if let Some(provider) = config.credentials_provider() {
            let credentials = provider.provide_credentials().await;
            credentials.map_err(|error| TableError::NoCredentials(root_cause(&error)))?;
        }
        Ok(Self {
            client: Client::new(&config),
            name,
            region,
        })
    }

    /// What the flows of deposits are run on.
    pub fn ledger(&self) -> store::Table {
        store::Table::new(self.client.clone(), self.name.clone())
    }

    /// The newest `limit` that the filter lets through, and those between them that cannot be read.
    pub async fn list<T>(
        &self,
        filter: &Filter,
        limit: usize,
        read: impl Fn(&Item) -> Result<T, store::TableError>,
    ) -> Result<Found<T>, TableError> {
        let mut entries = Vec::new();
        let mut damaged = Vec::new();
        let mut more = false;
        let mut day = date(&filter.until);
        let first = date(&filter.since);
        'days: while let Some(date) = day.filter(|day| first.is_some_and(|first| *day >= first)) {
            let mut start = None;
            loop {
                let page = self
                    .query(date, filter)
                    .set_exclusive_start_key(start)
                    .send()
                    .await;
                let page = page.map_err(|error| self.failed(&error))?;
                for item in page.items() {
                    match read(item) {
                        Ok(_) if entries.len() == limit => {
                            more = true;
                            break 'days;
                        }
                        Ok(entry) => entries.push(entry),
                        Err(error) => damaged.push(Damaged::new(filter.which.kind(), item, &error)),
                    }
                }
                start = page.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
            day = date.yesterday().ok();
        }
        Ok(Found {
            entries,
            more,
            damaged,
        })
    }

    /// What of that kind has that id or reference. Where a reference is that of two (it has 50 bits), both.
    pub async fn find(&self, kind: Kind, text: &str) -> Result<Vec<Item>, TableError> {
        let text = canonical(text);
        let sk = AttributeValue::S(kind.as_str().to_owned());
        let keys = match text.split_at_checked(REFERENCE / 2) {
            Some((head, tail)) if text.len() == REFERENCE => {
                let mut keys = self.keys(&format!("{head}-{tail}")).await?;
                keys.retain(|key| key.get("sk") == Some(&sk));
                keys
            }
            _ => vec![HashMap::from([
                (
                    "pk".to_owned(),
                    AttributeValue::S(format!("{}#{text}", kind.as_str())),
                ),
                ("sk".to_owned(), sk),
            ])],
        };
        let mut items = Vec::new();
        for key in keys {
            let get = self.client.get_item().table_name(&self.name).set_key(Some(key));
            let found = get.consistent_read(true).send().await;
            items.extend(found.map_err(|error| self.failed(&error))?.item);
        }
        Ok(items)
    }

    /// The deposits that something is still to be done about, and those whose end is still to be announced.
    pub async fn open_deposits(&self) -> Result<Vec<Item>, TableError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.name)
                .index_name(BY_DUE)
                .key_condition_expression("kind = :kind")
                .expression_attribute_values(":kind", AttributeValue::S(Kind::Deposit.as_str().to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| self.failed(&error))?;
            for mut key in page.items.unwrap_or_default() {
                key.retain(|name, _| name == "pk" || name == "sk");
                let get = self.client.get_item().table_name(&self.name).set_key(Some(key));
                let found = get.consistent_read(true).send().await;
                items.extend(found.map_err(|error| self.failed(&error))?.item);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// The keys of what has that reference.
    async fn keys(&self, reference: &str) -> Result<Vec<HashMap<String, AttributeValue>>, TableError> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(BY_REFERENCE)
            .key_condition_expression("#reference = :reference")
            .expression_attribute_names("#reference", "reference")
            .expression_attribute_values(":reference", AttributeValue::S(reference.to_owned()));
        let found = query.send().await.map_err(|error| self.failed(&error))?;
        let keys = found.items.unwrap_or_default();
        Ok(keys
            .into_iter()
            .map(|mut item| {
                item.retain(|name, _| name == "pk" || name == "sk");
                item
            })
            .collect())
    }

    /// Those of a day, the newest first.
    fn query(&self, day: Date, filter: &Filter) -> QueryFluentBuilder {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let partition = match filter.which.kind() {
            Kind::Request => day.to_string(),
            Kind::Deposit => format!("{}#{day}", Kind::Deposit.as_str()),
        };
        let mut query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(BY_DAY)
            .scan_index_forward(false)
            .key_condition_expression("#day = :day AND recorded_at BETWEEN :since AND :until")
            .expression_attribute_names("#day", "day")
            .expression_attribute_values(":day", text(&partition))
            .expression_attribute_values(":since", text(&filter.since))
            .expression_attribute_values(":until", text(&filter.until));
        let mut conditions = filter.which.conditions();
        if let Some(broker) = &filter.broker {
            conditions.push(Condition::of("broker = :broker", "broker", text(broker)));
        }
        if let Some(user) = filter.user {
            conditions.push(Condition::of("user_id = :user", "user", number(user)));
        }
        let expressions: Vec<_> = conditions.iter().map(|condition| condition.expression).collect();
        if !expressions.is_empty() {
            query = query.filter_expression(expressions.join(" AND "));
        }
        for Condition {
            expression,
            name,
            value,
        } in conditions
        {
            // Some of the names are DynamoDB's own words.
            for word in ["action", "status", "order", "method"] {
                if expression.contains(&format!("#{word}")) {
                    query = query.expression_attribute_names(format!("#{word}"), word);
                }
            }
            query = query.expression_attribute_values(format!(":{name}"), value);
        }
        query
    }

    /// What a failed call means to the operator.
    fn failed<E: ProvideErrorMetadata, R>(&self, error: &SdkError<E, R>) -> TableError {
        let error_of_service = error.as_service_error();
        let message = error_of_service
            .and_then(ProvideErrorMetadata::message)
            .unwrap_or_default();
        match error_of_service.and_then(ProvideErrorMetadata::code) {
            Some("ResourceNotFoundException") => TableError::NoTable {
                name: self.name.clone(),
                region: self.region.clone(),
            },
            Some("AccessDeniedException") => TableError::Denied(self.name.clone()),
            Some(
                code
                @ ("ExpiredTokenException" | "InvalidSignatureException" | "UnrecognizedClientException"),
            ) => TableError::Refused(code.to_owned()),
            Some("ValidationException") if message.contains("specified index") => {
                TableError::NoIndex(self.name.clone())
            }
            _ => TableError::Unavailable {
                name: self.name.clone(),
                region: self.region.clone(),
                problem: describe(error),
            },
        }
    }
}

/// A part of a filter.
struct Condition {
    expression: &'static str,
    /// Of the value in it.
    name: &'static str,
    value: AttributeValue,
}

impl Condition {
    fn of(expression: &'static str, name: &'static str, value: AttributeValue) -> Self {
        Self {
            expression,
            name,
            value,
        }
    }
}

impl Which {
    fn kind(&self) -> Kind {
        match self {
            Self::Requests { .. } => Kind::Request,
            Self::Deposits { .. } => Kind::Deposit,
        }
    }

    fn conditions(&self) -> Vec<Condition> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let conditions = match self {
            Self::Requests {
                action,
                status,
                account,
            } => [
                action
                    .as_ref()
                    .map(|action| Condition::of("#action = :action", "action", text(action.as_str()))),
                status.map(|status| {
                    let expression = match status {
                        // Items from before there were outcomes have none.
                        Status::Recorded => "(#status = :status OR attribute_not_exists(#status))",
                        _ => "#status = :status",
                    };
                    Condition::of(expression, "status", text(status.as_str()))
                }),
                account.map(|account| {
                    let expression = "(account_id = :account OR trading_login = :account)";
                    Condition::of(expression, "account", number(account))
                }),
            ],
            Self::Deposits {
                status,
                method,
                account,
            } => [
                status.map(|status| Condition::of("#status = :status", "status", text(status.as_str()))),
                method
                    .as_ref()
                    .map(|method| Condition::of("#order.#method = :method", "method", text(method))),
                account.map(|account| Condition::of("#order.login = :account", "account", number(account))),
            ],
        };
        conditions.into_iter().flatten().collect()
    }
}

fn number(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Length of a reference without its hyphen.
const REFERENCE: usize = 10;

/// A reference or id as somebody typed it who heard it on the telephone: in Crockford's base32 there is no O, I or L.
fn canonical(text: &str) -> String {
    let letters = text.trim().chars().filter(|letter| *letter != '-');
    letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// The day (UTC) of a moment as the table writes it.
fn date(moment: &str) -> Option<Date> {
    let moment: Timestamp = moment.parse().ok()?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_may_be_typed_as_it_was_heard() {
        assert_eq!(canonical(" 7qoM4-t9zki "), "7Q0M4T9ZK1");
        assert_eq!(
            canonical("7Q0M4T9ZK3XH8VW2C5RN6YB1DE"),
            "7Q0M4T9ZK3XH8VW2C5RN6YB1DE"
        );
    }
}
