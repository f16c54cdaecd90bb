//! A simulated payment provider: what a `hosted` method leads to.
//!
//! | route | |
//! |---|---|
//! | `GET /cashier/pay?assertion=...` | takes a trader who comes to pay, and leads on to the payment's page |
//! | `GET /cashier/payments/{payment}` | the page |
//! | `POST /cashier/payments/{payment}` | one of its buttons: `do` |
//! | `GET /cashier/deposits/{deposit}` | for tests: how the payment of a deposit stands, as JSON |
//! | `POST /cashier/deposits/{deposit}` | for tests: `{"do": "approve"}`, as a button does |
//!
//! Who comes by `GET /cashier/unframed?assertion=...` is shown pages that refuse to be framed.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::assertions::{Claims, Deposit};
use crate::notifier::{Kind, Message, Notice, random};
use crate::pages::{Parameters, refused};
use crate::{World, locked};

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/cashier/pay", get(framed))
        .route("/cashier/unframed", get(unframed))
        .route("/cashier/payments/{payment}", get(page).post(press))
        .route("/cashier/deposits/{deposit}", get(look).post(drive))
}

/// All payments by their ids, and which is whose.
#[derive(Default)]
pub(crate) struct Payments {
    by_id: HashMap<String, Payment>,
    of_deposit: HashMap<String, String>,
}

/// What a trader has come to pay.
#[derive(Clone, Debug)]
struct Payment {
    /// Ours, and what the notifications name as `providerReference`.
    id: String,
    deposit: Deposit,
    payee: String,
    theme: String,
    framed: bool,
    state: Standing,
    began: Timestamp,
}

/// How a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Open,
    /// The trader will pay later.
    Pending,
    Paid,
    Declined,
    /// It was paid, and the payer has the money again.
    Reversed,
}

/// What can be done about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Button {
    Approve,
    Decline,
    PayLater,
    PayNow,
    OtherAmount,
    Twice,
    Late,
    OutOfOrder,
    WrongSignature,
    ReturnByPost,
    Refund,
    ChargeBack,
}

#[derive(Deserialize)]
struct Press {
    r#do: Button,
}

async fn framed(state: State<Arc<World>>, parameters: Query<Parameters>) -> Response {
    begin(state, parameters, true).await
}

async fn unframed(state: State<Arc<World>>, parameters: Query<Parameters>) -> Response {
    begin(state, parameters, false).await
}

/// A trader comes. The assertion is good once and for a minute, so it is not what the page is known by.
async fn begin(
    State(world): State<Arc<World>>,
    Query(parameters): Query<Parameters>,
    framed: bool,
) -> Response {
    let claims = world.assertions.accept(&parameters.assertion).await;
    let payment = claims
        .ok()
        .and_then(|claims| locked(&world.payments).of(&world, claims, framed));
    match payment {
        Some(payment) => Redirect::to(&payment.path()).into_response(),
        None => refused(&world),
    }
}

impl Payments {
    /// The payment of the deposit that the trader was sent with: a new one, or, if they have come before, the one that
    /// there is. Nobody pays a deposit twice.
    fn of(&mut self, world: &World, claims: Claims, framed: bool) -> Option<Payment> {
        let deposit = claims.deposit.filter(|_| claims.action == "deposit")?;
        if !is_payable(&deposit) || !world.notifier.knows(&deposit.method) {
            return None;
        }
        if let Some(id) = self.of_deposit.get(&deposit.id) {
            let known = self.by_id.get_mut(id)?;
            // To return to another page of the screens is no other deposit.
            let same = Deposit {
                return_url: deposit.return_url.clone(),
                ..known.deposit.clone()
            };
            if same != deposit {
                return None;
            }
            known.deposit = deposit;
            known.framed = framed;
            return Some(known.clone());
        }
        let payment = Payment {
            id: format!("pay_{}", random()),
            payee: claims.identity.broker_name.unwrap_or_default(),
            theme: claims.launch.theme.unwrap_or_default(),
            framed,
            state: Standing::Open,
            began: Timestamp::now(),
            deposit,
        };
        let id = payment.id.clone();
        self.of_deposit.insert(payment.deposit.id.clone(), id.clone());
        self.by_id.insert(id, payment.clone());
        Some(payment)
    }

