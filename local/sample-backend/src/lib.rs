//! A broker's own website and backend, as small as can be, and its payment provider. `cargo dev` runs it in the place of the
//! demo broker's.
//!
//! | route | |
//! |---|---|
//! | `POST /inapp/bonus` | answers the action `bonus` (`[actions.backend]`): see `bonus` for the codes that make it misbehave |
//! | `POST /inapp/events` | takes the events that it is called back with |
//! | `GET /documents` | the page of the action `documents` (`[actions.redirect]`): checks the assertion and greets the trader |
//! | `GET /bonus/terms` | a page that `bonus` can send the trader on to |
//! | `GET /cashier/pay`, `/cashier/unframed` | the payment provider of a `hosted` method: see `cashier` for what it can do |
//! | `GET /back-office` | where bank transfers that have arrived are confirmed: see `back_office` |
//!
//! What it keeps, it keeps in memory. The same in Node and Python: docs/INTEGRATE.md.

mod assertions;
mod back_office;
mod bonus;
mod cashier;
mod crm_webhook;
mod notifier;
mod pages;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use outbound::NoTls;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use webhooks::Secret;

use assertions::Assertions;
use bonus::Bonuses;
use cashier::Payments;
use notifier::Notifier;

pub use back_office::{Transfer, Transfers};

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
    pub crm_webhook_secret: Secret,
    /// What the news of payments is signed with, by payment method. Who is sent to pay by another method is turned away.
    pub payment_secrets: HashMap<String, Secret>,
    /// The bank transfers that the back office waits for.
    pub transfers: Transfers,
    /// How long it takes until somebody who pays later has paid.
    pub pay_later: Duration,
    /// How late a late message is.
    pub late: Duration,
    /// Until a message that was not taken is sent again; each time twice as long.
    pub first_pause: Duration,
}

/// A running sample backend; stops when dropped.
pub struct SampleBackend {
    url: String,
    server: JoinHandle<io::Result<()>>,
    notifier: Arc<Notifier>,
}

/// What its routes know in common.
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) url: String,
    pub(crate) assertions: Assertions,
    pub(crate) bonuses: Mutex<Bonuses>,
    pub(crate) payments: Mutex<Payments>,
    pub(crate) notifier: Arc<Notifier>,
}

impl SampleBackend {
    /// Starts one, as a task of the caller's Tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be bound, or there is no HTTP client to be had.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let url = format!("http://localhost:{}", listener.local_addr()?.port());
        let no_tls = |error: NoTls| io::Error::other(error.to_string());
        let secrets = options.payment_secrets.clone();
        let notifier = Notifier::new(&options.screens_url, secrets, options.first_pause);
        let notifier = Arc::new(notifier.map_err(no_tls)?);
        let world = Arc::new(World {
            assertions: Assertions::new(&options.screens_url, &url).map_err(no_tls)?,
            bonuses: Mutex::default(),
            payments: Mutex::default(),
            notifier: Arc::clone(&notifier),
            url: url.clone(),
            options,
        });
        let routes = Router::new()
            .route("/inapp/bonus", post(bonus::answer))
            .route("/inapp/events", post(crm_webhook::take))
            .route("/documents", get(pages::documents))
            .route("/bonus/terms", get(pages::terms))
            .merge(cashier::routes())
            .merge(back_office::routes())
            .with_state(world);
        let server = tokio::spawn(axum::serve(listener, routes).into_future());
        Ok(Self {
            url,
            server,
            notifier,
        })
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
        self.notifier.stop();
    }
}

/// Locks; a panic elsewhere, while the lock was held, does not spread.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
