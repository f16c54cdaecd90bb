//! What traders asked for, recorded in DynamoDB exactly once.
//!
//! A request is one item: `pk` is `request#<id>`, `sk` is `request`. The id is minted with the form, so however often
//! the form is submitted (double tap, reload, back button), the conditional write lets one item come to be; every
//! later submit is shown what that item holds. What became of a request is written into the same item; once it is
//! final, nothing overwrites it.
//!
//! A deposit is one item, too: the ledger is the [`deposits::Store`].

mod deposit_data;
mod deposits;
mod entry;
mod outcome;
mod record;

pub use deposit_data::DepositData;
pub use deposits::{DepositRecord, System};
pub use entry::{RequestRecord, Step};
pub use outcome::{Outcome, Status, UnknownStatus};
pub use record::{Request, StoredRequest, Table, TableError};
