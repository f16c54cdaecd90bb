//! Time and chance.

use jiff::Timestamp;

/// Time and chance, so that a simulation can have its own.
pub trait Environment {
    /// Now.
    fn now(&self) -> Timestamp;

    /// A text that nobody else has.
    ///
    /// # Errors
    /// [`NoRandomness`] if there is none to be had.
    fn unique(&self) -> Result<String, NoRandomness>;
}

/// The operating system gives no random numbers.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;
