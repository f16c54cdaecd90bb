//! Why a request failed.

use ctrader::{RedeemError, TraderError};
use domain::{BrokerName, Launch, NoRandomness};
use jiff::Timestamp;
use resolution::{AccountError, BadLaunch, ResolveError, Session, SessionError, Upstream};
use store::Limit;

use crate::{Code, Misconfiguration, SecurityEvent};

/// Why a request failed: what the client reads, and what the operator reads in the log.
#[derive(Debug)]
pub struct Failure {
    /// The error code.
    pub code: Code,
    /// `message` of the JSON body.
    pub message: String,
    /// Explanation for the log. Never holds a secret.
    pub detail: Option<String>,
    /// The setting that is probably wrong. Each kind has an alarm of its own.
    pub misconfigured: Option<Misconfiguration>,
    /// Who was turned away, where the code does not say it. For the log.
    pub security: Option<SecurityEvent>,
    /// The exchange with cTrader, if there was one.
    pub upstream: Option<Upstream>,
    /// The outcome that the table could not store, if that is the failure.
    pub unstored: Option<Box<UnstoredOutcome>>,
    /// The trader's broker, if known. The page shows its brand.
    pub broker: Option<BrokerName>,
    /// How the trader opened the screen, if known. The page of a failed submit keeps the fields of that form.
    pub launch: Option<Box<Launch>>,
    /// Which texts the page has.
    pub texts: PageTexts,
}

/// The texts of a failure's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageTexts {
    /// Those of the error code.
    OfCode,
    /// The broker has to finish the set-up.
    SetUpUnfinished,
    /// The screen was not opened from cTrader.
    OtherSite,
    /// The account has too many open deposits.
    OpenDeposits,
}

/// A request that the broker's backend was asked about and whose outcome is not in the table.
#[derive(Debug)]
pub struct UnstoredOutcome {
    /// The exchange with the backend.
    pub backend: Option<Upstream>,
    /// The request's reference.
    pub reference: String,
}

