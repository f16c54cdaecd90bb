//! The redemption of a one-time token, by both documented calls. A token that one of them redeemed is consumed for
//! both.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use serde::Deserialize;

use super::{
    CTraderResponse, Call, INVALID_REQUEST, NON_EXISTED_TOKEN, Right, TOKEN_EXPIRED, bad_request,
    check_manager_token, is_json, respond,
};
use crate::AppState;
use crate::controllable_server::ServerConnection;
use crate::events::Revision;
use crate::tokens::{Grant, Identity, RedeemError};

pub(super) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/ctid2/inAppOneTimeToken/data", on(MethodFilter::GET, data))
        .route("/ctid2/inAppToken/redeem", on(MethodFilter::POST, redeem))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataQuery {
    token: Option<String>,
    in_app_one_time_token: Option<String>,
}

/// `GET /ctid2/inAppOneTimeToken/data?token={webservToken}&inAppOneTimeToken={otToken}`: the call of the
/// specification.
async fn data(
    State(app): State<Arc<AppState>>,
    ConnectInfo(connection): ConnectInfo<ServerConnection>,
    uri: Uri,
    query: Result<Query<DataQuery>, QueryRejection>,
) -> Response {
    let (manager_token, token) = match query {
        Ok(Query(query)) => (Ok(query.token), query.in_app_one_time_token),
        Err(_) => (Err(bad_request("the query is malformed")), None),
    };
    let call = Call::redemption(app, connection, uri, Revision::Data, token.as_deref());
    respond(call, |app| {
        let attempt = || {
            check_manager_token(
                app,
                manager_token?.as_deref(),
                StatusCode::FORBIDDEN,
                Right::Redeem,
            )?;
            let token = token.unwrap_or_default();
            app.tokens.redeem(&token).map_err(|error| match error {
                RedeemError::Unknown => unknown_token(),
                RedeemError::Expired => {
                    CTraderResponse::error(StatusCode::GONE, TOKEN_EXPIRED, "it has expired")
                }
                RedeemError::Consumed => {
                    CTraderResponse::error(StatusCode::GONE, TOKEN_EXPIRED, "it was redeemed before")
                }
            })
        };
        attempt().map_or_else(|error| error, |grant| granted(grant, |identity| identity))
    })
    .await
}

#[derive(Deserialize)]
struct RedeemQuery {
    token: Option<String>,
}

#[derive(Deserialize)]
struct RedeemBody {
    token: String,
}

/// `POST /ctid2/inAppToken/redeem?token={webservToken}` with `{"token":"{otToken}"}`: the newer call. Its response
/// has fewer fields, and it distinguishes fewer errors.
async fn redeem(
    State(app): State<Arc<AppState>>,
    ConnectInfo(connection): ConnectInfo<ServerConnection>,
    uri: Uri,
    query: Result<Query<RedeemQuery>, QueryRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = if is_json(&headers) {
        serde_json::from_slice(&body)
            .map(|body: RedeemBody| body.token)
            .map_err(|_| bad_request("the body is not {\"token\": \"...\"}"))
    } else {
        Err(CTraderResponse::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            INVALID_REQUEST,
            "the body is not application/json",
        ))
    };
    let call = Call::redemption(app, connection, uri, Revision::Redeem, token.as_deref().ok());
    respond(call, |app| {
        let attempt = || {
            let Query(query) = query.map_err(|_| bad_request("the query is malformed"))?;
            check_manager_token(
                app,
                query.token.as_deref(),
                StatusCode::UNAUTHORIZED,
                Right::Redeem,
            )?;
            app.tokens.redeem(&token?).map_err(|error| match error {
                RedeemError::Unknown => unknown_token(),
                RedeemError::Expired => {
                    CTraderResponse::error(StatusCode::NOT_FOUND, TOKEN_EXPIRED, "it has expired")
                }
                RedeemError::Consumed => {
                    CTraderResponse::error(StatusCode::NOT_FOUND, TOKEN_EXPIRED, "it was redeemed before")
                }
            })
        };
        attempt().map_or_else(
            |error| error,
            |grant| {
                granted(grant, |identity| Identity {
                    trader_id: None,
                    broker_name: None,
                    account_id: None,
                    ..identity
                })
            },
        )
    })
    .await
}

/// `select` removes the fields that the call does not return.
fn granted(grant: Grant, select: impl FnOnce(Identity) -> Identity) -> CTraderResponse {
    let identity = select(grant.identity);
    let body = grant
        .body
        .unwrap_or_else(|| serde_json::json!(identity).to_string());
    CTraderResponse {
        identity: Some(Box::new(identity)),
        ..CTraderResponse::ok(body)
    }
}

fn unknown_token() -> CTraderResponse {
    CTraderResponse::error(StatusCode::NOT_FOUND, NON_EXISTED_TOKEN, "there is no such token")
}
