//! `inapp check` as its users run it: the built program, against deployments that are good, and bad in one way each.

#![allow(clippy::unwrap_used, clippy::panic)]

mod deployment;
mod output;
mod program;
mod rules;
mod tls;
