//! A request to a function.

use function::time_left;
use http::{HeaderMap, Method, header};
use lambda_http::{RequestExt, request::RequestContext};
use tokio::time::{Duration, Instant};

use crate::{accept, log_notes::LogNotes};

/// Time until all calls of a request must be over. A response may take 2.5 s; the rest is for rendering and sending.
const TIME_FOR_CALLS: Duration = Duration::from_millis(2_400);

/// An HTTP request.
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Path, still percent-encoded, without a slash at its end: people and programs add one to an address.
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
    /// The ARN of the caller whose signature API Gateway has verified, on a route with IAM authorisation.
    pub caller: Option<String>,
    /// Headers.
    pub headers: HeaderMap,
    /// What becomes known of the request, for its log line.
    pub(crate) notes: LogNotes,
}

impl Request {
    /// Converts the request of API Gateway. The deadline counts from here.
    pub(crate) fn new(request: lambda_http::Request) -> Self {
        let now = Instant::now();
        let deadline = now + TIME_FOR_CALLS;
        let context = request.lambda_context_ref();
        let invocation_end = context.map_or(deadline, |context| now + time_left(context));
        let path = without_slash_at_end(request.raw_http_path()).to_owned();
        let (domain, caller, notes) = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => {
                let iam = context
                    .authorizer
                    .as_ref()
                    .and_then(|authorizer| authorizer.iam.as_ref());
                (
                    context.domain_name.clone(),
                    iam.and_then(|iam| iam.user_arn.clone()),
                    LogNotes::new(context.request_id.as_deref()),
                )
            }
            _ => (None, None, LogNotes::default()),
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
            caller,
            headers: parts.headers,
            notes,
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

    /// The value of the cookie with exactly this name. Other cookies may hold any bytes and are ignored. If two have
    /// the name, somebody else set one of them, so none counts.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::COOKIE).iter();
        let mut values = lines
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|cookie| cookie_value(cookie, name));
        let value = values.next()?;
        values.next().is_none().then(|| str::from_utf8(value).ok())?
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

    /// Whether a trader or a program asks for the response, not a page that some browser shows: the response becomes a
    /// document or a frame, or no browser sent the request. `false` if it becomes an image, a script or data of a page,
    /// whose reader would lose the token for nothing.
    ///
    /// Browsers since 2023 send `Sec-Fetch-Dest` (Fetch Metadata); programs do not.
    pub(crate) fn may_redeem(&self) -> bool {
        match self.header("sec-fetch-dest") {
            "" | "document" => true,
            "empty" => self.header("sec-fetch-mode") == "navigate",
            _ => self.becomes_a_frame(),
        }
    }

    /// Whether the response becomes a frame of another page.
    fn becomes_a_frame(&self) -> bool {
        ["iframe", "frame", "fencedframe"].contains(&self.header("sec-fetch-dest"))
    }

    /// Whether a page of another site sent this `POST`, so that its body says nothing about the person who sees the
    /// response: it may hold a stranger's session.
    ///
    /// Our own forms are `same-origin`, also in a frame of another site. In a frame that is sandboxed without
    /// `allow-same-origin` they are `cross-site`. A frame of a stranger's page cannot show our response, and its
    /// cookies are kept apart from those of other sites. Browsers before 2023 and programs do not say.
    pub(crate) fn is_form_of_another_site(&self) -> bool {
        self.method == Method::POST
            && match self.header("sec-fetch-site") {
                "same-site" => true,
                "cross-site" => !self.becomes_a_frame(),
                _ => false,
            }
    }

    /// Whether our own page navigates to this URL, such as when it reloads itself. Programs and browsers before 2023
    /// do not say, and count.
    pub(crate) fn comes_from_our_page(&self) -> bool {
        ["", "same-origin"].contains(&self.header("sec-fetch-site"))
    }

    /// Whether this is a call of a screen's script to a path below the screen, such as `/inapp/deposit/ID`. The session
    /// in its body alone authorises it, never the cookie. So the script of a page without an origin may read the
    /// response: a frame that is sandboxed without `allow-same-origin` has the origin `null`.
    pub(crate) fn is_call_of_a_page(&self) -> bool {
        let below = self
            .path
            .strip_prefix("/inapp/")
            .and_then(|path| path.split_once('/'));
        self.method == Method::POST && below.is_some() && self.prefers_json()
    }

    /// Whether the client is a program that previews links in a chat or indexes pages, by its `User-Agent`.
    ///
    /// `HeadlessChrome` is not in the list: the browsers of conformance tests have that name too.
    pub(crate) fn is_link_previewer(&self) -> bool {
        const NAMES: [&str; 21] = [
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
            "google-pagerenderer",
            "google-read-aloud",
            "iframely",
            "kakaotalk-scrap",
            "flipboardproxy",
            "meta-external",
            "microlink",
            "opengraph",
            "slurp",
        ];
        let agent = self.header(header::USER_AGENT).to_ascii_lowercase();
        // Twitterbot, TelegramBot and others. Cubot is a brand of telephones.
        let mut words = agent.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word.ends_with("bot") && word != "cubot")
            || NAMES.iter().any(|name| agent.contains(name))
    }
}

fn without_slash_at_end(path: &str) -> &str {
    match path.strip_suffix('/') {
        Some("") | None => path,
        Some(shorter) => shorter,
    }
}

/// The value of `cookie`, `NAME=VALUE`, if it has exactly this name.
///
/// A browser guards the prefix `__Host-` only in a name that begins with it. [`str::trim`] also removes spaces such as
/// U+2000. With it, a cookie that a neighbouring subdomain set under the name `U+2000 __Host-inapp` would be ours.
pub(crate) fn cookie_value<'a>(cookie: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let begins = cookie.iter().position(|byte| !b" \t".contains(byte))?;
    cookie[begins..].strip_prefix(name.as_bytes())?.strip_prefix(b"=")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "__Host-inapp";

    #[test]
    fn a_cookie_has_its_name_to_the_byte() {
        let value = |cookie: &'static str| cookie_value(cookie.as_bytes(), NAME);
        assert_eq!(value("__Host-inapp=s"), Some(&b"s"[..]));
        assert_eq!(value(" \t__Host-inapp=s=="), Some(&b"s=="[..]));
        for other in [
            "",
            " ",
            "__Host-inapp",
            "__Host-inappX=s",
            "__Host-inapp =s",
            "__host-inapp=s",
            "\"__Host-inapp=s",
            "\r\n__Host-inapp=s",
        ] {
            assert_eq!(value(other), None, "{other:?}");
        }
    }

    #[test]
    fn one_slash_at_the_end_of_a_path_does_not_count() {
        for (path, expected) in [
            ("/inapp/deposit/", "/inapp/deposit"),
            ("/inapp/deposit", "/inapp/deposit"),
            ("/inapp/deposit//", "/inapp/deposit/"),
            ("/", "/"),
            ("", ""),
        ] {
            assert_eq!(without_slash_at_end(path), expected);
        }
    }

    proptest! {
        #[test]
        fn no_character_before_the_name_is_skipped(before in "[^ \t]") {
            let cookie = format!("{before}{NAME}=s");
            prop_assert_eq!(cookie_value(cookie.as_bytes(), NAME), None);
        }
    }
}
