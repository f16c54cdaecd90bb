//! The calls over real sockets: each answer, and each way to get none.

// A test may fail loudly.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

mod balance;
mod redeem;
mod server;
mod trader;
