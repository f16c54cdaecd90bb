//! A simulated payment provider, for `hosted` payment methods.
//!
//! | route | purpose |
//! |---|---|
//! | `GET /cashier/pay?assertion=...` | receives a trader, and redirects to the payment's page |
//! | `GET /cashier/payments/{payment}` | the payment's page |
//! | `POST /cashier/payments/{payment}` | a button of the page: `do` |
//! | `GET /cashier/deposits/{deposit}` | for tests: the payment of a deposit, as JSON |
//! | `POST /cashier/deposits/{deposit}` | for tests: `{"do": "approve"}`, like a button |
//!
//! The pages after `GET /cashier/unframed?assertion=...` refuse to be framed.

mod payments;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::SignedDuration;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use crate::assertions::{self, DepositClaims};
use crate::notifier::{Notification, PaymentEvent, PaymentEventKind, random};
use crate::pages::{Parameters, refused};
use crate::{AppState, lock};

pub(crate) use payments::Payments;
use payments::{Button, Payment, PaymentState};

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/cashier/pay", get(framed))
        .route("/cashier/unframed", get(unframed))
        .route("/cashier/deposits/{deposit}", get(show_json).post(press_by_json))
}

/// The payment's page, whose URL nobody can guess. In a sandboxed frame its form has no origin.
pub(crate) fn payment_route() -> Router<Arc<AppState>> {
    Router::new().route("/cashier/payments/{payment}", get(page).post(press_by_form))
}

#[derive(Deserialize)]
struct ButtonPress {
    r#do: Button,
}

async fn framed(state: State<Arc<AppState>>, parameters: Query<Parameters>) -> Response {
    begin(state, parameters, true).await
}

async fn unframed(state: State<Arc<AppState>>, parameters: Query<Parameters>) -> Response {
    begin(state, parameters, false).await
}

/// Receives a trader. The assertion works only once, so the page has a URL of its own.
async fn begin(
    State(app): State<Arc<AppState>>,
    Query(parameters): Query<Parameters>,
    framed: bool,
) -> Response {
    let page = assertions::Page::Cashier;
    let claims = app.assertions.accept(&parameters.assertion, page).await;
    let payment = claims
        .ok()
        .and_then(|claims| lock(&app.payments).find_or_create(&app, claims, framed));
    match payment {
        Some(payment) => Redirect::to(&payment.path()).into_response(),
        None => refused(&app),
    }
}

/// Carries out a button. Returns after the first attempt of each notification that is not late.
async fn press(app: &Arc<AppState>, id: &str, button: Button) {
    let changed = lock(&app.payments).press(id, button);
    let Some(payment) = changed else {
        return;
    };
    let notifier = &app.notifier;
    let paid = payment.event(PaymentEventKind::Paid);
    match button {
        Button::Approve | Button::PayNow | Button::ReturnByPost => {
            notifier.send(Notification::new(paid)).await
        }
        Button::Decline => {
            let failed = PaymentEvent {
                reason: Some("declined by the payer"),
                ..payment.event(PaymentEventKind::Failed)
            };
            notifier.send(Notification::new(failed)).await;
        }
        Button::Abandon => {
            let failed = PaymentEvent {
                amount: "0".into(),
                reference: None,
                reason: Some("abandoned by the payer"),
                ..payment.event(PaymentEventKind::Failed)
            };
            notifier.send(Notification::new(failed)).await;
        }
        Button::FailedTry => {
            notifier.send(Notification::new(failed_try(&payment))).await;
            notifier.send(Notification::new(paid)).await;
        }
        Button::LateFailedTry => notifier.send(Notification::new(failed_try(&payment))).await,
        Button::PayLater => {
            notifier
                .send(Notification::new(payment.event(PaymentEventKind::Pending)))
                .await;
            notifier.spawn(pay_later(Arc::clone(app), id.to_owned()));
        }
        Button::OtherAmount => {
            let amount = payment.other_amount();
            notifier
                .send(Notification::new(PaymentEvent { amount, ..paid }))
                .await;
        }
        Button::Twice => {
            let message = Notification::new(paid.clone());
            tokio::join!(notifier.send(message.clone()), notifier.send(message));
            // The same event in another message, as from another server of the provider.
            notifier.send(Notification::new(paid)).await;
        }
        Button::Late => notifier.send_after(app.options.late, Notification::new(paid)),
        Button::OutOfOrder => {
            for event in out_of_order(&payment, paid) {
                notifier.send(Notification::new(event)).await;
            }
        }
        Button::Refund => {
            notifier
                .send(Notification::new(payment.event(PaymentEventKind::Refunded)))
                .await
        }
        Button::ChargeBack => {
            notifier
                .send(Notification::new(payment.event(PaymentEventKind::ChargedBack)))
                .await
        }
        Button::WrongSignature => notifier.send(Notification::new(paid).forged()).await,
    }
}

/// Pays a payment after a while, unless the trader has paid it meanwhile.
async fn pay_later(app: Arc<AppState>, id: String) {
    tokio::time::sleep(app.options.pay_later).await;
    let changed = lock(&app.payments).press(&id, Button::PayNow);
    if let Some(payment) = changed {
        let paid = Notification::new(payment.event(PaymentEventKind::Paid));
        app.notifier.send(paid).await;
    }
}

