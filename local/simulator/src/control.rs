//! Control of the simulator over HTTP: the routes under `/sim/` on the terminal's port. The terminal page uses them,
//! and tests and scripts can. Bodies are JSON; an error is `{"error": "..."}`.
//!
//! | route | effect |
//! |---|---|
//! | `GET /sim/state` | returns the state for the page: users with their accounts, balances and balance histories, actions, the screens' URL, the current fault |
//! | `GET /sim/screens` | returns `{"reachable":true}` if a server listens at the screens' URL |
//! | `POST /sim/tokens` | mints a token for `{"user":"ada","account":1000501}` or `{"identity":{...}}`, with optional `ttlMs`, `token`, `body`; returns `{"token":"..."}` |
//! | `POST /sim/fault` | sets a [`Fault`] |
//! | `DELETE /sim/fault` | clears it |
//! | `POST /sim/behaviour` | sets the [`Behaviour`] where no document settles it; absent members take their defaults |
//! | `POST /sim/manager-token` | `{"token":"..."}`: changes the manager token |
//! | `POST /sim/events` | adds an [`Event`] that only the caller knows: `opened`, `closed`, `failed`, `answered`, `recorded`, `deposit`, `published`, `crm_webhook_called`, `build` |
//! | `GET /sim/events` | streams all events so far and then each new one, as server-sent events |
//! | `GET /sim/log` | returns all events so far, as a list |

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request, State};
use axum::http::uri::Scheme;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{Stream, StreamExt, stream};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::broadcast::error::RecvError;

use crate::behaviour::Behaviour;
use crate::controllable_server::ControllableServer;
use crate::events::{Event, Revision, abbreviate};
use crate::faults::{Fault, FaultKind};
use crate::timeline::Entry;
use crate::tokens::{Identity, Mint};
use crate::users::{self, User};
use crate::{AppState, lock};

pub(crate) fn router(app: Arc<AppState>, backend: Arc<ControllableServer>) -> Router {
    Router::new()
        .route("/sim/state", get(state))
        .route("/sim/screens", get(screens))
        .route("/sim/tokens", post(mint))
        .route("/sim/fault", post(set_fault).delete(clear_fault))
        .route("/sim/behaviour", post(set_behaviour))
        .route("/sim/manager-token", post(set_manager_token))
        .route("/sim/events", get(events).post(emit))
        .route("/sim/log", get(log))
        .with_state(Control { app, backend })
}

