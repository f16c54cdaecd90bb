//! Entrances for `local/fuzz`. No function is built with this module: local/fuzz/tests/production.rs.

use http::{HeaderMap, Method};
use lambda_http::Body;

use crate::{
    Assets, Handler, Request, Site,
    lambda::{handle, request_of},
};

/// The site of the tests.
///
/// # Panics
/// If the broker file of the tests is not usable.
#[allow(clippy::expect_used)]
pub fn site() -> Site {
    let demo = include_str!("../../../tests/fixtures/demo.toml");
    Site::new(demo, Assets::NONE).expect("the broker file of the tests is usable")
}

/// A request with these headers and this body.
pub fn request(method: Method, headers: HeaderMap, body: Vec<u8>) -> Request {
    let mut request = http::Request::new(Body::from(body));
    *request.method_mut() = method;
    *request.headers_mut() = headers;
    Request::new(request)
}

/// Responds to an event as a function does. `None` if the bytes are no text, which Lambda never sends.
pub async fn respond<H: Handler>(handler: &H, event: &[u8]) -> Option<http::Response<Body>> {
    let (request, is_request) = request_of(str::from_utf8(event).ok()?);
    Some(handle(handler, request.into(), is_request, false).await)
}
