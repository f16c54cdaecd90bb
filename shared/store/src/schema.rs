//! The keys of the table: kinds of records, partition and sort keys, indexes, time to live.
//!
//! Every partition key begins with the kind of its record, in the table and in the indexes. So an IAM role can be bound to
//! kinds by the condition `dynamodb:LeadingKeys` (`request#*`). The one exception is the index [`BY_REFERENCE`], which only
//! an operator queries: a reference does not tell what it is of.
//!
//! `table.json` is this schema as DynamoDB's `CreateTable` takes it; `template.yaml` and the local DynamoDB follow it. The
//! tests below compare the two.

use std::{collections::HashMap, fmt};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{BrokerName, RecordId};
use jiff::civil::Date;

use crate::{TableError, item::Item};

/// What an item holds. A counter or a switch that is added to the table is a kind too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A form that a trader submitted.
    Request,
    /// A deposit.
    Deposit,
}

impl RecordKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Request, Self::Deposit];

    /// The sort key of such a record, what its partition keys begin with, and its partition in [`BY_DUE`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Deposit => "deposit",
        }
    }

    /// The kind of the record that an item with this sort key holds.
    pub fn from_sort_key(sort_key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == sort_key)
    }

    /// A partition key: the kind, and what follows it.
    pub fn partition(self, rest: impl fmt::Display) -> String {
        format!("{}#{rest}", self.as_str())
    }

    /// The day's partition of [`BY_DAY`].
    pub fn day(self, day: Date) -> String {
        self.partition(day)
    }

    /// The account's partition of [`BY_ACCOUNT`].
    pub fn account(self, broker: &BrokerName, login: i64) -> String {
        self.partition(format_args!("{broker}#{login}"))
    }

    /// The key of the record with that id.
    pub(crate) fn key(self, id: &RecordId) -> Item {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.partition(id))),
            (SK.to_owned(), AttributeValue::S(self.as_str().to_owned())),
        ])
    }

    /// What follows the kind in a partition key of this kind.
    pub fn after_prefix(self, partition_key: &str) -> Option<&str> {
        partition_key.strip_prefix(self.as_str())?.strip_prefix('#')
    }

    /// The id in the key of an item of this kind.
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

/// Sort key of the table: of a record's main item [`RecordKind::as_str`].
pub const SK: &str = "sk";

/// DynamoDB deletes an item some time after this moment (seconds since 1970). No record has it yet.
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
    /// What it has of each item, beside the keys.
    pub projection: Projection,
}

/// What an index has of each item, beside the keys of index and table.
#[derive(Clone, Copy, Debug)]
pub enum Projection {
    /// Everything.
    All,
    /// Nothing more.
    Keys,
    /// These attributes.
    Attributes(&'static [&'static str]),
}

/// Records of a day (UTC) in the order of time, for the operator: [`RecordKind::day`].
pub const BY_DAY: Index = Index {
    name: "by-day",
    partition: "day",
    sort: Some("recorded_at"),
    projection: Projection::All,
};

/// Records by what the trader was told, for the operator.
pub const BY_REFERENCE: Index = Index {
    name: "by-reference",
    partition: "reference",
    sort: None,
    projection: Projection::Keys,
};

/// Records of a kind that somebody has to look at again, in the order of when. The others have no `due_at`.
pub const BY_DUE: Index = Index {
    name: "by-due",
    partition: "kind",
    sort: Some("due_at"),
    projection: Projection::Attributes(&["status", "status_since"]),
};

/// Records of workflows about a trading account that are not final: [`RecordKind::account`]. The others have no `open_account`.
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

    /// What `table.json` has to be.
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
    fn no_kind_is_the_beginning_of_another() {
        for kind in RecordKind::ALL {
            assert_eq!(RecordKind::from_sort_key(kind.as_str()), Some(kind));
            for other in RecordKind::ALL {
                let begins = other.partition("x").starts_with(&kind.partition(""));
                assert_eq!(begins, kind == other, "{kind:?}, {other:?}");
            }
        }
    }
}
