//! One HTTP client that reuses an idle connection for four seconds only.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

/// How long after its last use a connection may be used again.
///
/// If the server has closed an idle connection, the next request on it fails exactly as if the response was lost. A
/// lost response costs the trader's token, or leaves it unknown what was done. Servers commonly close idle
/// connections after 5 s or more.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// How many idle connections are kept for later requests.
const IDLE_CONNECTIONS: usize = 1;

/// Timeout of connecting: DNS, TCP and TLS.
pub const CONNECT_TIMEOUT: Duration = Duration::from_millis(1_000);

/// A request is sent only if at least this much time is left before its deadline. Less time would not allow for a
/// response, nor for telling "never delivered" from "no response".
pub const MIN_TIME: Duration = CONNECT_TIMEOUT.saturating_add(Duration::from_millis(200));

/// The `User-Agent` of each request. Many firewalls refuse requests that have none.
pub const USER_AGENT: &str = concat!("inapp/", env!("CARGO_PKG_VERSION"));

/// The TLS configuration of the process.
pub type Tls = ClientConfig;

/// Hands out the HTTP client. Replaces the client by one without connections when it was idle for too long.
///
/// The pool's own idle timeout uses a timer that stops while Lambda freezes the process. So the time of the last use
/// is taken from the wall clock.
pub struct Connections {
    tls: Tls,
    pool: Mutex<Pool>,
}

struct Pool {
    client: reqwest::Client,
    last_used: SystemTime,
}

impl Connections {
    /// Prepares the client without connecting. `tls` is the result of [`tls()`].
    ///
    /// # Errors
    /// [`NoTls`] if the TLS client cannot be set up.
    pub fn new(tls: Tls) -> Result<Self, NoTls> {
        let client = build(&tls, IDLE_CONNECTIONS)?;
        Ok(Self {
            tls,
            pool: Mutex::new(Pool {
                client,
                last_used: SystemTime::now(),
            }),
        })
    }

    /// The client for the next request.
    ///
    /// # Errors
    /// [`NoTls`] if the client had to be replaced and could not be.
    pub fn client(&self) -> Result<reqwest::Client, NoTls> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        // If the clock went backwards the idle time is unknown, so the client is replaced.
        let fresh_enough = pool.last_used.elapsed().is_ok_and(|idle| idle < MAX_IDLE);
        if !fresh_enough {
            pool.client = build(&self.tls, IDLE_CONNECTIONS)?;
            pool.last_used = SystemTime::now();
        }
        Ok(pool.client.clone())
    }

    /// A client that has no connection and keeps none. For a request that must not use a connection that the server
    /// may have closed: such a failure looks the same as a lost response.
    ///
    /// # Errors
    /// [`NoTls`] if the client could not be made.
    pub fn fresh(&self) -> Result<reqwest::Client, NoTls> {
        build(&self.tls, 0)
    }

    /// Records that a connection has just been used. Call it after each request.
    pub fn used(&self) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.last_used = SystemTime::now();
    }
}

/// The TLS configuration with the certificate authorities that the machine trusts. Call it once per process: reading
/// and parsing the certificates takes a large part of a cold start.
///
/// # Errors
/// [`NoTls`] if the TLS client cannot be set up.
pub fn tls() -> Result<Tls, NoTls> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| NoTls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

fn build(tls: &Tls, idle_connections: usize) -> Result<reqwest::Client, NoTls> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .user_agent(USER_AGENT)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(idle_connections)
        .build()
        .map_err(|error| NoTls(error.without_url().to_string()))
}

/// The TLS client could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("cannot prepare the TLS client: {0}")]
pub struct NoTls(String);
