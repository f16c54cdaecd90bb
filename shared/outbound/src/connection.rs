//! One HTTP client whose idle connections are trusted for four seconds only.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

/// How long after its last use a connection may be used again.
///
/// A connection that the server has closed while it was idle fails just like a lost answer, and a lost answer costs
/// the trader's token, or leaves open what was done. Servers commonly close after 5 s or more.
const REUSE_WITHIN: Duration = Duration::from_secs(4);

/// How many idle connections are kept for the next request.
const KEPT: usize = 1;

/// Time to resolve, connect and shake hands.
pub const CONNECT_TIMEOUT: Duration = Duration::from_millis(1_000);

/// Least time before its deadline that a request is sent with: enough to tell "never delivered" from "no answer", and for
/// an answer to come.
pub const LEAST_TIME: Duration = CONNECT_TIMEOUT.saturating_add(Duration::from_millis(200));

/// The TLS configuration of a process.
pub type Tls = ClientConfig;

/// Hands out the HTTP client, replaced by one without connections once it was idle for too long.
///
/// The pool's own idle timeout counts with a timer that stands still while Lambda freezes the process, so the time of
/// the last use is taken from the wall clock.
pub struct Connections {
    tls: Tls,
    pool: Mutex<Pool>,
}

struct Pool {
    client: reqwest::Client,
    last_used: SystemTime,
}

impl Connections {
    /// Prepares the client; does not connect. `tls` is [`tls()`].
    ///
    /// # Errors
    /// [`NoTls`] if the TLS client cannot be set up.
    pub fn new(tls: Tls) -> Result<Self, NoTls> {
        let client = build(&tls, KEPT)?;
        Ok(Self {
            tls,
            pool: Mutex::new(Pool {
                client,
                last_used: SystemTime::now(),
            }),
        })
    }

    /// The client to send the next request with.
    ///
    /// # Errors
    /// [`NoTls`] if it had to be made anew and could not.
    pub fn client(&self) -> Result<reqwest::Client, NoTls> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that went backwards tells nothing about the idle time: take it for too long.
        let fresh_enough = pool.last_used.elapsed().is_ok_and(|idle| idle < REUSE_WITHIN);
        if !fresh_enough {
            pool.client = build(&self.tls, KEPT)?;
            pool.last_used = SystemTime::now();
        }
        Ok(pool.client.clone())
    }

    /// A client without connections, which keeps none: for a request that must not meet a connection that the server has
    /// closed, since its loss could not be told from a lost answer.
    ///
    /// # Errors
    /// [`NoTls`] if it could not be made.
    pub fn fresh(&self) -> Result<reqwest::Client, NoTls> {
        build(&self.tls, 0)
    }

    /// Notes that a connection has just been used.
    pub fn used(&self) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.last_used = SystemTime::now();
    }
}

/// What the machine trusts, for all connections of a process: to read and parse it takes a good part of a cold start.
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

fn build(tls: &Tls, kept: usize) -> Result<reqwest::Client, NoTls> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(kept)
        .build()
        .map_err(|error| NoTls(error.without_url().to_string()))
}

/// The TLS client could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("cannot prepare the TLS client: {0}")]
pub struct NoTls(String);