#[derive(Clone)]
struct Control {
    app: Arc<AppState>,
    backend: Arc<ControllableServer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SimState {
    screens_url: String,
    screens_command: String,
    backend_url: String,
    broker_name: String,
    revision: Revision,
    /// Abbreviated.
    manager_token: String,
    actions: Vec<String>,
    users: Vec<User>,
    fault: Option<Fault>,
}

async fn state(State(control): State<Control>) -> Json<SimState> {
    let options = &control.app.options;
    Json(SimState {
        screens_url: options.screens_url.clone(),
        screens_command: options.screens_command.clone(),
        backend_url: format!("http://127.0.0.1:{}", control.backend.port()),
        broker_name: options.broker_name.clone(),
        revision: options.revision,
        manager_token: abbreviate(&lock(&control.app.manager_token)),
        actions: options.actions.clone(),
        users: control.app.users(),
        fault: control.app.faults.current(),
    })
}

/// Checks that the screens' server listens. The page cannot find out itself: the browser shows its own error in the
/// frame.
async fn screens(State(control): State<Control>) -> Json<serde_json::Value> {
    let connect = async {
        let uri: Uri = control.app.options.screens_url.parse().ok()?;
        let port = uri.port_u16().unwrap_or(if uri.scheme() == Some(&Scheme::HTTPS) {
            443
        } else {
            80
        });
        TcpStream::connect((uri.host()?, port)).await.ok()
    };
    let connected = tokio::time::timeout(Duration::from_secs(1), connect).await;
    Json(json!({ "reachable": matches!(connected, Ok(Some(_))) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MintRequest {
    user: Option<String>,
    account: Option<u64>,
    identity: Option<Identity>,
    ttl_ms: Option<u64>,
    token: Option<String>,
    body: Option<String>,
}

async fn mint(
    State(control): State<Control>,
    JsonBody(request): JsonBody<MintRequest>,
) -> Result<Response, BadRequest> {
    let mut mint = match (request.user, request.account, request.identity) {
        (None, None, Some(identity)) => Mint::identity(identity),
        (Some(user), account, None) => {
            let known = users::find(&control.app.options.broker_name, &user)
                .ok_or_else(|| BadRequest(format!("no user {user:?}; GET /sim/state lists them")))?;
            match account {
                None => Mint::user(&user),
                Some(login) if known.accounts.iter().any(|account| account.login == login) => {
                    Mint::account(&user, login)
                }
                Some(login) => return Err(BadRequest(format!("{user} has no account {login}"))),
            }
        }
        _ => {
            return Err(BadRequest(
                "give either a user (and an account) or an identity".to_owned(),
            ));
        }
    };
    if let Some(ms) = request.ttl_ms {
        mint = mint.ttl(Duration::from_millis(ms));
    }
    mint.token = request.token;
    mint.body = request.body;
    let token = control.app.mint(mint);
    Ok(Json(json!({ "token": token })).into_response())
}

async fn set_fault(
    State(control): State<Control>,
    JsonBody(fault): JsonBody<Fault>,
) -> Result<StatusCode, BadRequest> {
    if let FaultKind::Status { status, .. } | FaultKind::StatusAfter { status } = fault.kind
        && !(200..=599).contains(&status)
    {
        return Err(BadRequest(format!("status {status} is not between 200 and 599")));
    }
    if fault.kind == FaultKind::Down && fault.on.is_some() {
        return Err(BadRequest(
            "the fault down always affects every call: leave out `on`".to_owned(),
        ));
    }
    change_fault(&control, Some(fault)).await
}

async fn clear_fault(State(control): State<Control>) -> Result<StatusCode, BadRequest> {
    change_fault(&control, None).await
}

async fn change_fault(control: &Control, fault: Option<Fault>) -> Result<StatusCode, BadRequest> {
    crate::set_fault(&control.app, &control.backend, fault)
        .await
        .map_err(|error| BadRequest(format!("the backend's listener: {error}")))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_behaviour(
    State(control): State<Control>,
    JsonBody(behaviour): JsonBody<Behaviour>,
) -> StatusCode {
    *lock(&control.app.behaviour) = behaviour;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManagerToken {
    token: String,
}

async fn set_manager_token(
    State(control): State<Control>,
    JsonBody(given): JsonBody<ManagerToken>,
) -> StatusCode {
    control.app.set_manager_token(&given.token);
    StatusCode::NO_CONTENT
}

async fn emit(
    State(control): State<Control>,
    JsonBody(event): JsonBody<Event>,
) -> Result<StatusCode, BadRequest> {
    match event {
        Event::Opened { .. }
        | Event::Closed { .. }
        | Event::Failed { .. }
        | Event::Answered { .. }
        | Event::Recorded { .. }
        | Event::Deposit { .. }
        | Event::Published { .. }
        | Event::CrmWebhookCalled { .. }
        | Event::Build { .. } => {
            control.app.timeline.add(event);
            Ok(StatusCode::NO_CONTENT)
        }
        _ => Err(BadRequest(
            "only the simulator itself adds events of this kind".to_owned(),
        )),
    }
}

async fn log(State(control): State<Control>) -> Json<Vec<Entry>> {
    Json(control.app.timeline.since(0))
}

/// Streams every entry as an SSE message, with the id `{run}-{entry id}`.
///
/// A client that reconnects sends the last id, and gets the entries after it. A client of an earlier run of the
/// simulator gets all entries: the `run` event at the start tells it to start over.
async fn events(
    State(control): State<Control>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let timeline = &control.app.timeline;
    let run = timeline.run;
    let new_ids = timeline.subscribe();
    let last_seen = last_seen(&headers, run);
    let hello = stream::iter([sse::Event::default().event("run").data(run.to_string())]);
    let start = (control.app, new_ids, last_seen);
    let batches = stream::unfold(start, |(app, mut new_ids, last_seen)| async move {
        loop {
            let entries = app.timeline.since(last_seen);
            if let Some(last) = entries.last() {
                let last_seen = last.id;
                return Some((entries, (app, new_ids, last_seen)));
            }
            // A lagging receiver loses nothing: the timeline keeps all entries.
            if let Err(RecvError::Closed) = new_ids.recv().await {
                return None;
            }
        }
    });
    let entries = batches.flat_map(stream::iter).map(move |entry| {
        let data = serde_json::to_string(&entry).unwrap_or_default();
        sse::Event::default().id(format!("{run}-{}", entry.id)).data(data)
    });
    Sse::new(hello.chain(entries).map(Ok)).keep_alive(KeepAlive::default())
}

fn last_seen(headers: &HeaderMap, run: u64) -> u64 {
    headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once('-'))
        .filter(|(given, _)| *given == run.to_string())
        .and_then(|(_, id)| id.parse().ok())
        .unwrap_or(0)
}

/// Status 400 with the reason.
struct BadRequest(String);

impl IntoResponse for BadRequest {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"error": self.0}))).into_response()
    }
}

/// A JSON body. An invalid one is answered with a JSON error.
struct JsonBody<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = BadRequest;

    async fn from_request(request: Request, state: &S) -> Result<Self, BadRequest> {
        Json::from_request(request, state)
            .await
            .map(|Json(body)| Self(body))
            .map_err(|rejection| BadRequest(rejection.body_text()))
    }
}
