//! Talking to the developer, in the manner of Cargo.

use std::fmt;
use std::io::{IsTerminal, stderr};

/// Says what is being done: a verb, and what it is done to.
pub(crate) fn step(verb: &str, what: &str) {
    if stderr().is_terminal() {
        eprintln!("\x1b[1;32m{verb:>12}\x1b[0m {what}");
    } else {
        eprintln!("{verb:>12} {what}");
    }
}

/// Why a command cannot go on, and what the developer can do about it.
#[derive(Debug)]
pub(crate) struct Problem(String);

impl Problem {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Says of an error what was being done when it came.
pub(crate) trait Context<T> {
    /// `what` completes "could not ...".
    fn context(self, what: impl fmt::Display) -> Result<T, Problem>;
}

impl<T, E: fmt::Display> Context<T> for Result<T, E> {
    fn context(self, what: impl fmt::Display) -> Result<T, Problem> {
        self.map_err(|error| Problem(format!("could not {what}: {error}")))
    }
}
