//! A table in an embedded DynamoDB over HTTP.

use aws_sdk_dynamodb::Client;
use embedded_table::{EmbeddedTable, TABLE};
use store::Table;

/// A new table, and a client to look into it.
pub async fn table() -> (Table, Client) {
    let client = embedded_table::client(&EmbeddedTable::start().await.url());
    (Table::new(client.clone(), TABLE.to_owned()), client)
}