/// A failure of another try than the payment, which has a reference of its own and failed last.
fn failed_try(payment: &Payment) -> PaymentEvent {
    let failed = payment.event(PaymentEventKind::Failed);
    PaymentEvent {
        at: failed.at + SignedDuration::from_secs(5),
        reference: Some(format!("{}-try", payment.id)),
        reason: Some("this try was declined"),
        ..failed
    }
}

/// `paid`, and after it two older events.
fn out_of_order(payment: &Payment, paid: PaymentEvent) -> [PaymentEvent; 3] {
    let started = payment.started.min(paid.at - SignedDuration::from_secs(1));
    let pending = PaymentEvent {
        at: started,
        ..payment.event(PaymentEventKind::Pending)
    };
    let failed = PaymentEvent {
        at: started,
        reason: Some("the first try was declined"),
        ..payment.event(PaymentEventKind::Failed)
    };
    [paid, pending, failed]
}

/// A button of the page. Then the trader returns to the screens.
async fn press_by_form(
    State(app): State<Arc<AppState>>,
    Path(id): Path<String>,
    Form(ButtonPress { r#do: button }): Form<ButtonPress>,
) -> Response {
    press(&app, &id, button).await;
    let Some(payment) = lock(&app.payments).find(&id) else {
        return refused(&app);
    };
    if button == Button::ReturnByPost {
        let page = Return {
            url: &payment.deposit.return_url,
            payment: &payment.id,
            nonce: &random(),
        };
        return show(&app, &payment, &page.render().unwrap_or_default(), page.nonce);
    }
    let mut response = Redirect::to(&payment.deposit.return_url).into_response();
    set_headers(&app, &payment, "", &mut response);
    response
}

async fn show_json(State(app): State<Arc<AppState>>, Path(deposit): Path<String>) -> Response {
    let Some(payment) = lock(&app.payments).find_by_deposit(&deposit) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let DepositClaims {
        id,
        account,
        amount,
        currency,
        method,
        return_url,
    } = &payment.deposit;
    Json(json!({
        "depositId": id, "account": account, "amount": amount, "currency": currency, "method": method,
        "returnUrl": return_url, "providerReference": payment.id, "state": payment.state,
        "page": format!("{}{}", app.url, payment.path()), "attempts": app.notifier.attempts(&deposit),
    }))
    .into_response()
}

async fn press_by_json(
    state: State<Arc<AppState>>,
    path: Path<String>,
    Json(ButtonPress { r#do: button }): Json<ButtonPress>,
) -> Response {
    let payment = lock(&state.payments).find_by_deposit(&path);
    if let Some(payment) = payment {
        press(&state, &payment.id, button).await;
    }
    show_json(state, path).await
}

#[derive(Template)]
#[template(path = "cashier.html")]
struct Page<'a> {
    theme: &'a str,
    payee: &'a str,
    email: Option<&'a str>,
    deposit: &'a DepositClaims,
    other_amount: &'a str,
    state: &'static str,
}

/// Returns the trader by POST, as some providers do.
#[derive(Template)]
#[template(path = "return.html")]
struct Return<'a> {
    url: &'a str,
    payment: &'a str,
    nonce: &'a str,
}

async fn page(State(app): State<Arc<AppState>>, Path(id): Path<String>) -> Response {
    let Some(payment) = lock(&app.payments).find(&id) else {
        return refused(&app);
    };
    let page = Page {
        theme: &payment.theme,
        payee: &payment.payee,
        email: payment.email.as_deref(),
        deposit: &payment.deposit,
        other_amount: &payment.other_amount(),
        state: match payment.state {
            PaymentState::Open => "open",
            PaymentState::Pending => "pending",
            PaymentState::Paid => "paid",
            PaymentState::Declined => "declined",
            PaymentState::Reversed => "reversed",
        },
    };
    show(&app, &payment, &page.render().unwrap_or_default(), "")
}

fn show(app: &AppState, payment: &Payment, html: &str, nonce: &str) -> Response {
    let mut response = Html(html.to_owned()).into_response();
    set_headers(app, payment, nonce, &mut response);
    response
}

/// Sets the headers: who may frame the page, and that its forms may lead back to the screens.
fn set_headers(app: &AppState, payment: &Payment, nonce: &str, response: &mut Response) {
    let ancestor = if payment.framed {
        &app.options.frame_ancestor
    } else {
        "'none'"
    };
    let return_origin = Url::parse(&payment.deposit.return_url).map(|url| url.origin().ascii_serialization());
    let script = if nonce.is_empty() {
        String::new()
    } else {
        format!("script-src 'nonce-{nonce}'; ")
    };
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; {script}base-uri 'none'; form-action 'self' {}; \
         frame-ancestors {ancestor}",
        return_origin.unwrap_or_default()
    );
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    if !payment.framed {
        set(header::X_FRAME_OPTIONS, "DENY");
    }
}
