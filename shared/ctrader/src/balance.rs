//! Crediting a deposit to a trading account. The call is sent at most once, and its result says whether the
//! money moved.

use domain::ProvenLogin;
use outbound::{MIN_TIME, cause, read};
use reqwest::{
    Method, Request, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderValue},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::{Instant, timeout_at};

use crate::{
    Client, ManagerToken,
    answer::{id, object},
    client::MAX_RESPONSE_SIZE,
    code::documented,
    trader::MAX_DIGITS,
};

/// A deposit to credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceChange {
    /// The trading account.
    pub login: ProvenLogin,
    /// The amount, in units of the account's currency: positive, with at most 8 digits after the point.
    pub amount: Decimal,
    /// Our id of the deposit. cTrader does not document that it refuses an id that it has seen before.
    pub external_id: String,
    /// Shown to the broker.
    pub comment: Option<String>,
    /// Shown to the trader beside the balance operation.
    pub note: Option<String>,
}

/// The outcome of a [`BalanceChange`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BalanceAnswer {
    /// The money is on the account.
    Credited {
        /// cTrader's id of the balance operation.
        balance_history_id: i64,
    },
    /// Not credited: the request was certainly not delivered (DNS, connect, TLS), or not sent for lack of time.
    NotDelivered(String),
    /// Not credited: cTrader refused the manager token (401, 403).
    Unauthorized,
    /// Not credited: cTrader takes no more calls for now (429, `REQUEST_FREQUENCY_EXCEEDED`).
    Busy(String),
    /// Not credited, and will not be: the documented error code.
    Refused(String),
    /// Perhaps credited: the response was lost, late, unreadable or not in the contract. Only a person can find
    /// out. Never send the change again.
    Unknown(String),
}

impl Client {
    /// Credits a deposit (`POST /v2/webserv/traders/{login}/changebalance`, type `DEPOSIT`).
    ///
    /// The call uses a fresh connection: on a pooled one that the server has closed it would look like a lost
    /// response. It follows no redirect and retries nothing. cTrader does not document the call as idempotent,
    /// so the caller may make it again only after [`NotDelivered`](BalanceAnswer::NotDelivered),
    /// [`Unauthorized`](BalanceAnswer::Unauthorized) and [`Busy`](BalanceAnswer::Busy).
    pub async fn change_balance(
        &self,
        change: &BalanceChange,
        manager: &ManagerToken,
        deadline: Instant,
    ) -> BalanceAnswer {
        if deadline < Instant::now() + MIN_TIME {
            return BalanceAnswer::NotDelivered("too little time was left".into());
        }
        let Some(body) = change.body() else {
            return BalanceAnswer::Refused("CHANGE_BALANCE_BAD_AMOUNT".into());
        };
        let late = |_| BalanceAnswer::Unknown("the deadline passed".into());
        timeout_at(deadline, self.send(change.login, body, manager))
            .await
            .unwrap_or_else(late)
    }

    async fn send(&self, login: ProvenLogin, body: String, manager: &ManagerToken) -> BalanceAnswer {
        let path = format!("/v2/webserv/traders/{login}/changebalance");
        let url = self.urls.webserv.with(&path, &[("token", manager.expose())]);
        let mut request = Request::new(Method::POST, url);
        for name in [ACCEPT, CONTENT_TYPE] {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(name, json);
        }
        *request.body_mut() = Some(body.into());

        let client = match self.connections.fresh() {
            Ok(client) => client,
            Err(error) => return BalanceAnswer::NotDelivered(error.to_string()),
        };
        let mut response = match client.execute(request).await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return BalanceAnswer::NotDelivered(cause(error)),
            Err(error) => return BalanceAnswer::Unknown(cause(error)),
        };
        let status = response.status();
        match read(&mut response, MAX_RESPONSE_SIZE).await {
            Ok(body) => BalanceAnswer::from_response(status, &body),
            Err(error) if status == StatusCode::OK => BalanceAnswer::Unknown(error.to_string()),
            Err(_) => BalanceAnswer::from_response(status, b""),
        }
    }
}

impl BalanceChange {
    /// The body of the request. `None` if the amount must not be sent.
    fn body(&self) -> Option<String> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            login: ProvenLogin,
            precise_amount: Box<RawValue>,
            r#type: &'static str,
            external_id: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            external_note: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            comment: Option<&'a str>,
        }
        let amount = if self.amount.scale() > MAX_DIGITS {
            self.amount.normalize()
        } else {
            self.amount
        };
        if amount <= Decimal::ZERO || amount.scale() > MAX_DIGITS {
            return None;
        }
        // As text: a float would lose digits.
        let precise_amount = RawValue::from_string(amount.to_string()).ok()?;
        let body = Body {
            login: self.login,
            precise_amount,
            r#type: "DEPOSIT",
            external_id: &self.external_id,
            external_note: self.note.as_deref(),
            comment: self.comment.as_deref(),
        };
        serde_json::to_string(&body).ok()
    }
}

impl BalanceAnswer {
    pub(crate) fn from_response(status: StatusCode, body: &[u8]) -> Self {
        if status == StatusCode::OK {
            return Self::from_success(body);
        }
        let answered = || format!("answered {}", status.as_u16());
        if !status.is_client_error() {
            return Self::Unknown(answered());
        }
        match (documented(body), status) {
            (Some("UNKNOWN_ERROR"), _) => Self::Unknown("UNKNOWN_ERROR".into()),
            (Some("REQUEST_FREQUENCY_EXCEEDED"), _) => Self::Busy("REQUEST_FREQUENCY_EXCEEDED".into()),
            (Some(code), _) => Self::Refused(code.into()),
            (None, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Self::Unauthorized,
            (None, StatusCode::TOO_MANY_REQUESTS) => Self::Busy(answered()),
            (None, _) => Self::Unknown(answered()),
        }
    }

    fn from_success(body: &[u8]) -> Self {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            #[serde(default, deserialize_with = "id")]
            balance_history_id: Option<i64>,
        }
        match object::<Answer>(body) {
            Some(Answer {
                balance_history_id: Some(balance_history_id),
            }) => Self::Credited { balance_history_id },
            Some(_) => Self::Unknown("200 without a balanceHistoryId".into()),
            None => Self::Unknown("200 with a body that is no balance operation".into()),
        }
    }
}