impl Failure {
    /// A failure with the default message of its code.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            message: code.message().to_owned(),
            detail: None,
            misconfigured: None,
            security: None,
            upstream: None,
            unstored: None,
            broker: None,
            launch: None,
            texts: PageTexts::OfCode,
        }
    }

    /// A page of another site sent this form. The session in it proves nothing about who sees the response, so its account
    /// is that of a stranger.
    pub(crate) fn form_of_another_site() -> Self {
        Self {
            message: "A page of another site sent this form; open the screen from cTrader".into(),
            texts: PageTexts::OtherSite,
            security: Some(SecurityEvent::OtherSite),
            ..Self::new(Code::AccountMismatch).with_detail("a form of another site")
        }
    }

    /// The trader has too many records of a sort.
    pub(crate) fn too_many(limit: Limit) -> Self {
        let failure = Self::new(Code::TooManyRequests).with_detail(limit);
        match limit {
            Limit::OpenPerAccount => Self {
                message: "The account has as many open deposits as are possible; finish one of them first"
                    .into(),
                texts: PageTexts::OpenDeposits,
                ..failure
            },
            Limit::RecordsPerDay => failure,
        }
    }

    /// The header `Retry-After`, in seconds: when the same request may succeed.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        match (self.code, self.texts) {
            (Code::TooManyRequests, PageTexts::OpenDeposits) => Some(60),
            (Code::TooManyRequests, _) => Some(seconds_to_tomorrow(Timestamp::now())),
            (code, _) => code.is_retryable().then_some(2),
        }
    }

    /// Key of a text on the page. `part` is `title` or `text`.
    pub fn text_key(&self, part: &str) -> String {
        match self.texts {
            PageTexts::OfCode => self.code.text_key(part),
            PageTexts::SetUpUnfinished => format!("set-up-unfinished-{part}"),
            PageTexts::OtherSite => format!("other-site-{part}"),
            PageTexts::OpenDeposits => format!("open-deposits-{part}"),
        }
    }

    /// The event of the invocation is no HTTP request that this program can read. The event is not quoted: it may hold
    /// anything.
    pub(crate) fn no_request() -> Self {
        Self {
            message: "The request cannot be read".into(),
            ..Self::new(Code::InvalidParameter)
                .with_detail("the event is no request of an API Gateway HTTP API")
        }
    }

    /// The required parameter `name` is missing.
    pub fn missing(name: &str) -> Self {
        let message = format!("Required parameter '{name}' is missing");
        Self {
            message,
            ..Self::new(Code::MissingRequiredParameter)
        }
    }

    /// The parameter `name` has an unusable value.
    pub fn invalid(name: &str) -> Self {
        Self {
            message: format!("Parameter '{name}' is not usable"),
            ..Self::new(Code::InvalidParameter)
        }
    }

    /// The body cannot be read because of its `Content-Type`.
    pub(crate) fn bad_content_type(problem: &str) -> Self {
        Self {
            message: problem.to_owned(),
            ..Self::new(Code::InvalidParameter)
        }
    }

    /// Adds an explanation for the log.
    pub fn with_detail(self, detail: impl std::fmt::Display) -> Self {
        Self {
            detail: Some(detail.to_string()),
            ..self
        }
    }

    /// A dependency of this deployment is down.
    pub fn unavailable(detail: impl std::fmt::Display) -> Self {
        Self::new(Code::ServiceUnavailable).with_detail(detail)
    }

    /// Sets the trader, as the session knows them.
    pub(crate) fn for_trader<S>(self, session: &Session<S>) -> Self {
        Self {
            broker: session.identity.broker_name.clone(),
            launch: Some(Box::new(session.launch.clone())),
            ..self
        }
    }

    /// The broker has to finish the set-up before the screen can work. `detail` tells the operator what is missing.
    pub fn set_up_unfinished(detail: impl std::fmt::Display) -> Self {
        Self {
            message: "The broker has to finish the set-up of this screen".into(),
            misconfigured: Some(Misconfiguration::Account),
            texts: PageTexts::SetUpUnfinished,
            ..Self::new(Code::UpstreamContract).with_detail(detail)
        }
    }

    /// The token is held back because somebody guesses tokens.
    pub(crate) fn held_back() -> Self {
        Self {
            security: Some(SecurityEvent::TokenHeldBack),
            ..Self::new(Code::ServiceUnavailable).with_detail("held back; cTrader was not asked")
        }
    }

    /// The same failure after the one-time token was redeemed: the request cannot be repeated any more.
    pub(crate) fn after_redemption(self) -> Self {
        if !self.code.is_retryable() {
            return self;
        }
        let code = Code::RedemptionUnknown;
        Self {
            code,
            message: code.message().to_owned(),
            ..self
        }
    }

    /// A bug in this program.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::new(Code::InternalError).with_detail(detail)
    }
}

impl From<BadLaunch> for Failure {
    fn from(bad: BadLaunch) -> Self {
        match bad {
            BadLaunch::Token(_) => {
                Self::new(Code::InvalidOtToken).with_detail("malformed; cTrader was not asked")
            }
            BadLaunch::Parameter(name) => Self::invalid(name),
        }
    }
}

