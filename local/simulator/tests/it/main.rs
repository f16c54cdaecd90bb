//! Tests of the simulated cTrader over real HTTP.

// clippy.toml allows unwrap in tests, but not in their helpers.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod balance;
mod behaviour;
mod control;
mod faults;
mod redemption;
mod support;
mod terminal;
mod webserv;
