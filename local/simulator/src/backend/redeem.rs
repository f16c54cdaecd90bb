//! Redeeming a one-time token: the two documented revisions of the call. They share the tokens, so that a
//! token redeemed by one is consumed for the other.

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
    Call, INVALID_REQUEST, NON_EXISTED_TOKEN, Reply, TOKEN_EXPIRED, answer, bad_request, check_manager_token,
    is_json,
};
use crate::World;
use crate::door::Line;
use crate::events::Revision;
use crate::tokens::{Grant, Identity, Refusal};

pub(super) fn router() -> Router<Arc<World>> {
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

/// `GET /ctid2/inAppOneTimeToken/data?token={webservToken}&inAppOneTimeToken={otToken}`: the revision of the
/// specification.
async fn data(
    State(world): State<Arc<World>>,
    ConnectInfo(line): ConnectInfo<Line>,
    uri: Uri,
    query: Result<Query<DataQuery>, QueryRejection>,
) -> Response {
    let (manager_token, token) = match query {
        Ok(Query(query)) => (Ok(query.token), query.in_app_one_time_token),
        Err(_) => (Err(bad_request("the query is malformed")), None),
    };
    let call = Call::redemption(world, line, uri, Revision::Data, token.as_deref());
    answer(call, |world| {
        let attempt = || {
            check_manager_token(world, manager_token?.as_deref(), StatusCode::FORBIDDEN)?;
            let token = token.unwrap_or_default();
            world.tokens.redeem(&token).map_err(|refusal| match refusal {
                Refusal::Unknown => unknown(),
                Refusal::Expired => Reply::error(StatusCode::GONE, TOKEN_EXPIRED, "it has expired"),
                Refusal::Consumed => Reply::error(StatusCode::GONE, TOKEN_EXPIRED, "it was redeemed before"),
            })
        };
        attempt().map_or_else(|refused| refused, |grant| granted(grant, |identity| identity))
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

/// `POST /ctid2/inAppToken/redeem?token={webservToken}` with `{"token":"{otToken}"}`: the newer revision. It
/// tells fewer things of the trader, and fewer errors apart.
async fn redeem(
    State(world): State<Arc<World>>,
    ConnectInfo(line): ConnectInfo<Line>,
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
        Err(Reply::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            INVALID_REQUEST,
            "the body is not application/json",
        ))
    };
    let call = Call::redemption(world, line, uri, Revision::Redeem, token.as_deref().ok());
    answer(call, |world| {
        let attempt = || {
            let Query(query) = query.map_err(|_| bad_request("the query is malformed"))?;
            check_manager_token(world, query.token.as_deref(), StatusCode::UNAUTHORIZED)?;
            world.tokens.redeem(&token?).map_err(|refusal| match refusal {
                Refusal::Unknown => unknown(),
                Refusal::Expired => Reply::error(StatusCode::NOT_FOUND, TOKEN_EXPIRED, "it has expired"),
                Refusal::Consumed => {
                    Reply::error(StatusCode::NOT_FOUND, TOKEN_EXPIRED, "it was redeemed before")
                }
            })
        };
        attempt().map_or_else(
            |refused| refused,
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

fn granted(grant: Grant, told: impl FnOnce(Identity) -> Identity) -> Reply {
    let identity = told(grant.identity);
    let body = grant
        .body
        .unwrap_or_else(|| serde_json::json!(identity).to_string());
    Reply {
        identity: Some(Box::new(identity)),
        ..Reply::ok(body)
    }
}

fn unknown() -> Reply {
    Reply::error(StatusCode::NOT_FOUND, NON_EXISTED_TOKEN, "there is no such token")
}
