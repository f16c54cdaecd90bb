//! Calls to other servers.
//!
//! [`tls()`] is the TLS configuration of all calls, those to AWS included. For servers other than AWS there are an
//! HTTP client without redirects and retries ([`Connections`]), response bodies of limited size ([`read`]), and
//! error texts without the URL, which may contain secrets ([`cause`]).

mod connection;

pub use connection::{CONNECT_TIMEOUT, Connections, MIN_TIME, NoTls, Tls, USER_AGENT, tls};

/// Why the body of a response could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The body is larger than this many bytes.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// The connection failed before the end of the body.
    #[error("{0}")]
    Lost(String),
}

/// Reads the body of a response. Leaves out a byte order mark at its beginning, which some platforms write before JSON.
///
/// # Errors
/// [`ReadError`] if the body has more than `limit` bytes, or the connection failed.
pub async fn read(response: &mut reqwest::Response, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => return Err(ReadError::TooLarge(limit)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(inbound::without_byte_order_mark(&body).to_vec()),
            Err(error) => return Err(ReadError::Lost(cause(error))),
        }
    }
}

/// Describes the error and all its causes, without the URL.
pub fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
