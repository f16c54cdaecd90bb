//! The sample backend over real HTTP, with keys and secrets of the tests' own.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod back_office;
mod cashier;
mod support;
mod website;
