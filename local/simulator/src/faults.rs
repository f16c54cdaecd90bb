//! What can be made to go wrong with the backend.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::locked;

/// A way in which the backend misbehaves, until it is cleared or has happened [`times`](Fault::times) times.
///
/// As JSON, for `POST /sim/fault`: `{"kind":"delay","ms":3000}`, `{"kind":"status","status":429,"times":1}`,
/// `{"kind":"lose_answer","on":"change_balance"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// For how many calls; absent: until cleared. Of no effect on [`FaultKind::Down`], which sees no calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Which calls it strikes; absent: all. [`FaultKind::Down`] always is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Endpoint>,
}

/// A call of the backend that a fault may be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// The redemption of a one-time token, by either revision.
    Redemption,
    /// `GET /v2/webserv/traders/{login}`
    Trader,
    /// `POST /v2/webserv/traders/{login}/changebalance`
    ChangeBalance,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// The call takes effect at once (the token is consumed, the balance changed); the answer comes this much later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The listener is closed: connections are refused.
    Down,
    /// The call takes effect (the token is consumed, the balance changed), then the connection closes without an answer.
    LoseAnswer,
    /// The connection closes without an answer, and the call has had no effect.
    LoseAnswerBefore,
    /// This answer in place of the call, which has no effect.
    Status {
        /// HTTP status.
        status: u16,
        /// `errorCode` in cTrader's error body; absent: the one that goes with the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Body; absent: cTrader's error body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// `Content-Type` of the body; absent: `application/json`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
        /// `Location`, for redirects; absent: of a 3xx, another path of the backend that would answer 200.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
    },
    /// The call takes effect, and the answer is this status with cTrader's error body for it.
    StatusAfter {
        /// HTTP status.
        status: u16,
    },
    /// The call takes effect; half of the answer comes, then the connection closes.
    Truncated,
    /// The call takes effect; half of the answer comes, then nothing more, with the connection open.
    Stall,
    /// The call takes effect; the answer is 200 with bytes that are no JSON.
    Garbage,
    /// The call takes effect; the answer is 200 with 16 MiB of JSON.
    Huge,
}

impl Fault {
    /// Answers late by `delay`.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        FaultKind::Delay {
            ms: delay.as_millis().try_into().unwrap_or(u64::MAX),
        }
        .into()
    }

    /// Refuses connections.
    #[must_use]
    pub fn down() -> Self {
        FaultKind::Down.into()
    }

    /// Takes effect, and answers nothing.
    #[must_use]
    pub fn lose_answer() -> Self {
        FaultKind::LoseAnswer.into()
    }

    /// Neither takes effect nor answers.
    #[must_use]
    pub fn lose_answer_before() -> Self {
        FaultKind::LoseAnswerBefore.into()
    }

    /// Answers with this status and cTrader's error body for it.
    #[must_use]
    pub fn status(status: u16) -> Self {
        FaultKind::Status {
            status,
            code: None,
            body: None,
            content_type: None,
            location: None,
        }
        .into()
    }

    /// Answers with this status and cTrader's error body with this `errorCode`.
    #[must_use]
    pub fn refuse(status: u16, code: &str) -> Self {
        FaultKind::Status {
            status,
            code: Some(code.to_owned()),
            body: None,
            content_type: None,
            location: None,
        }
        .into()
    }

    /// Takes effect, and answers with this status and cTrader's error body for it.
    #[must_use]
    pub fn status_after(status: u16) -> Self {
        FaultKind::StatusAfter { status }.into()
    }

    /// Answers with this status and body.
    #[must_use]
    pub fn answer(status: u16, content_type: &str, body: &str) -> Self {
        FaultKind::Status {
            status,
            code: None,
            body: Some(body.to_owned()),
            content_type: Some(content_type.to_owned()),
            location: None,
        }
        .into()
    }

    /// Takes effect, and breaks off in the middle of the answer.
    #[must_use]
    pub fn truncated() -> Self {
        FaultKind::Truncated.into()
    }

    /// Takes effect, and falls silent in the middle of the answer.
    #[must_use]
    pub fn stall() -> Self {
        FaultKind::Stall.into()
    }

    /// Takes effect, and answers what is no JSON.
    #[must_use]
    pub fn garbage() -> Self {
        FaultKind::Garbage.into()
    }

    /// Takes effect, and answers far too much.
    #[must_use]
    pub fn huge() -> Self {
        FaultKind::Huge.into()
    }

    /// For the next `times` calls only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// For calls of this kind only.
    #[must_use]
    pub fn on(mut self, endpoint: Endpoint) -> Self {
        self.on = Some(endpoint);
        self
    }
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self {
            kind,
            times: None,
            on: None,
        }
    }
}

/// The fault in force, if any.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Option<Fault>>);

/// A fault that strikes the call at hand.
pub(crate) struct Strike {
    pub(crate) kind: FaultKind,
    /// It was the last time: the fault is over.
    pub(crate) last: bool,
}

impl Faults {
    pub(crate) fn set(&self, fault: Option<Fault>) {
        *locked(&self.0) = fault.filter(|fault| fault.times != Some(0));
    }

    pub(crate) fn current(&self) -> Option<Fault> {
        locked(&self.0).clone()
    }

    /// What strikes the next call, counted down. `None` is a call that no fault is for in particular.
    pub(crate) fn strike(&self, endpoint: Option<Endpoint>) -> Option<Strike> {
        let mut slot = locked(&self.0);
        let fault = slot.as_mut()?;
        if fault.on.is_some() && fault.on != endpoint {
            return None;
        }
        let kind = fault.kind.clone();
        let last = match &mut fault.times {
            Some(1) => {
                *slot = None;
                true
            }
            Some(times) => {
                *times -= 1;
                false
            }
            None => false,
        };
        Some(Strike { kind, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_ends_after_its_times() {
        let faults = Faults::default();
        faults.set(Some(Fault::garbage().times(2)));
        assert!(!faults.strike(None).unwrap().last);
        assert!(faults.strike(None).unwrap().last);
        assert!(faults.strike(None).is_none());
    }

    #[test]
    fn a_fault_of_one_call_spares_the_others_and_is_not_used_up_by_them() {
        let faults = Faults::default();
        faults.set(Some(Fault::lose_answer().on(Endpoint::ChangeBalance).times(1)));
        assert!(faults.strike(None).is_none());
        assert!(faults.strike(Some(Endpoint::Trader)).is_none());
        assert!(faults.strike(Some(Endpoint::ChangeBalance)).unwrap().last);
        assert!(faults.strike(Some(Endpoint::ChangeBalance)).is_none());
    }

    #[test]
    fn zero_times_is_no_fault() {
        let faults = Faults::default();
        faults.set(Some(Fault::garbage().times(0)));
        assert!(faults.strike(None).is_none());
    }

    #[test]
    fn faults_are_written_as_json() {
        let fault: Fault = serde_json::from_str(r#"{"kind":"delay","ms":3000,"times":1}"#).unwrap();
        assert_eq!(fault, Fault::delay(Duration::from_secs(3)).times(1));
        let fault: Fault =
            serde_json::from_str(r#"{"kind":"status","status":404,"contentType":"text/html","body":"<h1>"}"#)
                .unwrap();
        assert_eq!(fault, Fault::answer(404, "text/html", "<h1>"));
        let fault: Fault =
            serde_json::from_str(r#"{"kind":"status_after","status":500,"on":"change_balance"}"#).unwrap();
        assert_eq!(fault, Fault::status_after(500).on(Endpoint::ChangeBalance));
    }
}
