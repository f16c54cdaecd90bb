//! The timeline: what crossed the wire, in sentences.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::accounts::ChangeType;
use crate::faults::{Endpoint, Fault, FaultKind};
use crate::{locked, outcomes};

/// Something that happened between cTrader, the trader and the broker's functions.
///
/// No event holds a whole token: they are [abbreviated](abbreviate).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Event {
    /// cTrader made a one-time token.
    Minted {
        /// The token, abbreviated.
        token: String,
        /// Name of the simulated user.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// `userId`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<u64>,
        /// The trading account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<u64>,
        /// How long it lives, in milliseconds.
        ttl_ms: u64,
    },
    /// The terminal opened a screen in its frame.
    Opened {
        /// Path and query, with the token abbreviated.
        url: String,
        /// It was open before: a reload.
        #[serde(default)]
        again: bool,
    },
    /// A token was redeemed: cTrader answered 200.
    Redeemed {
        /// The token, abbreviated.
        token: String,
        /// By which call.
        revision: Revision,
        /// Always 200.
        status: u16,
        /// From the request's arrival to the answer, in milliseconds.
        ms: u64,
        /// `userId`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<u64>,
        /// The trading account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<u64>,
        /// `brokerName`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        broker_name: Option<String>,
    },
    /// cTrader refused to redeem a token, or answered with an error.
    Refused {
        /// The token, abbreviated; absent when the call had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// By which call.
        revision: Revision,
        /// HTTP status of the answer.
        status: u16,
        /// `errorCode` of the answer; absent when its body has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why, in a few words.
        why: String,
        /// From the request's arrival to the answer, in milliseconds.
        ms: u64,
    },
    /// The caller got no (whole) answer.
    Lost {
        /// The token, abbreviated; absent when the call had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// Method and path of a call that redeems no token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<String>,
        /// Whether the call took effect all the same.
        consumed: bool,
        /// What happened, in a few words.
        why: String,
        /// From the request's arrival to its end, in milliseconds.
        ms: u64,
    },
    /// Another call to the backend.
    Called {
        /// HTTP method.
        method: String,
        /// Path, without the query: the manager token is in it.
        path: String,
        /// HTTP status of the answer.
        status: u16,
        /// `errorCode` of the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why it was refused, in a few words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// From the request's arrival to the answer, in milliseconds.
        ms: u64,
    },
    /// The balance of an account was changed, whatever the caller was answered.
    BalanceChanged {
        /// The trading account.
        account: u64,
        /// `balanceHistoryId`.
        balance_history_id: i64,
        /// `type` of changebalance.
        change: ChangeType,
        /// How much, as a decimal.
        amount: String,
        /// Currency of the account.
        currency: String,
        /// `externalId`: the caller's own id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
        /// The account's balance was changed under this `externalId` before.
        #[serde(default)]
        again: bool,
        /// The new balance, as a decimal.
        balance: String,
    },
    /// One of the broker's functions answered the frame. Known from the function's log.
    Answered {
        /// Which function.
        action: String,
        /// HTTP method.
        method: String,
        /// HTTP status.
        status: u16,
        /// Outcome code of the log line, `OK` or an error's.
        code: String,
        /// It called cTrader for this answer, whether or not cTrader answered.
        #[serde(default)]
        called_ctrader: bool,
        /// How long it took, in milliseconds.
        ms: u64,
    },
    /// One of the broker's functions recorded a request of the trader. Known from the function's log.
    Recorded {
        /// Which function.
        action: String,
        /// The reference that the trader was shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// The trading account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<u64>,
        /// The same request was submitted again, and nothing new was recorded.
        #[serde(default)]
        again: bool,
    },
    /// A deposit has got another status. Known from the log of the function that moved it.
    Deposit {
        /// The reference that the trader was shown.
        reference: String,
        /// `paid` for example.
        status: String,
        /// Id of the payment method.
        method: String,
        /// Why, of one that an operator has to look at, or whose credit was put off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// The function `publish` put an event on the event bus. Known from its log.
    Published {
        /// `request.recorded` for example.
        event: String,
        /// The reference that the trader was shown.
        reference: String,
    },
    /// The function `crm-webhook` sent an event to the broker's CRM. Known from its log.
    CrmWebhookCalled {
        /// `request.recorded` for example.
        event: String,
        /// The reference that the trader was shown.
        reference: String,
        /// HTTP status of the answer, if there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The terminal closed the screen.
    Closed {
        /// Which screen.
        action: String,
        /// What closed it.
        by: ClosedBy,
        /// `eventName` that came with the success URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event_name: Option<String>,
    },
    /// The screen visited the failure URL; cTrader leaves it open.
    Failed {
        /// Which screen.
        action: String,
        /// `eventName` that came with the failure URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event_name: Option<String>,
    },
    /// The functions are being built.
    Build {
        /// How it stands.
        state: BuildState,
        /// The compiler's message, when it failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// How long it took, in milliseconds, when it is done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ms: Option<u64>,
    },
    /// The backend was told to misbehave, or to behave again.
    Fault {
        /// The fault; `None` once there is none.
        fault: Option<Fault>,
    },
    /// The manager's password was changed: the old manager token is refused from now on.
    ManagerTokenChanged,
}

/// Which of the two documented calls redeems a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revision {
    /// `GET /ctid2/inAppOneTimeToken/data`
    #[default]
    Data,
    /// `POST /ctid2/inAppToken/redeem`
    Redeem,
}

