//! Which `broker.toml` is accepted, and how mistakes are reported.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod files;
mod limits;
mod methods;
mod mistakes;
mod redirects;
mod repository;
mod retention;
mod texts;

use config::{BuiltInTexts, Config, ConfigErrors};

/// The broker file of the tests.
const DEMO: &str = include_str!("../../../../tests/fixtures/demo.toml");

fn parse(source: &str) -> Result<Config, ConfigErrors> {
    let english =
        "close = Close\namount-min = At least { $amount }\ndecimal-separator = .\ngroup-separator = ,";
    Config::parse(source, &BuiltInTexts::new(["en", "es", "ar", "de"], english))
}

/// The demo file with the first occurrence of `piece` replaced.
fn replaced(piece: &str, replacement: &str) -> String {
    assert!(DEMO.contains(piece), "{piece} is not in the file");
    DEMO.replacen(piece, replacement, 1)
}

/// The number of the first line that begins with `start`.
fn line_of(source: &str, start: &str) -> usize {
    let found = source.lines().position(|line| line.starts_with(start));
    1 + found.unwrap_or_else(|| panic!("no line begins with {start}"))
}

/// Line and message of each mistake.
fn mistakes(source: &str) -> Vec<(Option<usize>, String)> {
    let errors = parse(source).expect_err("a mistake");
    errors
        .iter()
        .map(|error| (error.line, error.message.clone()))
        .collect()
}

/// Expects exactly one mistake, in this line, with a message that contains `expected`.
#[track_caller]
fn expect_mistake(source: &str, line: usize, expected: &str) {
    let found = mistakes(source);
    let [(found_line, message)] = found.as_slice() else {
        panic!("one mistake was expected, {expected:?}: {found:#?}");
    };
    assert!(message.contains(expected), "{expected:?} was expected: {message}");
    assert_eq!(*found_line, Some(line), "{message}");
}
