//! The table: all that is kept in DynamoDB, and the one owner of how.
//!
//! [`schema`] has the keys, the kinds of records, and the indexes. A record is one item: `pk` is its kind and id, `sk` its
//! kind.
//!
//! * [`Request`]: a form that a trader submitted. The id is minted with the form, so however often the form is submitted
//!   (double tap, reload, back button), the conditional write makes one item; every later submit is shown what that item
//!   holds. What became of a request is written into the same item; once it is final, nothing overwrites it.
//! * [`StoredRecord`]: a record of a workflow, version by version. [`Table`] is the [`workflow::Store`] of each workflow that is
//!   [`Stored`]. Deposits are: [`DepositRecord`].
//!
//! [`Table::list_requests`] and its neighbours list and find records for an operator. [`Change::news`] tells what a record of
//! the table's stream is about.

mod deposit_data;
mod find;
mod item;
mod list;
mod moment;
mod outcome;
mod read_error;
mod request;
mod request_record;
pub mod schema;
mod stream;
mod submission;
mod table;
mod workflow_records;

pub use deposit_data::{DepositData, DepositRecord};
pub use list::{DamagedRecord, DepositFilter, Listed, Period, RequestFilter};
pub use moment::Moment;
pub use outcome::{Outcome, Status, UnknownStatus};
pub use read_error::ReadError;
pub use request::{Request, StoredRequest};
pub use request_record::{RequestRecord, StatusChange};
pub use schema::RecordKind;
pub use stream::{Change, News};
pub use table::{Table, TableError};
pub use workflow_records::{Stored, StoredRecord, System};
