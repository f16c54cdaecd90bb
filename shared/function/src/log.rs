//! Log lines. Each is one JSON object whose fields the code names one by one. There is no global logger, so that no
//! library can log a URL, a token or a body.

use std::{
    fmt::Display,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::settings;

/// CloudWatch namespace of the metrics.
const NAMESPACE: &str = "InApp";

/// Stands in for the name of the stack on a developer's machine.
const LOCAL_STACK: &str = "local";

/// Logs a problem that the function survived.
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

/// Logs from now on where a panic happened. The panic's message is left out, because it may quote a trader's data.
pub fn panics() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, ToString::to_string);
        println!("{}", json!({ "level": "ERROR", "event": "panic", "detail": at }));
    }));
}

/// Adds metrics to a log line: name, unit (of CloudWatch) and value of each.
///
/// CloudWatch reads them from the line (embedded metric format) and counts each one twice: for the whole stack,
/// which the alarms watch, and for the line's `action` within the stack.
pub fn add_metrics(line: &mut Value, metrics: impl IntoIterator<Item = (&'static str, &'static str, Value)>) {
    let mut definitions = Vec::new();
    for (name, unit, value) in metrics {
        definitions.push(json!({ "Name": name, "Unit": unit }));
        line[name] = value;
    }
    line["stack"] = json!(settings::optional("STACK_NAME").as_deref().unwrap_or(LOCAL_STACK));
    line["_aws"] = json!({
        "Timestamp": SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis() as u64),
        "CloudWatchMetrics": [{
            "Namespace": NAMESPACE,
            "Dimensions": [["stack"], ["stack", "action"]],
            "Metrics": definitions,
        }],
    });
}
