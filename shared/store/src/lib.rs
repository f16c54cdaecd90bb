//! The DynamoDB table. No other crate knows its keys, indexes and attributes.
//!
//! [`schema`] defines the keys, the kinds of records, and the indexes. A record is one item: `pk` is its kind
//! and id, `sk` its kind.
//!
//! * [`Request`]: a form that a trader submitted. Its id is made together with the form. However often the form
//!   is submitted (double tap, reload, back button), a conditional write makes one item, and later submits show
//!   that item. The outcome of a request is written into the same item. Nothing overwrites a final outcome.
//! * [`StoredRecord`]: a versioned record of a workflow, such as a [`DepositRecord`]. [`Table`] is the
//!   [`workflow::Store`] of every workflow that is [`Stored`].
//! * [`deposits::PaymentRecord`]: a payment that the provider has. [`Table`] is the [`deposits::PaymentRecords`].
//!
//! * [`Limits`]: how many records a trader may make; their counters are items too.
//! * [`Erasure`]: the record that an operator had a trader's personal data erased.
//!
//! [`Table::list_requests`] and similar methods list and find records for an operator. [`Change::news`] reads a
//! record of the table's stream.

mod deposit_data;
mod doubts;
mod erasure;
mod find;
mod item;
mod limits;
mod list;
mod moment;
mod outcome;
mod payment_records;
mod read_error;
mod request;
mod request_record;
pub mod schema;
mod stream;
mod submission;
mod table;
mod workflow_records;

pub use deposit_data::{DepositData, DepositRecord};
pub use erasure::{Erased, Erasure, Trader};
pub use limits::{Limit, Limits};
pub use list::{DamagedRecord, DepositFilter, Period, RecordList, RequestFilter};
pub use moment::Moment;
pub use outcome::{Outcome, Status, UnknownStatus};
pub use read_error::ReadError;
pub use request::{Request, StoredRequest};
pub use request_record::{RequestRecord, StatusChange};
pub use schema::RecordKind;
pub use stream::{Change, News};
pub use table::{Table, TableError};
pub use workflow_records::{Stored, StoredRecord, System};
