//! The simulated cTrader backend: strict, and able to fail.
//!
//! Each call is a function from the state to a [`CTraderResponse`]. [`respond`] runs this function or the current
//! fault, and adds the result to the timeline.

mod call;
mod faulty_response;
mod redeem;
pub(crate) mod webserv;
mod xml;

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Router};
use serde_json::json;

use call::{Call, respond};

use crate::tokens::Identity;
use crate::{AppState, lock};

// cTrader's error codes.

/// The manager token is missing or wrong.
const CLIENT_AUTH_FAILURE: &str = "CH_CLIENT_AUTH_FAILURE";
/// The one-time token does not exist.
const NON_EXISTED_TOKEN: &str = "CID_NON_EXISTED_TOKEN";
/// The one-time token has expired or was used.
const TOKEN_EXPIRED: &str = "CID_TOKEN_EXPIRED";
/// The account's broker is not on this plant.
const BROKER_NOT_FOUND: &str = "CH_BROKER_NOT_FOUND";
/// No account has this login.
const TRADER_NOT_FOUND: &str = "TRADER_NOT_FOUND";
/// changebalance cannot use this amount.
const CHANGE_BALANCE_BAD_AMOUNT: &str = "CHANGE_BALANCE_BAD_AMOUNT";
/// The account has less than the amount to withdraw.
const NOT_ENOUGH_MONEY: &str = "NOT_ENOUGH_MONEY";
/// The manager lacks a right.
const NOT_ENOUGH_RIGHTS: &str = "NOT_ENOUGH_RIGHTS";
const INVALID_REQUEST: &str = "INVALID_REQUEST";
const REQUEST_FREQUENCY_EXCEEDED: &str = "REQUEST_FREQUENCY_EXCEEDED";
const UNKNOWN_ERROR: &str = "UNKNOWN_ERROR";

pub(crate) fn router(app: Arc<AppState>) -> Router {
    let redemption = if app.options.ctid2_under_cid {
        Router::new().nest("/cid", redeem::router())
    } else {
        redeem::router()
    };
    Router::new()
        .merge(redemption)
        .merge(webserv::router().layer(from_fn(xml::unless_json_is_accepted)))
        // A wrong base URL reaches some web server, whose 404 is not cTrader's JSON.
        .fallback(async || (StatusCode::NOT_FOUND, Html("<h1>404 Not Found</h1>")))
        .method_not_allowed_fallback(async || {
            CTraderResponse::error(
                StatusCode::METHOD_NOT_ALLOWED,
                INVALID_REQUEST,
                "method not allowed",
            )
            .into_response()
        })
        .with_state(app)
}

/// The response to a call, with what the timeline needs to know about it.
struct CTraderResponse {
    status: StatusCode,
    body: String,
    /// cTrader's `errorCode`.
    code: Option<Cow<'static, str>>,
    /// Why the call is refused, in a few words.
    why: &'static str,
    /// The identity of a redeemed token.
    identity: Option<Box<Identity>>,
}

impl CTraderResponse {
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
            body: error_body(code, why),
            code: Some(code.into()),
            why,
            identity: None,
        }
    }

    fn took_effect(&self) -> bool {
        self.status.is_success()
    }
}

impl IntoResponse for CTraderResponse {
    fn into_response(self) -> Response {
        let body = Extension(xml::CTraderBody(self.body.clone()));
        (self.status, [(CONTENT_TYPE, "application/json")], body, self.body).into_response()
    }
}

/// An e-mail address that stands in each description: a description of cTrader's can have one, and nobody may log it.
pub const EMAIL_IN_DESCRIPTIONS: &str = "manager.canary@example.com";

/// cTrader's error body.
fn error_body(code: &str, why: &str) -> String {
    let description = format!("{why} (asked by {EMAIL_IN_DESCRIPTIONS})");
    json!({"error": {"errorCode": code, "description": description}}).to_string()
}

/// What a manager may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Right {
    Redeem,
    SeeAccounts,
    ChangeBalances,
}

/// Refuses the call unless it carries the token of a manager who has the right. With a manager for credits, each of the
/// two has only the rights that it needs.
fn check_manager_token(
    app: &AppState,
    given: Option<&str>,
    status_if_absent: StatusCode,
    right: Right,
) -> Result<(), CTraderResponse> {
    let credit_manager = lock(&app.credit_manager_token).clone();
    let allowed = |allowed: bool| {
        let refusal = || {
            CTraderResponse::error(
                StatusCode::FORBIDDEN,
                NOT_ENOUGH_RIGHTS,
                "the manager may not do this",
            )
        };
        if allowed { Ok(()) } else { Err(refusal()) }
    };
    match given {
        Some(given) if given == *lock(&app.manager_token) => {
            allowed(right != Right::ChangeBalances || credit_manager.is_none())
        }
        Some(given) if credit_manager.as_deref() == Some(given) => allowed(right != Right::Redeem),
        Some(_) => Err(CTraderResponse::error(
            StatusCode::FORBIDDEN,
            CLIENT_AUTH_FAILURE,
            "the manager token is wrong",
        )),
        None => Err(CTraderResponse::error(
            status_if_absent,
            CLIENT_AUTH_FAILURE,
            "the manager token is missing",
        )),
    }
}

fn bad_request(why: &'static str) -> CTraderResponse {
    CTraderResponse::error(StatusCode::BAD_REQUEST, INVALID_REQUEST, why)
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}
