//! A whole request: from Lambda's event to the response.

use futures_util::FutureExt;
use http::{Method, header};
use serde_json::{Value, json};
use web::{Code, Failure, Fields, Handler, Request, Response, Site};

use crate::bodies::{self, SITE};

/// Markup that no page may contain, because only requests do.
const MARKUP: &str = "<fuzz";

/// A function that reads all that a request has. It answers with an error page or with the page at the end of a screen.
struct Reader;

impl Handler for Reader {
    const NAME: &'static str = "deposit";

    fn site(&self) -> &Site {
        &SITE
    }

    async fn respond(&self, request: &Request) -> Result<Response, Failure> {
        resolution::LaunchUrl::parse(&request.query)?;
        if request.cookie("__Host-inapp").is_some_and(str::is_empty) {
            return Err(Failure::new(Code::SessionExpired));
        }
        let fields = Fields::read(request)?;
        bodies::fill(&fields, &request.body);
        if request.method == Method::POST {
            // Retryable, so the page repeats fields.
            return Err(Failure::new(Code::ServiceUnavailable));
        }
        let success = request.path == "/callback/success";
        Ok(Response::new(
            200,
            "OK",
            SITE.closing(Self::NAME, request, success)?,
        ))
    }

    fn failed(&self, request: &Request, failure: Failure) -> Response {
        let form_fields = ["amount".to_owned(), "text".to_owned()];
        SITE.failed(Self::NAME, request, failure, &form_fields)
    }
}

/// Reads an event, as Lambda hands it over.
pub(crate) fn event(event: &[u8]) {
    let response = web::fuzzing::respond(&Reader, event).now_or_never();
    assert!(response.is_some(), "the reader waits for nothing");
    let Some(Some(response)) = response else { return };
    let status = response.status().as_u16();
    assert!((200..500).contains(&status) || status == 503, "{status}");
    let headers = response.headers();
    for name in [header::CACHE_CONTROL, header::X_CONTENT_TYPE_OPTIONS] {
        assert!(headers.contains_key(name));
    }
    if !headers.contains_key(header::CONTENT_ENCODING)
        && let Ok(body) = str::from_utf8(response.body())
    {
        let is_page = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
        assert!(
            !is_page || !body.contains(MARKUP),
            "a page repeats markup of its request"
        );
        assert!(!is_page || headers.contains_key(header::CONTENT_SECURITY_POLICY));
    }
}

/// Makes an event of lines: method, path, query, headers until an empty line, and the body.
pub(crate) fn request(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let (head, body) = input.split_once("\n\n").unwrap_or((&input, ""));
    let mut lines = head.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (method, path, query) = (line(), format!("/{}", line()), line());
    let mut cookies = Vec::new();
    let mut headers = serde_json::Map::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        match name {
            "cookie" => cookies.push(value),
            _ => drop(headers.insert(name.to_owned(), Value::from(value))),
        }
    }
    let value = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": cookies,
        "headers": headers,
        "requestContext": {
            "domainName": "screens.broker.example",
            "http": { "method": method, "path": path },
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": false,
    });
    event(value.to_string().as_bytes());
}
