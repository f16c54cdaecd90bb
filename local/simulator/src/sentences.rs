//! The sentence for each event on the timeline. The reader is an engineer who learns the protocol.

use crate::accounts::ChangeType;
use crate::events::{BuildState, ClosedBy, Event};
use crate::faults::{Endpoint, Fault, FaultKind};
use crate::log_codes;

/// The function that payment providers call.
const PAYMENT_EVENTS: &str = "payment-events";

impl Event {
    /// Describes the event in one or two sentences.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Minted {
                token,
                name,
                user_id,
                account,
                ttl_ms,
            } => minted(token, name.as_deref(), *user_id, *account, *ttl_ms),
            Self::Opened { again, .. } => opened(*again),
            Self::Redeemed {
                token,
                user_id,
                account,
                broker_name,
                ..
            } => redeemed(token, *user_id, *account, broker_name.as_deref()),
            Self::Refused { token, why, .. } => refused(token.as_deref(), why),
            Self::Lost {
                token,
                call,
                consumed,
                why,
                ..
            } => lost(token.as_deref(), call.as_deref(), *consumed, why),
            Self::Called {
                method, path, why, ..
            } => called(&format!("{method} {path}"), why.as_deref()),
            Self::BalanceChanged {
                account,
                balance_history_id,
                change,
                amount,
                currency,
                again,
                balance,
                ..
            } => {
                let change = balance_change(*change, &format!("{amount} {currency}"));
                balance_changed(
                    &change,
                    *account,
                    *balance_history_id,
                    &format!("{balance} {currency}"),
                    *again,
                )
            }
            Self::Answered {
                action,
                method,
                status,
                code,
                called_ctrader,
                ..
            } => answered(action, method, *status, code, *called_ctrader),
            Self::Recorded {
                action,
                reference,
                account,
                again,
            } => recorded(action, reference.as_deref(), *account, *again),
            Self::Deposit {
                reference,
                status,
                method,
                detail,
            } => deposit(reference, status, method, detail.as_deref()),
            Self::Published { event, reference } => {
                format!("Your publish function put {event} for {reference} on the event bus.")
            }
            Self::CrmWebhookCalled {
                event,
                reference,
                status,
            } => crm_webhook_called(event, reference, *status),
            Self::Closed {
                action,
                by,
                event_name,
            } => closed(action, *by, event_name.as_deref()),
            Self::Failed { action, .. } => {
                format!("The {action} screen visited the failure URL: cTrader leaves it open.")
            }
            Self::Build { state, .. } => build(*state).to_owned(),
            Self::Fault { fault } => fault_changed(fault.as_ref()),
            Self::ManagerTokenChanged => {
                "The manager's password was changed: cTrader refuses the old manager token.".to_owned()
            }
        }
    }
}

// The one-time token

fn minted(
    token: &str,
    name: Option<&str>,
    user_id: Option<u64>,
    account: Option<u64>,
    ttl_ms: u64,
) -> String {
    let trader = match (name, user_id) {
        (Some(name), _) => name.to_owned(),
        (None, Some(id)) => format!("user {id}"),
        (None, None) => "no particular user".to_owned(),
    };
    let account = account_suffix(account);
    let lifetime = match ttl_ms {
        0 => "It has already expired.".to_owned(),
        _ => format!("It works once, within {}.", duration(ttl_ms)),
    };
    format!("cTrader made one-time token {token} for {trader}{account}. {lifetime}")
}

fn opened(again: bool) -> String {
    if again {
        "The screen was reloaded: the same URL, with the same token.".to_owned()
    } else {
        "cTrader opened your screen in a frame, with the token in its URL.".to_owned()
    }
}

fn redeemed(token: &str, user_id: Option<u64>, account: Option<u64>, broker_name: Option<&str>) -> String {
    let user = user_id.map_or("no user".to_owned(), |id| format!("user {id}"));
    let account = account_suffix(account);
    let broker = broker_name.map_or(String::new(), |name| format!(", of {name}"));
    format!("Your function redeemed {token} and learned who the trader is: {user}{account}{broker}.")
}

fn account_suffix(account: Option<u64>) -> String {
    account.map_or(String::new(), |login| format!(", account {login}"))
}

fn refused(token: Option<&str>, why: &str) -> String {
    match token {
        Some(token) => format!("cTrader did not redeem {token}: {why}."),
        None => format!("cTrader refused the call: {why}."),
    }
}

// Calls to cTrader