    fn of_deposit(&self, deposit: &str) -> Option<Payment> {
        self.by_id.get(self.of_deposit.get(deposit)?).cloned()
    }

    /// Moves a payment on, if it can be: of two taps at once one counts.
    fn press(&mut self, id: &str, button: Button) -> Option<Payment> {
        let payment = self.by_id.get_mut(id)?;
        let reverses = matches!(button, Button::Refund | Button::ChargeBack);
        match payment.state {
            Standing::Open | Standing::Pending if !reverses => {}
            Standing::Paid if reverses => {}
            _ => return None,
        }
        payment.state = match button {
            Button::Refund | Button::ChargeBack => Standing::Reversed,
            Button::PayLater => Standing::Pending,
            Button::Decline => Standing::Declined,
            Button::WrongSignature => payment.state,
            _ => Standing::Paid,
        };
        Some(payment.clone())
    }
}

fn is_payable(deposit: &Deposit) -> bool {
    let amount = deposit.amount.parse::<Decimal>();
    amount.is_ok_and(|amount| amount.is_sign_positive() && !amount.is_zero())
        && Url::parse(&deposit.return_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

impl Payment {
    fn path(&self) -> String {
        format!("/cashier/payments/{}", self.id)
    }

    fn notice(&self, kind: Kind) -> Notice {
        Notice {
            kind,
            at: Timestamp::now(),
            deposit: self.deposit.id.clone(),
            method: self.deposit.method.clone(),
            amount: self.deposit.amount.clone(),
            currency: self.deposit.currency.clone(),
            reference: self.id.clone(),
            reason: None,
        }
    }

    /// One unit more than asked for: there is such an amount in every currency.
    fn other_amount(&self) -> String {
        let amount: Decimal = self.deposit.amount.parse().unwrap_or_default();
        (amount + Decimal::ONE).to_string()
    }
}

/// Does what a button says. When it returns, each message that is not to be late has been tried once.
async fn act(world: &Arc<World>, id: &str, button: Button) {
    let pressed = locked(&world.payments).press(id, button);
    let Some(payment) = pressed else {
        return;
    };
    let notifier = &world.notifier;
    let paid = payment.notice(Kind::Paid);
    match button {
        Button::Approve | Button::PayNow | Button::ReturnByPost => notifier.send(Message::new(paid)).await,
        Button::Decline => {
            let failed = Notice {
                reason: Some("declined by the payer"),
                ..payment.notice(Kind::Failed)
            };
            notifier.send(Message::new(failed)).await;
        }
        Button::PayLater => {
            notifier.send(Message::new(payment.notice(Kind::Pending))).await;
            let (world, id) = (Arc::clone(world), id.to_owned());
            notifier.later(async move {
                tokio::time::sleep(world.options.pay_later).await;
                let pressed = locked(&world.payments).press(&id, Button::PayNow);
                if let Some(payment) = pressed {
                    let paid = Message::new(payment.notice(Kind::Paid));
                    world.notifier.send(paid).await;
                }
            });
        }
        Button::OtherAmount => {
            let amount = payment.other_amount();
            notifier.send(Message::new(Notice { amount, ..paid })).await;
        }
        Button::Twice => {
            let message = Message::new(paid.clone());
            tokio::join!(notifier.send(message.clone()), notifier.send(message));
            // And the same fact in a message of its own, as after a switch to another of the provider's machines.
            notifier.send(Message::new(paid)).await;
        }
        Button::Late => notifier.send_after(world.options.late, Message::new(paid)),
        Button::OutOfOrder => {
            let began = payment.began.min(paid.at - SignedDuration::from_secs(1));
            notifier.send(Message::new(paid)).await;
            let pending = Notice {
                at: began,
                ..payment.notice(Kind::Pending)
            };
            notifier.send(Message::new(pending)).await;
            let failed = Notice {
                at: began,
                reason: Some("the first try was declined"),
                ..payment.notice(Kind::Failed)
            };
            notifier.send(Message::new(failed)).await;
        }
        Button::Refund => notifier.send(Message::new(payment.notice(Kind::Refunded))).await,
        Button::ChargeBack => {
            notifier
                .send(Message::new(payment.notice(Kind::ChargedBack)))
                .await
        }
        Button::WrongSignature => notifier.send(Message::new(paid).forged()).await,
    }
}

/// A button of the page: then the trader goes back to where they came from.
async fn press(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Form(Press { r#do: button }): Form<Press>,
) -> Response {
    act(&world, &id, button).await;
    let Some(payment) = locked(&world.payments).by_id.get(&id).cloned() else {
        return refused(&world);
    };
    if button == Button::ReturnByPost {
        let page = Return {
            url: &payment.deposit.return_url,
            payment: &payment.id,
            nonce: &random(),
        };
        return show(&world, &payment, &page.render().unwrap_or_default(), page.nonce);
    }
    let mut response = Redirect::to(&payment.deposit.return_url).into_response();
    guard(&world, &payment, "", &mut response);
    response
}

async fn look(State(world): State<Arc<World>>, Path(deposit): Path<String>) -> Response {
    let Some(payment) = locked(&world.payments).of_deposit(&deposit) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Deposit {
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
        "page": format!("{}{}", world.url, payment.path()), "tries": world.notifier.tries(&deposit),
    }))
    .into_response()
}

async fn drive(
    state: State<Arc<World>>,
    path: Path<String>,
    Json(Press { r#do: button }): Json<Press>,
) -> Response {
    let payment = locked(&state.payments).of_deposit(&path);
    if let Some(payment) = payment {
        act(&state, &payment.id, button).await;
    }
    look(state, path).await
}

#[derive(Template)]
#[template(path = "cashier.html")]
struct Page<'a> {
    theme: &'a str,
    payee: &'a str,
    deposit: &'a Deposit,
    other_amount: &'a str,
    state: &'static str,
}

/// Sends the trader back by POST, as some providers do.
#[derive(Template)]
#[template(path = "return.html")]
struct Return<'a> {
    url: &'a str,
    payment: &'a str,
    nonce: &'a str,
}

async fn page(State(world): State<Arc<World>>, Path(id): Path<String>) -> Response {
    let Some(payment) = locked(&world.payments).by_id.get(&id).cloned() else {
        return refused(&world);
    };
    let page = Page {
        theme: &payment.theme,
        payee: &payment.payee,
        deposit: &payment.deposit,
        other_amount: &payment.other_amount(),
        state: match payment.state {
            Standing::Open => "open",
            Standing::Pending => "pending",
            Standing::Paid => "paid",
            Standing::Declined => "declined",
            Standing::Reversed => "reversed",
        },
    };
    show(&world, &payment, &page.render().unwrap_or_default(), "")
}

fn show(world: &World, payment: &Payment, html: &str, nonce: &str) -> Response {
    let mut response = Html(html.to_owned()).into_response();
    guard(world, payment, nonce, &mut response);
    response
}

/// Who may frame the page, and where its forms may lead: back to the screens.
fn guard(world: &World, payment: &Payment, nonce: &str, response: &mut Response) {
    let ancestor = if payment.framed {
        &world.options.frame_ancestor
    } else {
        "'none'"
    };
    let back = Url::parse(&payment.deposit.return_url).map(|url| url.origin().ascii_serialization());
    let script = if nonce.is_empty() {
        String::new()
    } else {
        format!("script-src 'nonce-{nonce}'; ")
    };
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; {script}base-uri 'none'; form-action 'self' {}; \
         frame-ancestors {ancestor}",
        back.unwrap_or_default()
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
