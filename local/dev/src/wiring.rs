//! What AWS does between the functions, and nobody does on this machine: hands the table's stream to `publish` and the
//! queue of the CRM webhook to `crm-webhook`, until they have taken all, and invokes `reconcile` on its schedule. In the cloud these
//! are the event source mappings and the schedule of template.yaml.

use std::time::Duration;

use dynoxide::Database;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::say::{Context, Problem};
use crate::settings::Ports;
use crate::{aws, http};

/// How often the stream and the queue are looked at.
const PAUSE: Duration = Duration::from_millis(300);

/// Until the next try after something went wrong, such as a function that is being built.
const RETRY: Duration = Duration::from_secs(2);

/// The three that hand over; stop when dropped.
pub(crate) struct Wiring([JoinHandle<()>; 3]);

impl Wiring {
    /// From now on: what the stream had before was published by an earlier run. `reconcile` runs once a `round`.
    pub(crate) fn start(database: Database, ports: Ports, queue: String, round: Duration) -> Self {
        let stream = async move {
            let mut place = None;
            loop {
                let pause = match publish(&database, ports, &mut place).await {
                    Ok(()) => PAUSE,
                    Err(_) => RETRY,
                };
                sleep(pause).await;
            }
        };
        let queue = async move {
            loop {
                let pause = match deliver_crm_webhooks(ports, &queue).await {
                    Ok(()) => PAUSE,
                    Err(_) => RETRY,
                };
                sleep(pause).await;
            }
        };
        let schedule = async move {
            loop {
                sleep(round).await;
                // While it is being built there is no round: the next one does what there is to do.
                let _ = reconcile(ports).await;
            }
        };
        Self([tokio::spawn(stream), tokio::spawn(queue), tokio::spawn(schedule)])
    }
}

impl Drop for Wiring {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Hands over what the stream has after `place`, and moves that on.
async fn publish(database: &Database, ports: Ports, place: &mut Option<String>) -> Result<(), Problem> {
    let what = "read the ledger's stream";
    let iterator = match place.clone() {
        Some(iterator) => iterator,
        None => {
            let iterator = newest(database).context(what)?;
            place.insert(iterator).clone()
        }
    };
    let request = json!({ "ShardIterator": iterator, "Limit": 100 });
    let request = serde_json::from_value(request).context(what)?;
    let answer = database
        .get_records(request)
        .inspect_err(|_| *place = None)
        .context(what)?;
    let records = serde_json::to_value(&answer.records).context(what)?;
    if !answer.records.is_empty() && !hand_over(ports, "publish", records).await?.is_empty() {
        return Err(Problem::new("publish has not taken all"));
    }
    *place = answer.next_shard_iterator;
    Ok(())
}

/// Where the stream will have the next record.
fn newest(database: &Database) -> Result<String, Box<dyn std::error::Error>> {
    let streams = database.list_streams(serde_json::from_value(json!({}))?)?;
    let stream = streams.streams.first().ok_or("there is no stream")?;
    let arn = &stream.stream_arn;
    let described = database.describe_stream(serde_json::from_value(json!({ "StreamArn": arn }))?)?;
    let shard = described
        .stream_description
        .shards
        .last()
        .ok_or("there is no shard")?;
    let request = json!({ "StreamArn": arn, "ShardId": shard.shard_id, "ShardIteratorType": "LATEST" });
    let iterator = database.get_shard_iterator(serde_json::from_value(request)?)?;
    Ok(iterator.shard_iterator.ok_or("there is no iterator")?)
}

/// Hands over what the queue has, and deletes what was taken.
async fn deliver_crm_webhooks(ports: Ports, queue: &str) -> Result<(), Problem> {
    let messages = aws::receive(ports.moto, queue).await?;
    if messages.is_empty() {
        return Ok(());
    }
    let record = |message: &Value| json!({ "messageId": message["MessageId"], "body": message["Body"] });
    let records = messages.iter().map(record).collect();
    let failed = hand_over(ports, "crm-webhook", records).await?;
    for message in &messages {
        let id = message["MessageId"].as_str().unwrap_or_default();
        if !failed.iter().any(|failed| failed == id) {
            let receipt = message["ReceiptHandle"].as_str().unwrap_or_default();
            aws::delete(ports.moto, queue, receipt).await?;
        }
    }
    Ok(())
}

/// Invokes `reconcile`, as its schedule does.
async fn reconcile(ports: Ports) -> Result<(), Problem> {
    let event = json!({
        "version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "resources": [], "detail": {},
    });
    invoke(ports, "reconcile", &event).await?;
    Ok(())
}

/// Hands records to a function, and gives the identifiers of those that it has not taken.
async fn hand_over(ports: Ports, function: &str, records: Value) -> Result<Vec<String>, Problem> {
    let (status, answer) = invoke(ports, function, &json!({ "Records": records })).await?;
    let failures = answer["batchItemFailures"].as_array();
    let failures = failures.ok_or_else(|| Problem::new(format!("{function} answered {status}")))?;
    let identifier = |failure: &Value| failure["itemIdentifier"].as_str().map(str::to_owned);
    Ok(failures.iter().filter_map(identifier).collect())
}

/// Invokes a function through its runtime API; gives the status and the answer.
async fn invoke(ports: Ports, function: &str, event: &Value) -> Result<(u16, Value), Problem> {
    let line = format!("POST /2015-03-31/functions/{function}/invocations HTTP/1.1");
    let what = format!("invoke {function}");
    let head = [line.as_str(), "Content-Type: application/json"];
    let (status, answer) = http::send(ports.functions, &head, &event.to_string())
        .await
        .context(&what)?;
    let answer = serde_json::from_str(&answer).context(&what)?;
    Ok((status, answer))
}
