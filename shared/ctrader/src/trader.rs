//! Looking up a trading account: its broker, its currency and the digits of its amounts.

use outbound::{MIN_TIME, cause, read};
use reqwest::{
    Method, Request, StatusCode,
    header::{ACCEPT, HeaderValue},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::{
    Client, ManagerToken,
    answer::{id, object, shown_text, text},
    client::MAX_RESPONSE_SIZE,
    code::documented,
};

/// Highest number of digits after the point of an amount in cTrader (`preciseAmount` of changebalance).
pub(crate) const MAX_DIGITS: u32 = 8;

/// A trading account in cTrader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trader {
    /// Its number.
    pub login: i64,
    /// Its broker or white label; case-sensitive. Absent if cTrader does not report it.
    pub broker_name: Option<String>,
    /// The code of its currency, in cTrader's spelling.
    pub deposit_currency: String,
    /// How many digits after the point its amounts have. Absent if cTrader does not report it.
    pub money_digits: Option<u32>,
    /// The e-mail address of its owner (`contactDetails.email`). Absent if cTrader does not report it.
    pub email: Option<String>,
}

/// Why the look-up failed. It changes nothing in cTrader, so it may always be repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraderError {
    /// cTrader has no such account.
    #[error("cTrader has no such trading account")]
    NotFound,
    /// 401 or 403: cTrader refused the manager token.
    #[error("cTrader refused the manager token")]
    Unauthorized,
    /// `CH_BROKER_NOT_FOUND`: the account is of a broker that this backend does not serve.
    #[error("cTrader answered CH_BROKER_NOT_FOUND: the account's broker is not on this backend")]
    NoSuchBroker,
    /// Another 4xx: the documented error code, or else the status.
    #[error("cTrader refused to show the trading account: {0}")]
    Refused(String),
    /// 429 or `REQUEST_FREQUENCY_EXCEEDED`.
    #[error("cTrader answered that it is busy")]
    Busy,
    /// Not reached, no complete response, 5xx, or a response that the contract does not allow.
    #[error("cannot learn of the trading account: {0}")]
    Unavailable(String),
}

impl Client {
    /// Looks up a trading account (`GET /v2/webserv/traders/{login}`): follows no redirect and retries nothing.
    ///
    /// # Errors
    /// [`TraderError`].
    pub async fn trader(
        &self,
        login: i64,
        manager: &ManagerToken,
        deadline: Instant,
    ) -> Result<Trader, TraderError> {
        if deadline < Instant::now() + MIN_TIME {
            return Err(TraderError::Unavailable("too little time was left".into()));
        }
        let late = |_| Err(TraderError::Unavailable("the deadline passed".into()));
        timeout_at(deadline, self.look_up(login, manager))
            .await
            .unwrap_or_else(late)
    }

    async fn look_up(&self, login: i64, manager: &ManagerToken) -> Result<Trader, TraderError> {
        let path = format!("/v2/webserv/traders/{login}");
        let url = self.urls.webserv.with(&path, &[("token", manager.expose())]);
        let mut request = Request::new(Method::GET, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);

        let client = self
            .connections
            .client()
            .map_err(|error| TraderError::Unavailable(error.to_string()))?;
        let sent = client.execute(request).await;
        self.connections.used();
        let mut response = sent.map_err(|error| TraderError::Unavailable(cause(error)))?;

        let status = response.status();
        let body = read(&mut response, MAX_RESPONSE_SIZE).await;
        if status == StatusCode::OK {
            let json = body.map_err(|error| TraderError::Unavailable(error.to_string()))?;
            return Trader::read(login, &json).map_err(|why| TraderError::Unavailable(why.into()));
        }
        Err(TraderError::from_response(status, &body.unwrap_or_default()))
    }
}

impl Trader {
    /// Reads the body of a 200 response about the account `login`.
    pub(crate) fn read(login: i64, body: &[u8]) -> Result<Self, &'static str> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            #[serde(default, deserialize_with = "id")]
            login: Option<i64>,
            #[serde(default, deserialize_with = "text")]
            broker_name: Option<String>,
            #[serde(deserialize_with = "shown_text")]
            deposit_currency: Option<String>,
            money_digits: Option<u32>,
            #[serde(default)]
            contact_details: Value,
        }
        let answer: Answer = object(body).ok_or("200 with a body that is no trading account")?;
        if answer.login.is_some_and(|answered| answered != login) {
            return Err("200 with another trading account than the one asked for");
        }
        if answer.money_digits.is_some_and(|digits| digits > MAX_DIGITS) {
            return Err("200 with a moneyDigits above 8");
        }
        Ok(Self {
            login,
            broker_name: answer.broker_name,
            deposit_currency: answer.deposit_currency.ok_or("200 without a depositCurrency")?,
            money_digits: answer.money_digits,
            email: answer.contact_details["email"].as_str().map(str::to_owned),
        })
    }
}

impl TraderError {
    pub(crate) fn from_response(status: StatusCode, body: &[u8]) -> Self {
        if !status.is_client_error() {
            return Self::Unavailable(format!("answered {}", status.as_u16()));
        }
        match documented(body) {
            Some("TRADER_NOT_FOUND") => return Self::NotFound,
            Some("CH_BROKER_NOT_FOUND") => return Self::NoSuchBroker,
            Some("REQUEST_FREQUENCY_EXCEEDED") => return Self::Busy,
            Some("UNKNOWN_ERROR") => return Self::Unavailable("UNKNOWN_ERROR".into()),
            Some(code) => return Self::Refused(code.into()),
            None => {}
        }
        let json = serde_json::from_slice::<serde_json::Map<_, _>>(body).is_ok();
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Unauthorized,
            StatusCode::TOO_MANY_REQUESTS => Self::Busy,
            StatusCode::NOT_FOUND if json => Self::NotFound,
            StatusCode::NOT_FOUND => Self::Unavailable(
                "answered 404, and not with cTrader's JSON: is CTRADER_WEBSERV_URL, or without it CTRADER_BASE_URL, right?".into(),
            ),
            other => Self::Refused(format!("status {}", other.as_u16())),
        }
    }
}
