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
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::super::{
    BROKER_NOT_FOUND, CHANGE_BALANCE_BAD_AMOUNT, CTraderResponse, Call, INVALID_REQUEST, NOT_ENOUGH_MONEY,
    Right, TRADER_NOT_FOUND, bad_request, check_manager_token, is_json, respond,
};
use crate::accounts::{AppliedChange, ChangeError, ChangeRequest, ChangeType, decimal};
use crate::behaviour::TraderField;
use crate::controllable_server::ServerConnection;
use crate::events::Event;
use crate::faults::Endpoint;
use crate::users::Account;
use crate::{AppState, lock};

/// The maximum number of digits after the point of `preciseAmount`.
const MAX_DIGITS: u32 = 8;

pub(super) fn router() -> Router<Arc<AppState>> {
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

type ManagerQueryResult = Result<Query<ManagerQuery>, QueryRejection>;

/// Refuses the call unless it comes from the broker's manager.
fn check_manager(app: &AppState, query: ManagerQueryResult, right: Right) -> Result<(), CTraderResponse> {
    let Query(query) = query.map_err(|_| bad_request("the query is malformed"))?;
    check_manager_token(app, query.token.as_deref(), StatusCode::UNAUTHORIZED, right)
}

/// `GET /v2/webserv/traders/{login}?token={webservToken}`
async fn trader(
    State(app): State<Arc<AppState>>,
    ConnectInfo(connection): ConnectInfo<ServerConnection>,
    Path(login): Path<String>,
    uri: Uri,
    query: ManagerQueryResult,
) -> Response {
    let call = Call::webserv(app, connection, uri, Method::GET, Some(Endpoint::Trader));
    respond(call, |app| {
        let attempt = || {
            check_manager(app, query, Right::SeeAccounts)?;
            let login = parse_login(&login)?;
            let account = app.accounts.find(login).ok_or_else(not_found)?;
            check_broker(app, login)?;
            Ok(CTraderResponse::ok(record(app, &account).to_string()))
        };
        attempt().unwrap_or_else(|error| error)
    })
    .await
}

/// The record of an account: the required fields of cTrader's JSON schema, and some that it does not have.
fn record(app: &AppState, account: &Account) -> Value {
    let special = lock(&app.behaviour).of_account(account.login);
    let owner = app.owner_of(account.login);
    let email = special.email.clone();
    let email = email.or_else(|| owner.as_ref()?.email.map(str::to_owned));
    let units = account.balance;
    let mut record = json!({
        "login": account.login,
        "groupName": "demo\\retail",
        "accessRights": "FULL_ACCESS",
        "accountType": "HEDGED",
        "brokerName": special.broker.or_else(|| Some(owner?.broker_name)),
        "depositCurrency": account.currency,
        "moneyDigits": account.money_digits,
        "balance": units,
        "bonus": 0,
        "nonWithdrawableBonus": account.bonus,
        "cashEquity": units,
        "equity": units,
        "usedMargin": 0,
        "freeMargin": units,
        "leverageInCents": 50_000,
        "registrationTimestamp": 1_700_000_000_000_u64,
        "lastUpdateTimestamp": 1_750_000_000_000_u64,
        "contactDetails": { "email": email, "countryId": 57 },
        "frenchRisk": false,
        "introducingBrokerRate": 0.25,
    });
    for field in special.left_out {
        match field {
            TraderField::BrokerName => record
                .as_object_mut()
                .and_then(|record| record.remove("brokerName")),
            TraderField::MoneyDigits => record
                .as_object_mut()
                .and_then(|record| record.remove("moneyDigits")),
            TraderField::ContactDetails => Some(std::mem::replace(&mut record["contactDetails"], json!({}))),
        };
    }
    record
}

/// Refuses a call about an account whose broker is not on this plant.
fn check_broker(app: &AppState, login: u64) -> Result<(), CTraderResponse> {
    if lock(&app.behaviour).of_account(login).broker_not_found {
        return Err(CTraderResponse::error(
            StatusCode::BAD_REQUEST,
            BROKER_NOT_FOUND,
            "the account's broker is not on this plant",
        ));
    }
    Ok(())
}

/// The body of changebalance. Unknown fields are errors here, so that tests find them; the real cTrader may ignore
/// them.
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
    State(app): State<Arc<AppState>>,
    ConnectInfo(connection): ConnectInfo<ServerConnection>,
    Path(login): Path<String>,
    uri: Uri,
    query: ManagerQueryResult,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let call = Call::webserv(app, connection, uri, Method::POST, Some(Endpoint::ChangeBalance));
    respond(call, |app| {
        let attempt = || {
            check_manager(app, query, Right::ChangeBalances)?;
            let login = parse_login(&login)?;
            let request = change_request(login, &headers, &body)?;
            check_broker(app, login)?;
            let applied = app.accounts.change(login, request).map_err(error_response)?;
            let id = applied.change.id;
            app.timeline.add(event(applied));
            Ok(CTraderResponse::ok(json!({"balanceHistoryId": id}).to_string()))
        };
        attempt().unwrap_or_else(|error| error)
    })
    .await
}

fn parse_login(path: &str) -> Result<u64, CTraderResponse> {
    path.parse()
        .map_err(|_| bad_request("the login in the path is not a number"))
}

/// Parses a call that changes the balance of `login`.
fn change_request(login: u64, headers: &HeaderMap, body: &[u8]) -> Result<ChangeRequest, CTraderResponse> {
    if !is_json(headers) {
        return Err(CTraderResponse::error(
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
    Ok(ChangeRequest {
        kind: given.kind,
        amount: exact_amount(given.precise_amount.get())?,
        external_id: given.external_id,
        external_note: given.external_note,
        comment: given.comment,
    })
}

/// Parses the text of a JSON number exactly, without a float in between.
fn exact_amount(number: &str) -> Result<Decimal, CTraderResponse> {
    if !number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Err(bad_request("preciseAmount is not a number"));
    }
    let amount = Decimal::from_str_exact(number).or_else(|_| Decimal::from_scientific(number));
    amount
        .ok()
        .filter(|amount| amount.scale() <= MAX_DIGITS)
        .ok_or_else(|| error_response(ChangeError::BadAmount))
}

fn error_response(error: ChangeError) -> CTraderResponse {
    match error {
        ChangeError::NoSuchAccount => not_found(),
        ChangeError::BadAmount => CTraderResponse::error(
            StatusCode::BAD_REQUEST,
            CHANGE_BALANCE_BAD_AMOUNT,
            "the amount is not positive, too large, or has more digits than the account's currency",
        ),
        ChangeError::NotEnoughMoney => CTraderResponse::error(
            StatusCode::BAD_REQUEST,
            NOT_ENOUGH_MONEY,
            "the account has less money than the amount",
        ),
    }
}

fn not_found() -> CTraderResponse {
    CTraderResponse::error(
        StatusCode::NOT_FOUND,
        TRADER_NOT_FOUND,
        "no account has this login",
    )
}

fn event(applied: AppliedChange) -> Event {
    let AppliedChange {
        change,
        account,
        again,
    } = applied;
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
