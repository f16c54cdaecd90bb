//! The log lines of deposits.

use deposits::{Deposit, Status};
use function::log;
use serde_json::json;

/// The `action` of all metrics of deposits: the functions that move them share it.
pub const ACTION: &str = "deposits";

/// Logs a deposit that has got another status, or was tried and put off. Counts each that became unknown in the metric
/// `DepositUnknown`, at the moment when it did. `function` is who moved it.
///
/// What the payment provider or an operator wrote is left out: it may name people.
pub fn moved(function: &str, deposit: &Deposit) {
    let reason = match deposit.status {
        Status::Paid | Status::Review | Status::Unknown => deposit.reason.as_deref(),
        _ => None,
    };
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
    if let Some(reason) = reason {
        line["detail"] = json!(reason);
    }
    if deposit.status == Status::Unknown {
        log::add_metrics(&mut line, [("DepositUnknown", "Count", json!(1))]);
    }
    println!("{line}");
}