/// What closed a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The screen visited the success URL.
    Success,
    /// The trader used the host's own close button.
    Host,
}

/// How a build stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildState {
    /// The compiler is at work.
    Running,
    /// It failed; the functions that run are the old ones.
    Failed,
    /// The new functions run.
    Done,
}

/// An event on the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Counts from 1.
    pub id: u64,
    /// Unix time in milliseconds.
    pub at: u64,
    /// What happened, in one sentence for a reader who learns the protocol.
    pub sentence: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// Enough of a token to tell it from others, too little to use it: its first six characters.
#[must_use]
pub fn abbreviate(token: &str) -> String {
    let mut short: String = token.chars().take(6).collect();
    short.push('…');
    short
}

/// All events so far, and a channel for those to come.
pub(crate) struct Timeline {
    /// Tells one run of the simulator from the next, to a page that outlives both.
    pub(crate) run: u64,
    entries: Mutex<Vec<Entry>>,
    live: broadcast::Sender<u64>,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        Self {
            run: now(),
            entries: Mutex::default(),
            live: broadcast::Sender::new(64),
        }
    }

    pub(crate) fn add(&self, event: Event) {
        let mut entries = locked(&self.entries);
        let id = entries.len() as u64 + 1;
        entries.push(Entry {
            id,
            at: now(),
            sentence: event.sentence(),
            event,
        });
        drop(entries);
        // Nobody may be listening.
        let _ = self.live.send(id);
    }

    /// The entries after the one with this id.
    pub(crate) fn since(&self, id: u64) -> Vec<Entry> {
        let entries = locked(&self.entries);
        let skip = usize::try_from(id).unwrap_or(usize::MAX);
        entries.iter().skip(skip).cloned().collect()
    }

    /// Wakes with each new entry.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<u64> {
        self.live.subscribe()
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis().try_into().unwrap_or(u64::MAX))
}

