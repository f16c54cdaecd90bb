//! A ledger in an embedded DynamoDB behind real HTTP.

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use dynoxide::Database;
use ledger::Ledger;
use tokio::net::TcpListener;

/// Its name.
pub const TABLE: &str = "ledger";

/// A ledger, and a client of its own to look into its table.
pub async fn ledger() -> (Ledger, Client) {
    let database = Database::memory().unwrap();
    let mut definition: serde_json::Value = serde_json::from_str(include_str!("../../table.json")).unwrap();
    definition["TableName"] = TABLE.into();
    database
        .create_table(serde_json::from_value(definition).unwrap())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(url)
        .region(Region::new("eu-central-1"));
    let client = Client::from_conf(config.build());
    (Ledger::new(client.clone(), TABLE.to_owned()), client)
}
