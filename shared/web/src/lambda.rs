//! Connects a [`Handler`] to Lambda. Each request is answered and logged in one line, whatever its event is.

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
use http::StatusCode;
use lambda_http::{
    Adapter, Body, Service, aws_lambda_events::apigw::ApiGatewayV2httpRequest, request::LambdaRequest,
    service_fn,
};
use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    Code, Failure, Request, Response, Site, Sources,
    event::{self, NoRequest},
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
    let cold = AtomicBool::new(true);
    // The event comes as text, because one that does not fit the type would end the invocation without an answer of ours.
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let (request, is_request) = request_of(event.payload.get());
        let (handler, cold) = (handler.clone(), cold.swap(false, Ordering::Relaxed));
        let respond = service_fn(move |request: lambda_http::Request| {
            let handler = handler.clone();
            async move {
                let response = AssertUnwindSafe(handle(&*handler, request, is_request, cold))
                    .catch_unwind()
                    .await;
                Ok::<_, Infallible>(response.unwrap_or_else(|_| last_resort()))
            }
        });
        Adapter::from(respond).call(LambdaEvent::new(request, event.context))
    }))
    .await
}

/// The request of an event, and whether the event is one. If not, an empty request stands for the event.
pub(crate) fn request_of(event: &str) -> (LambdaRequest, bool) {
    let (request, is_request) = match event::read(event) {
        Ok(request) => (request, true),
        Err(NoRequest(headers)) => {
            let mut request = ApiGatewayV2httpRequest::default();
            request.headers = headers;
            request.raw_path = Some("/".into());
            (request, false)
        }
    };
    (LambdaRequest::ApiGatewayV2(request), is_request)
}

/// Responds to one request and logs it. A panic of the handler becomes an error page. So does an event that is no
/// request.
pub(crate) async fn handle<H: Handler>(
    handler: &H,
    request: lambda_http::Request,
    is_request: bool,
    cold: bool,
) -> http::Response<Body> {
    let started = Instant::now();
    let request = Request::new(request);
    let result = if is_request {
        let responded = AssertUnwindSafe(handler.respond(&request)).catch_unwind().await;
        responded.unwrap_or_else(|_| Err(Failure::internal("panicked; the line before this one says where")))
    } else {
        Err(Failure::no_request())
    };
    let response = result.unwrap_or_else(|failure| handler.failed(&request, failure));
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
