//! A response: status, body, and the headers that every response has.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use http::{HeaderName, HeaderValue, StatusCode, header};
use lambda_http::Body;
use resolution::Upstream;
use serde::Serialize;

use crate::{Code, Failure, Misconfiguration, Request, SecurityEvent, Site, Sources};

/// The cookie that carries the session.
pub(crate) const COOKIE: &str = "__Host-inapp";

/// Minimum size of a body that is gzipped, in bytes. Smaller ones would hardly shrink.
const MIN_GZIP_BYTES: usize = 500;

/// The HTTP methods that a screen takes.
pub(crate) const ALLOW: &str = "GET, HEAD, POST";

/// A response of a function, with the details for its log line.
#[derive(Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The result for people who read the log: an error code, or `OK`, `RECORDED` and others. No program reads it.
    pub code: &'static str,
    /// The body.
    pub content: Content,
    /// Additional headers of this response.
    pub headers: Vec<(header::HeaderName, String)>,
    /// The `Location` of a redirect.
    pub location: Option<String>,
    /// What becomes of the cookie with the session.
    pub cookie: Option<SessionCookie>,
    /// Reference of the recorded request, for the log.
    pub reference: Option<String>,
    /// Explanation for the log. Never holds a secret.
    pub detail: Option<String>,
    /// The setting that is probably wrong. Each kind has an alarm of its own.
    pub misconfigured: Option<Misconfiguration>,
    /// Who was turned away, for the log.
    pub security: Option<SecurityEvent>,
    /// Whether the broker's backend was called and its result is unknown. An operator has to find out.
    pub outcome_unknown: bool,
    /// The exchange with cTrader, if there was one.
    pub upstream: Option<Upstream>,
    /// The exchange with the broker's backend, if there was one.
    pub backend: Option<Upstream>,
}

/// What a response does with the cookie `__Host-inapp`.
#[derive(Debug)]
pub enum SessionCookie {
    /// Sets it to this sealed session.
    Set(String),
    /// Removes it: the screen has ended.
    Remove,
}

impl SessionCookie {
    /// The `Set-Cookie` header.
    fn header(&self) -> String {
        const ATTRIBUTES: &str = "Secure; HttpOnly; Path=/; SameSite=None; Partitioned";
        match self {
            Self::Set(session) => format!("{COOKIE}={session}; {ATTRIBUTES}"),
            Self::Remove => format!("{COOKIE}=; Max-Age=0; {ATTRIBUTES}"),
        }
    }
}

/// The body of a response.
#[derive(Debug)]
pub enum Content {
    /// No body.
    Empty,
    /// A page.
    Html {
        /// Nonce of the page's style and scripts, for the content security policy.
        nonce: String,
        /// The rendered page.
        html: String,
    },
    /// JSON.
    Json(String),
    /// Public JSON that clients may cache.
    Public {
        /// The JSON.
        json: String,
        /// Its content type.
        media_type: &'static str,
        /// The `Cache-Control` header.
        cache_control: &'static str,
    },
}

impl Content {
    /// JSON, its members in the order of the type.
    pub fn json<T: Serialize>(body: &T) -> Self {
        // A type with text keys and plain values cannot fail to serialize.
        Self::Json(serde_json::to_string(body).unwrap_or_default())
    }

    /// Public JSON with this content type and this `Cache-Control` header.
    pub fn public<T: Serialize>(body: &T, media_type: &'static str, cache_control: &'static str) -> Self {
        Self::Public {
            json: serde_json::to_string(body).unwrap_or_default(),
            media_type,
            cache_control,
        }
    }
}

impl Response {
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
            misconfigured: None,
            security: None,
            outcome_unknown: false,
            upstream: None,
            backend: None,
        }
    }

    /// The response to a request that failed, as JSON. `allow` lists the HTTP methods that the path takes.
    pub fn failed(failure: Failure, allow: &'static str) -> Self {
        let (code, retry_after) = (failure.code, failure.retry_after());
        let (backend, reference) = match failure.unstored {
            Some(unstored) => (unstored.backend, Some(unstored.reference)),
            None => (None, None),
        };
        let mut response = Self {
            detail: failure.detail,
            misconfigured: failure.misconfigured,
            security: failure.security.or(match code {
                Code::AccountMismatch => Some(SecurityEvent::AccountMismatch),
                Code::BrokerMismatch => Some(SecurityEvent::BrokerMismatch),
                _ => None,
            }),
            // The backend was called, and its result is stored nowhere.
            outcome_unknown: backend.is_some(),
            upstream: failure.upstream,
            backend,
            reference,
            ..Self::new(code.status(), code.as_str(), failure_json(code, &failure.message))
        };
        if let Some(seconds) = retry_after {
            response.headers.push((header::RETRY_AFTER, seconds.to_string()));
        }
        if code == Code::MethodNotAllowed {
            response.headers.push((header::ALLOW, allow.to_owned()));
        }
        response
    }

    /// The HTTP response. The content security policy allows the frame ancestors of `site` and loads from `sources`.
    pub(crate) fn into_http(self, request: &Request, site: &Site, sources: &Sources) -> http::Response<Body> {
        let is_json = matches!(self.content, Content::Json(_));
        let is_public = matches!(self.content, Content::Public { .. });
        let (mut cache_control, mut vary) = ("no-store", "accept, accept-encoding, cookie");
        let (content_type, nonce, body) = match self.content {
            Content::Empty => (None, None, String::new()),
            Content::Html { nonce, html } => (Some("text/html; charset=utf-8"), Some(nonce), html),
            Content::Json(json) => (Some("application/json"), None, json),
            Content::Public {
                json,
                media_type,
                cache_control: public,
            } => {
                (cache_control, vary) = (public, "accept-encoding");
                (Some(media_type), None, json)
            }
        };
        let is_head = request.method == http::Method::HEAD;
        let gzip = body.len() >= MIN_GZIP_BYTES && request.allows_gzip() && !is_head;
        let mut response = http::Response::new(if is_head {
            Body::Empty
        } else if gzip {
            Body::Binary(gzipped(&body))
        } else {
            Body::Text(body)
        });
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);

        let headers = response.headers_mut();
        let mut set = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.append(name, value);
            }
        };
        set(header::CACHE_CONTROL, cache_control);
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
        set(
            HeaderName::from_static("permissions-policy"),
            &sources.permissions(),
        );
        // Not on pages: a terminal that demands Cross-Origin-Resource-Policy of its frames could not show them.
        if is_json {
            set(
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            );
        }
        set(
            header::CONTENT_SECURITY_POLICY,
            &sources.policy(nonce.as_deref(), site),
        );
        set(header::VARY, vary);
        if !is_public && !request.notes.request_id.is_empty() {
            set(HeaderName::from_static("x-request-id"), &request.notes.request_id);
        }
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
        if is_json && request.is_call_of_a_page() {
            set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        }
        if let Some(cookie) = self.cookie {
            // Another site's form must not put its own session into this browser.
            if matches!(cookie, SessionCookie::Remove) || !request.is_form_of_another_site() {
                set(header::SET_COOKIE, &cookie.header());
            }
        }
        response
    }
}

/// The JSON body of an error, as the contract has it.
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
