//! What a browser or a broker's server sends, as the event that API Gateway makes of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::unique;

/// The host name of the emulated API, which is in every event as `requestContext.domainName`.
const DOMAIN: &str = "screens.example.com";

/// The address from which all requests of tests come.
const SOURCE_IP: &str = "203.0.113.7";

const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// An HTTP request to the API, with the headers that a browser sends unless a test says otherwise.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
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

    /// `POST path`
    #[must_use]
    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    /// Any method.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let headers = [
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
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            cookies: Vec::new(),
            body: None,
        }
    }

    /// With this query string, as it stands in the URL (encoded, without the question mark).
    #[must_use]
    pub fn query(mut self, raw: &str) -> Self {
        raw.clone_into(&mut self.query);
        self
    }

    /// With this header, in place of any other of the name.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        let mut this = self.without(name);
        this.headers.push((name.to_lowercase(), value.to_owned()));
        this
    }

    /// Without the headers of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    /// Asking for JSON, as a broker's own server does.
    #[must_use]
    pub fn accept_json(self) -> Self {
        self.header("accept", "application/json")
    }

    /// With this cookie. `cookie` may be a whole `Set-Cookie` value of an [`Answer`](crate::Answer): its attributes
    /// are left off.
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Self {
        let pair = cookie.split(';').next().unwrap_or_default().trim();
        self.cookies.push(pair.to_owned());
        self
    }

    /// With these fields as a submitted form.
    #[must_use]
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    /// With this JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// With this body, byte by byte; the `Content-Type` is the test's affair.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The event that an API Gateway HTTP API (payload format 2.0, stage `$default`) makes of the request.
    #[must_use]
    pub fn event(&self) -> Value {
        let route = format!("ANY {}", self.path);
        let now = Timestamp::now();
        let mut headers: Map<String, Value> = Map::new();
        for (name, value) in &self.headers {
            headers.insert(name.clone(), json!(value));
        }
        let length = self.body.as_ref().map_or(0, Vec::len);
        headers.insert("content-length".to_owned(), json!(length.to_string()));
        headers.insert(
            "x-amzn-trace-id".to_owned(),
            json!(format!(
                "Root=1-{:08x}-{}{:.8}",
                now.as_second(),
                unique(),
                unique()
            )),
        );
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
        if !self.query.is_empty() {
            event["queryStringParameters"] = self.parameters().into();
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

    /// Decoded; of a parameter that comes more than once, all values, with commas between.
    fn parameters(&self) -> Map<String, Value> {
        let mut parameters: Map<String, Value> = Map::new();
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()) {
            let joined = match parameters.get(&*name).and_then(Value::as_str) {
                Some(before) => format!("{before},{value}"),
                None => value.into_owned(),
            };
            parameters.insert(name.into_owned(), json!(joined));
        }
        parameters
    }

    /// API Gateway passes on as text what has a textual `Content-Type` (forms have not), and the rest as base64.
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
    fn of_a_set_cookie_only_the_pair_is_sent_back() {
        let event = Request::get("/x").cookie("a=1; Secure; Path=/").event();
        assert_eq!(event["cookies"], json!(["a=1"]));
    }
}
