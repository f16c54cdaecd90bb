//! A broker's own website and backend, as small as can be. `cargo dev` runs it in the place of the demo broker's.
//!
//! | route | |
//! |---|---|
//! | `POST /inapp/bonus` | answers the action `bonus` (`mode = "backend"`): see `bonus` for the codes that make it misbehave |
//! | `POST /inapp/events` | takes the events that it is called back with |
//! | `GET /documents` | the page of the action `documents` (`mode = "redirect"`): checks the assertion and greets the trader |
//! | `GET /bonus/terms` | a page that `bonus` can send the trader on to |
//!
//! What it keeps, it keeps in memory. The same in Node and Python: docs/INTEGRATE.md.

mod assertions;
mod bonus;
mod callback;
mod pages;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use outbound::NoTls;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use webhooks::Secret;

use assertions::Assertions;
use bonus::Bonuses;

/// How a sample backend is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Origin of the screens: who issues the assertions, and where the keys are published.
    pub screens_url: String,
    /// Where a trader who is done is sent.
    pub success_url: String,
    /// Who may frame its pages.
    pub frame_ancestor: String,
    /// What calls to it are signed with.
    pub secret: Secret,
    /// What events that it is called back with are signed with.
    pub callback_secret: Secret,
}

/// A running sample backend; stops when dropped.
pub struct SampleBackend {
    url: String,
    server: JoinHandle<io::Result<()>>,
}

/// What its routes know in common.
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) url: String,
    pub(crate) assertions: Assertions,
    pub(crate) bonuses: Mutex<Bonuses>,
}

impl SampleBackend {
    /// Starts one, as a task of the caller's Tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be bound, or there is no HTTP client to be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let url = format!("http://localhost:{}", listener.local_addr()?.port());
        let assertions = Assertions::new(&options.screens_url, &url);
        let world = Arc::new(World {
            assertions: assertions.map_err(|error: NoTls| io::Error::other(error.to_string()))?,
            bonuses: Mutex::default(),
            url: url.clone(),
            options,
        });
        let routes = Router::new()
            .route("/inapp/bonus", post(bonus::answer))
            .route("/inapp/events", post(callback::take))
            .route("/documents", get(pages::documents))
            .route("/bonus/terms", get(pages::terms))
            .with_state(world);
        let server = tokio::spawn(axum::serve(listener, routes).into_future());
        Ok(Self { url, server })
    }

    /// Its origin, for example `http://localhost:9005`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for SampleBackend {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Locks; a panic elsewhere, while the lock was held, does not spread.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
