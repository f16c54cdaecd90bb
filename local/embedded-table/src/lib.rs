//! The table in an embedded DynamoDB behind real HTTP, for tests.

// Test support panics when something is wrong.
#![allow(clippy::expect_used, clippy::unwrap_used)]

mod deposits;

use std::net::SocketAddr;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region},
};
use dynoxide::Database;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

pub use crate::deposits::{LIMITS, create_deposit, operator, proven_login, sample_order};

/// The table's name.
pub const TABLE: &str = "inapp-ledger";

/// An embedded DynamoDB that contains the table. It runs until the runtime ends, or until `server` is aborted.
pub struct EmbeddedTable {
    /// Gives access to the table without HTTP.
    pub database: Database,
    /// The server's address.
    pub address: SocketAddr,
    /// The server's task.
    pub server: JoinHandle<()>,
}

impl EmbeddedTable {
    /// Starts it, in memory and empty.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start() -> Self {
        let database = Database::memory().unwrap();
        let schema = include_str!("../../../shared/store/table.json");
        let mut definition: Value = serde_json::from_str(schema).unwrap();
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

/// An SDK client of the DynamoDB at this URL.
pub fn client(url: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .endpoint_url(url)
        .region(Region::new("eu-central-1"));
    Client::from_conf(config.build())
}
