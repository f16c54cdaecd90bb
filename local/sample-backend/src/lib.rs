//! A minimal website and backend of a broker, and its payment provider. `cargo dev` runs it in place of the demo
//! broker's.
//!
//! | route | purpose |
//! |---|---|
//! | `POST /inapp/bonus` | the backend of the action `bonus` (`[actions.backend]`); `bonus` lists the codes that make it fail |
//! | `POST /inapp/events` | the CRM webhook |
//! | `GET /documents` | the page of the action `documents` (`[actions.redirect]`): checks the assertion and greets the trader |
//! | `GET /bonus/terms` | a page to which `bonus` can redirect the trader |
//! | `GET /cashier/pay`, `/cashier/unframed` | the payment provider of a `hosted` method: see `cashier` |
//! | `GET /back-office` | confirms bank transfers: see `back_office` |
//!
//! All state is in memory. docs/INTEGRATE.md has the same in Node and Python.

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
use local_guard::{Callers, guarded};
use outbound::NoTls;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use webhooks::Secret;

use assertions::Assertions;
use bonus::Bonuses;
use cashier::Payments;
use notifier::Notifier;

pub use back_office::{Transfer, Transfers};

/// The options of a sample backend.
#[derive(Clone, Debug)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Origin of the screens, which issue the assertions and publish the keys.
    pub screens_url: String,
    /// The URL to which a trader goes when done.
    pub success_url: String,
    /// The origin that may frame the pages.
    pub frame_ancestor: String,
    /// The secret that signs calls to the backend.
    pub secret: Secret,
    /// The secret that signs calls of the CRM webhook.
    pub crm_webhook_secret: Secret,
    /// The secrets that sign payment notifications, by payment method. The cashier refuses other methods.
    pub payment_secrets: HashMap<String, Secret>,
    /// The open bank transfers, for the back office.
    pub transfers: Transfers,
    /// The delay after which a trader who chose to pay later has paid.
    pub pay_later: Duration,
    /// The delay of a late notification.
    pub late: Duration,
    /// The pause before a notification that was not accepted is sent again. It doubles each time.
    pub first_pause: Duration,
}

/// A running sample backend; stops when dropped.
pub struct SampleBackend {
    url: String,
    server: JoinHandle<io::Result<()>>,
    notifier: Arc<Notifier>,
}

/// The state that the routes share.
pub(crate) struct AppState {
    pub(crate) options: Options,
    pub(crate) url: String,
    pub(crate) assertions: Assertions,
    pub(crate) bonuses: Mutex<Bonuses>,
    pub(crate) payments: Mutex<Payments>,
    pub(crate) notifier: Arc<Notifier>,
}

impl SampleBackend {
    /// Starts it, as a task of the caller's Tokio runtime.
    ///
    /// # Errors
    /// If the port cannot be bound, or the HTTP client cannot be made.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
        let url = format!("http://localhost:{}", listener.local_addr()?.port());
        let no_tls = |error: NoTls| io::Error::other(error.to_string());
        let secrets = options.payment_secrets.clone();
        let notifier = Notifier::new(&options.screens_url, secrets, options.first_pause);
        let notifier = Arc::new(notifier.map_err(no_tls)?);
        let app = Arc::new(AppState {
            assertions: Assertions::new(&options.screens_url, &url).map_err(no_tls)?,
            bonuses: Mutex::default(),
            payments: Mutex::default(),
            notifier: Arc::clone(&notifier),
            url: url.clone(),
            options,
        });
        let routes = Router::new()
            .route("/inapp/bonus", post(bonus::respond))
            .route("/inapp/events", post(crm_webhook::receive))
            .route("/documents", get(pages::documents))
            .route("/bonus/terms", get(pages::terms))
            .merge(cashier::routes())
            .merge(back_office::routes());
        let routes = guarded(routes, Callers::Links)
            .merge(guarded(cashier::payment_route(), Callers::Pages))
            .with_state(app);
        let server = tokio::spawn(axum::serve(listener, routes).into_future());
        Ok(Self {
            url,
            server,
            notifier,
        })
    }

    /// The origin, for example `http://localhost:9005`.
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

/// Locks a mutex. Ignores poisoning, so that a panic in one task does not spread to others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
