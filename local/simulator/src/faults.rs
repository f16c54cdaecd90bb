//! What can be made to go wrong with the backend.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::locked;

/// A way in which the backend misbehaves, until it is cleared or has happened [`times`](Fault::times) times.
///
/// As JSON, for `POST /sim/fault`: `{"kind":"delay","ms":3000}`, `{"kind":"status","status":429,"times":1}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// For how many calls; absent: until cleared. Of no effect on [`FaultKind::Down`], which sees no calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// The call takes effect at once (the token is consumed); the answer comes this much later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// The listener is closed: connections are refused.
    Down,
    /// The call takes effect (the token is consumed), then the connection closes without an answer.
    LoseAnswer,
    /// The connection closes without an answer, and the call has had no effect.
    LoseAnswerBefore,
    /// This answer in place of the call, which has no effect.
    Status {
        /// HTTP status.
        status: u16,
        /// Body; absent: cTrader's error body for the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// `Content-Type` of the body; absent: `application/json`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content_type: Option<String>,
        /// `Location`, for redirects; absent: of a 3xx, another path of the backend that would answer 200.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
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
            body: None,
            content_type: None,
            location: None,
        }
        .into()
    }

    /// Answers with this status and body.
    #[must_use]
    pub fn answer(status: u16, content_type: &str, body: &str) -> Self {
        FaultKind::Status {
            status,
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
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self { kind, times: None }
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

    /// What strikes the next call, counted down.
    pub(crate) fn strike(&self) -> Option<Strike> {
        let mut slot = locked(&self.0);
        let fault = slot.as_mut()?;
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
        assert!(!faults.strike().unwrap().last);
        assert!(faults.strike().unwrap().last);
        assert!(faults.strike().is_none());
    }

    #[test]
    fn zero_times_is_no_fault() {
        let faults = Faults::default();
        faults.set(Some(Fault::garbage().times(0)));
        assert!(faults.strike().is_none());
    }

    #[test]
    fn faults_are_written_as_json() {
        let fault: Fault = serde_json::from_str(r#"{"kind":"delay","ms":3000,"times":1}"#).unwrap();
        assert_eq!(fault, Fault::delay(Duration::from_secs(3)).times(1));
        let fault: Fault =
            serde_json::from_str(r#"{"kind":"status","status":404,"contentType":"text/html","body":"<h1>"}"#)
                .unwrap();
        assert_eq!(fault, Fault::answer(404, "text/html", "<h1>"));
    }
}
