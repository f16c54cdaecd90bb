//! The local AWS: DynamoDB in this process, Secrets Manager and KMS in moto's.

use std::path::Path;
use std::time::{Duration, Instant};

use dynoxide::Database;
use dynoxide::actions::create_table::CreateTableRequest;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::http;
use crate::say::{Context, Problem};
use crate::settings::{REGION, TABLE};

/// How long moto may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The table's definition, without its name.
const DEFINITION: &str = include_str!("../../../shared/ledger/table.json");

/// Serves DynamoDB on a port of 127.0.0.1 from a file, which it makes if it is not there, as it does the table.
pub(crate) async fn serve_dynamodb(port: u16, file: &Path) -> Result<Database, Problem> {
    let what = format!("open the ledger {}", file.display());
    let database = Database::new(&file.to_string_lossy()).context(&what)?;
    let mut definition: Value = serde_json::from_str(DEFINITION).context(&what)?;
    definition["TableName"] = TABLE.into();
    if database.get_table_metadata(TABLE).context(&what)?.is_none() {
        let definition: CreateTableRequest = serde_json::from_value(definition).context(&what)?;
        database.create_table(definition).context(&what)?;
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.context(format!("listen on port {port}"))?;
    tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
    Ok(database)
}

/// Puts a secret into the Secrets Manager on this port, once that is up.
pub(crate) async fn create_secret(port: u16, name: &str, value: &str) -> Result<(), Problem> {
    let body = json!({
        "Name": name,
        "SecretString": value,
        "ClientRequestToken": "00000000-0000-4000-8000-000000000000",
    });
    call(port, "secretsmanager", "secretsmanager.CreateSecret", &body).await?;
    Ok(())
}

/// Makes a key to sign assertions with, in the KMS on this port, once that is up; gives its id.
pub(crate) async fn create_assertion_key(port: u16) -> Result<String, Problem> {
    let body = json!({"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"});
    let answer = call(port, "kms", "TrentService.CreateKey", &body).await?;
    let id = answer["KeyMetadata"]["KeyId"].as_str().map(str::to_owned);
    id.ok_or_else(|| Problem::new("the local KMS made a key without an id"))
}

/// Calls moto, once it is up.
async fn call(port: u16, service: &str, operation: &str, body: &Value) -> Result<Value, Problem> {
    // moto checks no signature, but finds the service by the one that is named.
    let authorization =
        format!("Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/{REGION}/{service}/aws4_request");
    let target = format!("X-Amz-Target: {operation}");
    let head = [
        "POST / HTTP/1.1",
        "Content-Type: application/x-amz-json-1.1",
        &target,
        &authorization,
    ];
    let start = Instant::now();
    loop {
        match http::send(port, &head, &body.to_string()).await {
            Ok((200, answer)) => return serde_json::from_str(&answer).context(operation),
            Ok((status, answer)) => {
                return Err(Problem::new(format!("{operation} failed: {status} {answer}")));
            }
            Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error) => {
                return Err(Problem::new(format!("the local AWS does not answer: {error}")));
            }
        }
    }
}
