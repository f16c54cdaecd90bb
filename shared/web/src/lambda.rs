//! In and out of Lambda: hardened events in, answers out, one log line each.

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
    Adapter, Body, Response, Service, aws_lambda_events::apigw::ApiGatewayV2httpRequest,
    request::LambdaRequest, service_fn,
};
use lambda_runtime::LambdaEvent;
use tokio::time::Instant;

use crate::{Answer, COOKIE, Code, Failure, Request, Site, Sources, telemetry};

/// What a function does with a request.
pub trait Handler: Send + Sync + 'static {
    /// The function's name, for logs and pages.
    const NAME: &'static str;

    /// The broker's configuration and pages.
    fn site(&self) -> &Site;

    /// Answers a request.
    fn answer(&self, request: &Request) -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// Says that a request failed: as JSON where the client prefers it, else by a page.
    fn failed(&self, request: &Request, failure: Failure) -> Answer {
        self.site().failed(Self::NAME, request, failure)
    }

    /// What this function's pages may load, and where their forms may lead, but here.
    fn sources(&self) -> &Sources {
        const NONE: &Sources = &Sources::NONE;
        NONE
    }
}

/// The whole of a function's `main`: makes the handler, which does all that needs no request, and serves until Lambda
/// ends the process. What cannot start says why in one log line.
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
    let answer = service_fn(move |request: lambda_http::Request| {
        let (handler, cold) = (handler.clone(), cold.clone());
        async move {
            let cold = cold.swap(false, Ordering::Relaxed);
            let answered = AssertUnwindSafe(handle(&*handler, request, cold))
                .catch_unwind()
                .await;
            Ok::<_, Infallible>(answered.unwrap_or_else(|_| last_resort()))
        }
    });
    let mut adapter = Adapter::from(answer);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let request = LambdaRequest::ApiGatewayV2(harden(event.payload));
        adapter.call(LambdaEvent::new(request, event.context))
    }))
    .await
}

/// Answers one request, a bug in its handler included, and logs it.
async fn handle<H: Handler>(handler: &H, request: lambda_http::Request, cold: bool) -> Response<Body> {
    let started = Instant::now();
    let request = Request::new(request);
    let outcome = AssertUnwindSafe(handler.answer(&request)).catch_unwind().await;
    let answer = outcome
        .unwrap_or_else(|_| Err(Failure::internal("panicked; the line before this one says where")))
        .unwrap_or_else(|failure| handler.failed(&request, failure));
    let method = request.method.as_str();
    telemetry::request(H::NAME, method, &answer, started.elapsed(), cold);
    answer.into_response(&request, handler.site(), handler.sources())
}

/// What is left to say when even the error page panics.
fn last_resort() -> Response<Body> {
    let mut response = Response::new(Body::from(Code::InternalError.as_str()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// Takes out of an event what makes the conversion to a request panic, which would reach the trader as API Gateway's
/// JSON: a `Host` that is no host, and a query with characters that no URL has. Other sites' cookies go too: one that is
/// no ASCII would take ours with it.
fn harden(mut event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpRequest {
    event.headers.remove(header::HOST);
    event.headers.remove("x-forwarded-proto");
    if let Some(cookies) = &mut event.cookies {
        cookies.retain(|cookie| cookie.trim_start().starts_with(COOKIE));
    }
    event.raw_query_string = event.raw_query_string.map(|query| {
        let fine = |byte: u8| byte.is_ascii_graphic() && !b"\"<>#\\^`{|}".contains(&byte);
        let mut encoded = String::with_capacity(query.len());
        for byte in query.bytes() {
            if fine(byte) {
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