impl Event {
    /// What happened, for a reader who learns the protocol.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Event::Minted {
                token,
                name,
                user_id,
                account,
                ttl_ms,
            } => {
                let who = match (name, user_id) {
                    (Some(name), _) => name.clone(),
                    (None, Some(id)) => format!("user {id}"),
                    (None, None) => "nobody in particular".to_owned(),
                };
                let account = account.map_or(String::new(), |login| format!(", account {login}"));
                let life = match ttl_ms {
                    0 => "It has expired already.".to_owned(),
                    _ => format!("It works once, within {}.", seconds(*ttl_ms)),
                };
                format!("cTrader made one-time token {token} for {who}{account}. {life}")
            }
            Event::Opened { again: false, .. } => {
                "cTrader opened your screen in a frame, with the token in its URL.".to_owned()
            }
            Event::Opened { again: true, .. } => {
                "The screen was reloaded: the same URL, with the same token.".to_owned()
            }
            Event::Redeemed {
                token,
                user_id,
                account,
                broker_name,
                ..
            } => {
                let user = user_id.map_or("nobody".to_owned(), |id| format!("user {id}"));
                let account = account.map_or(String::new(), |login| format!(", account {login}"));
                let broker = broker_name
                    .as_ref()
                    .map_or(String::new(), |name| format!(", of {name}"));
                format!("Your function redeemed {token} and learnt who it is: {user}{account}{broker}.")
            }
            Event::Refused { token, why, .. } => match token {
                Some(token) => format!("cTrader did not redeem {token}: {why}."),
                None => format!("cTrader refused the call: {why}."),
            },
            Event::Lost {
                token,
                call,
                consumed,
                why,
                ..
            } => {
                let what = match (token, call) {
                    (Some(token), _) => format!("the redemption of {token}"),
                    (None, Some(call)) => purpose(call),
                    (None, None) => "the call".to_owned(),
                };
                let effect = match call {
                    Some(call) if call.starts_with("GET ") => "It only asked: it can ask again.",
                    _ if *consumed => "It took effect, but the caller cannot know.",
                    _ => "It had no effect, but the caller cannot know.",
                };
                format!("No answer to {what}: {why}. {effect}")
            }
            Event::Called {
                method, path, why, ..
            } => {
                let purpose = purpose(&format!("{method} {path}"));
                match why {
                    Some(why) => format!("cTrader refused {purpose}: {why}."),
                    None => format!("cTrader answered {purpose}."),
                }
            }
            Event::BalanceChanged {
                account,
                balance_history_id: id,
                change,
                amount,
                currency,
                again,
                balance,
                ..
            } => {
                let what = match change {
                    ChangeType::Deposit => format!("credited {amount} {currency} to"),
                    ChangeType::Withdraw => format!("took {amount} {currency} from"),
                    ChangeType::DepositNonwithdrawableBonus => {
                        format!("gave a bonus of {amount} {currency} to")
                    }
                    ChangeType::WithdrawNonwithdrawableBonus => {
                        format!("took a bonus of {amount} {currency} from")
                    }
                };
                let again = if *again {
                    " It had done so before under the same externalId, at which it does not look."
                } else {
                    ""
                };
                format!(
                    "cTrader {what} account {account}, as change {id}: the balance is {balance} {currency}.{again}"
                )
            }
            Event::Answered {
                action,
                method,
                status,
                code,
                called_ctrader,
                ..
            } => match (*status, method.as_str()) {
                (_, _) if action == PAYMENT_EVENTS => match code.as_str() {
                    "TAKEN" => "Your payment-events function wrote down what the payment provider said, and then answered.".to_owned(),
                    "KNOWN" => "The payment provider said what was known: your payment-events function changed nothing.".to_owned(),
                    _ => format!("Your payment-events function did not take what it was told: {code}."),
                },
                (200..=399, _) if action == "screen-end" => {
                    "Your screen-end function answered: the screen is at its end.".to_owned()
                }
                (200..=399, _) if action == "keys" => {
                    "Your keys function gave the public keys, by which the signed assertion is checked.".to_owned()
                }
                (200..=399, "GET") if *called_ctrader => format!("Your {action} function served its screen."),
                (200..=399, "GET") => format!(
                    "Your {action} function served its screen from the session: no token was sent to cTrader."
                ),
                (200..=399, _) => format!("Your {action} function answered the form."),
                _ => match outcomes::explain(code) {
                    Some(explanation) => {
                        format!("Your {action} function answered with an error page. {explanation}")
                    }
                    None => format!("Your {action} function answered with an error page: {code}."),
                },
            },
            Event::Recorded {
                action,
                reference,
                account,
                again,
            } => {
                let reference = reference
                    .as_ref()
                    .map_or(String::new(), |reference| format!(" {reference}"));
                let account = account.map_or(String::new(), |login| format!(" for account {login}"));
                if *again {
                    format!(
                        "The {action} request{reference} came again: shown as recorded, not recorded twice."
                    )
                } else {
                    format!("Your {action} function recorded request{reference}{account}.")
                }
            }
            Event::Deposit {
                reference,
                status,
                method,
                detail,
            } => deposit_sentence(reference, status, method, detail.as_deref()),
            Event::Published { event, reference } => {
                format!("Your publish function put {event} of {reference} on the event bus.")
            }
            Event::CrmWebhookCalled {
                event,
                reference,
                status,
            } => match status {
                Some(200..=299) => format!("Your crm-webhook function told the CRM of {event} of {reference}."),
                Some(status) => format!(
                    "The CRM answered {status} to {event} of {reference}: your crm-webhook function will call again."
                ),
                None => format!(
                    "The CRM did not answer to {event} of {reference}: your crm-webhook function will call again."
                ),
            },
            Event::Closed {
                action,
                by,
                event_name,
            } => {
                let name = event_name
                    .as_ref()
                    .map_or(String::new(), |name| format!(" with event {name}"));
                match by {
                    ClosedBy::Success => {
                        format!("The {action} screen visited the success URL{name}: cTrader closed it.")
                    }
                    ClosedBy::Host => format!("The trader closed the {action} screen from outside."),
                }
            }
            Event::Failed { action, .. } => {
                format!("The {action} screen visited the failure URL: cTrader leaves it open.")
            }
            Event::Build { state, .. } => match state {
                BuildState::Running => "Your change is being built.".to_owned(),
                BuildState::Failed => "The build failed. The screens wait until it is mended.".to_owned(),
                BuildState::Done => "Built: your change is live.".to_owned(),
            },
            Event::Fault { fault: None } => "cTrader behaves again.".to_owned(),
            Event::Fault { fault: Some(fault) } => format!("From now on cTrader {}.", misbehaviour(fault)),
            Event::ManagerTokenChanged => {
                "The manager's password was changed: the old manager token is refused.".to_owned()
            }
        }
    }
}

/// The function that payment providers call.
const PAYMENT_EVENTS: &str = "payment-events";

