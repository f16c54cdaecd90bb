//! The local AWS: DynamoDB in this process, Secrets Manager in moto's.

use std::path::Path;
use std::time::{Duration, Instant};

use dynoxide::Database;
use dynoxide::actions::create_table::CreateTableRequest;
use serde_json::json;
use tokio::net::TcpListener;

use crate::http;
use crate::say::{Context, Problem};
use crate::settings::{REGION, TABLE};

/// How long moto may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves DynamoDB on a port of 127.0.0.1 from a file, which it makes if it is not there, as it does the table.
pub(crate) async fn serve_dynamodb(port: u16, file: &Path) -> Result<(), Problem> {
    let what = format!("open the ledger {}", file.display());
    let database = Database::new(&file.to_string_lossy()).context(&what)?;
    if database.get_table_metadata(TABLE).context(&what)?.is_none() {
        let definition = json!({
            "TableName": TABLE,
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
        });
        let definition: CreateTableRequest = serde_json::from_value(definition).context(&what)?;
        database.create_table(definition).context(&what)?;
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.context(format!("listen on port {port}"))?;
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    Ok(())
}

/// Puts a secret into the Secrets Manager on this port, once that is up.
pub(crate) async fn create_secret(port: u16, name: &str, value: &str) -> Result<(), Problem> {
    let body = json!({
        "Name": name,
        "SecretString": value,
        "ClientRequestToken": "00000000-0000-4000-8000-000000000000",
    });
    // moto checks no signature, but finds the service by the one that is named.
    let authorization = format!(
        "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/{REGION}/secretsmanager/aws4_request"
    );
    let head = [
        "POST / HTTP/1.1",
        "Content-Type: application/x-amz-json-1.1",
        "X-Amz-Target: secretsmanager.CreateSecret",
        &authorization,
    ];
    let start = Instant::now();
    loop {
        match http::send(port, &head, &body.to_string()).await {
            Ok((200, _)) => return Ok(()),
            Ok((status, answer)) => {
                return Err(Problem::new(format!(
                    "could not create the secret {name}: {status} {answer}"
                )));
            }
            Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error) => {
                return Err(Problem::new(format!(
                    "the local Secrets Manager does not answer: {error}"
                )));
            }
        }
    }
}
