//! The machinery that makes workflows safe.
//!
//! A workflow is a kind of [`Record`] with its own statuses and rules. An implementation of [`Workflow`]
//! defines the data of a record and when a record is due. The rules are pure functions from a record to its
//! next version. This crate does the rest:
//!
//! * [`commit`]: a conditional write with its own id, which is sent again if no answer comes, and a history
//!   that is never lost;
//! * [`reconcile`]: a round over the due records. It tries work again with growing waits, writes overdue
//!   records, publishes records again whose publication was not confirmed, and counts all;
//! * [`decide`]: an operator's decision, with a reason, about the version that the operator saw. Sending the same
//!   decision again is safe;
//! * [`guard`](mod@guard): guards, which tests remove to show that each one matters;
//! * `simulation`, with the feature of that name: a seeded simulation with all faults of a table, of functions
//!   and of operators. A workflow adds its own outside world and invariants.
//!
//! The crate knows neither JSON nor HTTP nor AWS: the table is a [`Store`]; time and randomness come from an
//! [`Environment`].

#[cfg(all(feature = "simulation", not(debug_assertions)))]
compile_error!("the feature `simulation` makes guards removable: it is for tests, never for a release build");

mod commit;
mod decide;
pub mod guard;
pub mod guards;
mod named;
mod ports;
mod reconcile;
mod record;
#[cfg(feature = "simulation")]
pub mod simulation;

#[doc(hidden)]
pub use serde;

pub use commit::{CommitOutcome, commit};
pub use decide::{DecideError, Operator, decide};
pub use domain::{NoRandomness, Principal, RecordId};
pub use named::{Named, UnknownName};
pub use ports::{DueRecord, Environment, Store, StoreError, WriteError};
pub use reconcile::{Counts, RoundReport, reconcile};
pub use record::{
    Actor, Deferrals, OperatorDecision, REPUBLISH_AFTER, Record, Status, Transition, Workflow, stored_size,
};
