//! A request of a browser or of a broker's server, and the event that API Gateway makes of the request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::unique;

/// The host name of the emulated API: `requestContext.domainName` of every event.
const DOMAIN: &str = "screens.example.com";

/// The client address of all requests.
const SOURCE_IP: &str = "203.0.113.7";

const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// The headers that a browser sends when it opens a screen in an iframe.
const BROWSER_HEADERS: [(&str, &str); 11] = [
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-US,en;q=0.9"),
    ("host", DOMAIN),
    ("sec-fetch-dest", "iframe"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "cross-site"),
    ("user-agent", USER_AGENT),
    ("x-forwarded-for", SOURCE_IP),
    ("x-forwarded-port", "443"),
    ("x-forwarded-proto", "https"),
];

/// An HTTP request to the API, by default with the headers of a browser.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
    caller: Option<String>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// `GET path`
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// `HEAD path`
    #[must_use]
    pub fn head(path: &str) -> Self {
        Self::new("HEAD", path)
    }

    /// `POST path`, by a form of our own page in the iframe. Its referrer policy makes the origin `null`.
    #[must_use]
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
            .header("origin", "null")
            .header("sec-fetch-site", "same-origin")
    }

    /// Sets what a browser says about who sends the request (`Sec-Fetch-Site`) and what becomes of the response
    /// (`Sec-Fetch-Dest`).
    #[must_use]
    pub fn fetched(self, site: &str, dest: &str) -> Self {
        let mode = if dest == "empty" { "cors" } else { "navigate" };
        self.header("sec-fetch-site", site)
            .header("sec-fetch-dest", dest)
            .header("sec-fetch-mode", mode)
    }

    /// `GET` of our own page in the iframe, such as when its script reloads it.
    #[must_use]
    pub fn reload(path: &str) -> Self {
        Self::get(path).fetched("same-origin", "iframe")
    }

    /// A request with any HTTP method.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers: BROWSER_HEADERS
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            cookies: Vec::new(),
            caller: None,
            body: None,
        }
    }

    /// Sets the query string, encoded and without the question mark.
    #[must_use]
    pub fn query(mut self, raw: &str) -> Self {
        raw.clone_into(&mut self.query);
        self
    }

    /// Sets a header; replaces one of the same name.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        let mut request = self.without(name);
        request.headers.push((name.to_lowercase(), value.to_owned()));
        request
    }

    /// Removes the headers of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    /// Asks for JSON, as a broker's own server does. Unlike a browser, it sends no `Origin` and no `Sec-Fetch-*`.
    #[must_use]
    pub fn accept_json(mut self) -> Self {
        self.headers
            .retain(|(name, _)| name != "origin" && !name.starts_with("sec-fetch-"));
        self.header("accept", "application/json")
    }

    /// Adds a cookie. `cookie` may be a complete `Set-Cookie` value of an [`HttpResponse`](crate::HttpResponse); its
    /// attributes are ignored.
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Self {
        let pair = cookie.split(';').next().unwrap_or_default().trim();
        self.cookies.push(pair.to_owned());
        self
    }

    /// Signs the request with the AWS credentials of this caller, an ARN. API Gateway verifies the signature and names
    /// the caller in the event.
    #[must_use]
    pub fn signed_by(mut self, caller: &str) -> Self {
        self.caller = Some(caller.to_owned());
        self
    }

    /// Sets the body to a form with these fields.
    #[must_use]
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    /// Sets the body to this JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Sets the raw body, without a `Content-Type`.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The event that an API Gateway HTTP API makes of the request (payload format 2.0, stage `$default`).
    #[must_use]
    pub fn event(&self) -> Value {
        let route = format!("ANY {}", self.path);
        let now = Timestamp::now();
        let headers = self.event_headers(now);
        let mut event = json!({
            "version": "2.0",
            "routeKey": route,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "a1b2c3d4e5",
                "domainName": DOMAIN,
                "domainPrefix": "screens",
                "http": {
                    "method": self.method,
                    "path": self.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": SOURCE_IP,
                    "userAgent": headers.get("user-agent").cloned().unwrap_or_default(),
                },
                "requestId": unique(),
                "routeKey": route,
                "stage": "$default",
                "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
                "timeEpoch": now.as_millisecond(),
            },
            "isBase64Encoded": false,
        });
        if let Some(caller) = &self.caller {
            event["requestContext"]["authorizer"] = json!({ "iam": {
                "accessKey": "AKIAIOSFODNN7EXAMPLE",
                "accountId": "123456789012",
                "callerId": "AIDACKCEVSQ6C2EXAMPLE",
                "cognitoIdentity": null,
                "principalOrgId": null,
                "userArn": caller,
                "userId": "AIDACKCEVSQ6C2EXAMPLE",
            }});
        }
        if !self.query.is_empty() {
            event["queryStringParameters"] = self.query_parameters().into();
        }
        if !self.cookies.is_empty() {
            event["cookies"] = json!(self.cookies);
        }
        if let Some(body) = &self.body {
            let (text, encoded) = self.encode(body);
            event["body"] = json!(text);
            event["isBase64Encoded"] = json!(encoded);
        }
        event
    }

    /// The headers of the event: those of the request, and those that API Gateway adds.
    fn event_headers(&self, now: Timestamp) -> Map<String, Value> {
        let mut headers: Map<String, Value> = Map::new();
        for (name, value) in &self.headers {
            headers.insert(name.clone(), json!(value));
        }
        let length = self.body.as_ref().map_or(0, Vec::len);
        headers.insert("content-length".to_owned(), json!(length.to_string()));
        let trace_id = format!("Root=1-{:08x}-{}{:.8}", now.as_second(), unique(), unique());
        headers.insert("x-amzn-trace-id".to_owned(), json!(trace_id));
        headers
    }

    /// The decoded query parameters. API Gateway joins repeated ones with commas.
    fn query_parameters(&self) -> Map<String, Value> {
        let mut parameters: Map<String, Value> = Map::new();
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()) {
            let joined = match parameters.get(&*name).and_then(Value::as_str) {
                Some(previous) => format!("{previous},{value}"),
                None => value.into_owned(),
            };
            parameters.insert(name.into_owned(), json!(joined));
        }
        parameters
    }

    /// Encodes the body as API Gateway does: as text for a textual `Content-Type`, otherwise (forms too) as base64.
    fn encode(&self, body: &[u8]) -> (String, bool) {
        let content_type = self
            .headers
            .iter()
            .find(|(name, _)| name == "content-type")
            .map_or("", |(_, value)| value);
        let textual = [
            "text/",
            "application/json",
            "application/javascript",
            "application/xml",
        ]
        .iter()
        .any(|kind| content_type.starts_with(kind));
        match String::from_utf8(body.to_vec()) {
            Ok(text) if textual => (text, false),
            _ => (BASE64.encode(body), true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_travels_as_base64_and_json_as_text() {
        let form = Request::post("/x")
            .form(&[("amount", "50"), ("note", "a b")])
            .event();
        assert_eq!(form["isBase64Encoded"], true);
        assert_eq!(form["body"], BASE64.encode("amount=50&note=a+b"));
        let json = Request::post("/x").json(&json!({"amount": "50"})).event();
        assert_eq!(json["isBase64Encoded"], false);
        assert_eq!(json["body"], r#"{"amount":"50"}"#);
    }

    #[test]
    fn the_query_is_there_raw_and_decoded() {
        let event = Request::get("/x").query("token=a%2Bb&lang=es&lang=en").event();
        assert_eq!(event["rawQueryString"], "token=a%2Bb&lang=es&lang=en");
        assert_eq!(event["queryStringParameters"]["token"], "a+b");
        assert_eq!(event["queryStringParameters"]["lang"], "es,en");
    }

    #[test]
    fn the_attributes_of_a_cookie_are_not_sent_back() {
        let event = Request::get("/x").cookie("a=1; Secure; Path=/").event();
        assert_eq!(event["cookies"], json!(["a=1"]));
    }
}
