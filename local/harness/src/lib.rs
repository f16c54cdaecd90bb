//! Test support: the stage on which a function is tested as it is deployed.
//!
//! A [`Stage`] runs the real function binary, as one or several processes, under an emulated Lambda Runtime API.
//! All that the function calls is there too, over real HTTP: the simulated cTrader, Secrets Manager, KMS, EventBridge,
//! and DynamoDB; a [`Backend`] plays the broker's own.
//! Tests send it what API Gateway, a stream or a queue would send, and can make each of its neighbours fail.
//!
//! ```no_run
//! # async fn demo() {
//! use harness::{Mint, Request, Setup, Stage};
//!
//! let stage = Stage::start("target/debug/deposit", Setup::default()).await;
//! let token = stage.mint(Mint::user("ada"));
//! let screen = stage.get("/inapp/deposit", &format!("token={token}&lang=es")).await;
//! assert_eq!(screen.status, 200);
//!
//! let session = screen.input("session").unwrap();
//! let form = [("session", session.as_str()), ("amount", "50")];
//! stage.send(Request::post("/inapp/deposit").form(&form)).await;
//! assert_eq!(stage.requests().len(), 1);
//! # }
//! ```
//!
//! **Canary.** When a stage is dropped it looks through all that its processes wrote and through the error answers
//! they gave, and panics if a one-time token, a manager token, the session key, a session, an assertion, a query
//! string, a request body or an e-mail address is among it. So every test is also a test that nothing leaks.
//!
//! Tests need the multi-threaded runtime: `#[tokio::test(flavor = "multi_thread")]`.

// This is a part of tests: to fail loudly is its job.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod answer;
mod backend;
mod bus;
mod canary;
mod deposits;
mod gate;
mod kms;
mod process;
mod request;
mod runtime_api;
mod secrets;
mod stage;
mod table;

pub use answer::Answer;
pub use backend::{Backend, Call, Reply};
pub use bus::BusFault;
pub use deposits::Deposits;
pub use kms::{ASSERTION_KEYS, OTHER_KEY};
pub use process::Exit;
pub use request::Request;
pub use stage::{
    BACKEND_SECRET, Beside, DEMO_CONFIG, MANAGER_TOKEN_SECRET, PAYMENT_SECRETS, SESSION_KEY_SECRET, Setup,
    Stage,
};

// What tests need of the simulator, so that they need not name it.
pub use simulator::{
    Account, BalanceChange, ChangeType, Endpoint, Event, Fault, FaultKind, Identity, Mint, Simulator, User,
};

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a test that panicked while it held the lock has failed already.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 16 hexadecimal digits that nothing else in this run has.
fn unique() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}
