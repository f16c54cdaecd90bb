//! Test support: an environment in which a function runs as it does when deployed.
//!
//! A [`TestEnv`] runs the real function binary, as one or several processes, under an emulated Lambda Runtime API.
//! The services that the function calls run beside it, over real HTTP: the simulated cTrader, and fakes of Secrets
//! Manager, KMS, EventBridge and DynamoDB. A [`FakeBackend`] stands for the broker's own backend.
//! Tests send the events that API Gateway, a stream or a queue would send, and can make each service fail.
//!
//! ```no_run
//! # async fn demo() {
//! use harness::{Mint, Request, TestEnv, TestEnvOptions};
//!
//! let env = TestEnv::start("target/debug/deposit", TestEnvOptions::default()).await;
//! let token = env.mint(Mint::user("ada"));
//! let screen = env.get("/inapp/deposit", &format!("token={token}&lang=es")).await;
//! assert_eq!(screen.status, 200);
//!
//! let session = screen.input("session").unwrap();
//! let form = [("session", session.as_str()), ("amount", "50")];
//! env.send(Request::post("/inapp/deposit").form(&form)).await;
//! assert_eq!(env.requests().len(), 1);
//! # }
//! ```
//!
//! **Leak check.** A dropped environment searches the log of its processes and their error responses. It panics if
//! it finds a one-time token, a manager token, the session key, a session, an assertion, a query string, a request
//! body or an e-mail address. So every test also tests that nothing confidential leaks.
//!
//! Tests need the multi-threaded runtime: `#[tokio::test(flavor = "multi_thread")]`.

// Test support panics when something is wrong.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod fake_backend;
mod fake_dynamodb;
mod fake_event_bridge;
mod fake_kms;
mod fake_runtime_api;
mod fake_secrets_manager;
mod flaky_proxy;
mod http_response;
mod leak_check;
mod processes;
mod request;
mod second_function;
mod server;
mod test_deposits;
mod test_env;

pub use embedded_table::{LIMITS, operator, proven_login};
pub use fake_backend::{FakeBackend, FakeResponse, ReceivedCall};
pub use fake_event_bridge::EventBridgeFault;
pub use fake_kms::{ASSERTION_KEYS, P384_KEY};
pub use http_response::HttpResponse;
pub use processes::{Exit, binary_beside};
pub use request::Request;
pub use second_function::SecondFunction;
pub use test_deposits::TestDeposits;
pub use test_env::{
    BACKEND_SECRET, CREDIT_MANAGER_TOKEN_SECRET, DEMO_CONFIG, MANAGER_TOKEN_SECRET, PAYMENT_SECRETS,
    SESSION_KEY_SECRET, TestEnv, TestEnvOptions,
};

// The simulator's types that tests use, so that the tests need not depend on it.
pub use simulator::{
    Account, AccountBehaviour, AccountNumber, BalanceChange, Behaviour, ChangeType, Endpoint, Event, Fault,
    FaultKind, Identity, Mint, Simulator, TraderField, User,
};

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex. Ignores poisoning, because a test that panicked has already failed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 16 hexadecimal digits that are unique in this run.
fn unique() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}
