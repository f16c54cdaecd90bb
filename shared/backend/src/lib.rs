//! The call to the broker's own backend, which carries out what a trader requests on a screen.
//!
//! [`Client::submit`] sends a [`Submission`] once, signed after Standard Webhooks, with the request's id as
//! idempotency key, and reads the [`BackendAnswer`]. It never repeats a call. A caller that repeats a submission
//! sends the same id and the same body, so that the backend recognises the repeat.

mod answer;
mod client;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod submission;

pub use answer::{BackendAnswer, InvalidAnswer};
pub use client::{Call, CallError, Client};
pub use submission::Submission;
