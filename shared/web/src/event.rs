//! Reads the event of an invocation. Whatever the event is, the client gets one of our own answers.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use serde_json::{Map, Value};

use crate::{request::cookie_value, response::COOKIE};

/// Maximum length of the URL of a request, encoded, in bytes. API Gateway takes 10 KB; the conversion panics at 64 KB.
const MAX_URL_BYTES: usize = 60_000;

/// The event is no request of API Gateway. Holds the headers that are readable, for the language of the answer's format.
#[derive(Debug)]
pub(crate) struct NoRequest(pub HeaderMap);

/// Reads an event of an API Gateway HTTP API (payload format 2.0), so that its conversion to a request cannot panic.
///
/// # Errors
/// [`NoRequest`] if it is no such event.
pub(crate) fn read(event: &str) -> Result<ApiGatewayV2httpRequest, NoRequest> {
    let request = match serde_json::from_str(event) {
        Ok(request) => request,
        Err(_) => repaired(event)?,
    };
    let request = harden(request);
    if is_convertible(&request) {
        Ok(request)
    } else {
        Err(NoRequest(request.headers))
    }
}

/// A second try without what the type of the event does not take: headers with control characters, cookies that are no
/// texts, and the members that nobody reads.
fn repaired(event: &str) -> Result<ApiGatewayV2httpRequest, NoRequest> {
    let Ok(Value::Object(mut event)) = serde_json::from_str(event) else {
        return Err(NoRequest(HeaderMap::new()));
    };
    let headers = match event.remove("headers") {
        Some(Value::Object(headers)) => readable_headers(headers),
        _ => HeaderMap::new(),
    };
    if let Some(Value::Array(cookies)) = event.get_mut("cookies") {
        cookies.retain(Value::is_string);
    } else {
        event.remove("cookies");
    }
    for unread in ["queryStringParameters", "pathParameters", "stageVariables"] {
        event.remove(unread);
    }
    match serde_json::from_value::<ApiGatewayV2httpRequest>(Value::Object(event)) {
        Ok(mut request) => {
            request.headers = headers;
            Ok(request)
        }
        Err(_) => Err(NoRequest(headers)),
    }
}

fn readable_headers(headers: Map<String, Value>) -> HeaderMap {
    let readable = headers.into_iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = HeaderValue::from_str(value.as_str()?).ok()?;
        Some((name, value))
    });
    readable.collect()
}

/// Repairs an event that would make the conversion to a request panic, in which case the trader would see API
/// Gateway's JSON. Removes `Host`, which may be no host name, and encodes characters that no query may have. Also
/// removes every cookie but ours: others may hold bytes for which the conversion drops all cookies.
fn harden(mut event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpRequest {
    event.headers.remove(header::HOST);
    event.headers.remove("x-forwarded-proto");
    if let Some(cookies) = &mut event.cookies {
        cookies.retain(|cookie| cookie.is_ascii() && cookie_value(cookie.as_bytes(), COOKIE).is_some());
    }
    event.raw_query_string = event.raw_query_string.map(|query| {
        let allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>#\\^`{|}".contains(&byte);
        let mut encoded = String::with_capacity(query.len());
        for byte in query.bytes() {
            if allowed(byte) {
                encoded.push(char::from(byte));
            } else {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
        encoded
    });
    event
}

/// Whether the conversion finds a URL: a path below a host name, not too long.
fn is_convertible(event: &ApiGatewayV2httpRequest) -> bool {
    let context = &event.request_context;
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let path = event.raw_path.as_deref().unwrap_or_default();
    let is_host = |name: &String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        !name.is_empty() && name.bytes().all(plain) && url_host(name)
    };
    let encoded = 3 * (path.len() + length(&context.stage)) + length(&event.raw_query_string);
    path.starts_with('/') && encoded <= MAX_URL_BYTES && context.domain_name.as_ref().is_none_or(is_host)
}

/// Whether the URL standard takes this name as a host. It refuses `1.2.3.4.5` and `xn--`, for example.
fn url_host(name: &str) -> bool {
    url::Host::parse(name).is_ok()
}

#[cfg(test)]
mod tests {
    use lambda_http::request::LambdaRequest;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::Request;

    fn event(query: &str, path: &str, host: &str) -> Value {
        json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": { "host": host, "x-forwarded-proto": "gopher" },
            "requestContext": { "domainName": "id.execute-api.example", "stage": "$default", "http": { "method": "GET" } },
            "isBase64Encoded": false,
        })
    }

    fn request(event: &Value) -> Option<Request> {
        let event = read(&event.to_string()).ok()?;
        Some(Request::new(LambdaRequest::ApiGatewayV2(event).into()))
    }

    proptest! {
        #[test]
        fn no_query_path_or_host_panics(query in "\\PC{0,40}", path in "/\\PC{0,20}", host in "[ -~]{0,20}") {
            let request = request(&event(&query, &path, &host)).unwrap();
            let shorter = path.strip_suffix('/').filter(|path| !path.is_empty());
            prop_assert_eq!(&*request.path, shorter.unwrap_or(&path));
            prop_assert_eq!(request.domain.as_deref(), Some("id.execute-api.example"));
        }

        #[test]
        fn no_event_panics(path in any::<String>(), domain in "[ -~]{0,12}", stage in any::<String>(), value in any::<String>()) {
            let mut event = event("a=b", &path, "h");
            event["requestContext"]["domainName"] = json!(domain);
            event["requestContext"]["stage"] = json!(stage);
            event["headers"]["x"] = json!(value);
            let _ = request(&event);
        }
    }

    #[test]
    fn hardening_keeps_what_a_query_says() {
        let request = request(&event("token=a+b%2B&x=\"<é>", "/inapp/deposit", "h")).unwrap();
        assert_eq!(request.query, "token=a+b%2B&x=%22%3C%C3%A9%3E");
    }

    #[test]
    fn a_header_that_no_request_may_have_is_dropped_and_the_others_stay() {
        let mut event = event("token=t", "/inapp/deposit", "h");
        event["headers"] = json!({"x": "\u{7f}", "a b": "c", "y": 7, "accept": "application/json"});
        event["cookies"] = json!(["__Host-inapp=s", 7]);
        event["queryStringParameters"] = json!({"token": 7});
        let request = request(&event).unwrap();
        assert!(request.prefers_json());
        assert_eq!(request.cookie("__Host-inapp"), Some("s"));
        assert_eq!((request.headers.len(), request.query.as_str()), (2, "token=t"));
    }

    #[test]
    fn what_is_no_request_is_no_request() {
        let long = format!("/{}", "x".repeat(60_000));
        for path in ["", "x", long.as_str()] {
            assert!(request(&event("", path, "h")).is_none());
        }
        for other in [
            json!({}),
            json!([]),
            json!(7),
            json!({"source": "aws.events"}),
            json!({"rawPath": 7}),
        ] {
            assert!(request(&other).is_none(), "{other}");
        }
        let scheduled = json!({"headers": {"accept": "application/json"}}).to_string();
        assert_eq!(read(&scheduled).unwrap_err().0["accept"], "application/json");
    }
}
