//! What goes back: status, body, and the headers that every answer carries.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::Body;
use resolution::Upstream;
use serde::Serialize;

use crate::{Code, Failure, Request, Site, Sources};

/// The cookie that carries the session.
pub(crate) const COOKIE: &str = "__Host-inapp";

/// Bodies below this size, in bytes, do not gain from gzip.
const WORTH_GZIP: usize = 500;

/// The methods of a screen.
pub(crate) const ALLOW: &str = "GET, HEAD, POST";

/// `Retry-After` of answers that are worth a retry, in seconds.
const RETRY_AFTER: &str = "2";

/// An answer, with what the log says of it.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// What became of the request, for people who read the log: an error code, or `OK`, `RECORDED`, ... No program reads it.
    pub code: &'static str,
    /// Body.
    pub content: Content,
    /// Headers that only this answer has.
    pub headers: Vec<(header::HeaderName, String)>,
    /// Where the client is sent on to.
    pub location: Option<String>,
    /// The sealed session for the cookie.
    pub cookie: Option<String>,
    /// Reference of the request that was recorded, for the log.
    pub reference: Option<String>,
    /// For the log. Never holds a secret.
    pub detail: Option<String>,
    /// Whether it looks like a mistake in the settings, for somebody to look at.
    pub misconfigured: bool,
    /// Whether the broker's backend was asked and no usable answer came. An operator has to find out.
    pub outcome_unknown: bool,
    /// The exchange with cTrader, if it came to one.
    pub upstream: Option<Upstream>,
    /// The exchange with the broker's backend, if it came to one.
    pub backend: Option<Upstream>,
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
    /// JSON that is for everybody and may be kept.
    Public {
        /// The JSON.
        json: String,
        /// Its content type.
        media_type: &'static str,
        /// `Cache-Control`.
        keep: &'static str,
    },
}

impl Content {
    /// JSON, its members in the order of the type.
    pub fn json<T: Serialize>(body: &T) -> Self {
        // A type with text keys and plain values cannot fail to serialize.
        Self::Json(serde_json::to_string(body).unwrap_or_default())
    }

    /// The same, for everybody: of this type, to be kept as `keep` says.
    pub fn public<T: Serialize>(body: &T, media_type: &'static str, keep: &'static str) -> Self {
        Self::Public {
            json: serde_json::to_string(body).unwrap_or_default(),
            media_type,
            keep,
        }
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
            location: None,
            cookie: None,
            reference: None,
            detail: None,
            misconfigured: false,
            outcome_unknown: false,
            upstream: None,
            backend: None,
        }
    }

    /// The answer to a request that failed, as JSON. `allow` are the methods that the path takes.
    pub fn failed(failure: Failure, allow: &'static str) -> Self {
        let code = failure.code;
        let (backend, reference) = match failure.unstored {
            Some(unstored) => (unstored.backend, Some(unstored.reference)),
            None => (None, None),
        };
        let mut answer = Self {
            detail: failure.detail,
            misconfigured: failure.misconfigured,
            // Nobody stored what the backend has done.
            outcome_unknown: backend.is_some(),
            upstream: failure.upstream,
            backend,
            reference,
            ..Self::new(code.status(), code.as_str(), failure_json(code, &failure.message))
        };
        if code.worth_retrying() {
            answer.headers.push((header::RETRY_AFTER, RETRY_AFTER.to_owned()));
        }
        if code == Code::MethodNotAllowed {
            answer.headers.push((header::ALLOW, allow.to_owned()));
        }
        answer
    }

    /// The HTTP response. `site` says who may frame it, `sources` what its page may load.
    pub(crate) fn into_response(self, request: &Request, site: &Site, sources: &Sources) -> Response<Body> {
        let (mut keep, mut vary) = ("no-store", "accept, accept-encoding, cookie");
        let (content_type, nonce, body) = match self.content {
            Content::Empty => (None, None, String::new()),
            Content::Html { nonce, html } => (Some("text/html; charset=utf-8"), Some(nonce), html),
            Content::Json(json) => (Some("application/json"), None, json),
            Content::Public {
                json,
                media_type,
                keep: public,
            } => {
                (keep, vary) = (public, "accept-encoding");
                (Some(media_type), None, json)
            }
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
        set(header::CACHE_CONTROL, keep);
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        set(
            header::CONTENT_SECURITY_POLICY,
            &sources.policy(nonce.as_deref(), site),
        );
        set(header::VARY, vary);
        if let Some(content_type) = content_type {
            set(header::CONTENT_TYPE, content_type);
        }
        if gzip {
            set(header::CONTENT_ENCODING, "gzip");
        }
        for (name, value) in self.headers {
            set(name, &value);
        }
        if let Some(location) = self.location {
            set(header::LOCATION, &location);
        }
        if let Some(session) = self.cookie {
            let cookie = format!("{COOKIE}={session}; Secure; HttpOnly; Path=/; SameSite=None; Partitioned");
            set(header::SET_COOKIE, &cookie);
        }
        response
    }
}

/// The error body of the contract.
fn failure_json(code: Code, message: &str) -> Content {
    #[derive(Serialize)]
    struct Body<'a> {
        error: &'static str,
        message: &'a str,
        code: &'static str,
    }
    Content::json(&Body {
        error: code.error(),
        message,
        code: code.as_str(),
    })
}

fn gzipped(body: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(body.as_bytes());
    encoder.finish().unwrap_or_default()
}
