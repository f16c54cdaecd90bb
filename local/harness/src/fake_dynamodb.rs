//! The table, in an embedded DynamoDB that keeps everything in memory.

use dynoxide::AttributeValue;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use dynoxide::actions::scan::ScanRequest;
use embedded_table::{EmbeddedTable, TABLE};
use serde_json::{Map, Value, json};

use crate::flaky_proxy::FlakyProxy;

/// DynamoDB with the table; stops when dropped.
pub(crate) struct FakeDynamoDb {
    table: EmbeddedTable,
    /// The functions connect through this proxy; the tests do not.
    pub(crate) proxy: FlakyProxy,
}

impl FakeDynamoDb {
    pub(crate) async fn start() -> Self {
        let table = EmbeddedTable::start().await;
        let proxy = FlakyProxy::start(table.address).await;
        Self { table, proxy }
    }

    /// The URL without the proxy, for the tests themselves.
    pub(crate) fn direct_url(&self) -> String {
        self.table.url()
    }

    /// `AWS_ENDPOINT_URL_DYNAMODB`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.proxy.address)
    }

    /// All records of the table's stream, in the form in which Lambda passes them to a function.
    pub(crate) fn stream_records(&self) -> Vec<Value> {
        let streams = self
            .table
            .database
            .list_streams(ListStreamsRequest::default())
            .unwrap();
        let stream_arn = &streams.streams[0].stream_arn;
        let description = self.table.database.describe_stream(DescribeStreamRequest {
            stream_arn: stream_arn.clone(),
            ..DescribeStreamRequest::default()
        });
        let mut records = Vec::new();
        for shard in description.unwrap().stream_description.shards {
            let iterator = self.table.database.get_shard_iterator(GetShardIteratorRequest {
                stream_arn: stream_arn.clone(),
                shard_id: shard.shard_id,
                shard_iterator_type: "TRIM_HORIZON".to_owned(),
                sequence_number: None,
            });
            let page = self.table.database.get_records(GetRecordsRequest {
                shard_iterator: iterator.unwrap().shard_iterator.unwrap(),
                limit: None,
            });
            records.extend(page.unwrap().records);
        }
        records
            .iter()
            .map(|record| serde_json::to_value(record).unwrap())
            .collect()
    }

    /// All items, as plain JSON without DynamoDB's type tags.
    pub(crate) fn items(&self) -> Vec<Value> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let request = ScanRequest {
                table_name: TABLE.to_owned(),
                exclusive_start_key: start,
                ..ScanRequest::default()
            };
            let page = self.table.database.scan(request).unwrap();
            for item in page.items.into_iter().flatten() {
                items.push(plain_json(AttributeValue::M(item)));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return items;
            }
        }
    }
}

impl Drop for FakeDynamoDb {
    fn drop(&mut self) {
        self.table.server.abort();
    }
}

/// Removes DynamoDB's type tags. Numbers become JSON numbers.
fn plain_json(value: AttributeValue) -> Value {
    let number = |digits: String| serde_json::from_str(&digits).unwrap_or(Value::String(digits));
    match value {
        AttributeValue::S(text) => text.into(),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::B(bytes) => json!(bytes),
        AttributeValue::BOOL(flag) => flag.into(),
        AttributeValue::NULL(_) => Value::Null,
        AttributeValue::SS(texts) => texts.into(),
        AttributeValue::NS(numbers) => numbers.into_iter().map(number).collect(),
        AttributeValue::BS(blobs) => json!(blobs),
        AttributeValue::L(values) => values.into_iter().map(plain_json).collect(),
        AttributeValue::M(map) => {
            let entries = map.into_iter().map(|(name, value)| (name, plain_json(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}
