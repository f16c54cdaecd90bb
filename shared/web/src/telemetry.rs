//! One JSON line per request, which is its CloudWatch metric too (embedded metric format).
//!
//! What is logged is chosen here, field by field, and nowhere else: there is no logger for a library to write a URL,
//! a token or a body to.

use std::time::Duration;

use function::log;
use serde_json::{Value, json};

use crate::Answer;

/// Logs one request at the boundary.
pub(crate) fn request(action: &str, method: &str, answer: &Answer, took: Duration, cold: bool) {
    let level = match (
        answer.status >= 500,
        answer.misconfigured || answer.outcome_unknown,
    ) {
        (true, _) => "ERROR",
        (false, true) => "WARN",
        (false, false) => "INFO",
    };
    let mut line = json!({
        "level": level,
        "event": "request",
        "action": action,
        "method": method,
        "status": answer.status,
        "code": answer.code,
        "ms": milliseconds(took),
        "cold": cold,
    });
    if let Some(detail) = &answer.detail {
        line["detail"] = json!(detail);
    }
    if let Some(reference) = &answer.reference {
        line["reference"] = json!(reference);
    }
    let mut metrics = vec![
        ("Requests", "Count", json!(1)),
        ("LatencyMs", "Milliseconds", milliseconds(took)),
    ];
    if answer.status >= 500 {
        metrics.push(("Errors", "Count", json!(1)));
    }
    if answer.misconfigured {
        metrics.push(("Misconfigured", "Count", json!(1)));
    }
    if let Some(upstream) = answer.upstream {
        line["upstream_status"] = json!(upstream.status);
        line["upstream_ms"] = milliseconds(upstream.took);
        metrics.push(("UpstreamMs", "Milliseconds", milliseconds(upstream.took)));
    }
    if let Some(backend) = answer.backend {
        line["backend_status"] = json!(backend.status);
        line["backend_ms"] = milliseconds(backend.took);
        metrics.push(("BackendMs", "Milliseconds", milliseconds(backend.took)));
    }
    if answer.outcome_unknown {
        metrics.push(("UnknownOutcomes", "Count", json!(1)));
    }
    log::add_metrics(&mut line, metrics);
    println!("{line}");
}

/// Milliseconds with one decimal.
fn milliseconds(duration: Duration) -> Value {
    json!((duration.as_secs_f64() * 10_000.0).round() / 10.0)
}
