//! What traders asked for, recorded in DynamoDB exactly once.
//!
//! A request is one item: `pk` is `request#<id>`, `sk` is `request`. The id is minted with the form, so however often
//! the form is submitted (double tap, reload, back button), the conditional write lets one item come to be; every
//! later submit is shown what that item holds.

mod aws_error;
mod record;

pub use aws_error::describe;
pub use record::{Ledger, LedgerError, Recorded, Request};
