//! Settings from the environment. Checked at start: a bad one stops the function with its name.

use std::{env, fmt::Display, str::FromStr};

/// A setting that is missing or unusable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct BadSetting {
    /// The variable.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

/// The variable, unless it is absent or empty.
pub fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The variable.
///
/// # Errors
/// [`BadSetting`] if it is absent or empty.
pub fn required(name: &'static str) -> Result<String, BadSetting> {
    optional(name).ok_or(BadSetting {
        name,
        problem: "is missing".into(),
    })
}

/// What `text`, the value of the variable, stands for.
///
/// # Errors
/// [`BadSetting`] if it stands for nothing.
pub fn parsed<T: FromStr<Err: Display>>(name: &'static str, text: &str) -> Result<T, BadSetting> {
    text.parse().map_err(|error: T::Err| BadSetting {
        name,
        problem: error.to_string(),
    })
}
