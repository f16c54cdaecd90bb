//! The ledger's table in an embedded DynamoDB behind real HTTP, for tests.

#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region},
};
use dynoxide::Database;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

/// The table's name.
pub const TABLE: &str = "inapp-ledger";

/// A table that is served for as long as the runtime lives, or until `server` is aborted.
pub struct EmbeddedTable {
    /// To look into it without HTTP.
    pub database: Database,
    /// Where it is.
    pub address: SocketAddr,
    /// Who serves it.
    pub server: JoinHandle<()>,
}

impl EmbeddedTable {
    /// In memory, and empty.
    ///
    /// # Panics
    /// If it cannot be made.
    pub async fn start() -> Self {
        let database = Database::memory().unwrap();
        let definition = include_str!("../../../shared/store/table.json");
        let mut definition: Value = serde_json::from_str(definition).unwrap();
        definition["TableName"] = TABLE.into();
        database
            .create_table(serde_json::from_value(definition).unwrap())
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        Self {
            database,
            address,
            server,
        }
    }

    /// `AWS_ENDPOINT_URL_DYNAMODB`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// The SDK's client of the DynamoDB at this URL.
pub fn client(url: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(url)
        .region(Region::new("eu-central-1"));
    Client::from_conf(config.build())
}
