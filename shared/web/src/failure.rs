//! Every way a request can fail, and what the outside is told about it: one table, used for JSON and pages alike.

use ctrader::{RedeemError, TraderError};
use domain::{BrokerName, NoRandomness};
use resolution::{AccountCurrencyError, BadLaunch, ResolveError, SessionError, Upstream};

/// The error codes of the contract. JSON bodies carry them, pages show them small for support, logs count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// cTrader does not know the token, or it cannot be one.
    InvalidOtToken,
    /// The token is expired or already consumed.
    TokenExpired,
    /// Resolved, but no user in it.
    UserNotFound,
    /// A required parameter is absent.
    MissingRequiredParameter,
    /// A parameter is present and unusable.
    InvalidParameter,
    /// The token is of another broker.
    BrokerMismatch,
    /// The account in the URL is not the trader's.
    AccountMismatch,
    /// The session is absent, forged, expired or of another action.
    SessionExpired,
    /// cTrader refuses the manager token.
    UpstreamUnauthorized,
    /// cTrader answers what the contract does not allow.
    UpstreamContract,
    /// cTrader is busy or unreachable; the token was not consumed.
    UpstreamUnavailable,
    /// The token was sent and no answer came.
    RedemptionUnknown,
    /// One of our own dependencies is down.
    ServiceUnavailable,
    /// No such path.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The body is too large.
    PayloadTooLarge,
    /// A bug of ours.
    InternalError,
}

impl Code {
    /// All codes, for the tests that go through them.
    pub const ALL: [Self; 17] = [
        Self::InvalidOtToken,
        Self::TokenExpired,
        Self::UserNotFound,
        Self::MissingRequiredParameter,
        Self::InvalidParameter,
        Self::BrokerMismatch,
        Self::AccountMismatch,
        Self::SessionExpired,
        Self::UpstreamUnauthorized,
        Self::UpstreamContract,
        Self::UpstreamUnavailable,
        Self::RedemptionUnknown,
        Self::ServiceUnavailable,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::PayloadTooLarge,
        Self::InternalError,
    ];

    /// Code, HTTP status, and the `error` and `message` of the JSON body.
    ///
    /// The first three bodies are the specification's, to the letter.
    fn row(self) -> (&'static str, u16, &'static str, &'static str) {
        match self {
            Self::InvalidOtToken => (
                "INVALID_OT_TOKEN",
                404,
                "Invalid Token",
                "The provided token is invalid or expired",
            ),
            Self::TokenExpired => (
                "TOKEN_EXPIRED",
                410,
                "Token Expired",
                "The provided token has expired",
            ),
            Self::UserNotFound => (
                "USER_NOT_FOUND",
                404,
                "User Not Found",
                "User context not found in token",
            ),
            Self::MissingRequiredParameter => (
                "MISSING_REQUIRED_PARAMETER",
                400,
                "Missing Required Parameter",
                "A required parameter is missing",
            ),
            Self::InvalidParameter => (
                "INVALID_PARAMETER",
                400,
                "Invalid Parameter",
                "A parameter is not usable",
            ),
            Self::BrokerMismatch => (
                "BROKER_MISMATCH",
                403,
                "Broker Mismatch",
                "The token belongs to another broker",
            ),
            Self::AccountMismatch => (
                "ACCOUNT_MISMATCH",
                403,
                "Account Mismatch",
                "Parameter 'account' is not an account of the token's user",
            ),
            Self::SessionExpired => (
                "SESSION_EXPIRED",
                401,
                "Session Expired",
                "The session is missing, invalid or has expired; open the screen again from cTrader",
            ),
            Self::UpstreamUnauthorized => (
                "UPSTREAM_UNAUTHORIZED",
                502,
                "Upstream Unauthorized",
                "cTrader refused the manager token of this broker",
            ),
            Self::UpstreamContract => (
                "UPSTREAM_CONTRACT",
                502,
                "Upstream Contract",
                "cTrader gave an answer that its contract does not allow",
            ),
            Self::UpstreamUnavailable => (
                "UPSTREAM_UNAVAILABLE",
                503,
                "Upstream Unavailable",
                "cTrader is busy or cannot be reached; the token was not used, try again",
            ),
            Self::RedemptionUnknown => (
                "REDEMPTION_UNKNOWN",
                504,
                "Redemption Unknown",
                "cTrader did not answer in time; the token may have been used, open the screen again from cTrader",
            ),
            Self::ServiceUnavailable => (
                "SERVICE_UNAVAILABLE",
                503,
                "Service Unavailable",
                "The service is temporarily unavailable, try again",
            ),
            Self::NotFound => ("NOT_FOUND", 404, "Not Found", "There is nothing at this address"),
            Self::MethodNotAllowed => (
                "METHOD_NOT_ALLOWED",
                405,
                "Method Not Allowed",
                "This address does not take this method",
            ),
            Self::PayloadTooLarge => (
                "PAYLOAD_TOO_LARGE",
                413,
                "Payload Too Large",
                "The request body is larger than 64 KiB",
            ),
            Self::InternalError => (
                "INTERNAL_ERROR",
                500,
                "Internal Error",
                "Something went wrong on our side",
            ),
        }
    }

