//! Log lines: one JSON object each, whose fields are chosen one by one. There is no logger for a library to write a
//! URL, a token or a body to.

use std::{
    fmt::Display,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::settings;

/// Namespace of the metrics in CloudWatch.
const NAMESPACE: &str = "InApp";

/// What stands for the name of the stack outside of one: on a developer's machine.
const NO_STACK: &str = "local";

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

/// Adds metrics to a log line: name, unit and value of each. CloudWatch takes them from the line (embedded metric format), twice:
/// for the stack as a whole, which the alarms look at, and for the line's `action` in it.
pub fn add_metrics(line: &mut Value, metrics: impl IntoIterator<Item = (&'static str, &'static str, Value)>) {
    let mut definitions = Vec::new();
    for (name, unit, value) in metrics {
        definitions.push(json!({ "Name": name, "Unit": unit }));
        line[name] = value;
    }
    line["stack"] = json!(settings::optional("STACK_NAME").as_deref().unwrap_or(NO_STACK));
    line["_aws"] = json!({
        "Timestamp": SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as u64),
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE,
            "Dimensions": [["stack"], ["stack", "action"]],
            "Metrics": definitions,
        }],
    });
}
