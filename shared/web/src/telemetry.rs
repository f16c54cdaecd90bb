//! The log line of a request: one line of JSON, from which CloudWatch reads metrics too (embedded metric format).
//!
//! This file alone chooses the logged fields. No logger is installed, so no library can log a URL, a token or a
//! body.

use std::time::Duration;

use function::log;
use serde_json::{Value, json};

use crate::Response;

/// Logs one request.
pub(crate) fn request(action: &str, method: &str, response: &Response, took: Duration, cold: bool) {
    let level = if response.status >= 500 {
        "ERROR"
    } else if response.misconfigured || response.outcome_unknown {
        "WARN"
    } else {
        "INFO"
    };
    let mut line = json!({
        "level": level,
        "event": "request",
        "action": action,
        "method": method,
        "status": response.status,
        "code": response.code,
        "ms": milliseconds(took),
        "cold": cold,
    });
    if let Some(detail) = &response.detail {
        line["detail"] = json!(detail);
    }
    if let Some(reference) = &response.reference {
        line["reference"] = json!(reference);
    }
    let mut metrics = vec![
        ("Requests", "Count", json!(1)),
        ("LatencyMs", "Milliseconds", milliseconds(took)),
    ];
    if response.status >= 500 {
        metrics.push(("Errors", "Count", json!(1)));
    }
    if response.misconfigured {
        metrics.push(("Misconfigured", "Count", json!(1)));
    }
    if let Some(upstream) = response.upstream {
        line["upstream_status"] = json!(upstream.status);
        line["upstream_ms"] = milliseconds(upstream.took);
        metrics.push(("UpstreamMs", "Milliseconds", milliseconds(upstream.took)));
    }
    if let Some(backend) = response.backend {
        line["backend_status"] = json!(backend.status);
        line["backend_ms"] = milliseconds(backend.took);
        metrics.push(("BackendMs", "Milliseconds", milliseconds(backend.took)));
    }
    if response.outcome_unknown {
        metrics.push(("UnknownOutcomes", "Count", json!(1)));
    }
    log::add_metrics(&mut line, metrics);
    println!("{line}");
}

/// The duration in milliseconds, with one decimal.
fn milliseconds(duration: Duration) -> Value {
    json!((duration.as_secs_f64() * 10_000.0).round() / 10.0)
}
