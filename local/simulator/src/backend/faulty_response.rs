//! The responses that faults put in place of cTrader's.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::{
    CLIENT_AUTH_FAILURE, CTraderResponse, INVALID_REQUEST, NON_EXISTED_TOKEN, REQUEST_FREQUENCY_EXCEEDED,
    TOKEN_EXPIRED, TRADER_NOT_FOUND, UNKNOWN_ERROR, error_body,
};
use crate::faults::Endpoint;

/// The reason of a response that only a fault explains.
const SIMULATED: &str = "simulated by a fault";

/// cTrader's error for a status.
pub(super) fn error_for(status: u16, endpoint: Option<Endpoint>) -> CTraderResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let is_redemption = endpoint == Some(Endpoint::Redemption);
    let (code, why) = match status.as_u16() {
        401 | 403 => (CLIENT_AUTH_FAILURE, "the manager token is refused"),
        404 | 417 if is_redemption => (NON_EXISTED_TOKEN, "no such token"),
        404 => (TRADER_NOT_FOUND, "no such account"),
        410 if is_redemption => (TOKEN_EXPIRED, "the token has expired"),
        429 => (REQUEST_FREQUENCY_EXCEEDED, "too many calls"),
        400..=499 => (INVALID_REQUEST, SIMULATED),
        _ => (UNKNOWN_ERROR, SIMULATED),
    };
    CTraderResponse::error(status, code, why)
}

/// The parts of [`FaultKind::Status`](crate::FaultKind::Status) that replace parts of cTrader's error.
pub(super) struct Replacement {
    pub(super) code: Option<String>,
    pub(super) body: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) location: Option<String>,
}

impl Replacement {
    /// Applies the replacement; returns the result for the timeline and for the caller.
    pub(super) fn apply(self, mut response: CTraderResponse, uri: &Uri) -> (CTraderResponse, Response) {
        if let Some(code) = self.code {
            response.why = SIMULATED;
            response.body = error_body(&code, SIMULATED);
            response.code = Some(code.into());
        }
        if let Some(body) = self.body {
            response.why = SIMULATED;
            response.body = body;
            response.code = None;
        }
        let mut http = (response.status, response.body.clone()).into_response();
        let header = |text: String| HeaderValue::try_from(text).ok();
        let content_type = self.content_type.and_then(header);
        http.headers_mut().insert(
            CONTENT_TYPE,
            content_type.unwrap_or(HeaderValue::from_static("application/json")),
        );
        if response.status.is_redirection() {
            let same_url = uri.path_and_query().map(ToString::to_string);
            if let Some(location) = self.location.or(same_url).and_then(header) {
                http.headers_mut().insert(LOCATION, location);
            }
        }
        (response, http)
    }
}

/// The first half of a response, with the `Content-Length` of the whole; then waits for `end`, which never comes.
pub(super) fn first_half(
    response: CTraderResponse,
    end: impl Future<Output = Infallible> + Send + 'static,
) -> Response {
    let length = response.body.len();
    let half = Bytes::from(response.body).slice(..length / 2);
    let body = stream::once(async move { Ok::<_, Infallible>(half) })
        .chain(stream::once(async move { match end.await {} }));
    let mut http = (response.status, Body::from_stream(body)).into_response();
    let headers = http.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    http
}

/// Status 200 with bytes that are not JSON.
pub(super) fn garbage() -> Response {
    let bytes: &[u8] = b"\x00\xff{\"userId\": <!-- \xfe";
    ([(CONTENT_TYPE, "application/json")], bytes).into_response()
}

/// Status 200 with 16 MiB of valid JSON.
pub(super) fn huge() -> Response {
    const CHUNK: Bytes = Bytes::from_static(&[b' '; 64 * 1024]);
    let padding = stream::repeat_with(|| Ok::<_, Infallible>(CHUNK)).take(256);
    let end = stream::once(async { Ok(Bytes::from_static(br#"{"userId":1}"#)) });
    (
        [(CONTENT_TYPE, "application/json")],
        Body::from_stream(padding.chain(end)),
    )
        .into_response()
}
