//! A request to a function.

use function::time_left;
use http::{HeaderMap, Method, header};
use lambda_http::{RequestExt, request::RequestContext};
use tokio::time::{Duration, Instant};

use crate::accept;

/// Time until all calls of a request must be over. A response may take 2.5 s; the rest is for rendering and sending.
const TIME_FOR_CALLS: Duration = Duration::from_millis(2_400);

/// An HTTP request.
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path, still percent-encoded.
    pub path: String,
    /// Query, still percent-encoded.
    pub query: String,
    /// Body.
    pub body: Vec<u8>,
    /// When all calls must be over. The timeout of each call is the time left until then.
    pub deadline: Instant,
    /// When Lambda stops the invocation: the limit of work that may take longer than `deadline`.
    pub invocation_end: Instant,
    /// API Gateway's domain name. Unlike the `Host` header, the client cannot choose it.
    pub domain: Option<String>,
    /// Headers.
    pub headers: HeaderMap,
}

impl Request {
    /// Converts the request of API Gateway. The deadline counts from here.
    pub(crate) fn new(request: lambda_http::Request) -> Self {
        let now = Instant::now();
        let deadline = now + TIME_FOR_CALLS;
        let context = request.lambda_context_ref();
        let invocation_end = context.map_or(deadline, |context| now + time_left(context));
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
            invocation_end,
            domain,
            headers: parts.headers,
        }
    }

    /// A header as text. Empty if it is missing or no text.
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

    /// Whether the response may be gzipped.
    pub(crate) fn allows_gzip(&self) -> bool {
        accept::allows_gzip(self.header(header::ACCEPT_ENCODING))
    }

    /// The value of a cookie. Other cookies may hold any bytes and are ignored.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get(header::COOKIE)?.as_bytes();
        cookies
            .split(|byte| *byte == b';')
            .filter_map(|cookie| str::from_utf8(cookie).ok()?.trim().split_once('='))
            .find_map(|(cookie, value)| (cookie == name).then_some(value))
    }

    /// Whether a browser prefetches the page. The trader may never visit it.
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

    /// Whether the client is a program that previews links in a chat or indexes pages, by its `User-Agent`.
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
        // Twitterbot, TelegramBot and others. Cubot is a brand of telephones.
        let mut words = agent.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word.ends_with("bot") && word != "cubot")
            || NAMES.iter().any(|name| agent.contains(name))
    }
}
