//! The event of an HTTP API (payload format 2.0), and the function's response.

use axum::{body::Body, response::Response};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use http::{HeaderName, HeaderValue, header, request::Parts};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::Caller;

/// The event of a request with this caller.
pub fn event(request: &Parts, body: &[u8], key_id: &str, caller: &Caller) -> Value {
    let now = Timestamp::now();
    let path = request.uri.path();
    let route = format!("ANY {path}");
    let headers: Map<String, Value> = request
        .headers
        .iter()
        // API Gateway does not pass the signature on.
        .filter(|(name, _)| **name != header::AUTHORIZATION)
        .filter_map(|(name, value)| Some((name.to_string(), json!(value.to_str().ok()?))))
        .collect();
    // A domain name has no port.
    let host = headers.get("host").and_then(Value::as_str).unwrap_or_default();
    let domain = host.split(':').next();
    let (text, encoded) = match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (BASE64.encode(body), true),
    };
    let account = caller.arn.split(':').nth(4).unwrap_or_default();
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": request.uri.query().unwrap_or_default(),
        "headers": headers,
        "requestContext": {
            "accountId": account,
            "apiId": "local",
            "authorizer": { "iam": {
                "accessKey": key_id,
                "accountId": account,
                "callerId": key_id,
                "cognitoIdentity": null,
                "principalOrgId": null,
                "userArn": caller.arn,
                "userId": key_id,
            }},
            "domainName": domain,
            "http": {
                "method": request.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent").cloned().unwrap_or_default(),
            },
            "requestId": format!("local-{}", now.as_nanosecond()),
            "routeKey": route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "body": text,
        "isBase64Encoded": encoded,
    })
}

/// The HTTP response that the function's response describes. `None` if it describes none.
pub fn response(answer: &Value) -> Option<Response> {
    let status = u16::try_from(answer["statusCode"].as_u64()?).ok()?;
    let text = answer["body"].as_str().unwrap_or_default();
    let body = if answer["isBase64Encoded"] == true {
        Body::from(BASE64.decode(text).ok()?)
    } else {
        Body::from(text.to_owned())
    };
    let mut response = Response::builder().status(status).body(body).ok()?;
    let single = answer["headers"].as_object().into_iter().flatten();
    let multi = answer["multiValueHeaders"].as_object().into_iter().flatten();
    let multi =
        multi.flat_map(|(name, values)| values.as_array().into_iter().flatten().map(move |v| (name, v)));
    for (name, value) in single.chain(multi) {
        let name = HeaderName::try_from(name.as_str()).ok()?;
        let value = HeaderValue::try_from(value.as_str()?).ok()?;
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, value);
        }
    }
    Some(response)
}
