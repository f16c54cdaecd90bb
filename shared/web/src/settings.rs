//! Settings from environment variables. A missing or unusable one stops the function when it starts, and is named
//! in the log.

use assertion::KeyIds;
use ctrader::{BaseUrl, BaseUrls, RedeemApi};
use function::settings::{BadSetting, optional, optional_parsed, parsed, required, required_parsed};
use resolution::AccountIdIs;

/// The settings that every screen needs. None of them is a secret.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `CTRADER_BASE_URL` and `CTRADER_WEBSERV_URL`: the URLs of the cTrader backend. The second defaults to the first.
    pub ctrader_urls: BaseUrls,
    /// `CTRADER_REDEEM_API`: the revision of cTrader's redemption call. Default: `data`.
    pub ctrader_redeem_api: RedeemApi,
    /// `CTRADER_ACCOUNT_ID_IS`: what cTrader's `accountId` is. Default: `unknown`.
    pub ctrader_account_id_is: AccountIdIs,
    /// `MANAGER_TOKEN_SECRET_ID`: Secrets Manager id or ARN of the manager token.
    pub manager_token_secret_id: String,
    /// `SESSION_KEY_SECRET_ID`: Secrets Manager id or ARN of the session key.
    pub session_key_secret_id: String,
    /// `LEDGER_TABLE`: name of the DynamoDB table.
    pub ledger_table: String,
    /// `PUBLIC_URL`: the public origin of this deployment. Default: API Gateway's domain.
    pub public_url: Option<String>,
}

impl Settings {
    /// Reads and checks the environment variables.
    ///
    /// # Errors
    /// [`BadSetting`] for the first setting that is missing or unusable.
    pub fn from_env() -> Result<Self, BadSetting> {
        let base: BaseUrl = required_parsed("CTRADER_BASE_URL")?;
        let webserv = optional_parsed("CTRADER_WEBSERV_URL")?;
        Ok(Self {
            ctrader_urls: BaseUrls {
                webserv: webserv.unwrap_or_else(|| base.clone()),
                ctid2: base,
            },
            ctrader_redeem_api: optional_parsed("CTRADER_REDEEM_API")?.unwrap_or_default(),
            ctrader_account_id_is: optional_parsed("CTRADER_ACCOUNT_ID_IS")?.unwrap_or_default(),
            manager_token_secret_id: required("MANAGER_TOKEN_SECRET_ID")?,
            session_key_secret_id: required("SESSION_KEY_SECRET_ID")?,
            ledger_table: required("LEDGER_TABLE")?,
            public_url: optional("PUBLIC_URL").map(origin).transpose()?,
        })
    }
}

/// `ASSERTION_KEY_IDS`: the KMS keys of the signed assertion. Only functions that sign it or publish its keys need
/// them.
///
/// # Errors
/// [`BadSetting`] if the variable is missing or unusable.
pub fn assertion_keys() -> Result<KeyIds, BadSetting> {
    parsed("ASSERTION_KEY_IDS", &required("ASSERTION_KEY_IDS")?)
}

/// `BACKEND_SECRET_ID`: Secrets Manager id or ARN of the secret that signs calls to the broker's backend. Only
/// functions that make such calls need it.
///
/// # Errors
/// [`BadSetting`] if the variable is missing.
pub(crate) fn backend_secret_id() -> Result<String, BadSetting> {
    required("BACKEND_SECRET_ID")
}

/// The public origin: `https://host[:port]`, or `http` on loopback. A [`BaseUrl`] without a path.
fn origin(text: String) -> Result<String, BadSetting> {
    let name = "PUBLIC_URL";
    parsed::<BaseUrl>(name, &text)?;
    if text.matches('/').count() > 2 {
        return Err(BadSetting {
            name,
            problem: "must be an origin, without a path".into(),
        });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        assert!(origin("https://pay.broker.example".into()).is_ok());
        assert!(origin("http://127.0.0.1:9000".into()).is_ok());
        for bad in [
            "pay.broker.example",
            "https://pay.broker.example/",
            "https://pay.broker.example/x",
            "http://x.example",
        ] {
            assert_eq!(origin(bad.into()).unwrap_err().name, "PUBLIC_URL", "{bad}");
        }
    }
}
