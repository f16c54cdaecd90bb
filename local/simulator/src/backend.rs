//! The simulated cTrader backend: strict, and able to misbehave.
//!
//! Each call is a function from the world to a [`Reply`]; [`answer`] performs it, or lets the fault of the
//! moment strike, and puts what happened on the timeline.

mod call;
mod redeem;
pub(crate) mod webserv;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use call::{Call, answer};

use crate::tokens::Identity;
use crate::{World, locked};

/// cTrader's name for a caller whose manager token is not good.
const CLIENT_AUTH_FAILURE: &str = "CH_CLIENT_AUTH_FAILURE";
/// cTrader's name for a one-time token that does not exist.
const NON_EXISTED_TOKEN: &str = "CID_NON_EXISTED_TOKEN";
/// cTrader's name for a one-time token that is over.
const TOKEN_EXPIRED: &str = "CID_TOKEN_EXPIRED";
/// There is no account with this login.
const TRADER_NOT_FOUND: &str = "TRADER_NOT_FOUND";
/// changebalance cannot be done with this amount.
const CHANGE_BALANCE_BAD_AMOUNT: &str = "CHANGE_BALANCE_BAD_AMOUNT";
/// More is to be withdrawn than there is.
const NOT_ENOUGH_MONEY: &str = "NOT_ENOUGH_MONEY";
const INVALID_REQUEST: &str = "INVALID_REQUEST";
const REQUEST_FREQUENCY_EXCEEDED: &str = "REQUEST_FREQUENCY_EXCEEDED";
const UNKNOWN_ERROR: &str = "UNKNOWN_ERROR";

pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .merge(redeem::router())
        .merge(webserv::router())
        // As a web server answers under a wrong base URL: not with cTrader's JSON.
        .fallback(async || (StatusCode::NOT_FOUND, Html("<h1>404 Not Found</h1>")))
        .method_not_allowed_fallback(async || {
            Reply::error(
                StatusCode::METHOD_NOT_ALLOWED,
                INVALID_REQUEST,
                "method not allowed",
            )
            .into_response()
        })
        .with_state(world)
}

/// What a call answers, and what there is to tell about it.
struct Reply {
    status: StatusCode,
    body: String,
    /// cTrader's `errorCode`.
    code: Option<Cow<'static, str>>,
    /// Why it is refused, in a few words.
    why: &'static str,
    /// Whom a redeemed token stands for.
    identity: Option<Box<Identity>>,
}

impl Reply {
    fn ok(body: String) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            code: None,
            why: "",
            identity: None,
        }
    }

    fn error(status: StatusCode, code: &'static str, why: &'static str) -> Self {
        Self {
            status,
            body: json!({"error": {"errorCode": code, "description": why}}).to_string(),
            code: Some(code.into()),
            why,
            identity: None,
        }
    }

    /// The same error under another `errorCode`.
    fn with_code(mut self, code: String) -> Self {
        self.why = "told to answer so";
        self.body = json!({"error": {"errorCode": code, "description": self.why}}).to_string();
        self.code = Some(code.into());
        self
    }

    fn took_effect(&self) -> bool {
        self.status.is_success()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.status, [(CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}

/// Refuses the call unless it carries the manager token.
fn check_manager_token(world: &World, given: Option<&str>, if_absent: StatusCode) -> Result<(), Reply> {
    match given {
        Some(given) if given == *locked(&world.manager_token) => Ok(()),
        Some(_) => Err(Reply::error(
            StatusCode::FORBIDDEN,
            CLIENT_AUTH_FAILURE,
            "the manager token is wrong",
        )),
        None => Err(Reply::error(
            if_absent,
            CLIENT_AUTH_FAILURE,
            "the manager token is missing",
        )),
    }
}

fn bad_request(why: &'static str) -> Reply {
    Reply::error(StatusCode::BAD_REQUEST, INVALID_REQUEST, why)
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(';')
                .next()
                .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
        })
}
