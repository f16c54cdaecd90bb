//! The log lines of deposits.

use deposits::{Deposit, Status};
use function::log;
use serde_json::json;

/// The `action` of all metrics of deposits: the functions that move them share it.
pub const ACTION: &str = "deposits";

/// Logs a deposit that has got another status, or was tried and deferred. Counts each that became unknown in the metric
/// `DepositUnknown`, at the moment when it did. `function` is who wrote it.
///
/// What the payment provider or an operator wrote is left out: it may name people.
pub fn log_transition(function: &str, deposit: &Deposit) {
    let reasons = deposit.reasons.iter().filter(|reason| !reason.quotes_people());
    let reasons: Vec<_> = reasons.map(ToString::to_string).collect();
    let level = match deposit.status {
        Status::Unknown => "ERROR",
        Status::Review => "WARN",
        _ => "INFO",
    };
    let mut line = json!({
        "level": level,
        "event": "deposit",
        "action": ACTION,
        "function": function,
        "reference": deposit.id.reference(),
        "status": deposit.status.as_str(),
        "version": deposit.version,
        "method": deposit.order.method,
        "broker": deposit.order.broker,
    });
    if !reasons.is_empty() {
        line["detail"] = json!(reasons.join("; "));
    }
    if deposit.status == Status::Unknown {
        log::add_metrics(&mut line, [("DepositUnknown", "Count", json!(1))]);
    }
    println!("{line}");
}
