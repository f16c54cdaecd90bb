//! What AWS does between the functions: passes the table's stream to `publish` and the queue of the CRM webhook to
//! `crm-webhook`, and invokes `reconcile` regularly. In the cloud these are the event source mappings and the
//! schedule of template.yaml.

use std::time::Duration;

use dynoxide::Database;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::console::{Context, Problem};
use crate::ports::Ports;
use crate::{aws, http};

/// The pause between two polls of the stream or the queue.
const POLL_PAUSE: Duration = Duration::from_millis(300);

/// The pause after an error, for example while a function is being built.
const RETRY_PAUSE: Duration = Duration::from_secs(2);

/// The tasks of the three event sources; stop when dropped.
pub(crate) struct EventSources([JoinHandle<()>; 3]);

impl EventSources {
    /// Starts with new stream records: an earlier run has published the old ones. `reconcile` runs once per
    /// `reconcile_every`.
    pub(crate) fn start(database: Database, ports: Ports, queue: String, reconcile_every: Duration) -> Self {
        let stream = async move {
            let mut stream = Stream::new(database);
            loop {
                sleep(pause_after(&stream.pass_on(ports).await)).await;
            }
        };
        let queue = async move {
            loop {
                sleep(pause_after(&pass_on_messages(ports, &queue).await)).await;
            }
        };
        let schedule = async move {
            loop {
                sleep(reconcile_every).await;
                // Fails while the function is being built. The next run does the work.
                let _ = reconcile(ports).await;
            }
        };
        Self([tokio::spawn(stream), tokio::spawn(queue), tokio::spawn(schedule)])
    }
}

impl Drop for EventSources {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

fn pause_after(result: &Result<(), Problem>) -> Duration {
    match result {
        Ok(()) => POLL_PAUSE,
        Err(_) => RETRY_PAUSE,
    }
}

/// The table's stream, from the first record that was not passed on.
struct Stream {
    database: Database,
    iterator: Option<String>,
}

impl Stream {
    fn new(database: Database) -> Self {
        Self {
            database,
            iterator: None,
        }
    }

    /// Passes the new records to `publish`. If it does not accept all, the same records come again.
    async fn pass_on(&mut self, ports: Ports) -> Result<(), Problem> {
        let what = "read the table's stream";
        let iterator = match self.iterator.clone() {
            Some(iterator) => iterator,
            None => latest(&self.database).context(what)?,
        };
        self.iterator = Some(iterator.clone());
        let request = json!({ "ShardIterator": iterator, "Limit": 100 });
        let page = self
            .database
            .get_records(serde_json::from_value(request).context(what)?)
            .inspect_err(|_| self.iterator = None)
            .context(what)?;
        if !page.records.is_empty() {
            let records = serde_json::to_value(&page.records).context(what)?;
            if !send_batch(ports, "publish", records).await?.is_empty() {
                return Err(Problem::new("publish did not accept all records"));
            }
        }
        self.iterator = page.next_shard_iterator;
        Ok(())
    }
}

/// The position after the last record of the stream.
fn latest(database: &Database) -> Result<String, Box<dyn std::error::Error>> {
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

/// Passes the messages of the queue to `crm-webhook`, and deletes the accepted ones.
async fn pass_on_messages(ports: Ports, queue: &str) -> Result<(), Problem> {
    let messages = aws::receive(ports.moto, queue).await?;
    if messages.is_empty() {
        return Ok(());
    }
    let record = |message: &Value| json!({ "messageId": message["MessageId"], "body": message["Body"] });
    let records = messages.iter().map(record).collect();
    let failed = send_batch(ports, "crm-webhook", records).await?;
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

/// Invokes a function with records. Returns the identifiers of those that it did not accept.
async fn send_batch(ports: Ports, function: &str, records: Value) -> Result<Vec<String>, Problem> {
    let (status, response) = invoke(ports, function, &json!({ "Records": records })).await?;
    let failures = response["batchItemFailures"]
        .as_array()
        .ok_or_else(|| Problem::new(format!("{function} responded with {status}")))?;
    let identifier = |failure: &Value| failure["itemIdentifier"].as_str().map(str::to_owned);
    Ok(failures.iter().filter_map(identifier).collect())
}

/// Invokes a function through `cargo lambda watch`. Returns the status and the response.
async fn invoke(ports: Ports, function: &str, event: &Value) -> Result<(u16, Value), Problem> {
    let line = format!("POST /2015-03-31/functions/{function}/invocations HTTP/1.1");
    let what = format!("invoke {function}");
    let head = [line.as_str(), "Content-Type: application/json"];
    let (status, body) = http::send(ports.functions, &head, &event.to_string())
        .await
        .context(&what)?;
    let response = serde_json::from_str(&body).context(&what)?;
    Ok((status, response))
}