    /// The code as it stands in bodies and logs.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Key of one of the texts that its page shows: its `title` or its `text`.
    pub(crate) fn text_key(self, which: &str) -> String {
        let code = self.as_str().to_lowercase().replace('_', "-");
        format!("{code}-{which}")
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// `error` of the JSON body.
    pub fn error(self) -> &'static str {
        self.row().2
    }

    /// Whether the same request may succeed in a moment, and nothing was lost by the first try.
    pub fn worth_retrying(self) -> bool {
        matches!(self, Self::UpstreamUnavailable | Self::ServiceUnavailable)
    }
}

/// A request that failed: what the client is told, and what the operator reads.
#[derive(Debug)]
pub struct Failure {
    /// Which kind.
    pub code: Code,
    /// `message` of the JSON body.
    pub message: String,
    /// For the log. Never holds a secret.
    pub detail: Option<String>,
    /// Whether it looks like a mistake in the settings, for somebody to look at.
    pub misconfigured: bool,
    /// The exchange with cTrader, if it came to one.
    pub upstream: Option<Upstream>,
    /// The outcome that could not be stored, if that is what failed.
    pub unstored: Option<Box<UnstoredOutcome>>,
    /// The trader's broker, if it is known: the page is theirs then.
    pub broker: Option<BrokerName>,
}

/// A request that the broker's backend was asked about, and whose outcome the table does not hold.
#[derive(Debug)]
pub struct UnstoredOutcome {
    /// The exchange with the backend.
    pub backend: Option<Upstream>,
    /// The request's reference.
    pub reference: String,
}

impl Failure {
    /// A failure with the code's own message.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            message: code.row().3.to_owned(),
            detail: None,
            misconfigured: false,
            upstream: None,
            unstored: None,
            broker: None,
        }
    }

    /// The required parameter `name` is absent.
    pub fn missing(name: &str) -> Self {
        let message = format!("Required parameter '{name}' is missing");
        Self {
            message,
            ..Self::new(Code::MissingRequiredParameter)
        }
    }

    /// The parameter `name` is present and unusable.
    pub fn invalid(name: &str) -> Self {
        Self {
            message: format!("Parameter '{name}' is not usable"),
            ..Self::new(Code::InvalidParameter)
        }
    }

    /// With a line for the operator.
    pub fn because(self, detail: impl std::fmt::Display) -> Self {
        Self {
            detail: Some(detail.to_string()),
            ..self
        }
    }

    /// A dependency of ours is down.
    pub fn unavailable(detail: impl std::fmt::Display) -> Self {
        Self::new(Code::ServiceUnavailable).because(detail)
    }

    /// For a trader of this broker.
    pub fn for_broker(self, broker: Option<&BrokerName>) -> Self {
        Self {
            broker: broker.cloned(),
            ..self
        }
    }

    /// A bug of ours.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        Self::new(Code::InternalError).because(detail)
    }
}

impl From<BadLaunch> for Failure {
    fn from(bad: BadLaunch) -> Self {
        match bad {
            BadLaunch::Token(_) => {
                Self::new(Code::InvalidOtToken).because("malformed; cTrader was not asked")
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
        match error {
            SessionError::Invalid | SessionError::Expired => Self::new(Code::SessionExpired).because(error),
            SessionError::Randomness(_) => Self::internal(error),
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
        let misconfigured = matches!(
            error,
            ResolveError::OtherBroker
                | ResolveError::UnnamedBroker
                | ResolveError::Redeem(RedeemError::NotFound { json: false } | RedeemError::Unauthorized(_))
        );
        let broker = match &error {
            ResolveError::OtherAccount { broker } => broker.clone(),
            _ => None,
        };
        Self {
            misconfigured,
            broker,
            ..Self::new(code).because(error)
        }
    }
}

impl From<AccountCurrencyError> for Failure {
    fn from(error: AccountCurrencyError) -> Self {
        let code = match &error {
            AccountCurrencyError::Trader(trader) => match trader {
                TraderError::NotFound => Code::AccountMismatch,
                TraderError::Unauthorized => Code::UpstreamUnauthorized,
                TraderError::Refused(_) => Code::UpstreamContract,
                TraderError::Busy | TraderError::Unavailable(_) => Code::UpstreamUnavailable,
            },
            AccountCurrencyError::ManagerToken(_) => Code::ServiceUnavailable,
            AccountCurrencyError::OtherBroker => Code::BrokerMismatch,
        };
        Self {
            misconfigured: matches!(
                code,
                Code::UpstreamUnauthorized | Code::UpstreamContract | Code::BrokerMismatch
            ),
            ..Self::new(code).because(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn only_what_lost_nothing_is_worth_retrying() {
        for code in Code::ALL {
            assert_eq!(code.worth_retrying(), code.status() == 503, "{code:?}");
        }
    }
}
