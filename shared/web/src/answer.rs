//! What goes back: status, body, and the headers that every answer carries.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::Body;
use resolution::Upstream;
use serde::Serialize;

use crate::{Request, Site};

/// The cookie that carries the session.
pub(crate) const COOKIE: &str = "__Host-inapp";

/// Bodies below this size, in bytes, do not gain from gzip.
const WORTH_GZIP: usize = 500;

/// An answer, with what the log says of it.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// What came of the request, for the log: an error code, or `OK`, `RECORDED`, ...
    pub code: &'static str,
    /// Body.
    pub content: Content,
    /// Headers that only this answer has.
    pub headers: Vec<(header::HeaderName, &'static str)>,
    /// The sealed session for the cookie.
    pub cookie: Option<String>,
    /// Reference of the request that was recorded, for the log.
    pub reference: Option<String>,
    /// For the log. Never holds a secret.
    pub detail: Option<String>,
    /// Whether it looks like a mistake in the settings, for somebody to look at.
    pub misconfigured: bool,
    /// The exchange with cTrader, if it came to one.
    pub upstream: Option<Upstream>,
}

/// The body of an answer.
#[derive(Debug)]
pub enum Content {
    /// None.
    Empty,
    /// A page, with the nonce of its style and scripts.
    Html {
        /// Nonce of the content security policy.
        nonce: String,
        /// The page.
        html: String,
    },
    /// JSON.
    Json(String),
}

impl Content {
    /// JSON, its members in the order of the type.
    pub(crate) fn json<T: Serialize>(body: &T) -> Self {
        // A type with text keys and plain values cannot fail to serialize.
        Self::Json(serde_json::to_string(body).unwrap_or_default())
    }
}

impl Answer {
    /// An answer with nothing special.
    pub fn new(status: u16, code: &'static str, content: Content) -> Self {
        Self {
            status,
            code,
            content,
            headers: Vec::new(),
            cookie: None,
            reference: None,
            detail: None,
            misconfigured: false,
            upstream: None,
        }
    }

    /// The HTTP response. `site` says who may frame it.
    pub(crate) fn into_response(self, request: &Request, site: &Site) -> Response<Body> {
        let (content_type, nonce, body) = match self.content {
            Content::Empty => (None, None, String::new()),
            Content::Html { nonce, html } => (Some("text/html; charset=utf-8"), Some(nonce), html),
            Content::Json(json) => (Some("application/json"), None, json),
        };
        let is_head = request.method == http::Method::HEAD;
        let gzip = body.len() >= WORTH_GZIP && request.allows_gzip() && !is_head;
        let mut response = Response::new(match (is_head, gzip) {
            (true, _) => Body::Empty,
            (_, true) => Body::Binary(gzipped(&body)),
            _ => Body::Text(body),
        });
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);

        let headers = response.headers_mut();
        let mut set = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.append(name, value);
            }
        };
        set(header::CACHE_CONTROL, "no-store");
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        set(header::CONTENT_SECURITY_POLICY, &policy(nonce.as_deref(), site));
        set(header::VARY, "accept, accept-encoding, cookie");
        if let Some(content_type) = content_type {
            set(header::CONTENT_TYPE, content_type);
        }
        if gzip {
            set(header::CONTENT_ENCODING, "gzip");
        }
        for (name, value) in self.headers {
            set(name, value);
        }
        if let Some(session) = self.cookie {
            let cookie = format!("{COOKIE}={session}; Secure; HttpOnly; Path=/; SameSite=None; Partitioned");
            set(header::SET_COOKIE, &cookie);
        }
        response
    }
}

/// The content security policy: nothing but our own inline style and script, a logo that is in the page, and forms to
/// ourselves.
fn policy(nonce: Option<&str>, site: &Site) -> String {
    let ancestors: Vec<&str> = site
        .config
        .frame_ancestors
        .get_ref()
        .iter()
        .map(|origin| origin.get_ref().as_str())
        .collect();
    let inline = nonce
        .map(|nonce| format!("style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "))
        .unwrap_or_default();
    let ancestors = if ancestors.is_empty() {
        "'none'".to_owned()
    } else {
        ancestors.join(" ")
    };
    format!("default-src 'none'; {inline}base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}")
}

fn gzipped(body: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(body.as_bytes());
    encoder.finish().unwrap_or_default()
}
