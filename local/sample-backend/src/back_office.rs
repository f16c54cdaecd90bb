//! The broker's back office for bank transfers. `GET /back-office` lists the open transfers. Its buttons report what
//! the bank statement shows, by the same signed notifications as a payment provider.
//!
//! For tests as JSON: `GET /back-office/transfers`, and `POST /back-office/transfers/{deposit}` with `{"do":
//! "arrived"}`.

use std::fmt;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::AppState;
use crate::notifier::{Notification, PaymentEvent, PaymentEventKind};

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/back-office", get(page))
        .route("/back-office/{deposit}", post(report_by_form))
        .route("/back-office/transfers", get(list_json))
        .route("/back-office/transfers/{deposit}", post(report_by_json))
}

/// A bank transfer that a trader has promised, from the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Id of the deposit.
    pub deposit: String,
    /// The reference of the transfer, which the bank statement shows.
    pub reference: String,
    /// Id of the payment method.
    pub method: String,
    /// The trading account.
    pub account: String,
    /// The expected amount, as a decimal.
    pub amount: String,
    /// Its currency.
    pub currency: String,
}

/// Looks up the open transfers.
#[derive(Clone)]
pub struct Transfers(Arc<dyn Fn() -> Vec<Transfer> + Send + Sync>);

impl Transfers {
    /// With this function.
    pub fn new(look_up: impl Fn() -> Vec<Transfer> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    /// Without any transfers.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Vec::new)
    }

    fn all(&self) -> Vec<Transfer> {
        (self.0)()
    }

    fn find(&self, deposit: &str) -> Option<Transfer> {
        self.all()
            .into_iter()
            .find(|transfer| transfer.deposit == deposit)
    }
}

impl fmt::Debug for Transfers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transfers")
    }
}

/// What the bank statement shows.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StatementEntry {
    Arrived,
    OtherAmount,
    NeverCame,
}

#[derive(Deserialize)]
struct ButtonPress {
    r#do: StatementEntry,
}

/// Sends the notification, and returns after the first attempt. False if there is no such transfer.
async fn report(app: &AppState, deposit: &str, entry: StatementEntry) -> bool {
    let Some(transfer) = app.options.transfers.find(deposit) else {
        return false;
    };
    let (kind, reason) = match entry {
        StatementEntry::NeverCame => (PaymentEventKind::Failed, Some("the transfer never came")),
        _ => (PaymentEventKind::Paid, None),
    };
    let amount = match (entry, transfer.amount.parse::<Decimal>()) {
        (StatementEntry::OtherAmount, Ok(amount)) => (amount + Decimal::ONE).to_string(),
        _ => transfer.amount,
    };
    let event = PaymentEvent {
        kind,
        at: Timestamp::now(),
        deposit: transfer.deposit,
        method: transfer.method,
        amount,
        currency: transfer.currency,
        // The same line of the statement always has the same reference.
        reference: Some(format!("statement {}", transfer.reference)),
        reason,
    };
    app.notifier.send(Notification::new(event)).await;
    true
}

#[derive(Template)]
#[template(path = "back_office.html")]
struct Page<'a> {
    transfers: &'a [Transfer],
}

async fn page(State(app): State<Arc<AppState>>) -> Response {
    let transfers = app.options.transfers.all();
    let page = Page {
        transfers: &transfers,
    };
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; \
                  frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(page.render().unwrap_or_default())).into_response()
}

async fn report_by_form(
    State(app): State<Arc<AppState>>,
    Path(deposit): Path<String>,
    Form(ButtonPress { r#do: entry }): Form<ButtonPress>,
) -> Response {
    report(&app, &deposit, entry).await;
    Redirect::to("/back-office").into_response()
}

async fn list_json(State(app): State<Arc<AppState>>) -> Json<Vec<Transfer>> {
    Json(app.options.transfers.all())
}

async fn report_by_json(
    State(app): State<Arc<AppState>>,
    Path(deposit): Path<String>,
    Json(ButtonPress { r#do: entry }): Json<ButtonPress>,
) -> Response {
    if !report(&app, &deposit, entry).await {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({"attempts": app.notifier.attempts(&deposit)})).into_response()
}