impl From<NoRandomness> for Failure {
    fn from(error: NoRandomness) -> Self {
        Self::internal(error)
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let security = match &error {
            SessionError::Absent => SecurityEvent::SessionMissing,
            SessionError::Invalid => SecurityEvent::SessionForged,
            SessionError::Expired => SecurityEvent::SessionExpired,
            SessionError::Randomness(_) => return Self::internal(error),
        };
        Self {
            security: Some(security),
            ..Self::new(Code::SessionExpired).with_detail(error)
        }
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        let code = match &error {
            ResolveError::Redeem(redeem) => match redeem {
                RedeemError::NotFound { .. } => Code::InvalidOtToken,
                RedeemError::Expired => Code::TokenExpired,
                RedeemError::Unauthorized(_) => Code::UpstreamUnauthorized,
                RedeemError::NoSuchBroker => Code::BrokerMismatch,
                RedeemError::Busy | RedeemError::Unreachable(_) => Code::UpstreamUnavailable,
                RedeemError::TooLate => Code::ServiceUnavailable,
                RedeemError::Lost(_) => Code::RedemptionUnknown,
                RedeemError::Contract(_) => Code::UpstreamContract,
            },
            ResolveError::ManagerToken(_) => Code::ServiceUnavailable,
            ResolveError::NoUser => Code::UserNotFound,
            ResolveError::OtherBroker | ResolveError::UnnamedBroker => Code::BrokerMismatch,
            ResolveError::OtherAccount { .. } => Code::AccountMismatch,
        };
        let misconfigured = match &error {
            ResolveError::OtherBroker
            | ResolveError::UnnamedBroker
            | ResolveError::Redeem(RedeemError::NoSuchBroker) => Some(Misconfiguration::Broker),
            ResolveError::Redeem(RedeemError::NotFound { json: false }) => Some(Misconfiguration::BaseUrl),
            ResolveError::Redeem(RedeemError::Unauthorized(_)) => Some(Misconfiguration::ManagerToken),
            _ => None,
        };
        let broker = match &error {
            ResolveError::OtherAccount { broker } => broker.clone(),
            _ => None,
        };
        Self {
            misconfigured,
            broker,
            ..Self::new(code).with_detail(error)
        }
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        let code = match &error {
            AccountError::Trader(trader) => match trader {
                TraderError::NotFound => Code::AccountMismatch,
                TraderError::Unauthorized => Code::UpstreamUnauthorized,
                TraderError::NoSuchBroker => Code::BrokerMismatch,
                TraderError::Refused(_) => Code::UpstreamContract,
                TraderError::Busy | TraderError::Unavailable(_) => Code::UpstreamUnavailable,
            },
            AccountError::ManagerToken(_) => Code::ServiceUnavailable,
            AccountError::OtherBroker | AccountError::UnnamedBroker => Code::BrokerMismatch,
            AccountError::NoAccount | AccountError::OtherAccount => Code::AccountMismatch,
            AccountError::NotProven(_) => return Self::set_up_unfinished(error),
        };
        Self {
            misconfigured: match code {
                Code::UpstreamUnauthorized => Some(Misconfiguration::ManagerToken),
                Code::UpstreamContract => Some(Misconfiguration::Account),
                Code::BrokerMismatch => Some(Misconfiguration::Broker),
                _ => None,
            },
            ..Self::new(code).with_detail(error)
        }
    }
}

/// Seconds until the next day begins in UTC.
fn seconds_to_tomorrow(now: Timestamp) -> u32 {
    const DAY: i64 = 24 * 3_600;
    u32::try_from(DAY - now.as_second().rem_euclid(DAY)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_begins_at_midnight_in_utc() {
        for (now, seconds) in [
            ("2026-12-01T00:00:00Z", 86_400),
            ("2026-12-01T13:00:00Z", 39_600),
            ("2026-12-01T23:59:59.9Z", 1),
        ] {
            assert_eq!(seconds_to_tomorrow(now.parse().unwrap()), seconds, "{now}");
        }
    }

    #[test]
    fn the_first_three_bodies_are_the_specifications() {
        let bodies = [Code::InvalidOtToken, Code::TokenExpired, Code::UserNotFound].map(|code| {
            let failure = Failure::new(code);
            (code.error(), failure.message, code.as_str())
        });
        assert_eq!(
            bodies,
            [
                (
                    "Invalid Token",
                    "The provided token is invalid or expired".into(),
                    "INVALID_OT_TOKEN"
                ),
                (
                    "Token Expired",
                    "The provided token has expired".into(),
                    "TOKEN_EXPIRED"
                ),
                (
                    "User Not Found",
                    "User context not found in token".into(),
                    "USER_NOT_FOUND"
                ),
            ]
        );
    }

    #[test]
    fn a_missing_parameter_is_named_as_ctraders_contract_words_it() {
        assert_eq!(
            Failure::missing("token").message,
            "Required parameter 'token' is missing"
        );
    }
}
