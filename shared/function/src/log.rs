//! Log lines: one JSON object each, whose fields are chosen one by one. There is no logger for a library to write a
//! URL, a token or a body to.

use std::{
    fmt::Display,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

/// Namespace of the metrics in CloudWatch.
const NAMESPACE: &str = "InApp";

/// Logs something that went wrong and was survived.
pub fn warn(event: &str, detail: &str) {
    println!("{}", json!({ "level": "WARN", "event": event, "detail": detail }));
}

/// Logs why the function cannot start.
pub fn fatal(detail: &dyn Display) {
    println!(
        "{}",
        json!({ "level": "FATAL", "event": "cannot_start", "detail": detail.to_string() })
    );
}

/// Logs where a panic happened, from now on. Not what it said: that may quote what was being handled.
pub fn panics() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, ToString::to_string);
        println!("{}", json!({ "level": "ERROR", "event": "panic", "detail": at }));
    }));
}

/// What makes CloudWatch metrics of a log line's fields (embedded metric format): the value of its field `_aws`. Of each
/// metric the field's name and unit. Their dimension is the line's `action`.
pub fn metrics(metrics: impl IntoIterator<Item = (&'static str, &'static str)>) -> Value {
    let definitions: Vec<Value> = metrics
        .into_iter()
        .map(|(name, unit)| json!({ "Name": name, "Unit": unit }))
        .collect();
    json!({
        "Timestamp": SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as u64),
        "CloudWatchMetrics": [{ "Namespace": NAMESPACE, "Dimensions": [["action"]], "Metrics": definitions }],
    })
}
