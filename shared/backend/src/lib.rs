//! The call to the broker's own backend: what a trader asks for on a screen, handed over to be done.
//!
//! [`Client::submit`] sends a [`Submission`] once, signed after Standard Webhooks, under the request's id as its
//! idempotency key, and reads the [`Answer`]. It repeats nothing by itself. Whoever repeats a submission sends the same
//! id and the same body, so that the backend can tell a repeat from another request.

mod answer;
mod client;
mod submission;

pub use answer::{Answer, NoAnswer};
pub use client::{Call, CallError, Client};
pub use submission::Submission;
