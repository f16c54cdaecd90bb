//! The events of the timeline. Their JSON is the contract between the simulator, its page and `cargo dev`.

use serde::{Deserialize, Serialize};

use crate::accounts::ChangeType;
use crate::faults::Fault;

/// Something that happened between cTrader, the trader and the broker's functions.
///
/// No event contains a complete token: tokens are [abbreviated](abbreviate).
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
        /// Its lifetime, in milliseconds.
        ttl_ms: u64,
    },
    /// The terminal opened a screen in its frame.
    Opened {
        /// Path and query, with the token abbreviated.
        url: String,
        /// Whether this was a reload.
        #[serde(default)]
        again: bool,
    },
    /// A token was redeemed: cTrader answered 200.
    Redeemed {
        /// The token, abbreviated.
        token: String,
        /// The call that redeemed it.
        revision: Revision,
        /// Always 200.
        status: u16,
        /// From the request's arrival to the response, in milliseconds.
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
        /// The token, abbreviated; absent if the call had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// The call that redeemed it.
        revision: Revision,
        /// HTTP status of the response.
        status: u16,
        /// `errorCode` of the response, if its body has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The reason, in a few words.
        why: String,
        /// From the request's arrival to the response, in milliseconds.
        ms: u64,
    },
    /// The caller got no complete response.
    Lost {
        /// The token, abbreviated; absent if the call had none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// Method and path, if the call was no redemption.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<String>,
        /// Whether the call took effect nevertheless.
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
        /// Path without the query, which contains the manager token.
        path: String,
        /// HTTP status of the response.
        status: u16,
        /// `errorCode` of the response.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why the call was refused, in a few words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// From the request's arrival to the response, in milliseconds.
        ms: u64,
    },
    /// cTrader changed the balance of an account, whether or not the caller got a response.
    BalanceChanged {
        /// The trading account.
        account: u64,
        /// `balanceHistoryId`.
        balance_history_id: i64,
        /// `type` of changebalance.
        change: ChangeType,
        /// The amount, as a decimal.
        amount: String,
        /// Currency of the account.
        currency: String,
        /// `externalId`: the caller's own id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
        /// Whether the account had a change with this `externalId` before.
        #[serde(default)]
        again: bool,
        /// The new balance, as a decimal.
        balance: String,
    },
    /// A function answered a request. Known from the function's log.
    Answered {
        /// The function.
        action: String,
        /// HTTP method.
        method: String,
        /// HTTP status.
        status: u16,
        /// The code of the log line: `OK` or an error code.
        code: String,
        /// Whether the function called cTrader for this request.
        #[serde(default)]
        called_ctrader: bool,
        /// Duration in milliseconds.
        ms: u64,
    },
    /// A function recorded a request of the trader. Known from the function's log.
    Recorded {
        /// The function.
        action: String,
        /// The reference that the trader sees.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// The trading account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<u64>,
        /// Whether the same request was submitted before, so that nothing new was recorded.
        #[serde(default)]
        again: bool,
    },
    /// A deposit changed its status. Known from the log of the function that changed it.
    Deposit {
        /// The reference that the trader sees.
        reference: String,
        /// The new status, for example `paid`.
        status: String,
        /// Id of the payment method.
        method: String,
        /// The reason why the deposit waits for an operator, or why its credit was deferred.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// The function `publish` put an event on the event bus. Known from its log.
    Published {
        /// The type of the event, for example `request.recorded`.
        event: String,
        /// The reference that the trader sees.
        reference: String,
    },
    /// The function `crm-webhook` sent an event to the broker's CRM. Known from its log.
    CrmWebhookCalled {
        /// The type of the event, for example `request.recorded`.
        event: String,
        /// The reference that the trader sees.
        reference: String,
        /// HTTP status of the response, if there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// The terminal closed the screen.
    Closed {
        /// The screen.
        action: String,
        /// What closed it.
        by: ClosedBy,
        /// `eventName` that came with the success URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event_name: Option<String>,
    },
    /// The screen visited the failure URL; cTrader leaves it open.
    Failed {
        /// The screen.
        action: String,
        /// `eventName` that came with the failure URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event_name: Option<String>,
    },
    /// The functions are being built.
    Build {
        /// The state of the build.
        state: BuildState,
        /// The compiler's message, if the build failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Duration in milliseconds, if the build is done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ms: Option<u64>,
    },
    /// A fault of the backend was set or cleared.
    Fault {
        /// The fault; `None` if it was cleared.
        fault: Option<Fault>,
    },
    /// The manager's password was changed. From now on the backend refuses the old manager token.
    ManagerTokenChanged,
}

/// One of the two documented calls that redeem a token.
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
    /// The trader used the terminal's own close button.
    Host,
}

/// The state of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildState {
    /// The compiler runs.
    Running,
    /// The build failed; the old functions still run.
    Failed,
    /// The new functions run.
    Done,
}

/// The first six characters of a token: enough to recognise it, too little to use it.
#[must_use]
pub fn abbreviate(token: &str) -> String {
    let mut short: String = token.chars().take(6).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviated_token_cannot_be_used() {
        assert_eq!(abbreviate("abcdefghijkl"), "abcdef…");
        assert_eq!(abbreviate(""), "…");
    }
}
