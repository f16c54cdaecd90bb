//! An HTTP client that uses a new connection for each request, so that the measured time is that of a trader's first
//! visit.

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

use super::CheckError;

/// Timeout of a request. Longer than every limit that is checked, so that the report can say how long a slow
/// response took.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout of connecting.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The screens treat this user agent like a trader's: it is neither that of a prefetch nor of a link previewer.
const USER_AGENT: &str = concat!("inapp-check/", env!("CARGO_PKG_VERSION"));

/// Maximum size of a decompressed body, in bytes.
const MAX_BODY: u64 = 16 << 20;

/// The requested representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// An HTML page.
    Html,
    /// JSON.
    Json,
}

/// A complete response.
#[derive(Debug)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Decompressed body.
    pub body: String,
    /// Size of the body on the wire, in bytes.
    pub wire_size: usize,
    /// Time from before connecting until after the last byte.
    pub took: Duration,
}

impl HttpResponse {
    /// The value of a header. Empty if the header is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The values of all headers with this name.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    }

    /// Whether the response has this content type.
    pub fn is(&self, content_type: &str) -> bool {
        let declared = self.header(CONTENT_TYPE.as_str());
        let essence = declared.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(content_type)
    }
}

/// Makes requests. Trusts the certificate authorities that this machine trusts.
pub struct Client {
    /// TLS 1.2 or newer, with certificate verification.
    pub tls: ClientConfig,
}

impl Client {
    /// Reads the certificate authorities that this machine trusts.
    pub fn new() -> Result<Self, CheckError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| CheckError::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls })
    }

    /// Sends one request. Follows no redirect, keeps no cookie and does not try again. The error never contains the
    /// URL.
    pub async fn send(&self, method: Method, url: Url, accept: Accept) -> Result<HttpResponse, String> {
        let client = self.new_client().map_err(describe)?;
        let accept = match accept {
            Accept::Html => "text/html,application/xhtml+xml,*/*;q=0.8",
            Accept::Json => "application/json",
        };
        let request = client
            .request(method, url)
            .header(ACCEPT, accept)
            .header(ACCEPT_ENCODING, "gzip");
        let started = Instant::now();
        let response = request.send().await.map_err(describe)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let wire = response.bytes().await.map_err(describe)?;
        let took = started.elapsed();
        let is_gzip = headers
            .get(CONTENT_ENCODING)
            .is_some_and(|coding| coding == "gzip");
        Ok(HttpResponse {
            status,
            body: decompress(&wire, is_gzip)?,
            wire_size: wire.len(),
            headers,
            took,
        })
    }

    /// A client without open connections.
    fn new_client(&self) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(RESPONSE_TIMEOUT)
            .build()
    }
}

fn decompress(wire: &[u8], is_gzip: bool) -> Result<String, String> {
    if !is_gzip {
        return Ok(String::from_utf8_lossy(wire).into_owned());
    }
    let mut body = Vec::new();
    GzDecoder::new(wire)
        .take(MAX_BODY)
        .read_to_end(&mut body)
        .map_err(|error| format!("the gzip body is damaged: {error}"))?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Describes the error and its causes, without the URL, which may contain a token.
fn describe(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no response within {} s", RESPONSE_TIMEOUT.as_secs());
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