fn lost(token: Option<&str>, call: Option<&str>, consumed: bool, why: &str) -> String {
    let purpose = match (token, call) {
        (Some(token), _) => format!("the redemption of {token}"),
        (None, Some(call)) => purpose(call),
        (None, None) => "the call".to_owned(),
    };
    let effect = match call {
        Some(call) if call.starts_with("GET ") => "The call only reads, so it can be repeated.",
        _ if consumed => "It took effect, but the caller cannot know.",
        _ => "It had no effect, but the caller cannot know.",
    };
    format!("No answer to {purpose}: {why}. {effect}")
}

/// `call` is the method and the path.
fn called(call: &str, why: Option<&str>) -> String {
    let purpose = purpose(call);
    match why {
        Some(why) => format!("cTrader refused {purpose}: {why}."),
        None => format!("cTrader answered {purpose}."),
    }
}

/// What a call to the WebServices API is for.
fn purpose(call: &str) -> String {
    let account = |prefix: &str, suffix: &str| {
        let login = call.strip_prefix(prefix)?.strip_suffix(suffix)?;
        (!login.contains('/')).then(|| format!("account {login}"))
    };
    if let Some(account) = account("POST /v2/webserv/traders/", "/changebalance") {
        format!("the call to change the balance of {account}")
    } else if let Some(account) = account("GET /v2/webserv/traders/", "") {
        format!("the call that asks for the broker and the currency of {account}")
    } else {
        format!("the call {call}")
    }
}

fn balance_change(change: ChangeType, amount: &str) -> String {
    match change {
        ChangeType::Deposit => format!("credited {amount} to"),
        ChangeType::Withdraw => format!("took {amount} from"),
        ChangeType::DepositNonwithdrawableBonus => format!("gave a bonus of {amount} to"),
        ChangeType::WithdrawNonwithdrawableBonus => format!("took a bonus of {amount} from"),
    }
}

fn balance_changed(change: &str, account: u64, id: i64, balance: &str, again: bool) -> String {
    let repeated = if again {
        " There was a change with the same externalId before: cTrader does not check for that."
    } else {
        ""
    };
    format!("cTrader {change} account {account}, as change {id}: the balance is {balance}.{repeated}")
}

// The functions

fn answered(function: &str, method: &str, status: u16, code: &str, called_ctrader: bool) -> String {
    if function == PAYMENT_EVENTS {
        return payment_event_answered(code);
    }
    match (status, method) {
        (200..=399, _) if function == "screen-end" => {
            "Your screen-end function answered: the screen has ended.".to_owned()
        }
        (200..=399, _) if function == "keys" => {
            "Your keys function gave the public keys that verify signed assertions.".to_owned()
        }
        (200..=399, "GET") if called_ctrader => format!("Your {function} function served its screen."),
        (200..=399, "GET") => {
            format!(
                "Your {function} function served its screen from the session: no token was sent to cTrader."
            )
        }
        (200..=399, _) => format!("Your {function} function answered the form."),
        _ => match log_codes::explain(code) {
            Some(explanation) => {
                format!("Your {function} function answered with an error page. {explanation}")
            }
            None => format!("Your {function} function answered with an error page: {code}."),
        },
    }
}

fn payment_event_answered(code: &str) -> String {
    match code {
        "TAKEN" => {
            "Your payment-events function stored the payment notification, and then answered.".to_owned()
        }
        "KNOWN" => {
            "Your payment-events function knew this payment notification: it changed nothing.".to_owned()
        }
        _ => format!("Your payment-events function did not accept the payment notification: {code}."),
    }
}

fn recorded(function: &str, reference: Option<&str>, account: Option<u64>, again: bool) -> String {
    let reference = reference.map_or(String::new(), |reference| format!(" {reference}"));
    if again {
        return format!("The {function} request{reference} came again: it was shown, not recorded twice.");
    }
    let account = account.map_or(String::new(), |login| format!(" for account {login}"));
    format!("Your {function} function recorded request{reference}{account}.")
}

