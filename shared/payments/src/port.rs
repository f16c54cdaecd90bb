//! The port to payment providers.

use std::time::SystemTime;

use deposits::Notification;
use domain::Money;
use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::{AttemptId, ProviderSecret};

/// A payment provider. Its methods do no I/O.
pub trait PaymentProvider: Send + Sync {
    /// Starts an attempt to pay: returns the trader's next step.
    ///
    /// # Errors
    /// [`ProviderError`] if the provider cannot take this payment, for example because the currency's minor
    /// unit is unknown or a secret lacks a member.
    fn start(&self, request: &PaymentRequest<'_>) -> Result<Start, ProviderError>;

    /// Reads the page to pay on from the provider's response to the call of [`Start::Call`].
    ///
    /// # Errors
    /// [`ProviderError`].
    fn started(&self, response: &ProviderResponse) -> Result<PayPage, ProviderError> {
        let _ = response;
        Err(ProviderError::NeverCalled)
    }

    /// Whether the notification looks as if somebody signed it. What does not comes from no provider.
    fn looks_signed(&self, notification: &RawNotification<'_>) -> bool {
        let _ = notification;
        true
    }

    /// Checks the provider's signature of a notification, in constant time.
    ///
    /// # Errors
    /// [`Unverified`].
    fn verify(
        &self,
        notification: &RawNotification<'_>,
        secret: &ProviderSecret,
        now: SystemTime,
    ) -> Result<(), Unverified>;

    /// Reads a notification. Call [`PaymentProvider::verify`] first.
    ///
    /// # Errors
    /// [`Malformed`] names the part that differs from the provider's documentation.
    fn read(&self, notification: &RawNotification<'_>) -> Result<Report, Malformed>;

    /// The call that queries the status of an attempt; `None` if the provider has no such call. It changes nothing at
    /// the provider, so it may be repeated.
    ///
    /// # Errors
    /// [`ProviderError`] as for [`PaymentProvider::start`].
    fn status_query(
        &self,
        attempt: &AttemptId,
        secret: &ProviderSecret,
        now: SystemTime,
    ) -> Result<Option<ProviderCall>, ProviderError> {
        let _ = (attempt, secret, now);
        Ok(None)
    }

    /// Reads the response to the status query for `attempt`.
    ///
    /// # Errors
    /// [`ProviderError`]. A response about another attempt is [`ProviderError::Contract`].
    fn queried(&self, attempt: &AttemptId, response: &ProviderResponse) -> Result<Report, ProviderError> {
        let _ = (attempt, response);
        Err(ProviderError::NeverCalled)
    }

    /// The provider's form of an acknowledgement, for a notification that is durable. After any other answer the
    /// provider sends the notification again.
    fn acknowledge(&self, secret: &ProviderSecret, now: SystemTime) -> Acknowledgement {
        let _ = (secret, now);
        Acknowledgement::NO_CONTENT
    }
}

/// An attempt to pay.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRequest<'a> {
    /// The attempt. Its text is the provider's order id.
    pub attempt: &'a AttemptId,
    /// The money to pay.
    pub money: &'a Money,
    /// The paying trader: cTrader's user id.
    pub user: i64,
    /// The code of the trader's language, one that the screens have texts in.
    pub language: &'a str,
    /// Where the provider sends the trader afterwards.
    pub return_url: &'a str,
    /// Where the provider sends its notifications.
    pub notification_url: &'a str,
    /// The secret that is shared with the provider, if the provider is called.
    pub secret: Option<&'a ProviderSecret>,
    /// The current time, which some providers want signed.
    pub now: SystemTime,
}

/// The trader's next step in an attempt to pay.
#[derive(Debug)]
pub enum Start {
    /// Send the trader to the broker's cashier with a signed assertion (`docs/INTEGRATE.md`).
    Assertion,
    /// Show instructions for a bank transfer. No provider is involved, so the deposit is `pending` at once.
    Instructions,
    /// Our server calls the provider, whose answer names the page to pay on. The call may have been received
    /// even if no answer comes, so it is never repeated for the same attempt.
    ///
    /// No built-in provider starts like this, and no function sends such a call: the deposit screen answers 500
    /// before it records a deposit.
    Call(ProviderCall),
}

/// A call to a provider.
#[derive(Debug)]
pub struct ProviderCall {
    /// HTTP method.
    pub method: Method,
    /// URL. Contains no secret.
    pub url: String,
    /// Headers. Their values may be secret.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// A provider's response to a call.
#[derive(Debug)]
pub struct ProviderResponse {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The received body.
    pub body: Vec<u8>,
}

/// The provider's page on which the trader pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayPage {
    /// The URL. The caller checks its origin against those that `broker.toml` lists for the payment method.
    pub url: String,
    /// The `Referrer-Policy` of the redirect to it.
    pub referrer: ReferrerPolicy,
}

/// The `Referrer-Policy` of the answer that redirects the trader to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferrerPolicy {
    /// `no-referrer`, as on all other answers.
    NoReferrer,
    /// `strict-origin`: only our origin, for a provider that checks it.
    StrictOrigin,
}

impl ReferrerPolicy {
    /// The value of the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoReferrer => "no-referrer",
            Self::StrictOrigin => "strict-origin",
        }
    }
}

/// A received notification, with the exact bytes of its body.
#[derive(Clone, Copy, Debug)]
pub struct RawNotification<'a> {
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: &'a [u8],
    /// When it was received, for a provider that does not report the time of events.
    pub received_at: jiff::Timestamp,
}

impl RawNotification<'_> {
    /// A header as text; empty if it is absent or not text.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// The meaning of a notification, or of the response to a status query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Something happened to a payment.
    Event(Notification),
    /// Something may have happened to the payment of this attempt. The signature does not cover what, so the
    /// provider has to be asked: [`PaymentProvider::status_query`].
    ///
    /// No built-in provider reports like this, and no function sends such a query: `payment-events` answers
    /// 503, so that the provider sends the notification again, and reports it to the operator.
    Ask(AttemptId),
    /// Nothing that changes a deposit. The notification is acknowledged.
    Nothing,
}

/// The answer to a durable notification.
#[derive(Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: Vec<(HeaderName, String)>,
    /// Body.
    pub body: String,
}

impl Acknowledgement {
    /// 204 without a body.
    pub const NO_CONTENT: Self = Self {
        status: StatusCode::NO_CONTENT,
        headers: Vec::new(),
        body: String::new(),
    };
}

/// Why a notification is not genuine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The signature is absent, too old, or of another message.
    #[error("{0}")]
    Signature(String),
    /// The stored secret is unusable for this provider: a mistake in the settings.
    #[error("{0}")]
    Secret(&'static str),
}

/// Why a genuine notification cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// This part is missing or not usable.
    #[error("'{0}' is missing or not usable")]
    Part(&'static str),
    /// Its deposit id cannot be one of ours.
    #[error("the notification names no deposit of ours")]
    NoDeposit,
}

/// Why a payment did not start, or a status query failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider refused, and nothing began there.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// The response is not as documented, or about another attempt.
    #[error("the provider broke its contract: {0}")]
    Contract(&'static str),
    /// The payment method cannot take this payment, or its secret is unusable: a mistake in the settings.
    #[error("the payment method {0}")]
    Settings(&'static str),
    /// The provider has no server to call.
    #[error("this provider is never called")]
    NeverCalled,
}
