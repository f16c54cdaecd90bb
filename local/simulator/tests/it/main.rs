//! The simulated cTrader over real HTTP, rule by rule.

// clippy.toml lets tests unwrap, but does not count their helpers among them.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod balance;
mod control;
mod faults;
mod redemption;
mod support;
mod terminal;
mod webserv;
