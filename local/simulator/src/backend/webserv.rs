//! The WebServices API under `/v2/webserv`: the manager's login and the trading accounts.

mod traders;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{any, post};
use serde::Deserialize;
use serde_json::json;

use super::{CLIENT_AUTH_FAILURE, CTraderResponse, Call, INVALID_REQUEST, respond};
use crate::controllable_server::ServerConnection;
use crate::{AppState, lock};

/// Login of the demo manager.
pub const DEMO_MANAGER_LOGIN: u64 = 2309;
/// MD5 of the demo manager's password `demo`.
pub const DEMO_MANAGER_PASSWORD_MD5: &str = "fe01ce2a7fbac8fafaed7c982a04e229";

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/v2/webserv/managers/token", post(manager_token))
        .merge(traders::router())
        .route("/v2/webserv/{*call}", any(no_such_call))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    login: u64,
    hashed_password: String,
}

/// `POST /v2/webserv/managers/token`: returns the manager token for a manager's login and the MD5 of the password.
async fn manager_token(
    State(app): State<Arc<AppState>>,
    ConnectInfo(connection): ConnectInfo<ServerConnection>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let call = Call::webserv(app, connection, uri, Method::POST, None);
    respond(call, |app| {
        let Ok(given) = serde_json::from_slice::<Credentials>(&body) else {
            return CTraderResponse::error(
                StatusCode::BAD_REQUEST,
                INVALID_REQUEST,
                "the body is not {\"login\": 0, \"hashedPassword\": \"...\"}",
            );
        };
        let is_known = given.login == DEMO_MANAGER_LOGIN
            && given
                .hashed_password
                .eq_ignore_ascii_case(DEMO_MANAGER_PASSWORD_MD5);
        if !is_known {
            return CTraderResponse::error(
                StatusCode::FORBIDDEN,
                CLIENT_AUTH_FAILURE,
                "the login or the password is wrong",
            );
        }
        CTraderResponse::ok(json!({"webservToken": *lock(&app.manager_token)}).to_string())
    })
    .await
}

async fn no_such_call(
    State(app): State<Arc<AppState>>,
    ConnectInfo(connection): ConnectInfo<ServerConnection>,
    uri: Uri,
    method: Method,
) -> Response {
    let call = Call::webserv(app, connection, uri, method, None);
    respond(call, |_| {
        CTraderResponse::error(
            StatusCode::NOT_FOUND,
            INVALID_REQUEST,
            "the simulated cTrader has no such call",
        )
    })
    .await
}
