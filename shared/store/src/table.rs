//! Writing, reading and querying items of the table.

use aws_error::describe;
use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::{
        put_item::PutItemError,
        query::{QueryError, builders::QueryFluentBuilder},
    },
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use workflow::StoreError;

use crate::{
    Limit,
    item::Item,
    schema::{Index, PK},
};

/// The DynamoDB table.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

/// Why a call to the table failed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The call failed. A write may have happened. Writing the same again is safe.
    #[error("the table: {0}")]
    Unavailable(String),
    /// This attribute of an item is absent or malformed.
    #[error("the table holds a record without a usable `{0}`")]
    Damaged(String),
    /// The caller passed a value that cannot be stored.
    #[error("the table: {0}")]
    Misused(&'static str),
    /// The trader or the account has too many records of this sort. Nothing was written.
    #[error("too many {0}")]
    LimitReached(Limit),
}

impl TableError {
    /// The error for an attribute that is absent or malformed.
    pub fn damaged(attribute: impl Into<String>) -> Self {
        Self::Damaged(attribute.into())
    }
}

impl Table {
    /// The table with this name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Puts an item into the table, unless there is one with its key. Returns the existing item in that case.
    pub(crate) async fn put_new(&self, item: Item) -> Result<Option<Item>, TableError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = put else {
            return Ok(None);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(existing)) => {
                let existing = existing.item.clone();
                Ok(Some(existing.ok_or_else(|| TableError::damaged(PK))?))
            }
            _ => Err(TableError::Unavailable(describe(&error))),
        }
    }

    /// Reads an item, strongly consistent.
    pub(crate) async fn get(&self, key: Item) -> Result<Option<Item>, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key));
        let sent = get.consistent_read(true).send().await;
        let output = sent.map_err(|error| TableError::Unavailable(describe(&error)))?;
        Ok(output.item)
    }

    /// A query for a partition of an index, to which conditions can be added.
    pub(crate) fn query(&self, index: Index, partition: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .index_name(index.name)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", index.partition)
            .expression_attribute_values(":partition", AttributeValue::S(partition))
    }

    /// All items that a query finds, or the first `limit`.
    pub(crate) async fn pages(
        &self,
        query: &QueryFluentBuilder,
        limit: usize,
    ) -> Result<Vec<Item>, SdkError<QueryError>> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let page = query.clone().set_exclusive_start_key(start).send().await?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() || items.len() >= limit {
                items.truncate(limit);
                return Ok(items);
            }
        }
    }
}

/// A failed call as the error of a [`workflow::Store`].
pub(crate) fn store_error(error: TableError) -> StoreError {
    match error {
        TableError::Unavailable(problem) => StoreError(problem),
        damaged => StoreError(damaged.to_string()),
    }
}
