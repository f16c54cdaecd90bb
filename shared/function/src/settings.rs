//! Settings from environment variables. They are checked at start: a bad setting stops the function, and the error
//! names the setting.

use std::{env, fmt::Display, str::FromStr};

/// A setting that is missing or unusable.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct BadSetting {
    /// Name of the environment variable.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

/// The value of the variable. `None` if it is absent or empty.
pub fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The value of the variable.
///
/// # Errors
/// [`BadSetting`] if it is absent or empty.
pub fn required(name: &'static str) -> Result<String, BadSetting> {
    optional(name).ok_or(BadSetting {
        name,
        problem: "is missing".into(),
    })
}

/// The parsed value of the variable.
///
/// # Errors
/// [`BadSetting`] if it is absent, empty or cannot be parsed.
pub fn required_parsed<T: FromStr<Err: Display>>(name: &'static str) -> Result<T, BadSetting> {
    parsed(name, &required(name)?)
}

/// The parsed value of the variable. `None` if it is absent or empty.
///
/// # Errors
/// [`BadSetting`] if it cannot be parsed.
pub fn optional_parsed<T: FromStr<Err: Display>>(name: &'static str) -> Result<Option<T>, BadSetting> {
    optional(name).map(|text| parsed(name, &text)).transpose()
}

/// Parses `text`, the value of the variable `name`.
///
/// # Errors
/// [`BadSetting`] if `text` cannot be parsed.
pub fn parsed<T: FromStr<Err: Display>>(name: &'static str, text: &str) -> Result<T, BadSetting> {
    text.parse().map_err(|error: T::Err| BadSetting {
        name,
        problem: error.to_string(),
    })
}
