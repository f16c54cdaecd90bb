//! A call from its arrival to its answer, or to what the fault of the moment makes of it; either way it ends
//! as one event on the timeline.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::{
    CLIENT_AUTH_FAILURE, INVALID_REQUEST, NON_EXISTED_TOKEN, REQUEST_FREQUENCY_EXCEEDED, Reply,
    TOKEN_EXPIRED, TRADER_NOT_FOUND, UNKNOWN_ERROR,
};
use crate::World;
use crate::door::Line;
use crate::events::{Event, Revision, abbreviate};
use crate::faults::{Endpoint, FaultKind};

/// A call that has arrived.
pub(super) struct Call {
    world: Arc<World>,
    line: Line,
    uri: Uri,
    subject: Subject,
    arrived: Instant,
}

/// What a call is about, for the timeline.
enum Subject {
    Redemption {
        revision: Revision,
        token: Option<String>,
    },
    Webserv {
        method: Method,
        /// `None` for a call that no fault is for in particular.
        endpoint: Option<Endpoint>,
    },
}

impl Call {
    pub(super) fn redemption(
        world: Arc<World>,
        line: Line,
        uri: Uri,
        revision: Revision,
        token: Option<&str>,
    ) -> Self {
        let subject = Subject::Redemption {
            revision,
            token: token.map(abbreviate),
        };
        Self::new(world, line, uri, subject)
    }

    pub(super) fn webserv(
        world: Arc<World>,
        line: Line,
        uri: Uri,
        method: Method,
        endpoint: Option<Endpoint>,
    ) -> Self {
        Self::new(world, line, uri, Subject::Webserv { method, endpoint })
    }

    fn new(world: Arc<World>, line: Line, uri: Uri, subject: Subject) -> Self {
        Self {
            world,
            line,
            uri,
            subject,
            arrived: Instant::now(),
        }
    }

    fn endpoint(&self) -> Option<Endpoint> {
        match &self.subject {
            Subject::Redemption { .. } => Some(Endpoint::Redemption),
            Subject::Webserv { endpoint, .. } => *endpoint,
        }
    }

    fn ms(&self) -> u64 {
        self.arrived.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }

    /// The event of a call that was answered.
    fn answered(&self, reply: &Reply) -> Event {
        let (status, ms) = (reply.status.as_u16(), self.ms());
        let code = reply.code.as_deref().map(str::to_owned);
        match (&self.subject, &reply.identity) {
            (
                Subject::Redemption {
                    revision,
                    token: Some(token),
                },
                Some(identity),
            ) => Event::Redeemed {
                token: token.clone(),
                revision: *revision,
                status,
                ms,
                user_id: identity.user_id,
                account: identity.account_id.or(identity.trading_login),
                broker_name: identity.broker_name.clone(),
            },
            (Subject::Redemption { revision, token }, _) => Event::Refused {
                token: token.clone(),
                revision: *revision,
                status,
                code,
                why: reply.why.to_owned(),
                ms,
            },
            (Subject::Webserv { method, .. }, _) => Event::Called {
                method: method.to_string(),
                path: self.uri.path().to_owned(),
                status,
                why: code.is_some().then(|| reply.why.to_owned()),
                code,
                ms,
            },
        }
    }

    /// The event of a call whose caller got no whole answer; `took_effect`, if there was an effect to take.
    fn lost(&self, took_effect: bool, why: &str) -> Event {
        let (token, call) = match &self.subject {
            Subject::Redemption { token, .. } => (token.clone(), None),
            Subject::Webserv { method, .. } => (None, Some(format!("{method} {}", self.uri.path()))),
        };
        let asks = matches!(&self.subject, Subject::Webserv { method, .. } if method == Method::GET);
        Event::Lost {
            token,
            call,
            consumed: took_effect && !asks,
            why: why.to_owned(),
            ms: self.ms(),
        }
    }
}

