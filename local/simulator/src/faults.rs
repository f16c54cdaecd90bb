//! The faults that the backend can have.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::lock;

/// A fault of the backend. It lasts until it is cleared, or for [`times`](Fault::times) calls.
///
/// As JSON, for `POST /sim/fault`: `{"kind":"delay","ms":3000}`, `{"kind":"status","status":429,"times":1}`,
/// `{"kind":"lose_answer","on":"change_balance"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The kind of fault.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many calls it affects; absent: all until cleared. Has no effect on [`FaultKind::Down`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Which calls it affects; absent: all. [`FaultKind::Down`] always affects all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Endpoint>,
}

/// A call of the backend that can have a fault of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// The redemption of a one-time token, by either call.
    Redemption,
    /// `GET /v2/webserv/traders/{login}`
    Trader,
    /// `POST /v2/webserv/traders/{login}/changebalance`
    ChangeBalance,
}

/// The kind of a fault. The effect of a call is that its token is consumed, or that the balance is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// The call takes effect at once; the response comes later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The listener is closed: connections are refused.
    Down,
    /// The call takes effect, then the connection closes without a response.
    LoseAnswer,
    /// The connection closes without a response, and the call has no effect.
    LoseAnswerBefore,
    /// The call has no effect, and this is the response.
    Status {
        /// HTTP status.
        status: u16,
        /// `errorCode` in cTrader's error body; absent: cTrader's code for the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Body; absent: cTrader's error body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// `Content-Type` of the body; absent: `application/json`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
        /// `Location` of a redirect; absent: the same URL.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
    },
    /// The call takes effect, and the response is cTrader's error for this status.
    StatusAfter {
        /// HTTP status.
        status: u16,
    },
    /// The call takes effect; the connection closes in the middle of the response.
    Truncated,
    /// The call takes effect; half of the response comes, then nothing more, while the connection stays open.
    Stall,
    /// The call takes effect; the response is 200 with bytes that are not JSON.
    Garbage,
    /// The call takes effect; the response is 200 with 16 MiB of JSON.
    Huge,
}

impl Fault {
    /// [`FaultKind::Delay`]
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        FaultKind::Delay {
            ms: delay.as_millis().try_into().unwrap_or(u64::MAX),
        }
        .into()
    }

    /// [`FaultKind::Down`]
    #[must_use]
    pub fn down() -> Self {
        FaultKind::Down.into()
    }

    /// [`FaultKind::LoseAnswer`]
    #[must_use]
    pub fn lose_answer() -> Self {
        FaultKind::LoseAnswer.into()
    }

    /// [`FaultKind::LoseAnswerBefore`]
    #[must_use]
    pub fn lose_answer_before() -> Self {
        FaultKind::LoseAnswerBefore.into()
    }

    /// [`FaultKind::Status`] with cTrader's error for this status.
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

    /// [`FaultKind::Status`] with cTrader's error for this `errorCode`.
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

    /// [`FaultKind::StatusAfter`]
    #[must_use]
    pub fn status_after(status: u16) -> Self {
        FaultKind::StatusAfter { status }.into()
    }

    /// [`FaultKind::Status`] with this body.
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

    /// [`FaultKind::Truncated`]
    #[must_use]
    pub fn truncated() -> Self {
        FaultKind::Truncated.into()
    }

    /// [`FaultKind::Stall`]
    #[must_use]
    pub fn stall() -> Self {
        FaultKind::Stall.into()
    }

    /// [`FaultKind::Garbage`]
    #[must_use]
    pub fn garbage() -> Self {
        FaultKind::Garbage.into()
    }

    /// [`FaultKind::Huge`]
    #[must_use]
    pub fn huge() -> Self {
        FaultKind::Huge.into()
    }

    /// Limits the fault to the next `times` calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Limits the fault to one kind of call.
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

/// The current fault, if any.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Option<Fault>>);

/// The fault of one call.
pub(crate) struct ActiveFault {
    pub(crate) kind: FaultKind,
    /// Whether the fault ends with this call.
    pub(crate) is_last: bool,
}

impl Faults {
    pub(crate) fn set(&self, fault: Option<Fault>) {
        *lock(&self.0) = fault.filter(|fault| fault.times != Some(0));
    }

    pub(crate) fn current(&self) -> Option<Fault> {
        lock(&self.0).clone()
    }

    /// The fault of this call, if any; counts down [`Fault::times`]. `endpoint` is `None` for a call that has no
    /// faults of its own.
    pub(crate) fn take(&self, endpoint: Option<Endpoint>) -> Option<ActiveFault> {
        let mut current = lock(&self.0);
        let fault = current.as_mut()?;
        if fault.on.is_some() && fault.on != endpoint {
            return None;
        }
        let kind = fault.kind.clone();
        let is_last = match &mut fault.times {
            Some(1) => {
                *current = None;
                true
            }
            Some(times) => {
                *times -= 1;
                false
            }
            None => false,
        };
        Some(ActiveFault { kind, is_last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_ends_after_its_times() {
        let faults = Faults::default();
        faults.set(Some(Fault::garbage().times(2)));
        assert!(!faults.take(None).unwrap().is_last);
        assert!(faults.take(None).unwrap().is_last);
        assert!(faults.take(None).is_none());
    }

    #[test]
    fn a_fault_of_one_call_neither_affects_nor_counts_others() {
        let faults = Faults::default();
        faults.set(Some(Fault::lose_answer().on(Endpoint::ChangeBalance).times(1)));
        assert!(faults.take(None).is_none());
        assert!(faults.take(Some(Endpoint::Trader)).is_none());
        assert!(faults.take(Some(Endpoint::ChangeBalance)).unwrap().is_last);
        assert!(faults.take(Some(Endpoint::ChangeBalance)).is_none());
    }

    #[test]
    fn zero_times_is_no_fault() {
        let faults = Faults::default();
        faults.set(Some(Fault::garbage().times(0)));
        assert!(faults.take(None).is_none());
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
