//! How the functions call others: what they trust ([`tls()`]), AWS included; and for servers that are not AWS's one HTTP
//! client without redirects and without retries ([`Connections`]), answers of a bounded size ([`read`]), and errors
//! without the URL ([`cause`]), since secrets may be in it.

mod connection;

pub use connection::{CONNECT_TIMEOUT, Connections, LEAST_TIME, NoTls, Tls, tls};

/// Why the body of an answer could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is larger than this many bytes.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// It broke off.
    #[error("{0}")]
    Lost(String),
}

/// Reads the body of an answer, up to `limit` bytes.
///
/// # Errors
/// [`ReadError`].
pub async fn read(response: &mut reqwest::Response, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => return Err(ReadError::TooLarge(limit)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(ReadError::Lost(cause(error))),
        }
    }
}

/// What went wrong, down to the root cause, without the URL.
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
