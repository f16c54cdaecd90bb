//! Routes below `/staff/`: what operators of the broker decide. `docs/HTTP.md` has the contract.
//!
//! API Gateway verifies the AWS signature of each request, checks that the caller may call the route, and names the
//! caller in the event. That caller is the actor. A request without one is refused.

mod deposit;
mod erasure;
mod refusal;

use std::{error::Error, process::ExitCode};

use domain::Principal;
use function::settings::required;
use http::Method;
use serde::de::DeserializeOwned;
use staff_calls::MAX_REASON;
use store::Table;
use tokio::time::Duration;
use web::{Assets, Failure, Handler, Request, Response, Site};

use refusal::Refusal;

/// For the log.
const NAME: &str = "staff";

/// Time that is kept back at the end of the invocation for the answer.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// Largest body that is read, in bytes.
const MAX_BODY_SIZE: usize = 16 * 1024;

struct Staff {
    site: Site,
    table: Table,
}

impl Staff {
    async fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let aws = aws::config(outbound::tls()?).await?;
        Ok(Self {
            site: Site::from_env(Assets::NONE)?,
            table: Table::new(aws_sdk_dynamodb::Client::new(&aws), required("LEDGER_TABLE")?),
        })
    }

    async fn answer(&self, request: &Request) -> Result<Response, Refusal> {
        // Nobody without a signature learns anything, not even which paths there are.
        let caller = caller(request)?;
        let path = request.path.strip_prefix("/staff/").ok_or(Refusal::NoSuchPath)?;
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["deposits", id, "decisions"] => {
                let id = id.parse().map_err(|_| Refusal::NoSuchRecord)?;
                let call = body(request)?;
                deposit::decide(&self.table, &caller, &id, &call, request.deadline).await
            }
            ["erasures"] => {
                let deadline = request.invocation_end - ANSWER_TIME;
                erasure::erase(&self.table, &caller, &body(request)?, deadline).await
            }
            _ => Err(Refusal::NoSuchPath),
        }
    }
}

/// The caller that API Gateway names.
fn caller(request: &Request) -> Result<Principal, Refusal> {
    let arn = request.caller.clone().ok_or(Refusal::NotSigned)?;
    Principal::try_from(arn).map_err(|_| Refusal::UnknownCaller)
}

/// The body of a call.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    if request.method != Method::POST {
        return Err(Refusal::NotPost);
    }
    if request.body.len() > MAX_BODY_SIZE {
        return Err(Refusal::TooLarge);
    }
    // The error may quote the operator's words, so it is not passed on.
    inbound::from_json(&request.body).map_err(|_| Refusal::Malformed("body"))
}

/// The operator's reason, without the space around it.
fn reason(text: &str) -> Result<&str, Refusal> {
    let reason = text.trim();
    let is_usable = !reason.is_empty() && !inbound::has_control(reason);
    if is_usable && reason.chars().count() <= MAX_REASON {
        Ok(reason)
    } else {
        Err(Refusal::Malformed("reason"))
    }
}

impl Handler for Staff {
    const NAME: &'static str = NAME;

    fn site(&self) -> &Site {
        &self.site
    }

    async fn respond(&self, request: &Request) -> Result<Response, Failure> {
        let answered = self.answer(request).await;
        Ok(answered.unwrap_or_else(Refusal::answer))
    }

    /// Errors are JSON whatever the request accepts: only programs call this function.
    fn failed(&self, _: &Request, failure: Failure) -> Response {
        Response::failed(failure, "POST")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run(Staff::from_env()).await
}
