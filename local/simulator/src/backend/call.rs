//! A call from its arrival to its response, or to what a fault makes of it. Each call adds one event to the
//! timeline.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};

use super::CTraderResponse;
use super::faulty_response::{Replacement, error_for, first_half, garbage, huge};
use crate::AppState;
use crate::controllable_server::ServerConnection;
use crate::events::{Event, Revision, abbreviate};
use crate::faults::{ActiveFault, Endpoint, FaultKind};

/// A call that has arrived.
pub(super) struct Call {
    app: Arc<AppState>,
    connection: ServerConnection,
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
        /// `None` for a call that has no faults of its own.
        endpoint: Option<Endpoint>,
    },
}

impl Call {
    pub(super) fn redemption(
        app: Arc<AppState>,
        connection: ServerConnection,
        uri: Uri,
        revision: Revision,
        token: Option<&str>,
    ) -> Self {
        let subject = Subject::Redemption {
            revision,
            token: token.map(abbreviate),
        };
        Self::new(app, connection, uri, subject)
    }

    pub(super) fn webserv(
        app: Arc<AppState>,
        connection: ServerConnection,
        uri: Uri,
        method: Method,
        endpoint: Option<Endpoint>,
    ) -> Self {
        Self::new(app, connection, uri, Subject::Webserv { method, endpoint })
    }

    fn new(app: Arc<AppState>, connection: ServerConnection, uri: Uri, subject: Subject) -> Self {
        Self {
            app,
            connection,
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

    fn elapsed_ms(&self) -> u64 {
        self.arrived.elapsed().as_millis().try_into().unwrap_or(u64::MAX)
    }

    /// The event of a call that got a response.
    fn answered(&self, response: &CTraderResponse) -> Event {
        let (status, ms) = (response.status.as_u16(), self.elapsed_ms());
        let code = response.code.as_deref().map(str::to_owned);
        match (&self.subject, &response.identity) {
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
                account: identity.trading_login.or(identity.account_id),
                broker_name: identity.broker_name.clone(),
            },
            (Subject::Redemption { revision, token }, _) => Event::Refused {
                token: token.clone(),
                revision: *revision,
                status,
                code,
                why: response.why.to_owned(),
                ms,
            },
            (Subject::Webserv { method, .. }, _) => Event::Called {
                method: method.to_string(),
                path: self.uri.path().to_owned(),
                status,
                why: code.is_some().then(|| response.why.to_owned()),
                code,
                ms,
            },
        }
    }

    /// The event of a call that got no complete response. Calls that only read never take effect.
    fn lost(&self, took_effect: bool, why: &str) -> Event {
        let (token, call) = match &self.subject {
            Subject::Redemption { token, .. } => (token.clone(), None),
            Subject::Webserv { method, .. } => (None, Some(format!("{method} {}", self.uri.path()))),
        };
        let only_reads = matches!(&self.subject, Subject::Webserv { method, .. } if method == Method::GET);
        Event::Lost {
            token,
            call,
            consumed: took_effect && !only_reads,
            why: why.to_owned(),
            ms: self.elapsed_ms(),
        }
    }
}

/// Runs `action` and responds with its result, or with what the current fault makes of it.
pub(super) async fn respond(call: Call, action: impl FnOnce(&AppState) -> CTraderResponse) -> Response {
    let Some(ActiveFault { kind, is_last }) = call.app.faults.take(call.endpoint()) else {
        let response = action(&call.app);
        call.app.timeline.add(call.answered(&response));
        return response.into_response();
    };
    let fault = FaultyCall { call, is_last };
    match kind {
        FaultKind::Delay { ms } => fault.delayed(action, Duration::from_millis(ms)).await,
        FaultKind::Down | FaultKind::LoseAnswerBefore => {
            fault.report_lost(false, "cTrader dropped the connection before it did anything");
            match fault.call.connection.disconnect().await {}
        }
        FaultKind::LoseAnswer => {
            fault.act_and_lose(action, "cTrader dropped the connection before it answered");
            match fault.call.connection.disconnect().await {}
        }
        FaultKind::StatusAfter { status } => {
            action(&fault.call.app);
            let response = error_for(status, fault.call.endpoint());
            fault.report(fault.call.answered(&response));
            response.into_response()
        }
        FaultKind::Status {
            status,
            code,
            body,
            content_type,
            location,
        } => {
            let replacement = Replacement {
                code,
                body,
                content_type,
                location,
            };
            let error = error_for(status, fault.call.endpoint());
            let (response, http) = replacement.apply(error, &fault.call.uri);
            // The response has no identity, so that even a 2xx is not reported as a redemption.
            fault.report(fault.call.answered(&response));
            http
        }
        FaultKind::Truncated => {
            let response = fault.act_and_lose(action, "the answer ended in the middle");
            let connection = fault.call.connection.clone();
            first_half(response, async move {
                // Lets the first half reach the caller before the connection breaks.
                tokio::time::sleep(Duration::from_millis(20)).await;
                connection.disconnect().await
            })
        }
        FaultKind::Stall => {
            let response = fault.act_and_lose(action, "the answer stopped in the middle");
            first_half(response, std::future::pending())
        }
        FaultKind::Garbage => {
            fault.act_and_lose(action, "the answer was not JSON");
            garbage()
        }
        FaultKind::Huge => {
            fault.act_and_lose(action, "the answer was 16 MiB long");
            huge()
        }
    }
}

/// A call that a fault affects.
struct FaultyCall {
    call: Call,
    /// The fault ends with this call.
    is_last: bool,
}

impl FaultyCall {
    /// Adds the event of the call, and the end of the fault, to the timeline.
    fn report(&self, event: Event) {
        self.call.app.timeline.add(event);
        if self.is_last {
            self.call.app.timeline.add(Event::Fault { fault: None });
        }
    }

    fn report_lost(&self, took_effect: bool, why: &str) {
        self.report(self.call.lost(took_effect, why));
    }

    /// Runs the action, and reports that its response got lost.
    fn act_and_lose(&self, action: impl FnOnce(&AppState) -> CTraderResponse, why: &str) -> CTraderResponse {
        let response = action(&self.call.app);
        self.report_lost(response.took_effect(), why);
        response
    }

    /// Runs the action at once, and responds later.
    async fn delayed(&self, action: impl FnOnce(&AppState) -> CTraderResponse, delay: Duration) -> Response {
        let response = action(&self.call.app);
        // axum drops this future while it waits if the caller closes the connection.
        let caller_gave_up = OnDrop::new(|| {
            self.report_lost(response.took_effect(), "the caller gave up waiting");
        });
        tokio::time::sleep(delay).await;
        caller_gave_up.disarm();
        self.report(self.call.answered(&response));
        response.into_response()
    }
}

/// Runs a closure when dropped, unless disarmed.
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
