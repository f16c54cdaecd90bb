//! What makes a workflow safe, whatever it is about.
//!
//! A workflow is a kind of [`Record`] with statuses and rules of its own. Its [`Workflow`] says what a record holds and when
//! it is due; its rules are pure functions from a record to the next version. This crate does the rest:
//!
//! * [`commit`]: a conditional write with an id of its own, sent again where no answer comes, and a history that is never lost;
//! * [`reconcile`]: a round over what is due. Work is tried again with growing waits, what is overdue is written, what is not
//!   known to have been published is published again, and everything is counted;
//! * [`decide`]: an operator decides, with a reason, about the version that the operator saw;
//! * [`guard`](mod@guard): guards that tests remove to show that each matters;
//! * `simulation`, with the feature of that name: a seeded simulation of all this with every fault of a table, of functions
//!   and of operators. A workflow adds its own outside and what must hold.
//!
//! Knows neither JSON nor HTTP nor AWS: the table is a [`Store`], time and chance an [`Environment`].

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

pub use commit::{Committed, commit};
pub use decide::{DecideError, Operator, decide};
pub use domain::{NoRandomness, RecordId};
pub use named::{Named, UnknownName};
pub use ports::{DueRecord, Environment, Store, StoreError, WriteError};
pub use reconcile::{RoundReport, reconcile};
pub use record::{Actor, Deferrals, REPUBLISH_AFTER, Record, Status, Transition, Workflow};