/// Performs a call, or what the fault of the moment makes of it.
pub(super) async fn answer(call: Call, act: impl FnOnce(&World) -> Reply) -> Response {
    let Some(strike) = call.world.faults.strike(call.endpoint()) else {
        let reply = act(&call.world);
        call.world.timeline.add(call.answered(&reply));
        return reply.into_response();
    };
    let report = |event| {
        call.world.timeline.add(event);
        if strike.last {
            call.world.timeline.add(Event::Fault { fault: None });
        }
    };
    match strike.kind {
        FaultKind::Delay { ms } => {
            let reply = act(&call.world);
            // A caller that gives up drops this future where it waits.
            let gave_up = OnDrop::new(|| {
                report(call.lost(reply.took_effect(), "the caller gave up waiting"));
            });
            tokio::time::sleep(Duration::from_millis(ms)).await;
            gave_up.disarm();
            report(call.answered(&reply));
            reply.into_response()
        }
        FaultKind::Down | FaultKind::LoseAnswerBefore => {
            report(call.lost(false, "cTrader dropped the connection before it did anything"));
            never(call.line.cut().await)
        }
        FaultKind::LoseAnswer => {
            let reply = act(&call.world);
            report(call.lost(
                reply.took_effect(),
                "cTrader dropped the connection before it answered",
            ));
            never(call.line.cut().await)
        }
        FaultKind::StatusAfter { status } => {
            act(&call.world);
            let reply = error_of(status, call.endpoint());
            report(call.answered(&reply));
            reply.into_response()
        }
        FaultKind::Status {
            status,
            code,
            body,
            content_type,
            location,
        } => {
            let mut reply = error_of(status, call.endpoint());
            if let Some(code) = code {
                reply = reply.with_code(code);
            }
            let (reply, response) = instead(&call.uri, reply, body, content_type, location);
            // No identity in the reply: even a 2xx is told as no redemption, and the token is as it was.
            report(call.answered(&reply));
            response
        }
        FaultKind::Truncated => {
            let reply = act(&call.world);
            report(call.lost(reply.took_effect(), "the answer broke off in the middle"));
            let line = call.line.clone();
            half(reply, async move {
                // Lets the first half leave before the line is cut.
                tokio::time::sleep(Duration::from_millis(20)).await;
                line.cut().await
            })
        }
        FaultKind::Stall => {
            let reply = act(&call.world);
            report(call.lost(reply.took_effect(), "the answer stopped in the middle"));
            half(reply, std::future::pending())
        }
        FaultKind::Garbage => {
            let reply = act(&call.world);
            report(call.lost(reply.took_effect(), "the answer was no JSON"));
            let bytes: &[u8] = b"\x00\xff{\"userId\": <!-- \xfe";
            ([(CONTENT_TYPE, "application/json")], bytes).into_response()
        }
        FaultKind::Huge => {
            let reply = act(&call.world);
            report(call.lost(reply.took_effect(), "the answer was 16 MiB long"));
            huge()
        }
    }
}

/// cTrader's error for a status.
fn error_of(status: u16, endpoint: Option<Endpoint>) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let redemption = endpoint == Some(Endpoint::Redemption);
    let (code, why) = match status.as_u16() {
        401 | 403 => (CLIENT_AUTH_FAILURE, "the manager token is refused"),
        404 | 417 if redemption => (NON_EXISTED_TOKEN, "no such token"),
        404 => (TRADER_NOT_FOUND, "no such account"),
        410 if redemption => (TOKEN_EXPIRED, "the token is over"),
        429 => (REQUEST_FREQUENCY_EXCEEDED, "too many calls"),
        400..=499 => (INVALID_REQUEST, "told to answer so"),
        _ => (UNKNOWN_ERROR, "told to answer so"),
    };
    Reply::error(status, code, why)
}

/// The answer that a fault puts in place of the call.
fn instead(
    uri: &Uri,
    mut reply: Reply,
    body: Option<String>,
    content_type: Option<String>,
    location: Option<String>,
) -> (Reply, Response) {
    if let Some(body) = body {
        reply.body = body;
        reply.code = None;
        reply.why = "told to answer so";
    }
    let mut response = (reply.status, reply.body.clone()).into_response();
    let header = |text: Option<String>| text.and_then(|text| HeaderValue::try_from(text).ok());
    response.headers_mut().insert(
        CONTENT_TYPE,
        header(content_type).unwrap_or(HeaderValue::from_static("application/json")),
    );
    if reply.status.is_redirection() {
        let again = uri.path_and_query().map(ToString::to_string);
        if let Some(location) = header(location.or(again)) {
            response.headers_mut().insert(LOCATION, location);
        }
    }
    (reply, response)
}

/// The first half of an answer under the `Content-Length` of the whole; then `rest`, which never comes.
fn half(reply: Reply, rest: impl Future<Output = Infallible> + Send + 'static) -> Response {
    let length = reply.body.len();
    let first = Bytes::from(reply.body).slice(..length / 2);
    let body = stream::once(async move { Ok::<_, Infallible>(first) })
        .chain(stream::once(async move { never(rest.await) }));
    let mut response = (reply.status, Body::from_stream(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// 16 MiB of valid JSON.
fn huge() -> Response {
    const CHUNK: Bytes = Bytes::from_static(&[b' '; 64 * 1024]);
    let padding = stream::repeat_with(|| Ok::<_, Infallible>(CHUNK)).take(256);
    let end = stream::once(async { Ok(Bytes::from_static(br#"{"userId":1}"#)) });
    (
        [(CONTENT_TYPE, "application/json")],
        Body::from_stream(padding.chain(end)),
    )
        .into_response()
}

fn never<T>(never: Infallible) -> T {
    match never {}
}

/// Runs when dropped, unless disarmed.
struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> OnDrop<F> {
    fn new(action: F) -> Self {
        Self(Some(action))
    }

    fn disarm(mut self) {
        self.0 = None;
    }
}

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(action) = self.0.take() {
            action();
        }
    }
}
