//! The state of a screen whose form is submitted once.

use domain::{NoRandomness, RecordId};
use serde::{Deserialize, Serialize};

use crate::ScreenState;

/// The request that a form makes, however often the trader submits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// Id of the request, minted together with the form.
    pub request: RecordId,
    /// Whether the request is known to be recorded.
    #[serde(default)]
    pub recorded: bool,
}

impl ScreenState for FormState {
    fn new() -> Result<Self, NoRandomness> {
        Ok(Self {
            request: RecordId::random()?,
            recorded: false,
        })
    }
}

impl FormState {
    /// Makes room for a new request on the same screen.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system gives no random numbers.
    pub fn start_over(&mut self) -> Result<(), NoRandomness> {
        *self = Self::new()?;
        Ok(())
    }
}

/// Why a page shows what is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageTrigger {
    /// The trader only looks at it: a reload, or a page of its own.
    Visit,
    /// This submit recorded it.
    FirstSubmit,
    /// An earlier submit of the same form recorded it.
    RepeatedSubmit,
}

impl PageTrigger {
    /// The code of the response, for the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Visit => "OK",
            Self::FirstSubmit => "RECORDED",
            Self::RepeatedSubmit => "ALREADY_RECORDED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starting_over_makes_another_request() {
        let mut state = FormState::new().unwrap();
        let first = state.request.clone();
        state.recorded = true;
        state.start_over().unwrap();
        assert_ne!(state.request, first);
        assert!(!state.recorded);
    }
}
