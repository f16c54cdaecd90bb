//! The WebServices API under `/v2/webserv`: the manager's login, and traders' accounts.

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

use super::{CLIENT_AUTH_FAILURE, Call, INVALID_REQUEST, Reply, answer};
use crate::door::Line;
use crate::{World, locked};

/// Login of the demo manager.
pub const DEMO_MANAGER_LOGIN: u64 = 2309;
/// MD5 of the demo manager's password, which is `demo`.
pub const DEMO_MANAGER_PASSWORD_MD5: &str = "fe01ce2a7fbac8fafaed7c982a04e229";

pub(super) fn router() -> Router<Arc<World>> {
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

/// `POST /v2/webserv/managers/token`: a manager's login and the MD5 of their password for the manager token.
async fn manager_token(
    State(world): State<Arc<World>>,
    ConnectInfo(line): ConnectInfo<Line>,
    uri: Uri,
    body: Bytes,
) -> Response {
    let call = Call::webserv(world, line, uri, Method::POST, None);
    answer(call, |world| {
        let Ok(given) = serde_json::from_slice::<Credentials>(&body) else {
            return Reply::error(
                StatusCode::BAD_REQUEST,
                INVALID_REQUEST,
                "the body is not {\"login\": 0, \"hashedPassword\": \"...\"}",
            );
        };
        let known = given.login == DEMO_MANAGER_LOGIN
            && given
                .hashed_password
                .eq_ignore_ascii_case(DEMO_MANAGER_PASSWORD_MD5);
        if !known {
            return Reply::error(
                StatusCode::FORBIDDEN,
                CLIENT_AUTH_FAILURE,
                "the login or the password is wrong",
            );
        }
        Reply::ok(json!({"webservToken": *locked(&world.manager_token)}).to_string())
    })
    .await
}

async fn no_such_call(
    State(world): State<Arc<World>>,
    ConnectInfo(line): ConnectInfo<Line>,
    uri: Uri,
    method: Method,
) -> Response {
    let call = Call::webserv(world, line, uri, method, None);
    answer(call, |_| {
        Reply::error(
            StatusCode::NOT_FOUND,
            INVALID_REQUEST,
            "the simulated cTrader has no such call",
        )
    })
    .await
}
