//! The redemption call, in both published revisions.

use std::time::Duration;

use outbound::{Connections, MIN_TIME, NoTls, ReadError, Tls, cause, read};
use reqwest::{Method, StatusCode, header};
use tokio::time::{Instant, timeout_at};

use crate::{BaseUrls, ManagerToken, OneTimeToken, RedeemedTrader, code::documented};

/// Largest response that is read, in bytes. The documented ones have 100 to 1,000.
pub(crate) const MAX_RESPONSE_SIZE: usize = 64 * 1024;

/// A client of one cTrader backend. Make one per process.
pub struct Client {
    pub(crate) urls: BaseUrls,
    api: RedeemApi,
    pub(crate) connections: Connections,
}

/// Which revision of the redemption call the backend speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RedeemApi {
    /// `GET /ctid2/inAppOneTimeToken/data`, from the specification.
    #[default]
    Data,
    /// `POST /ctid2/inAppToken/redeem`, from a newer page of the same document.
    Redeem,
}

impl std::str::FromStr for RedeemApi {
    type Err = UnknownRedeemApi;

    fn from_str(text: &str) -> Result<Self, UnknownRedeemApi> {
        match text {
            "data" => Ok(Self::Data),
            "redeem" => Ok(Self::Redeem),
            _ => Err(UnknownRedeemApi),
        }
    }
}

/// The text names no revision.
#[derive(Debug, thiserror::Error)]
#[error("must be `data` or `redeem`")]
pub struct UnknownRedeemApi;

/// One redemption: its outcome, and the exchange for the log.
#[derive(Debug)]
pub struct Redemption {
    /// The trader, or why there is none.
    pub outcome: Result<RedeemedTrader, RedeemError>,
    /// The HTTP status of cTrader's response, if one came.
    pub status: Option<u16>,
    /// How long the call took.
    pub took: Duration,
}

/// Why a one-time token did not resolve. One variant per meaning.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// 404 or 417: cTrader does not know the token. In revision `redeem` also for an expired or consumed token.
    #[error("cTrader does not know the token{}", if *.json { "" } else {
        " (the answer was not cTrader's JSON: is CTRADER_BASE_URL right?)"
    })]
    NotFound {
        /// Whether the body was JSON. If not, perhaps not cTrader's backend answered.
        json: bool,
    },
    /// 410: the token is expired or already consumed.
    #[error("the token is expired or already consumed")]
    Expired,
    /// 401 or 403: cTrader refused the manager token before it looked at the one-time token, which the variant
    /// hands back.
    #[error("cTrader refused the manager token")]
    Unauthorized(OneTimeToken),
    /// `CH_BROKER_NOT_FOUND`: the token is of a broker that this backend does not serve.
    #[error("cTrader answered CH_BROKER_NOT_FOUND: the token's broker is not on this backend")]
    NoSuchBroker,
    /// 429 or `REQUEST_FREQUENCY_EXCEEDED`: cTrader is busy; the token was not consumed.
    #[error("cTrader answered that it is busy")]
    Busy,
    /// The request was certainly not delivered (DNS, connect, TLS); the token was not consumed.
    #[error("cannot reach cTrader: {0}")]
    Unreachable(String),
    /// There was too little time left to send the token; it was not consumed.
    #[error("too little time was left to redeem the token")]
    TooLate,
    /// The request was sent and no complete response came: the token may be consumed.
    #[error("the token was sent and no answer came: {0}")]
    Lost(String),
    /// A response that the contract does not allow.
    #[error("cTrader answered {0}, which the contract does not allow")]
    Contract(String),
}

impl Client {
    /// Prepares the client; does not connect. `tls` is [`outbound::tls()`].
    ///
    /// # Errors
    /// [`NoTls`] if the TLS client cannot be set up.
    pub fn new(urls: impl Into<BaseUrls>, api: RedeemApi, tls: Tls) -> Result<Self, NoTls> {
        Ok(Self {
            urls: urls.into(),
            api,
            connections: Connections::new(tls)?,
        })
    }

