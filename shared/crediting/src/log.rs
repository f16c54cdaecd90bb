//! Log lines about deposits.

use deposits::{Deposit, Status};
use function::log;
use serde_json::json;

/// The metric dimension `action` of all metrics about deposits. All functions that change deposits share it.
pub const ACTION: &str = "deposits";

/// Logs a deposit that got another status, or whose credit was deferred. A deposit that became `unknown` also
/// counts in the metric `DepositUnknown`. `function` is the function that wrote the deposit.
///
/// The line leaves out texts of the payment provider or an operator, because they may name people.
pub fn log_transition(function: &str, deposit: &Deposit) {
    let reasons: Vec<_> = deposit
        .reasons
        .iter()
        .filter(|reason| !reason.quotes_people())
        .map(ToString::to_string)
        .collect();
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
