//! Converting items of the table to and from Rust types.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::TableError;

/// An item of the table, or its key.
pub type Item = HashMap<String, AttributeValue>;

/// The attributes of `value`. A field that serde skips (`skip_serializing_if`) becomes no attribute.
pub(crate) fn write(value: &impl Serialize) -> Result<Item, TableError> {
    serde_dynamo::to_item(value).map_err(|_| TableError::Misused("a record that cannot be written"))
}

/// Reads a value that [`write()`] wrote. Other attributes of the item are ignored.
///
/// # Errors
/// [`TableError::Damaged`] names the attribute that is absent or malformed. It does not quote the value: items
/// hold personal data, and errors are logged.
pub(crate) fn read<T: DeserializeOwned>(item: Item) -> Result<T, TableError> {
    let item = serde_dynamo::AttributeValue::M(serde_dynamo::Item::from(item).into_inner());
    let deserializer = serde_dynamo::Deserializer::from_attribute_value(item);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        TableError::damaged(missing(&message).map_or(path, |name| name.to_owned()))
    })
}

/// The name of the absent attribute in serde's error message. The error's path ends at the parent of that attribute.
fn missing(message: &str) -> Option<&str> {
    let (_, name) = message.split_once("missing field `")?;
    name.split('`').next()
}
