//! Crediting a deposit to a trading account: sent at most once, and answered by whether the money moved.

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
    client::LARGEST_ANSWER,
    code::documented,
    trader::MOST_DIGITS,
};

/// A deposit to credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceChange {
    /// The trading account.
    pub login: i64,
    /// How much, in the account's currency: positive, with at most 8 digits after the point.
    pub amount: Decimal,
    /// Our id of the deposit. Nothing documents that cTrader refuses one that it has seen.
    pub external_id: String,
    /// For the broker's eyes.
    pub comment: Option<String>,
    /// Shown to the trader beside the balance operation.
    pub note: Option<String>,
}

/// What became of a [`BalanceChange`].
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
    /// It may have been credited or not, and only a human can find out: the answer was lost, late, unreadable or not in
    /// the contract. Never send it again.
    Unknown(String),
}

impl Client {
    /// Credits a deposit (`POST /v2/webserv/traders/{login}/changebalance`, type `DEPOSIT`).
    ///
    /// It takes a connection of its own: a pooled one that the server has closed meanwhile fails like a lost answer. No
    /// redirect is followed and nothing is retried. Nothing documents that the call is idempotent: only after
    /// [`NotDelivered`](BalanceAnswer::NotDelivered), [`Unauthorized`](BalanceAnswer::Unauthorized) and
    /// [`Busy`](BalanceAnswer::Busy) may it be made again.
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

    async fn send(&self, login: i64, body: String, manager: &ManagerToken) -> BalanceAnswer {
        let path = format!("/v2/webserv/traders/{login}/changebalance");
        let url = self.base.with(&path, &[("token", manager.expose())]);
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
        match read(&mut response, LARGEST_ANSWER).await {
            Ok(body) => BalanceAnswer::of(status, &body),
            Err(error) if status == StatusCode::OK => BalanceAnswer::Unknown(error.to_string()),
            Err(_) => BalanceAnswer::of(status, b""),
        }
    }
}

impl BalanceChange {
    /// The body of the request; `None` if the amount is none that may be sent.
    fn body(&self) -> Option<String> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            login: i64,
            precise_amount: Box<RawValue>,
            r#type: &'static str,
            external_id: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            external_note: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            comment: Option<&'a str>,
        }
        let amount = if self.amount.scale() > MOST_DIGITS {
            self.amount.normalize()
        } else {
            self.amount
        };
        if amount <= Decimal::ZERO || amount.scale() > MOST_DIGITS {
            return None;
        }
        // The digits as they are: a float would not keep them.
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
    fn of(status: StatusCode, body: &[u8]) -> Self {
        if status == StatusCode::OK {
            return Self::of_success(body);
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

    fn of_success(body: &[u8]) -> Self {
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
