//! Entrances for `local/fuzz`. No function is built with this module: local/fuzz/tests/production.rs.

use http::{HeaderMap, Method};
use lambda_http::{Body, aws_lambda_events::apigw::ApiGatewayV2httpRequest, request::LambdaRequest};

use crate::{
    Assets, Handler, Request, Site,
    lambda::{handle, harden},
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

/// Responds to an event as a function does. `None` if the bytes are no event.
pub async fn respond<H: Handler>(handler: &H, event: &[u8]) -> Option<http::Response<Body>> {
    let event: ApiGatewayV2httpRequest = serde_json::from_slice(event).ok()?;
    let request = LambdaRequest::ApiGatewayV2(harden(event));
    Some(handle(handler, request.into(), false).await)
}
