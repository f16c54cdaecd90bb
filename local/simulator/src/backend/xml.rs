//! XML in place of JSON: cTrader's `/webserv/` calls answer JSON only if the caller accepts it.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

/// The JSON body of a response, for the conversion.
#[derive(Clone)]
pub(super) struct CTraderBody(pub(super) String);

/// Converts the response, errors included, unless the request's `Accept` names JSON.
pub(super) async fn unless_json_is_accepted(request: Request, next: Next) -> Response {
    let accepts_json = request
        .headers()
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.to_ascii_lowercase().contains("application/json"));
    let mut response = next.run(request).await;
    let body = response.extensions_mut().remove::<CTraderBody>();
    if let (false, Some(CTraderBody(json))) = (accepts_json, body) {
        *response.body_mut() = document(&json).into();
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    }
    response
}

/// The XML document with the members of this JSON.
fn document(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap_or_default();
    let mut xml = r#"<?xml version="1.0" encoding="UTF-8"?>"#.to_owned();
    element(&mut xml, "response", &value);
    xml
}

fn element(xml: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| element(xml, name, item)),
        Value::Null => {}
        _ => {
            xml.push_str(&format!("<{name}>"));
            match value {
                Value::Object(members) => members.iter().for_each(|(name, value)| element(xml, name, value)),
                Value::String(text) => xml.push_str(&escaped(text)),
                other => xml.push_str(&other.to_string()),
            }
            xml.push_str(&format!("</{name}>"));
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
