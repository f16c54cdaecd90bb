//! The table: single items, written and read.

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

use crate::{
    item::Item,
    schema::{BY_DUE, Index, PK, RecordKind},
};

/// The table.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
}

/// Why the table did not answer as hoped.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The call failed. Whether a write happened is unknown; writing the same again is safe.
    #[error("the ledger table: {0}")]
    Unavailable(String),
    /// The item is not of the expected form: this attribute is absent or unusable.
    #[error("the ledger table holds a request without `{0}`")]
    Damaged(String),
    /// The caller asked for what cannot be.
    #[error("the ledger table: {0}")]
    Misused(&'static str),
}

impl TableError {
    /// An item whose attribute of that name is absent or not of the expected form.
    pub fn damaged(attribute: impl Into<String>) -> Self {
        Self::Damaged(attribute.into())
    }
}

impl Table {
    /// The table of that name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Puts an item into the table, unless one of that key is there already: that one is returned.
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

    /// The item of that key, as the table holds it now.
    pub(crate) async fn get(&self, key: Item) -> Result<Option<Item>, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key));
        let found = get.consistent_read(true).send().await;
        let found = found.map_err(|error| TableError::Unavailable(describe(&error)))?;
        Ok(found.item)
    }

    /// The items of a partition of an index: a query that can be narrowed down further.
    pub(crate) fn query(&self, index: Index, partition: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .index_name(index.name)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", index.partition)
            .expression_attribute_values(":partition", AttributeValue::S(partition))
    }

    /// What the index has of the records of that kind that somebody has to look at again. May lag behind the table.
    pub(crate) async fn due(&self, kind: RecordKind) -> Result<Vec<Item>, SdkError<QueryError>> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let query = self.query(BY_DUE, kind.as_str().to_owned());
            let page = query.set_exclusive_start_key(start).send().await?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}
