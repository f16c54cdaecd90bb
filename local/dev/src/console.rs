//! Messages to the developer, in the style of Cargo.

use std::fmt;
use std::io::{IsTerminal, stderr};

/// Prints a step: a verb, and its object.
pub(crate) fn step(verb: &str, what: &str) {
    if stderr().is_terminal() {
        eprintln!("\x1b[1;32m{verb:>12}\x1b[0m {what}");
    } else {
        eprintln!("{verb:>12} {what}");
    }
}

/// Why a command failed, and what the developer can do.
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

/// Adds to an error what failed.
pub(crate) trait Context<T> {
    /// `what` completes "could not ...".
    fn context(self, what: impl fmt::Display) -> Result<T, Problem>;
}

impl<T, E: fmt::Display> Context<T> for Result<T, E> {
    fn context(self, what: impl fmt::Display) -> Result<T, Problem> {
        self.map_err(|error| Problem(format!("could not {what}: {error}")))
    }
}
