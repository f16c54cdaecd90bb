//! The error codes of the contract: one table for JSON, pages and the log.

/// An error code of the contract. JSON bodies carry it, pages show it in small print for support, the log counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// cTrader does not know the token, or its form is invalid.
    InvalidOtToken,
    /// The token has expired or was redeemed before.
    TokenExpired,
    /// cTrader redeemed the token and named no user.
    UserNotFound,
    /// A required parameter is missing.
    MissingRequiredParameter,
    /// A parameter has an unusable value.
    InvalidParameter,
    /// The token belongs to another broker.
    BrokerMismatch,
    /// The account in the URL is not the trader's.
    AccountMismatch,
    /// The session is missing, forged, expired or of another screen.
    SessionExpired,
    /// cTrader refused the manager token.
    UpstreamUnauthorized,
    /// cTrader's response breaks its contract.
    UpstreamContract,
    /// cTrader is busy or unreachable. The token was not redeemed.
    UpstreamUnavailable,
    /// The token was sent and no response came, so it may have been redeemed.
    RedemptionUnknown,
    /// A dependency of this deployment (AWS) is down.
    ServiceUnavailable,
    /// The trader has too many of something: open deposits, or records of a day.
    TooManyRequests,
    /// The path does not exist.
    NotFound,
    /// The path does not take this HTTP method.
    MethodNotAllowed,
    /// The request body is too large.
    PayloadTooLarge,
    /// A bug in this program.
    InternalError,
}

impl Code {
    /// All codes, for tests.
    pub const ALL: [Self; 18] = [
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
        Self::TooManyRequests,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::PayloadTooLarge,
        Self::InternalError,
    ];

    /// Code, HTTP status, and `error` and `message` of the JSON body. The first three bodies are quoted from
    /// Spotware's specification.
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
            Self::TooManyRequests => (
                "TOO_MANY_REQUESTS",
                429,
                "Too Many Requests",
                "The trader has recorded as much today as is possible in one day; try again tomorrow",
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
                "The request body is larger than 256 KiB",
            ),
            Self::InternalError => (
                "INTERNAL_ERROR",
                500,
                "Internal Error",
                "Something went wrong on our side",
            ),
        }
    }

    /// The code as bodies and logs have it.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Key of a text on the page of this error. `part` is `title` or `text`.
    pub(crate) fn text_key(self, part: &str) -> String {
        let code = self.as_str().to_lowercase().replace('_', "-");
        format!("{code}-{part}")
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// `error` of the JSON body.
    pub fn error(self) -> &'static str {
        self.row().2
    }

    /// Default `message` of the JSON body.
    pub(crate) fn message(self) -> &'static str {
        self.row().3
    }

    /// Whether the client may repeat the same request: it may succeed in a moment, and the first try lost nothing.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::UpstreamUnavailable | Self::ServiceUnavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_that_lost_nothing_is_retryable() {
        for code in Code::ALL {
            assert_eq!(code.is_retryable(), code.status() == 503, "{code:?}");
        }
    }
}
