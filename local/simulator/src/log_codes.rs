//! What an outcome code in a function's log means for the token and the trader.

/// One or two sentences: what happened, and what the function did. `None` for a code that needs no explanation or is
/// unknown.
pub(crate) fn explain(code: &str) -> Option<&'static str> {
    Some(match code {
        "INVALID_OT_TOKEN" => "There is no such token. The page asks the trader to open the screen again.",
        "TOKEN_EXPIRED" => {
            "The token has expired or was used before. The page asks the trader to open the screen again."
        }
        "USER_NOT_FOUND" => "cTrader named no user for the token, so there is nobody to show the screen to.",
        "MISSING_REQUIRED_PARAMETER" | "INVALID_PARAMETER" => {
            "cTrader makes no such URL, so the function refused the request and did not send the token."
        }
        "BROKER_MISMATCH" => {
            "The trader belongs to a broker that broker.toml does not list, so the function refused the request."
        }
        "ACCOUNT_MISMATCH" => {
            "The account in the URL is not the trader's, so the function refused the request."
        }
        "SESSION_EXPIRED" => {
            "A form must come with its sealed session, and this session is missing or has expired."
        }
        "UPSTREAM_UNAUTHORIZED" => {
            "cTrader refused the manager token, also after the function read it again from Secrets Manager. The one-time token is not used up."
        }
        "UPSTREAM_CONTRACT" => {
            "cTrader may have consumed the token, so the function did not send it again. The page asks the trader to open the screen again."
        }
        "UPSTREAM_UNAVAILABLE" => "The token is not used up: the page offers Try again, with the same URL.",
        "REDEMPTION_UNKNOWN" => {
            "No answer came in time and the token may be used up, so it was not sent again. The page asks the trader to open the screen again."
        }
        "SERVICE_UNAVAILABLE" => {
            "A service that the function needs was down, so it sent no token: the page offers Try again."
        }
        "SUCCEEDED" => "The broker's backend carried out the request, and the table has this outcome.",
        "FAILED" => {
            "The broker's backend refused the request and did nothing, and the table has this outcome."
        }
        "UNKNOWN" => {
            "The broker's backend gave no usable answer and may have carried out the request: the page offers Check again, with the same idempotency key."
        }
        _ => return None,
    })
}
