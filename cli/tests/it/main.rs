//! Tests of the built program `inapp`: `check` against a good deployment and deployments with one fault each;
//! `requests` and
//! `deposits` against an embedded DynamoDB and the function `staff`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod broker_file;
mod deployment;
mod deposits;
mod output;
mod program;
mod requests;
mod rules;
mod staff;
mod store;
mod tls;
mod traders;
