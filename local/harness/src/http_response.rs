//! The HTTP response that a function returned.

use std::collections::BTreeMap;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::read::GzDecoder;
use serde_json::Value;

/// An HTTP response, as API Gateway builds it from what a function returned.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers by lowercase name.
    pub headers: BTreeMap<String, String>,
    /// Complete `Set-Cookie` values.
    pub cookies: Vec<String>,
    /// The body as sent to the client: decoded from base64, still compressed.
    pub wire: Vec<u8>,
    /// The error that the function reported to Lambda. The client then gets API Gateway's own 500.
    pub failure: Option<Value>,
}

impl HttpResponse {
    /// From what a function returned, in payload format 2.0.
    pub(crate) fn from_response(response: &Value) -> Self {
        let status = response["statusCode"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or_else(|| panic!("no statusCode in the function's response: {response}"));
        let mut headers = BTreeMap::new();
        if let Some(map) = response["headers"].as_object() {
            for (name, value) in map {
                headers.insert(name.to_lowercase(), to_text(value));
            }
        }
        if let Some(map) = response["multiValueHeaders"].as_object() {
            for (name, values) in map {
                let values: Vec<String> = values.as_array().into_iter().flatten().map(to_text).collect();
                headers.insert(name.to_lowercase(), values.join(", "));
            }
        }
        let cookies = response["cookies"].as_array().into_iter().flatten();
        let body = response["body"].as_str().unwrap_or_default();
        let wire = if response["isBase64Encoded"] == true {
            BASE64.decode(body).expect("the body is valid base64")
        } else {
            body.as_bytes().to_vec()
        };
        Self {
            status,
            headers,
            cookies: cookies.map(to_text).collect(),
            wire,
            failure: None,
        }
    }

    /// From the error that a function reported.
    pub(crate) fn from_failure(failure: Value) -> Self {
        Self {
            status: 500,
            headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
            cookies: Vec::new(),
            wire: br#"{"message":"Internal Server Error"}"#.to_vec(),
            failure: Some(failure),
        }
    }

    /// A header, by lowercase name; empty if absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body, decompressed, as text.
    ///
    /// # Panics
    /// If the body is not encoded as its `Content-Encoding` says, or is not UTF-8.
    #[must_use]
    pub fn text(&self) -> String {
        match self.header("content-encoding") {
            "" | "identity" => String::from_utf8(self.wire.clone()).expect("the body is UTF-8"),
            "gzip" => {
                let mut text = String::new();
                GzDecoder::new(self.wire.as_slice())
                    .read_to_string(&mut text)
                    .expect("the body is gzipped UTF-8");
                text
            }
            other => panic!("unexpected content-encoding {other}"),
        }
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If the body is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("not JSON ({error}): {text}"))
    }

    /// The value of the page's first `<input>` of this name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<String> {
        let page = self.text();
        page.split("<input")
            .skip(1)
            .filter_map(|rest| rest.split('>').next())
            .find(|tag| attribute(tag, "name").as_deref() == Some(name))
            .map(|tag| attribute(tag, "value").unwrap_or_default())
    }

    /// The value that the response sets for this cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.iter().find_map(|cookie| {
            let (pair, _) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (other, value) = pair.split_once('=')?;
            (other.trim() == name).then(|| value.trim().to_owned())
        })
    }
}

fn to_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The unescaped value of an attribute. Works for well-formed HTML only.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|&at| tag[..at].ends_with(char::is_whitespace) && tag[at + name.len()..].starts_with('='))?;
    let value = &tag[start + name.len() + 1..];
    let raw = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split(char::is_whitespace).next().unwrap_or_default(),
    };
    let entities = [
        ("&lt;", "<"),
        ("&#60;", "<"),
        ("&gt;", ">"),
        ("&#62;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    let unescape = |text: String, (entity, character)| text.replace(entity, character);
    Some(entities.into_iter().fold(raw.to_owned(), unescape))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_gzipped_page_is_read_as_text() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all("<p>ñ</p>".as_bytes()).unwrap();
        let response = HttpResponse::from_response(&json!({
            "statusCode": 200,
            "headers": {"Content-Encoding": "gzip"},
            "body": BASE64.encode(encoder.finish().unwrap()),
            "isBase64Encoded": true,
        }));
        assert_eq!(response.text(), "<p>ñ</p>");
    }

    #[test]
    fn inputs_are_found_in_any_order_of_attributes() {
        let response = HttpResponse::from_response(&json!({
            "statusCode": 200,
            "body": r#"<input data-name="session" value=no><input value="a&#38;b" type="hidden" name="session"><input name=x>"#,
        }));
        assert_eq!(response.input("session").as_deref(), Some("a&b"));
        assert_eq!(response.input("x").as_deref(), Some(""));
        assert_eq!(response.input("y"), None);
    }

    #[test]
    fn cookies_are_found_by_name() {
        let response = HttpResponse::from_response(&json!({
            "statusCode": 200,
            "cookies": ["__Host-inapp=abc=; Secure; HttpOnly"],
        }));
        assert_eq!(response.cookie("__Host-inapp").as_deref(), Some("abc="));
    }
}
