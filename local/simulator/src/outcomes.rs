//! What the error codes of the broker's functions mean for the token and the trader, in a sentence or two: what
//! happened, and what the function did about it.

/// For an outcome code of a function's log line; `None` for one that needs no words, or is not known.
pub(crate) fn explain(code: &str) -> Option<&'static str> {
    Some(match code {
        "INVALID_OT_TOKEN" => "There is no such token, so it told the trader to open the screen again.",
        "TOKEN_EXPIRED" => {
            "The token was over or already used, so it told the trader to open the screen again."
        }
        "USER_NOT_FOUND" => "cTrader named no user for the token, and nobody is shown a screen for nobody.",
        "MISSING_REQUIRED_PARAMETER" | "INVALID_PARAMETER" => {
            "The URL is not one that cTrader makes, so it refused it before it sent the token."
        }
        "BROKER_MISMATCH" => {
            "The trader is of a broker that broker.toml does not list, so it turned them away."
        }
        "ACCOUNT_MISMATCH" => "The account in the URL is not the trader's, so it turned them away.",
        "SESSION_EXPIRED" => "It takes a form only with its sealed session, and this one is absent or over.",
        "UPSTREAM_UNAUTHORIZED" => {
            "cTrader refused the manager token, also after it was read anew from Secrets Manager. The one-time token is not used up."
        }
        "UPSTREAM_CONTRACT" => {
            "cTrader may have consumed the token, so the function did not send it again: the trader is to open the screen again."
        }
        "UPSTREAM_UNAVAILABLE" => "The token is not used up: the page offers Try again, with the same URL.",
        "REDEMPTION_UNKNOWN" => {
            "No answer came in time, and the token may be used up, so it was not sent again: the trader is to open the screen again."
        }
        "SERVICE_UNAVAILABLE" => {
            "Something that it needs was down, and no token was sent: the page offers Try again."
        }
        "SUCCEEDED" => "The broker's backend did what was asked for, and the table says so.",
        "FAILED" => "The broker's backend refused, nothing was done, and the table says so.",
        "UNKNOWN" => {
            "The broker's backend gave no usable answer and may have done it: the page offers Check again, with the same idempotency key."
        }
        _ => return None,
    })
}
