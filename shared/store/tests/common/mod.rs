//! A ledger in an embedded DynamoDB behind real HTTP.

use aws_sdk_dynamodb::Client;
use embedded_table::{EmbeddedTable, TABLE};
use store::Table;

/// A ledger, and a client of its own to look into its table.
pub async fn ledger() -> (Table, Client) {
    let client = embedded_table::client(&EmbeddedTable::start().await.url());
    (Table::new(client.clone(), TABLE.to_owned()), client)
}
