//! The keys of the table: kinds of records, partition and sort keys, indexes, time to live.
//!
//! In the table and in the indexes every partition key begins with the kind of its record. The IAM condition
//! `dynamodb:LeadingKeys` (`request#*`) can therefore limit a role to kinds. The exception is the index
//! [`BY_REFERENCE`], which only operators query: a reference does not contain the kind.
//!
//! `table.json` is this schema in the form of DynamoDB's `CreateTable`. The tests below compare the two.

use std::{collections::HashMap, fmt};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{BrokerName, ProvenLogin, RecordId};
use jiff::civil::Date;

use crate::{TableError, item::Item};

/// The kind of record in an item. A counter in the table is a kind, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A form that a trader submitted.
    Request,
    /// A deposit.
    Deposit,
    /// A payment that the provider has, of a deposit.
    Payment,
    /// An operator had a trader's personal data erased.
    Erasure,
    /// A counter of records: see [`Limits`](crate::Limits).
    Quota,
    /// A deposit was reported to the operator as doubted: see [`Table::flag_doubt`](crate::Table::flag_doubt).
    Doubt,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Request,
        Self::Deposit,
        Self::Payment,
        Self::Erasure,
        Self::Quota,
        Self::Doubt,
    ];

    /// The name of the kind: the sort key of its records, and the beginning of their partition keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Deposit => "deposit",
            Self::Payment => "payment",
            Self::Erasure => "erasure",
            Self::Quota => "quota",
            Self::Doubt => "doubt",
        }
    }

    /// Whether changes of its records are published as events.
    pub const fn is_published(self) -> bool {
        match self {
            Self::Request | Self::Deposit => true,
            Self::Payment | Self::Erasure | Self::Quota | Self::Doubt => false,
        }
    }

    /// The kind with this sort key.
    pub fn from_sort_key(sort_key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == sort_key)
    }

    /// A partition key: the kind, `#`, and the rest.
    pub fn partition(self, rest: impl fmt::Display) -> String {
        format!("{}#{rest}", self.as_str())
    }

    /// The partition of a day in [`BY_DAY`].
    pub fn day(self, day: Date) -> String {
        self.partition(day)
    }

    /// The partition of a trading account in [`BY_ACCOUNT`].
    pub fn account(self, broker: &BrokerName, login: ProvenLogin) -> String {
        self.partition(format_args!("{broker}#{login}"))
    }

    /// The partition of a status in [`BY_DUE`].
    pub fn in_status(self, status: impl fmt::Display) -> String {
        self.partition(status)
    }

    /// The key of the record with this id.
    pub(crate) fn key(self, id: &RecordId) -> Item {
        self.key_of(id)
    }

    /// The key of the record whose partition key ends with `rest`.
    pub(crate) fn key_of(self, rest: impl fmt::Display) -> Item {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.partition(rest))),
            (SK.to_owned(), AttributeValue::S(self.as_str().to_owned())),
        ])
    }

    /// The rest of a partition key after the kind; `None` if the key is of another kind.
    pub fn after_prefix(self, partition_key: &str) -> Option<&str> {
        partition_key.strip_prefix(self.as_str())?.strip_prefix('#')
    }

    /// The record's id, from the key of its item.
    pub(crate) fn id(self, item: &Item) -> Result<RecordId, TableError> {
        let key = item.get(PK).and_then(|key| key.as_s().ok());
        let id = key.and_then(|key| self.after_prefix(key)?.parse().ok());
        id.ok_or_else(|| TableError::damaged(PK))
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Partition key of the table: [`RecordKind::partition`] of the record's id.
pub const PK: &str = "pk";

/// Sort key of the table: [`RecordKind::as_str`] for the main item of a record.
pub const SK: &str = "sk";

/// Time to live, in seconds since 1970: DynamoDB deletes the item within some days after.
/// Requests have it, for the time that `broker.toml` says, counters and doubts. Deposits and erasures are kept for ever.
pub const EXPIRES_AT: &str = "expires_at";

/// A global secondary index.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// The attribute that is its partition key.
    pub partition: &'static str,
    /// The attribute that is its sort key.
    pub sort: Option<&'static str>,
    /// The attributes that it contains.
    pub projection: Projection,
}

/// The attributes in an index, besides the keys of the index and the table.
#[derive(Clone, Copy, Debug)]
pub enum Projection {
    /// All attributes.
    All,
    /// No others.
    Keys,
    /// These attributes.
    Attributes(&'static [&'static str]),
}

/// The records of a day (UTC) in the order of time, for the operator: [`RecordKind::day`].
pub const BY_DAY: Index = Index {
    name: "by-day",
    partition: "day",
    sort: Some("recorded_at"),
    projection: Projection::All,
};

/// Records by reference, for the operator.
pub const BY_REFERENCE: Index = Index {
    name: "by-reference",
    partition: "reference",
    sort: None,
    projection: Projection::Keys,
};

/// The records of a kind and a status that have a due time, in its order: [`RecordKind::in_status`]. Other records
/// have no `due_at`.
pub const BY_DUE: Index = Index {
    name: "by-due",
    partition: "kind_status",
    sort: Some("due_at"),
    projection: Projection::Attributes(&["status", "status_since"]),
};

/// The workflow records of a trading account that are not final: [`RecordKind::account`]. Other records have no
/// `open_account`.
pub const BY_ACCOUNT: Index = Index {
    name: "by-account",
    partition: "open_account",
    sort: Some("recorded_at"),
    projection: Projection::All,
};

/// All indexes.
pub const INDEXES: [Index; 4] = [BY_DAY, BY_REFERENCE, BY_DUE, BY_ACCOUNT];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The content of `table.json`.
    fn definition() -> Value {
        let mut attributes = vec![PK, SK];
        for index in INDEXES {
            for attribute in [Some(index.partition), index.sort].into_iter().flatten() {
                if !attributes.contains(&attribute) {
                    attributes.push(attribute);
                }
            }
        }
        let attribute = |name: &&str| json!({"AttributeName": name, "AttributeType": "S"});
        json!({
            "AttributeDefinitions": attributes.iter().map(attribute).collect::<Vec<_>>(),
            "KeySchema": keys(PK, Some(SK)),
            "GlobalSecondaryIndexes": INDEXES.map(|index| json!({
                "IndexName": index.name,
                "KeySchema": keys(index.partition, index.sort),
                "Projection": projection(index.projection),
            })),
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        })
    }

    fn keys(partition: &str, sort: Option<&str>) -> Value {
        let mut keys = vec![json!({"AttributeName": partition, "KeyType": "HASH"})];
        keys.extend(sort.map(|sort| json!({"AttributeName": sort, "KeyType": "RANGE"})));
        keys.into()
    }

    fn projection(projection: Projection) -> Value {
        match projection {
            Projection::All => json!({"ProjectionType": "ALL"}),
            Projection::Keys => json!({"ProjectionType": "KEYS_ONLY"}),
            Projection::Attributes(names) => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names}),
        }
    }

    #[test]
    fn table_json_is_this_schema() {
        let written: Value = serde_json::from_str(include_str!("../table.json")).unwrap();
        let wanted = definition();
        assert_eq!(written, wanted, "shared/store/table.json has to be:\n{wanted:#}");
    }

    #[test]
    fn no_kind_is_a_prefix_of_another() {
        for kind in RecordKind::ALL {
            assert_eq!(RecordKind::from_sort_key(kind.as_str()), Some(kind));
            for other in RecordKind::ALL {
                let begins = other.partition("x").starts_with(&kind.partition(""));
                assert_eq!(begins, kind == other, "{kind:?}, {other:?}");
            }
        }
    }
}
