//! One request, on a connection of its own: what a trader's first visit costs.

use std::{
    error::Error,
    io::Read,
    sync::Arc,
    time::{Duration, Instant},
};

use flate2::read::GzDecoder;
use reqwest::{
    Method, Url,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap},
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};

use super::Unusable;

/// How long an answer is waited for. Longer than any limit, so that the report can say how long it took.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection is waited for.
pub const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// No browser, no link previewer: the screens serve it like a trader.
const USER_AGENT: &str = concat!("inapp-check/", env!("CARGO_PKG_VERSION"));

/// Greatest body that is unpacked, in bytes.
const LARGEST: u64 = 16 << 20;

/// Which representation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// A page.
    Html,
    /// JSON.
    Json,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, unpacked.
    pub body: String,
    /// Size of the body as it travelled, in bytes.
    pub wire_size: usize,
    /// From before the connection to after the last byte.
    pub took: Duration,
}

impl Answer {
    /// A header as text; empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// All headers of that name.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    }

    /// Whether the content type says so.
    pub fn is(&self, content_type: &str) -> bool {
        let declared = self.header(CONTENT_TYPE.as_str());
        let essence = declared.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(content_type)
    }
}

/// Makes requests. Trusts whom this machine trusts.
pub struct Client {
    /// TLS 1.2 or newer, certificates checked.
    pub tls: ClientConfig,
}

impl Client {
    /// Reads this machine's trusted certificate authorities.
    pub fn new() -> Result<Self, Unusable> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Unusable::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls })
    }

    /// Asks, without following redirects, keeping cookies or trying again. The error holds no URL.
    pub async fn ask(&self, method: Method, url: Url, accept: Accept) -> Result<Answer, String> {
        let client = self.connectionless().map_err(explain)?;
        let accept = match accept {
            Accept::Html => "text/html,application/xhtml+xml,*/*;q=0.8",
            Accept::Json => "application/json",
        };
        let request = client
            .request(method, url)
            .header(ACCEPT, accept)
            .header(ACCEPT_ENCODING, "gzip");
        let started = Instant::now();
        let response = request.send().await.map_err(explain)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let wire = response.bytes().await.map_err(explain)?;
        let took = started.elapsed();
        let packed = headers
            .get(CONTENT_ENCODING)
            .is_some_and(|coding| coding == "gzip");
        Ok(Answer {
            status,
            body: unpack(&wire, packed)?,
            wire_size: wire.len(),
            headers,
            took,
        })
    }

    /// A client that has no connection yet.
    fn connectionless(&self) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE)
            .build()
    }
}

fn unpack(wire: &[u8], packed: bool) -> Result<String, String> {
    if !packed {
        return Ok(String::from_utf8_lossy(wire).into_owned());
    }
    let mut body = Vec::new();
    GzDecoder::new(wire)
        .take(LARGEST)
        .read_to_end(&mut body)
        .map_err(|error| format!("its gzip is damaged: {error}"))?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// What went wrong, from the general to the particular, without the URL, which may hold a token.
fn explain(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", PATIENCE.as_secs());
    }
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
