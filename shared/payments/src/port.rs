//! The port.

use std::time::SystemTime;

use deposits::Notification;
use domain::Money;
use http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::{AttemptId, ProviderSecret};

/// A payment provider, without I/O.
pub trait PaymentProvider: Send + Sync {
    /// How an attempt to pay starts.
    ///
    /// # Errors
    /// [`ProviderError`] where the attempt cannot even be asked for: a currency that the provider has no minor unit for, a
    /// secret that lacks a member.
    fn start(&self, request: &PaymentRequest<'_>) -> Result<Start, ProviderError>;

    /// Reads the provider's answer to the call of [`Start::Call`]: where the trader pays.
    ///
    /// # Errors
    /// [`ProviderError`].
    fn started(&self, answer: &ProviderAnswer) -> Result<PayPage, ProviderError> {
        let _ = answer;
        Err(ProviderError::NeverCalled)
    }

    /// Checks that a notification is the provider's, as far as the provider signs it. In constant time.
    ///
    /// # Errors
    /// [`Unverified`].
    fn verify(
        &self,
        notification: &RawNotification<'_>,
        secret: &ProviderSecret,
        now: SystemTime,
    ) -> Result<(), Unverified>;

    /// Says what a notification means. Call [`PaymentProvider::verify`] first.
    ///
    /// # Errors
    /// [`Malformed`] names the part that is not as the provider documents it.
    fn read(&self, notification: &RawNotification<'_>) -> Result<Report, Malformed>;

    /// The call that asks the provider how an attempt stands; `None` where there is no such call. It changes nothing at the
    /// provider, so it may be repeated.
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

    /// Reads the answer to the status query, for the attempt that was asked about.
    ///
    /// # Errors
    /// [`ProviderError`]; an answer about another attempt is [`ProviderError::Contract`].
    fn queried(&self, attempt: &AttemptId, answer: &ProviderAnswer) -> Result<Report, ProviderError> {
        let _ = (attempt, answer);
        Err(ProviderError::NeverCalled)
    }

    /// What the provider wants to hear once its notification is durable, or was so before. Every other answer of ours makes
    /// a provider send its notification again.
    fn acknowledge(&self, secret: &ProviderSecret, now: SystemTime) -> Acknowledgement {
        let _ = (secret, now);
        Acknowledgement::NO_CONTENT
    }
}

/// A payment that a trader asks for.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRequest<'a> {
    /// Which attempt; its text is the provider's order id.
    pub attempt: &'a AttemptId,
    /// How much.
    pub money: &'a Money,
    /// Who pays: cTrader's id of the user.
    pub user: i64,
    /// The trader's language, a code of the screens.
    pub language: &'a str,
    /// Where the provider sends the trader afterwards.
    pub return_url: &'a str,
    /// Where the provider sends its notifications.
    pub notification_url: &'a str,
    /// What is shared with the provider, for one that is called.
    pub secret: Option<&'a ProviderSecret>,
    /// The time of the request, which some providers sign.
    pub now: SystemTime,
}

/// How an attempt to pay starts.
#[derive(Debug)]
pub enum Start {
    /// The trader is sent on to the broker's cashier with a signed assertion (docs/INTEGRATE.md).
    Assertion,
    /// Our own page says what to transfer where. Nothing begins at a provider, so the deposit is pending at once.
    Instructions,
    /// Our server calls the provider, whose answer names the page to pay on. The call may have been received even if no answer
    /// comes, so it is never repeated for the same attempt.
    ///
    /// No built-in provider starts like this, and no function sends such a call: the deposit screen answers 500 before it
    /// records a deposit.
    Call(ProviderCall),
}

/// A call to a provider.
#[derive(Debug)]
pub struct ProviderCall {
    /// HTTP method.
    pub method: Method,
    /// URL. Holds no secret.
    pub url: String,
    /// Headers. Their values may be secrets.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct ProviderAnswer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, as received.
    pub body: Vec<u8>,
}

/// Where the trader pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayPage {
    /// The provider's page. The caller compares its origin with those that `broker.toml` lists for the method.
    pub url: String,
    /// What the redirect to it says of where the trader comes from.
    pub referrer: ReferrerPolicy,
}

/// The `Referrer-Policy` of the one answer that sends the trader on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferrerPolicy {
    /// `no-referrer`, as on every other answer of ours.
    NoReferrer,
    /// `strict-origin`: our origin and nothing of the URL, for a provider that admits origins.
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

/// A notification as it was received: the decoded bytes, never a body that was read and written again.
#[derive(Clone, Copy, Debug)]
pub struct RawNotification<'a> {
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: &'a [u8],
    /// When it came, for a provider that says no time of the event.
    pub received_at: jiff::Timestamp,
}

impl RawNotification<'_> {
    /// A header as text; empty where it is absent or no text.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// What a notification, or the answer to a status query, means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Something happened to a payment.
    Event(Notification),
    /// Something may have happened to the payment of this attempt. The signature does not cover what, so the provider has to be
    /// asked: [`PaymentProvider::status_query`].
    ///
    /// No built-in provider reports like this, and no function sends such a query: `payment-events` answers 503, so that the
    /// provider sends the notification again, and reports it to the operator.
    Ask(AttemptId),
    /// Nothing that changes a deposit. The notification is acknowledged.
    Nothing,
}

/// An answer to a notification.
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

/// A notification that is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The signature is absent, of another message, or too old.
    #[error("{0}")]
    Signature(String),
    /// Our secret is not what the provider needs. Somebody has to look at the settings.
    #[error("{0}")]
    Secret(&'static str),
}

/// A notification that is signed, and not as documented. Names the part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// This part is missing or not usable.
    #[error("'{0}' is missing or not usable")]
    Part(&'static str),
    /// It names what can be no deposit of ours.
    #[error("the notification names no deposit of ours")]
    NoDeposit,
}

/// Why a payment did not start, or the provider did not say how it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider refused, and nothing began there.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// The provider answered what its documentation does not allow, or about another attempt.
    #[error("the provider broke its contract: {0}")]
    Contract(&'static str),
    /// The method cannot charge this, or its secret is not what the provider needs. Somebody has to look at the settings.
    #[error("the payment method {0}")]
    Settings(&'static str),
    /// This provider is never called.
    #[error("this provider is never called")]
    NeverCalled,
}
