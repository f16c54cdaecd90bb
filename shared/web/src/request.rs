//! A request as the screens see it.

use http::{HeaderMap, Method, header};
use lambda_http::{RequestExt, request::RequestContext};
use tokio::time::{Duration, Instant};

use crate::accept;

/// Time from request to answer is 2.5 s, of which the last tenth is for making the answer and sending it.
const DEADLINE: Duration = Duration::from_millis(2_400);

/// A request from the outside.
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path, decoded by nobody.
    pub path: String,
    /// Query, still percent-encoded.
    pub query: String,
    /// Body.
    pub body: Vec<u8>,
    /// When the answer must be on its way. Every call's timeout comes from what is left of it.
    pub deadline: Instant,
    /// The host that API Gateway answers on; unlike the `Host` header it cannot be chosen by the client.
    pub domain: Option<String>,
    /// Headers.
    pub headers: HeaderMap,
}

impl Request {
    /// Reads what API Gateway sent. The clock of the deadline starts here.
    pub(crate) fn new(request: lambda_http::Request) -> Self {
        let deadline = Instant::now() + DEADLINE;
        let path = request.raw_http_path().to_owned();
        let domain = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.domain_name.clone(),
            _ => None,
        };
        let (parts, body) = request.into_parts();
        Self {
            method: parts.method,
            path,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            body: body.to_vec(),
            deadline,
            domain,
            headers: parts.headers,
        }
    }

    /// A header as text; empty where it is absent or no text.
    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Whether the client prefers JSON.
    pub fn prefers_json(&self) -> bool {
        accept::prefers_json(self.header(header::ACCEPT))
    }

    /// Whether the answer may be gzipped.
    pub(crate) fn allows_gzip(&self) -> bool {
        accept::allows_gzip(self.header(header::ACCEPT_ENCODING))
    }

    /// The value of a cookie. Other cookies may hold anything, so they are not looked at.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get(header::COOKIE)?.as_bytes();
        cookies
            .split(|byte| *byte == b';')
            .filter_map(|cookie| str::from_utf8(cookie).ok()?.trim().split_once('='))
            .find_map(|(cookie, value)| (cookie == name).then_some(value))
    }

    /// Whether the browser fetches ahead of a visit that may never come.
    pub(crate) fn is_prefetch(&self) -> bool {
        ["sec-purpose", "purpose", "x-purpose", "x-moz"]
            .iter()
            .any(|name| {
                let purpose = self.header(*name).to_ascii_lowercase();
                ["prefetch", "prerender", "preview"]
                    .iter()
                    .any(|word| purpose.contains(word))
            })
    }

    /// Whether a program looks at the link on somebody's behalf, to show a preview in a chat or to index it.
    pub(crate) fn is_link_previewer(&self) -> bool {
        const NAMES: [&str; 12] = [
            "crawler",
            "spider",
            "facebookexternalhit",
            "whatsapp",
            "skypeuripreview",
            "slack-img",
            "preview",
            "embedly",
            "vkshare",
            "viber",
            "snapchat",
            "google-safety",
        ];
        let agent = self.header(header::USER_AGENT).to_ascii_lowercase();
        // Twitterbot, TelegramBot, ...; but Cubot makes telephones.
        let mut words = agent.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word.ends_with("bot") && word != "cubot")
            || NAMES.iter().any(|name| agent.contains(name))
    }
}
