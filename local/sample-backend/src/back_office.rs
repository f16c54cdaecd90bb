//! The broker's back office, which looks at the bank's statement: `GET /back-office` lists the transfers that are waited
//! for, and its buttons say what became of them, by the same signed messages as a payment provider's.
//!
//! For tests as JSON: `GET /back-office/transfers`, and `POST /back-office/transfers/{deposit}` with `{"do": "arrived"}`.

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

use crate::World;
use crate::notifier::{Kind, Message, Notice};

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/back-office", get(page))
        .route("/back-office/{deposit}", post(press))
        .route("/back-office/transfers", get(look))
        .route("/back-office/transfers/{deposit}", post(drive))
}

/// A bank transfer that a trader has announced, as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Id of the deposit.
    pub deposit: String,
    /// What the trader puts into the transfer, and the statement shows.
    pub reference: String,
    /// Id of the payment method.
    pub method: String,
    /// The trading account.
    pub account: String,
    /// How much is to come, a decimal.
    pub amount: String,
    /// In which currency.
    pub currency: String,
}

/// Looks up the transfers that are waited for.
#[derive(Clone)]
pub struct Transfers(Arc<dyn Fn() -> Vec<Transfer> + Send + Sync>);

impl Transfers {
    /// By that.
    pub fn by(look_up: impl Fn() -> Vec<Transfer> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    /// There never are any.
    #[must_use]
    pub fn none() -> Self {
        Self::by(Vec::new)
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

/// What the statement shows.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Finding {
    Arrived,
    OtherAmount,
    NeverCame,
}

#[derive(Deserialize)]
struct Press {
    r#do: Finding,
}

/// Tells the screens what was found; whether there is such a transfer. When it returns, that was tried once.
async fn tell(world: &World, deposit: &str, finding: Finding) -> bool {
    let Some(transfer) = world.options.transfers.find(deposit) else {
        return false;
    };
    let (kind, reason) = match finding {
        Finding::NeverCame => (Kind::Failed, Some("the transfer never came")),
        _ => (Kind::Paid, None),
    };
    let amount = match (finding, transfer.amount.parse::<Decimal>()) {
        (Finding::OtherAmount, Ok(amount)) => (amount + Decimal::ONE).to_string(),
        _ => transfer.amount,
    };
    let notice = Notice {
        kind,
        at: Timestamp::now(),
        deposit: transfer.deposit,
        method: transfer.method,
        amount,
        currency: transfer.currency,
        // A line of a statement has one number, however often somebody looks at it.
        reference: format!("statement {}", transfer.reference),
        reason,
    };
    world.notifier.send(Message::new(notice)).await;
    true
}

#[derive(Template)]
#[template(path = "back_office.html")]
struct Page<'a> {
    transfers: &'a [Transfer],
}

async fn page(State(world): State<Arc<World>>) -> Response {
    let transfers = world.options.transfers.all();
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

async fn press(
    State(world): State<Arc<World>>,
    Path(deposit): Path<String>,
    Form(Press { r#do: finding }): Form<Press>,
) -> Response {
    tell(&world, &deposit, finding).await;
    Redirect::to("/back-office").into_response()
}

async fn look(State(world): State<Arc<World>>) -> Json<Vec<Transfer>> {
    Json(world.options.transfers.all())
}

async fn drive(
    State(world): State<Arc<World>>,
    Path(deposit): Path<String>,
    Json(Press { r#do: finding }): Json<Press>,
) -> Response {
    if !tell(&world, &deposit, finding).await {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({"tries": world.notifier.tries(&deposit)})).into_response()
}
