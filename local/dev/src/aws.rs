//! The local AWS: DynamoDB in this process; Secrets Manager, KMS, EventBridge and SQS in moto.

use std::path::Path;
use std::time::{Duration, Instant};

use dynoxide::Database;
use dynoxide::actions::create_table::CreateTableRequest;
use local_guard::{Callers, Front};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::console::{Context, Problem, step};
use crate::http;
use crate::settings::{EVENT_BUS, REGION, TABLE};

/// How long moto may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The table's definition, without its name.
const DEFINITION: &str = include_str!("../../../shared/store/table.json");

/// Serves DynamoDB on a port of 127.0.0.1 from a file. Makes the file and the table if they do not exist.
pub(crate) async fn serve_dynamodb(port: u16, file: &Path) -> Result<(Database, Front), Problem> {
    let what = format!("open the table in {}", file.display());
    let database = Database::new(&file.to_string_lossy()).context(&what)?;
    let mut definition: Value = serde_json::from_str(DEFINITION).context(&what)?;
    definition["TableName"] = TABLE.into();
    let parse = |stored: &str| serde_json::from_str::<Value>(stored).ok();
    if let Some(table) = database.get_table_metadata(TABLE).context(&what)?
        && parse(&table.attribute_definitions).as_ref() != Some(&definition["AttributeDefinitions"])
    {
        step("Emptying", "the table, because an earlier version made it");
        let request = serde_json::from_value(json!({ "TableName": TABLE })).context(&what)?;
        database.delete_table(request).context(&what)?;
    }
    if database.get_table_metadata(TABLE).context(&what)?.is_none() {
        let request: CreateTableRequest = serde_json::from_value(definition).context(&what)?;
        database.create_table(request).context(&what)?;
    }
    let what = format!("listen on port {port}");
    // It answers every website (CORS), so it gets a port of its own behind a guard.
    let server = TcpListener::bind(("127.0.0.1", 0)).await.context(&what)?;
    let target = server.local_addr().context(&what)?;
    tokio::spawn(dynoxide::server::serve_on(server, database.clone()));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.context(&what)?;
    let front = Front::new(vec![listener], target, Callers::Itself);
    Ok((database, front))
}

/// Puts a secret into the Secrets Manager on this port. Waits until it is up.
pub(crate) async fn create_secret(port: u16, name: &str, value: &str) -> Result<(), Problem> {
    let body = json!({
        "Name": name,
        "SecretString": value,
        "ClientRequestToken": "00000000-0000-4000-8000-000000000000",
    });
    call(port, "secretsmanager", "secretsmanager.CreateSecret", &body).await?;
    Ok(())
}

/// Makes a key that signs assertions in the KMS on this port, and returns its id. Waits until it is up.
pub(crate) async fn create_assertion_key(port: u16) -> Result<String, Problem> {
    let body = json!({"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"});
    let response = call(port, "kms", "TrentService.CreateKey", &body).await?;
    let id = response["KeyMetadata"]["KeyId"].as_str().map(str::to_owned);
    id.ok_or_else(|| Problem::new("the local KMS returned a key without an id"))
}

/// Makes the event bus, and a queue that gets every event. Returns the URL of the queue.
pub(crate) async fn create_bus(port: u16) -> Result<String, Problem> {
    let events = async |operation: &str, body: Value| {
        let operation = format!("AWSEvents.{operation}");
        call(port, "events", &operation, &body).await
    };
    events("CreateEventBus", json!({ "Name": EVENT_BUS })).await?;
    let body = json!({ "QueueName": "inapp-crm-webhook" });
    let queue = call(port, "sqs", "AmazonSQS.CreateQueue", &body).await?;
    let url = queue["QueueUrl"]
        .as_str()
        .ok_or_else(|| Problem::new("the local SQS returned a queue without a URL"))?
        .to_owned();
    let pattern = json!({ "source": ["inapp"] }).to_string();
    events(
        "PutRule",
        json!({ "Name": "crm-webhook", "EventBusName": EVENT_BUS, "EventPattern": pattern }),
    )
    .await?;
    let arn = format!("arn:aws:sqs:{REGION}:123456789012:inapp-crm-webhook");
    let targets = json!([{ "Id": "crm-webhook", "Arn": arn }]);
    events(
        "PutTargets",
        json!({ "Rule": "crm-webhook", "EventBusName": EVENT_BUS, "Targets": targets }),
    )
    .await?;
    Ok(url)
}

/// Receives messages. The queue delivers them again after half a minute unless they are deleted.
pub(crate) async fn receive(port: u16, queue: &str) -> Result<Vec<Value>, Problem> {
    let body = json!({ "QueueUrl": queue, "MaxNumberOfMessages": 10 });
    let response = call(port, "sqs", "AmazonSQS.ReceiveMessage", &body).await?;
    Ok(response["Messages"].as_array().cloned().unwrap_or_default())
}

/// Deletes a received message.
pub(crate) async fn delete(port: u16, queue: &str, receipt: &str) -> Result<(), Problem> {
    let body = json!({ "QueueUrl": queue, "ReceiptHandle": receipt });
    call(port, "sqs", "AmazonSQS.DeleteMessage", &body).await?;
    Ok(())
}

/// Calls moto. Waits until it is up.
async fn call(port: u16, service: &str, operation: &str, body: &Value) -> Result<Value, Problem> {
    // moto does not check the signature, but finds the service by its scope.
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
            // Some operations have an empty response.
            Ok((200, body)) if body.is_empty() => return Ok(Value::Null),
            Ok((200, body)) => return serde_json::from_str(&body).context(operation),
            Ok((status, body)) => {
                return Err(Problem::new(format!("{operation} failed: {status} {body}")));
            }
            Err(_) if start.elapsed() < START_TIMEOUT => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error) => {
                return Err(Problem::new(format!("the local AWS does not respond: {error}")));
            }
        }
    }
}
