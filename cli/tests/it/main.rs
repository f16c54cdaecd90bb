//! `inapp` as its users run it: the built program; `check` against deployments that are good, and bad in one way each;
//! `requests` and `deposits` against an embedded DynamoDB.

#![allow(clippy::unwrap_used, clippy::panic)]

mod broker_file;
mod deployment;
mod deposits;
mod output;
mod program;
mod requests;
mod rules;
mod store;
mod tls;
