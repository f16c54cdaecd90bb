//! Connects a [`Handler`] to Lambda. Events that would crash the conversion are repaired, each request is logged in
//! one line.

use std::{
    convert::Infallible,
    fmt::Display,
    panic::AssertUnwindSafe,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use function::log;
use futures_util::FutureExt;
use http::{StatusCode, header};
use lambda_http::{
    Adapter, Body, Service, aws_lambda_events::apigw::ApiGatewayV2httpRequest, request::LambdaRequest,
    service_fn,
};
use lambda_runtime::LambdaEvent;
use tokio::time::Instant;

use crate::{
    Code, Failure, Request, Response, Site, Sources,
    request::cookie_value,
    response::COOKIE,
    telemetry::{self, Function},
};

/// What a function does with an HTTP request.
pub trait Handler: Send + Sync + 'static {
    /// Name of the function, for logs and pages.
    const NAME: &'static str;

    /// The metric of failed requests. Taps on a screen have one of their own.
    const FAILURES: &'static str = "RequestsFailed";

    /// The configuration and the pages made with it.
    fn site(&self) -> &Site;

    /// Responds to a request.
    fn respond(&self, request: &Request) -> impl Future<Output = Result<Response, Failure>> + Send;

    /// The response to a request that failed: JSON if the client prefers it, else a page.
    fn failed(&self, request: &Request, failure: Failure) -> Response {
        self.site().failed(Self::NAME, request, failure, &[])
    }

    /// The additional origins that the function's pages may load from, and that their forms may lead to.
    fn sources(&self) -> &Sources {
        const NONE: &Sources = &Sources::NONE;
        NONE
    }
}

/// The `main` of a function that serves HTTP. Makes the handler, then serves requests until Lambda ends the
/// process. If the handler cannot be made, logs the reason in one line and ends the process.
pub async fn run<H, E>(handler: impl Future<Output = Result<H, E>>) -> ExitCode
where
    H: Handler,
    E: Display,
{
    log::panics();
    let handler = match handler.await {
        Ok(handler) => handler,
        Err(error) => {
            log::fatal(&error);
            return ExitCode::FAILURE;
        }
    };
    match serve(handler).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::fatal(&error);
            ExitCode::FAILURE
        }
    }
}

async fn serve<H: Handler>(handler: H) -> Result<(), lambda_runtime::Error> {
    let handler = Arc::new(handler);
    let cold = Arc::new(AtomicBool::new(true));
    let service = service_fn(move |request: lambda_http::Request| {
        let (handler, cold) = (handler.clone(), cold.clone());
        async move {
            let cold = cold.swap(false, Ordering::Relaxed);
            let response = AssertUnwindSafe(handle(&*handler, request, cold))
                .catch_unwind()
                .await;
            Ok::<_, Infallible>(response.unwrap_or_else(|_| last_resort()))
        }
    });
    let mut adapter = Adapter::from(service);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let request = LambdaRequest::ApiGatewayV2(harden(event.payload));
        adapter.call(LambdaEvent::new(request, event.context))
    }))
    .await
}

/// Responds to one request and logs it. A panic of the handler becomes an error page.
pub(crate) async fn handle<H: Handler>(
    handler: &H,
    request: lambda_http::Request,
    cold: bool,
) -> http::Response<Body> {
    let started = Instant::now();
    let request = Request::new(request);
    let result = AssertUnwindSafe(handler.respond(&request)).catch_unwind().await;
    let response = result
        .unwrap_or_else(|_| Err(Failure::internal("panicked; the line before this one says where")))
        .unwrap_or_else(|failure| handler.failed(&request, failure));
    let function = Function {
        name: H::NAME,
        failures: H::FAILURES,
        cold,
    };
    telemetry::request(function, &request, &response, started.elapsed());
    response.into_http(&request, handler.site(), handler.sources())
}

/// The response when even the error page panicked.
fn last_resort() -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(Code::InternalError.as_str()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// Repairs an event that would make the conversion to a request panic, in which case the trader would see API
/// Gateway's JSON. Removes `Host`, which may be no host name, and encodes characters that no query may have. Also
/// removes every cookie but ours: others may hold bytes for which the conversion drops all cookies.
pub(crate) fn harden(mut event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpRequest {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(query: &str, path: &str, host: &str) -> lambda_http::Request {
        let event = serde_json::json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": { "host": host, "x-forwarded-proto": "gopher" },
            "requestContext": { "domainName": "id.execute-api.example", "stage": "$default", "http": { "method": "GET" } },
            "isBase64Encoded": false,
        });
        let event: ApiGatewayV2httpRequest = serde_json::from_value(event).unwrap();
        LambdaRequest::ApiGatewayV2(harden(event)).into()
    }

    proptest! {
        #[test]
        fn no_query_path_or_host_panics(query in "\\PC{0,40}", path in "/\\PC{0,20}", host in "[ -~]{0,20}") {
            let request = Request::new(request(&query, &path, &host));
            prop_assert_eq!(request.path, path);
            prop_assert_eq!(request.domain.as_deref(), Some("id.execute-api.example"));
        }
    }

    #[test]
    fn hardening_keeps_what_a_query_says() {
        let request = Request::new(request("token=a+b%2B&x=\"<é>", "/inapp/deposit", "h"));
        assert_eq!(request.query, "token=a+b%2B&x=%22%3C%C3%A9%3E");
    }
}