fn deposit_sentence(reference: &str, status: &str, method: &str, detail: Option<&str>) -> String {
    let why = detail.map_or(String::new(), |detail| format!(": {detail}"));
    match status {
        "created" => format!("Deposit {reference} by {method} was recorded. Nothing is known of a payment."),
        "pending" => format!("Deposit {reference} is pending: the payment is on its way."),
        "paid" if detail.is_some() => {
            format!("Deposit {reference} is paid and not credited yet{why}. It will be tried again.")
        }
        "paid" => format!("Deposit {reference} is paid: the provider has the money. It is to be credited."),
        "crediting" => format!("Deposit {reference} is being credited: the attempt was written down first."),
        "credited" => format!("Deposit {reference} is credited, once: cTrader has said so."),
        "failed" => format!("Deposit {reference} has failed: nothing was paid, and nothing is credited."),
        "expired" => format!("Deposit {reference} has expired: nobody paid in time."),
        "review" => format!("Deposit {reference} waits for an operator{why}. See `inapp deposits show`."),
        "unknown" => format!(
            "Deposit {reference} may have been credited or not{why}. It is not tried again: an operator finds out, with \
             `inapp deposits resolve`."
        ),
        _ => format!("Deposit {reference} is {status}{why}."),
    }
}

/// What a call to the WebServices API, its method and path, is for.
fn purpose(call: &str) -> String {
    let account = |verb: &str, rest: &str| {
        let login = call.strip_prefix(verb)?.strip_suffix(rest)?;
        (!login.contains('/')).then(|| format!("account {login}"))
    };
    if let Some(account) = account("POST /v2/webserv/traders/", "/changebalance") {
        format!("the call to change the balance of {account}")
    } else if let Some(account) = account("GET /v2/webserv/traders/", "") {
        format!("the question whose {account} is, and in which currency")
    } else {
        format!("the call {call}")
    }
}

fn misbehaviour(fault: &Fault) -> String {
    let (effect, to) = match fault.on {
        None => ("does as it is told", ""),
        Some(Endpoint::Redemption) => ("redeems tokens", " to redemptions"),
        Some(Endpoint::Trader) => ("looks accounts up", " to GET /traders/{login}"),
        Some(Endpoint::ChangeBalance) => ("changes balances", " to changebalance"),
    };
    let what = match &fault.kind {
        FaultKind::Delay { ms } => format!("answers {} late{to}", seconds(*ms)),
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
        FaultKind::Truncated => format!("breaks off in the middle of its answers{to}"),
        FaultKind::Stall => format!("falls silent in the middle of its answers{to}"),
        FaultKind::Garbage => format!("answers what is no JSON{to}"),
        FaultKind::Huge => format!("answers with 16 MiB{to}"),
    };
    match fault.times {
        Some(1) => format!("{what}, once"),
        Some(times) => format!("{what}, {times} times"),
        None => what,
    }
}

fn seconds(ms: u64) -> String {
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
    fn an_abbreviated_token_cannot_be_used() {
        assert_eq!(abbreviate("abcdefghijkl"), "abcdef…");
        assert_eq!(abbreviate(""), "…");
    }

    #[test]
    fn entries_are_numbered_from_one() {
        let timeline = Timeline::new();
        timeline.add(Event::ManagerTokenChanged);
        timeline.add(Event::Fault { fault: None });
        let ids: Vec<u64> = timeline.since(0).iter().map(|entry| entry.id).collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!(timeline.since(1).len(), 1);
        assert_eq!(timeline.since(9).len(), 0);
    }

    #[test]
    fn an_entry_is_flat_json() {
        let timeline = Timeline::new();
        timeline.add(Event::Closed {
            action: "deposit".to_owned(),
            by: ClosedBy::Success,
            event_name: Some("deposit_done".to_owned()),
        });
        let entry = serde_json::to_value(&timeline.since(0)[0]).unwrap();
        assert_eq!(entry["kind"], "closed");
        assert_eq!(entry["by"], "success");
        assert_eq!(entry["eventName"], "deposit_done");
        assert_eq!(entry["id"], 1);
    }

    #[test]
    fn a_deposit_that_needs_an_operator_says_why() {
        let sentence = |status: &str, detail: Option<&str>| {
            let deposit = Event::Deposit {
                reference: "7Q0M4-T9ZK3".to_owned(),
                status: status.to_owned(),
                method: "card".to_owned(),
                detail: detail.map(str::to_owned),
            };
            deposit.sentence()
        };
        let unknown = sentence("unknown", Some("no answer"));
        assert!(
            unknown.contains(": no answer. It is not tried again"),
            "{unknown}"
        );
        assert!(sentence("paid", Some("429")).contains("tried again"));
        assert!(sentence("paid", None).contains("to be credited"));
    }
}