fn deposit(reference: &str, status: &str, method: &str, detail: Option<&str>) -> String {
    let reason = detail.map_or(String::new(), |detail| format!(": {detail}"));
    let state = match status {
        "created" => format!("by {method} was recorded. No payment is known yet."),
        "pending" => "is pending: the payment is on its way.".to_owned(),
        "paid" if detail.is_some() => {
            format!("is paid, but not credited yet{reason}. The credit will be tried again.")
        }
        "paid" => "is paid: the provider has the money. Next it is credited.".to_owned(),
        "crediting" => "is being credited: the attempt was stored first.".to_owned(),
        "credited" => "is credited once: cTrader has confirmed it.".to_owned(),
        "failed" => "has failed: nothing was paid, and nothing is credited.".to_owned(),
        "expired" => "has expired: no payment came in time.".to_owned(),
        "review" => format!("waits for an operator{reason}. See `inapp deposits show`."),
        "unknown" => format!(
            "may or may not have been credited{reason}. It is not tried again: an operator finds out, and records the \
             answer with `inapp deposits resolve`."
        ),
        _ => format!("is {status}{reason}."),
    };
    format!("Deposit {reference} {state}")
}

fn crm_webhook_called(event: &str, reference: &str, status: Option<u16>) -> String {
    match status {
        Some(200..=299) => {
            format!("Your crm-webhook function delivered {event} for {reference} to the CRM.")
        }
        Some(status) => format!(
            "The CRM answered {status} to {event} for {reference}: your crm-webhook function will call again."
        ),
        None => format!(
            "The CRM did not answer to {event} for {reference}: your crm-webhook function will call again."
        ),
    }
}

// The terminal and the simulation

fn closed(screen: &str, by: ClosedBy, event_name: Option<&str>) -> String {
    let event = event_name.map_or(String::new(), |name| format!(" with event {name}"));
    match by {
        ClosedBy::Success => {
            format!("The {screen} screen visited the success URL{event}: cTrader closed it.")
        }
        ClosedBy::Host => format!("The trader closed the {screen} screen from outside."),
    }
}

fn build(state: BuildState) -> &'static str {
    match state {
        BuildState::Running => "Your change is being built.",
        BuildState::Failed => "The build failed. The screens wait until you fix it.",
        BuildState::Done => "The build is done: your change is live.",
    }
}

fn fault_changed(fault: Option<&Fault>) -> String {
    match fault {
        None => "cTrader works normally again.".to_owned(),
        Some(fault) => format!("From now on cTrader {}.", fault_description(fault)),
    }
}

/// Completes "From now on cTrader ...".
fn fault_description(fault: &Fault) -> String {
    let (effect, to) = match fault.on {
        None => ("carries out calls", ""),
        Some(Endpoint::Redemption) => ("redeems tokens", " to redemptions"),
        Some(Endpoint::Trader) => ("looks up accounts", " to GET /traders/{login}"),
        Some(Endpoint::ChangeBalance) => ("changes balances", " to changebalance"),
    };
    let behaviour = match &fault.kind {
        FaultKind::Delay { ms } => format!("answers {} late{to}", duration(*ms)),
        FaultKind::Down => "is down: connections are refused".to_owned(),
        FaultKind::LoseAnswer => format!("{effect} but loses its answers"),
        FaultKind::LoseAnswerBefore => format!("drops connections before it {effect}"),
        FaultKind::Status {
            status,
            code: Some(code),
            ..
        } => format!("answers {status} {code}{to}"),
        FaultKind::Status {
            status: 403,
            body: None,
            ..
        } => format!("answers 403{to}: the manager token is refused"),
        FaultKind::Status { status, .. } => format!("answers {status}{to}"),
        FaultKind::StatusAfter { status } => format!("{effect} and then answers {status}"),
        FaultKind::Truncated => format!("closes connections in the middle of its answers{to}"),
        FaultKind::Stall => format!("stops sending in the middle of its answers{to}"),
        FaultKind::Garbage => format!("sends answers that are not JSON{to}"),
        FaultKind::Huge => format!("sends answers of 16 MiB{to}"),
    };
    match fault.times {
        Some(1) => format!("{behaviour}, once"),
        Some(times) => format!("{behaviour}, {times} times"),
        None => behaviour,
    }
}

fn duration(ms: u64) -> String {
    if ms.is_multiple_of(1000) {
        format!("{} s", ms / 1000)
    } else {
        format!("{ms} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_that_needs_an_operator_gives_the_reason() {
        let sentence = |status: &str, detail: Option<&str>| deposit("7Q0M4-T9ZK3", status, "card", detail);
        let unknown = sentence("unknown", Some("no answer"));
        assert!(
            unknown.contains(": no answer. It is not tried again"),
            "{unknown}"
        );
        assert!(sentence("paid", Some("429")).contains("tried again"));
        assert!(sentence("paid", None).contains("it is credited"));
    }
}
