//! The log line of a request: one line of JSON, from which CloudWatch reads metrics too (embedded metric format).
//!
//! This file alone chooses the logged fields. No logger is installed, so no library can log a URL, a token or a
//! body.

use std::time::Duration;

use function::log;
use serde_json::{Value, json};

use crate::{Code, Request, Response, SecurityEvent};

/// The function that logs.
pub(crate) struct Function {
    /// Its name.
    pub name: &'static str,
    /// The metric of its failed requests.
    pub failures: &'static str,
    /// Whether this is the first request of the instance.
    pub cold: bool,
}

/// A metric: name, unit and value.
type Metric = (&'static str, &'static str, Value);

/// Logs one request.
pub(crate) fn request(function: Function, request: &Request, response: &Response, took: Duration) {
    let held_back = response.security == Some(SecurityEvent::TokenHeldBack);
    // A stranger can cause this one at will: it counts in a metric of its own.
    let failed = response.status >= 500 && !held_back;
    let level = if failed {
        "ERROR"
    } else if response.misconfigured.is_some() || response.outcome_unknown || held_back {
        "WARN"
    } else {
        "INFO"
    };
    let mut line = json!({
        "level": level,
        "event": "request",
        "action": function.name,
        "method": request.method.as_str(),
        "status": response.status,
        "code": response.code,
        "ms": milliseconds(took),
        "cold": function.cold,
    });
    let request_id = Some(request.notes.request_id.as_str()).filter(|id| !id.is_empty());
    for (name, value) in [
        ("request_id", request_id),
        ("trader", request.notes.trader()),
        ("security", response.security.map(|event| event.as_str())),
        ("detail", response.detail.as_deref()),
        ("reference", response.reference.as_deref()),
    ] {
        if let Some(value) = value {
            line[name] = json!(value);
        }
    }
    let mut metrics: Vec<Metric> = vec![
        ("Requests", "Count", json!(1)),
        ("LatencyMs", "Milliseconds", milliseconds(took)),
    ];
    if held_back {
        metrics.push(("TokensGuessed", "Count", json!(1)));
    }
    if failed {
        metrics.push(("Errors", "Count", json!(1)));
    }
    if let Some(setting) = response.misconfigured {
        metrics.push((setting.metric(), "Count", json!(1)));
    } else if request.notes.is_tap() {
        metrics.extend(tap_metrics(response));
    } else {
        metrics.push((function.failures, "Count", json!(u8::from(failed))));
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

/// The metrics of a tap, which no wrong setting explains. Each is 1 or 0, so that its average is a share.
///
/// A token that cTrader does not know, or knows as spent, says nothing about our side: anybody can invent one. So it
/// counts in a metric of its own, and a stranger can neither raise nor lower the share of failed taps. The same
/// holds for an account that a trader wrote into the URL.
fn tap_metrics(response: &Response) -> Vec<Metric> {
    let code = response.code;
    let is = |codes: &[Code]| codes.iter().any(|other| other.as_str() == code);
    if is(&[Code::InvalidOtToken, Code::TokenExpired]) {
        vec![("TokensRefused", "Count", json!(1))]
    } else if is(&[Code::AccountMismatch]) {
        Vec::new()
    } else if response.status < 400 {
        vec![
            ("TapsFailed", "Count", json!(0)),
            ("TokensRefused", "Count", json!(0)),
        ]
    } else {
        vec![("TapsFailed", "Count", json!(1))]
    }
}

/// The duration in milliseconds, with one decimal.
fn milliseconds(duration: Duration) -> Value {
    json!((duration.as_secs_f64() * 10_000.0).round() / 10.0)
}
