//! A trader's account: `GET /traders/{login}` and `POST /traders/{login}/changebalance`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::super::{
    CHANGE_BALANCE_BAD_AMOUNT, Call, INVALID_REQUEST, NOT_ENOUGH_MONEY, Reply, TRADER_NOT_FOUND, answer,
    bad_request, check_manager_token, is_json,
};
use crate::World;
use crate::accounts::{ChangeType, Made, Order, Refusal, decimal};
use crate::door::Line;
use crate::events::Event;
use crate::faults::Endpoint;

/// Most digits after the point of `preciseAmount`.
const MOST_DIGITS: u32 = 8;

pub(super) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/v2/webserv/traders/{login}", on(MethodFilter::GET, trader))
        .route(
            "/v2/webserv/traders/{login}/changebalance",
            on(MethodFilter::POST, change_balance),
        )
}

#[derive(Deserialize)]
struct ManagerQuery {
    token: Option<String>,
}

type Manager = Result<Query<ManagerQuery>, QueryRejection>;

/// The caller is the broker's manager.
fn check(world: &World, query: Manager) -> Result<(), Reply> {
    let Query(query) = query.map_err(|_| bad_request("the query is malformed"))?;
    check_manager_token(world, query.token.as_deref(), StatusCode::UNAUTHORIZED)
}

/// `GET /v2/webserv/traders/{login}?token={webservToken}`
async fn trader(
    State(world): State<Arc<World>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(login): Path<String>,
    uri: Uri,
    query: Manager,
) -> Response {
    let call = Call::webserv(world, line, uri, Method::GET, Some(Endpoint::Trader));
    answer(call, |world| {
        let attempt = || {
            check(world, query)?;
            let login = login_of(&login)?;
            let account = world.accounts.find(login).ok_or_else(not_found)?;
            let trader = json!({
                "login": login,
                "brokerName": world.broker_of(login),
                "accessRights": "FULL_ACCESS",
                "depositCurrency": account.currency,
                "moneyDigits": account.money_digits,
                "balance": account.balance,
                "nonWithdrawableBonus": account.bonus,
            });
            Ok(Reply::ok(trader.to_string()))
        };
        attempt().unwrap_or_else(|refused| refused)
    })
    .await
}

/// What changebalance is asked. A field that it does not know is a mistake of the caller's, which the real cTrader
/// may pass over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeBalance<'a> {
    login: u64,
    #[serde(borrow)]
    precise_amount: &'a RawValue,
    #[serde(rename = "type")]
    kind: ChangeType,
    external_id: Option<String>,
    external_note: Option<String>,
    comment: Option<String>,
    #[serde(rename = "source")]
    _source: Option<String>,
}

/// `POST /v2/webserv/traders/{login}/changebalance?token={webservToken}`
async fn change_balance(
    State(world): State<Arc<World>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(login): Path<String>,
    uri: Uri,
    query: Manager,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call::webserv(world, line, uri, Method::POST, Some(Endpoint::ChangeBalance));
    answer(call, |world| {
        let attempt = || {
            check(world, query)?;
            let login = login_of(&login)?;
            let order = order(login, &headers, &body)?;
            let made = world.accounts.change(login, order).map_err(refused)?;
            let id = made.change.id;
            world.timeline.add(changed(made));
            Ok(Reply::ok(json!({"balanceHistoryId": id}).to_string()))
        };
        attempt().unwrap_or_else(|refused| refused)
    })
    .await
}

fn login_of(path: &str) -> Result<u64, Reply> {
    path.parse()
        .map_err(|_| bad_request("the login in the path is no number"))
}

/// What a call to change the balance of `login` asks for.
fn order(login: u64, headers: &HeaderMap, body: &[u8]) -> Result<Order, Reply> {
    if !is_json(headers) {
        return Err(Reply::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            INVALID_REQUEST,
            "the body is not application/json",
        ));
    }
    let given: ChangeBalance<'_> = serde_json::from_slice(body).map_err(|_| {
        bad_request(
            "the body is not {login, preciseAmount, type, externalId?, externalNote?, comment?, source?}",
        )
    })?;
    if given.login != login {
        return Err(bad_request("the login in the body is not the one in the path"));
    }
    Ok(Order {
        kind: given.kind,
        amount: precise(given.precise_amount.get())?,
        external_id: given.external_id,
        external_note: given.external_note,
        comment: given.comment,
    })
}

/// The amount to its last digit: from the text of the JSON number, which never becomes a float.
fn precise(number: &str) -> Result<Decimal, Reply> {
    if !number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Err(bad_request("preciseAmount is no number"));
    }
    let amount = Decimal::from_str_exact(number).or_else(|_| Decimal::from_scientific(number));
    amount
        .ok()
        .filter(|amount| amount.scale() <= MOST_DIGITS)
        .ok_or_else(|| refused(Refusal::BadAmount))
}

fn refused(refusal: Refusal) -> Reply {
    match refusal {
        Refusal::NoSuchAccount => not_found(),
        Refusal::BadAmount => Reply::error(
            StatusCode::BAD_REQUEST,
            CHANGE_BALANCE_BAD_AMOUNT,
            "the amount is not positive, too large, or has more digits than the account's currency",
        ),
        Refusal::NotEnoughMoney => Reply::error(
            StatusCode::BAD_REQUEST,
            NOT_ENOUGH_MONEY,
            "the account has less than that",
        ),
    }
}

fn not_found() -> Reply {
    Reply::error(
        StatusCode::NOT_FOUND,
        TRADER_NOT_FOUND,
        "there is no account with this login",
    )
}

fn changed(made: Made) -> Event {
    let Made {
        change,
        account,
        again,
    } = made;
    Event::BalanceChanged {
        account: account.login,
        balance_history_id: change.id,
        change: change.kind,
        amount: change.amount,
        currency: account.currency.to_owned(),
        external_id: change.external_id,
        again,
        balance: decimal(account.balance, account.money_digits),
    }
}
