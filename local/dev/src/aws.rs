//! The local AWS: DynamoDB in this process, Secrets Manager, KMS, EventBridge and SQS in moto's.

use std::path::Path;
use std::time::{Duration, Instant};

use dynoxide::Database;
use dynoxide::actions::create_table::CreateTableRequest;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::http;
use crate::say::{Context, Problem, step};
use crate::settings::{BUS, REGION, TABLE};

/// How long moto may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The table's definition, without its name.
const DEFINITION: &str = include_str!("../../../shared/store/table.json");

/// Serves DynamoDB on a port of 127.0.0.1 from a file, which it makes if it is not there, as it does the table.
pub(crate) async fn serve_dynamodb(port: u16, file: &Path) -> Result<Database, Problem> {
    let what = format!("open the ledger {}", file.display());
    let database = Database::new(&file.to_string_lossy()).context(&what)?;
    let mut definition: Value = serde_json::from_str(DEFINITION).context(&what)?;
    definition["TableName"] = TABLE.into();
    let attributes = |stored: &str| serde_json::from_str::<Value>(stored).ok();
    if let Some(table) = database.get_table_metadata(TABLE).context(&what)?
        && attributes(&table.attribute_definitions).as_ref() != Some(&definition["AttributeDefinitions"])
    {
        step(
            "Emptying",
            "the ledger, whose table was made by an earlier version",
        );
        let request = json!({ "TableName": TABLE });
        let request = serde_json::from_value(request).context(&what)?;
        database.delete_table(request).context(&what)?;
    }
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

/// Makes the event bus on this port, and a queue that has every event; gives the queue's URL.
pub(crate) async fn create_bus(port: u16) -> Result<String, Problem> {
    let events = async |operation: &str, body: Value| {
        let operation = format!("AWSEvents.{operation}");
        call(port, "events", &operation, &body).await
    };
    events("CreateEventBus", json!({ "Name": BUS })).await?;
    let queue = json!({ "QueueName": "inapp-crm-webhook" });
    let queue = call(port, "sqs", "AmazonSQS.CreateQueue", &queue).await?;
    let url = queue["QueueUrl"].as_str().map(str::to_owned);
    let url = url.ok_or_else(|| Problem::new("the local SQS made a queue without a URL"))?;
    let pattern = json!({ "source": ["inapp"] }).to_string();
    events(
        "PutRule",
        json!({ "Name": "crm-webhook", "EventBusName": BUS, "EventPattern": pattern }),
    )
    .await?;
    let arn = format!("arn:aws:sqs:{REGION}:123456789012:inapp-crm-webhook");
    let targets = json!([{ "Id": "crm-webhook", "Arn": arn }]);
    events(
        "PutTargets",
        json!({ "Rule": "crm-webhook", "EventBusName": BUS, "Targets": targets }),
    )
    .await?;
    Ok(url)
}

/// Takes messages from the queue, which has them again in half a minute unless they are deleted.
pub(crate) async fn receive(port: u16, queue: &str) -> Result<Vec<Value>, Problem> {
    let body = json!({ "QueueUrl": queue, "MaxNumberOfMessages": 10 });
    let answer = call(port, "sqs", "AmazonSQS.ReceiveMessage", &body).await?;
    Ok(answer["Messages"].as_array().cloned().unwrap_or_default())
}

/// Deletes a message that was received.
pub(crate) async fn delete(port: u16, queue: &str, receipt: &str) -> Result<(), Problem> {
    let body = json!({ "QueueUrl": queue, "ReceiptHandle": receipt });
    call(port, "sqs", "AmazonSQS.DeleteMessage", &body).await?;
    Ok(())
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
            // Some operations answer nothing.
            Ok((200, answer)) if answer.is_empty() => return Ok(Value::Null),
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
