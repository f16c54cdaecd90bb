//! What a screen remembers whose form is submitted once.

use domain::{NoRandomness, RecordId};
use serde::{Deserialize, Serialize};

use crate::ScreenState;

/// The id of the request that the form makes when it is submitted, however often, and whether it has been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// The id, minted with the form.
    pub request: RecordId,
    /// Whether the request is known to have been recorded.
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
    /// [`NoRandomness`].
    pub fn start_over(&mut self) -> Result<(), NoRandomness> {
        *self = Self::new()?;
        Ok(())
    }
}

/// When what a page shows was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Earlier, and it is only looked at: a reload, or a page of its own.
    AsItStands,
    /// By this submit.
    Now,
    /// By an earlier submit of the same form.
    Before,
}

impl Shown {
    /// For the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::AsItStands => "OK",
            Self::Now => "RECORDED",
            Self::Before => "ALREADY_RECORDED",
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
