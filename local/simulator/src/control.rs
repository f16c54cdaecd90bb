//! Driving the simulator over HTTP: the routes under `/sim/` of the terminal's port. The terminal page uses
//! them, and so may any test or script. JSON in and out; an error is `{"error": "..."}`.
//!
//! | route | does |
//! |---|---|
//! | `GET /sim/state` | what the page needs: users with their accounts, balances and balance history, actions, where the screens are, the fault in force |
//! | `GET /sim/screens` | `{"reachable":true}` when something listens where the screens are |
//! | `POST /sim/tokens` | mints: `{"user":"ada","account":1000501}` or `{"identity":{...}}`, with `ttlMs`, `token`, `body` as wanted; answers `{"token":"..."}` |
//! | `POST /sim/fault` | sets a [`Fault`] |
//! | `DELETE /sim/fault` | clears it |
//! | `POST /sim/manager-token` | `{"token":"..."}`: changes the manager token |
//! | `POST /sim/events` | adds an [`Event`] that only the caller knows: `opened`, `closed`, `failed`, `answered`, `recorded`, `deposit`, `build` |
//! | `GET /sim/events` | all events so far and then each as it comes, as server-sent events |
//! | `GET /sim/log` | all events so far, as a list |

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

use crate::door::Door;
use crate::events::{Entry, Event, Revision, abbreviate};
use crate::faults::{Fault, FaultKind};
use crate::tokens::{Identity, Mint};
use crate::users::{self, User};
use crate::{World, locked};

pub(crate) fn router(world: Arc<World>, backend: Arc<Door>) -> Router {
    Router::new()
        .route("/sim/state", get(state))
        .route("/sim/screens", get(screens))
        .route("/sim/tokens", post(mint))
        .route("/sim/fault", post(set_fault).delete(clear_fault))
        .route("/sim/manager-token", post(set_manager_token))
        .route("/sim/events", get(events).post(emit))
        .route("/sim/log", get(log))
        .with_state(Control { world, backend })
}

#[derive(Clone)]
struct Control {
    world: Arc<World>,
    backend: Arc<Door>,
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
    let options = &control.world.options;
    Json(SimState {
        screens_url: options.screens_url.clone(),
        screens_command: options.screens_command.clone(),
        backend_url: format!("http://127.0.0.1:{}", control.backend.port()),
        broker_name: options.broker_name.clone(),
        revision: options.revision,
        manager_token: abbreviate(&locked(&control.world.manager_token)),
        actions: options.actions.clone(),
        users: control.world.users(),
        fault: control.world.faults.current(),
    })
}

/// A browser shows an error of its own in a frame whose server is not there, and tells the page nothing.
async fn screens(State(control): State<Control>) -> Json<serde_json::Value> {
    let connect = async {
        let uri: Uri = control.world.options.screens_url.parse().ok()?;
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
struct MintOrder {
    user: Option<String>,
    account: Option<u64>,
    identity: Option<Identity>,
    ttl_ms: Option<u64>,
    token: Option<String>,
    body: Option<String>,
}

async fn mint(State(control): State<Control>, Body(order): Body<MintOrder>) -> Result<Response, Problem> {
    let mut mint = match (order.user, order.account, order.identity) {
        (None, None, Some(identity)) => Mint::identity(identity),
        (Some(user), account, None) => {
            let known = users::find(&control.world.options.broker_name, &user)
                .ok_or_else(|| Problem(format!("no user {user:?}; GET /sim/state lists them")))?;
            match account {
                None => Mint::user(&user),
                Some(login) if known.accounts.iter().any(|account| account.login == login) => {
                    Mint::account(&user, login)
                }
                Some(login) => return Err(Problem(format!("{user} has no account {login}"))),
            }
        }
        _ => {
            return Err(Problem(
                "give either a user (and an account) or an identity".to_owned(),
            ));
        }
    };
    if let Some(ms) = order.ttl_ms {
        mint = mint.ttl(Duration::from_millis(ms));
    }
    mint.token = order.token;
    mint.body = order.body;
    let token = control.world.mint(mint);
    Ok(Json(json!({ "token": token })).into_response())
}

async fn set_fault(State(control): State<Control>, Body(fault): Body<Fault>) -> Result<StatusCode, Problem> {
    if let FaultKind::Status { status, .. } | FaultKind::StatusAfter { status } = fault.kind
        && !(200..=599).contains(&status)
    {
        return Err(Problem(format!("status {status} is not between 200 and 599")));
    }
    if fault.kind == FaultKind::Down && fault.on.is_some() {
        return Err(Problem("down is down for every call".to_owned()));
    }
    change_fault(&control, Some(fault)).await
}

async fn clear_fault(State(control): State<Control>) -> Result<StatusCode, Problem> {
    change_fault(&control, None).await
}

async fn change_fault(control: &Control, fault: Option<Fault>) -> Result<StatusCode, Problem> {
    crate::set_fault(&control.world, &control.backend, fault)
        .await
        .map_err(|error| Problem(format!("the backend's listener: {error}")))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManagerToken {
    token: String,
}

async fn set_manager_token(State(control): State<Control>, Body(given): Body<ManagerToken>) -> StatusCode {
    control.world.set_manager_token(&given.token);
    StatusCode::NO_CONTENT
}

async fn emit(State(control): State<Control>, Body(event): Body<Event>) -> Result<StatusCode, Problem> {
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
            control.world.timeline.add(event);
            Ok(StatusCode::NO_CONTENT)
        }
        _ => Err(Problem(
            "the simulator itself tells of this kind of event".to_owned(),
        )),
    }
}

async fn log(State(control): State<Control>) -> Json<Vec<Entry>> {
    Json(control.world.timeline.since(0))
}

/// Every entry as an SSE message: its id is `run-entry`, its data the entry. A client that reconnects says
/// the last id and gets what it missed; one that comes from an earlier run of the simulator gets all, after a
/// `run` event that tells it to start over.
async fn events(
    State(control): State<Control>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let timeline = &control.world.timeline;
    let run = timeline.run;
    let live = timeline.subscribe();
    let seen = last_seen(&headers, run);
    let hello = stream::iter([sse::Event::default().event("run").data(run.to_string())]);
    let start = (control.world, live, seen);
    let batches = stream::unfold(start, |(world, mut live, seen)| async move {
        loop {
            let entries = world.timeline.since(seen);
            if let Some(last) = entries.last() {
                let seen = last.id;
                return Some((entries, (world, live, seen)));
            }
            // Lagging is no loss: the timeline keeps everything.
            if let Err(RecvError::Closed) = live.recv().await {
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

/// A request that cannot be granted: 400 with the reason.
struct Problem(String);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"error": self.0}))).into_response()
    }
}

/// A JSON body; what is wrong with it is told as JSON too.
struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Json::from_request(request, state)
            .await
            .map(|Json(body)| Self(body))
            .map_err(|rejection| Problem(rejection.body_text()))
    }
}
