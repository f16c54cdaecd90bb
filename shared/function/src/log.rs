//! Log lines: one JSON object each, whose fields are chosen one by one. There is no logger for a library to write a
//! URL, a token or a body to.

use std::fmt::Display;

use serde_json::json;

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