    /// Redeems `token`, once: follows no redirect and retries nothing.
    pub async fn redeem(&self, token: OneTimeToken, manager: &ManagerToken, deadline: Instant) -> Redemption {
        let started = Instant::now();
        let mut status = None;
        if deadline < started + MIN_TIME {
            return Redemption {
                outcome: Err(RedeemError::TooLate),
                status,
                took: Duration::ZERO,
            };
        }
        let outcome = match timeout_at(deadline, self.exchange(token, manager, &mut status)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(RedeemError::Lost("the deadline passed".into())),
        };
        Redemption {
            outcome,
            status,
            took: started.elapsed(),
        }
    }

    async fn exchange(
        &self,
        token: OneTimeToken,
        manager: &ManagerToken,
        status: &mut Option<u16>,
    ) -> Result<RedeemedTrader, RedeemError> {
        let client = self
            .connections
            .client()
            .map_err(|error| RedeemError::Unreachable(error.to_string()))?;
        let sent = client.execute(self.request(&token, manager)).await;
        self.connections.used();

        let mut response = sent.map_err(|error| {
            let delivered = !error.is_connect();
            let cause = cause(error);
            if delivered {
                RedeemError::Lost(cause)
            } else {
                RedeemError::Unreachable(cause)
            }
        })?;
        *status = Some(response.status().as_u16());

        let status = response.status();
        if status == StatusCode::OK {
            let body = read(&mut response, MAX_RESPONSE_SIZE).await?;
            return RedeemedTrader::read(&body)
                .ok_or_else(|| RedeemError::Contract("200 with a body that is no identity".into()));
        }
        // What other statuses say needs no body, which may never come.
        let body = match status {
            StatusCode::UNAUTHORIZED | StatusCode::GONE | StatusCode::TOO_MANY_REQUESTS => Vec::new(),
            _ if status.is_client_error() => read(&mut response, MAX_RESPONSE_SIZE).await.unwrap_or_default(),
            _ => Vec::new(),
        };
        Err(refusal(status, &body, token))
    }

    fn request(&self, token: &OneTimeToken, manager: &ManagerToken) -> reqwest::Request {
        let manager = ("token", manager.expose());
        let mut request = match self.api {
            RedeemApi::Data => {
                let query = [manager, ("inAppOneTimeToken", token.expose())];
                let url = self.urls.ctid2.with("/ctid2/inAppOneTimeToken/data", &query);
                reqwest::Request::new(Method::GET, url)
            }
            RedeemApi::Redeem => {
                let url = self.urls.ctid2.with("/ctid2/inAppToken/redeem", &[manager]);
                let mut request = reqwest::Request::new(Method::POST, url);
                let json = header::HeaderValue::from_static("application/json");
                request.headers_mut().insert(header::CONTENT_TYPE, json);
                let body = serde_json::json!({ "token": token.expose() });
                *request.body_mut() = Some(body.to_string().into());
                request
            }
        };
        let json = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json);
        request
    }
}

/// The meaning of a response other than 200. `body` is that of a client error.
fn refusal(status: StatusCode, body: &[u8], token: OneTimeToken) -> RedeemError {
    match documented(body) {
        Some("CH_BROKER_NOT_FOUND") => return RedeemError::NoSuchBroker,
        Some("REQUEST_FREQUENCY_EXCEEDED") => return RedeemError::Busy,
        _ => {}
    }
    match status {
        StatusCode::NOT_FOUND | StatusCode::EXPECTATION_FAILED => RedeemError::NotFound {
            json: serde_json::from_slice::<serde_json::Map<_, _>>(body).is_ok(),
        },
        StatusCode::GONE => RedeemError::Expired,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => RedeemError::Unauthorized(token),
        StatusCode::TOO_MANY_REQUESTS => RedeemError::Busy,
        other => RedeemError::Contract(other.as_u16().to_string()),
    }
}

impl From<ReadError> for RedeemError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::TooLarge(_) => Self::Contract(error.to_string()),
            ReadError::Lost(cause) => Self::Lost(cause),
        }
    }
}
