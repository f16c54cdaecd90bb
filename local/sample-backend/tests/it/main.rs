//! Tests of the sample backend over real HTTP, with the tests' own keys and secrets.

// Test helpers panic when something is wrong.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod back_office;
mod cashier;
mod support;
mod website;
