//! Crediting deposits in cTrader, for the functions that do so. [`CTraderGateway`] implements
//! [`deposits::CTrader`] for one invocation. [`log_transition`] logs a changed deposit.

mod gateway;
mod log;

use std::error::Error;

use ctrader::{BaseUrl, BaseUrls, Client, ManagerToken, RedeemApi};
use function::settings::{BadSetting, optional, optional_parsed, required, required_parsed};
use secret::Secret;
use store::Table;
use tokio::time::Instant;

pub use gateway::CTraderGateway;
pub use log::{ACTION, log_transition};

/// The clients for crediting. Made once per process.
pub struct Crediting {
    /// The table of the deposits.
    pub table: Table,
    client: Client,
    manager_token: Secret<ManagerToken>,
}

impl Crediting {
    /// Reads the settings and prepares the clients, without any call. `tls` is [`outbound::tls()`], `secrets` the
    /// client of Secrets Manager.
    ///
    /// # Errors
    /// If a setting is missing or unusable, or a client cannot be set up.
    pub fn from_env(
        tls: outbound::Tls,
        dynamodb: aws_sdk_dynamodb::Client,
        secrets: aws_sdk_secretsmanager::Client,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let base: BaseUrl = required_parsed("CTRADER_BASE_URL")?;
        let webserv = optional_parsed("CTRADER_WEBSERV_URL")?;
        // This client redeems nothing: the base URL and the revision of the redemption do not matter.
        let urls = BaseUrls::from(webserv.unwrap_or(base));
        let token = |text: &str| ManagerToken::from_secret(text).map_err(|error| error.to_string());
        Ok(Self {
            table: Table::new(dynamodb, required("LEDGER_TABLE")?),
            client: Client::new(urls, RedeemApi::default(), tls)?,
            manager_token: Secret::new(secrets, manager_token_secret_id()?, token),
        })
    }

    /// Reads the manager token. A failure is logged, not fatal: the first credit tries again.
    pub async fn warm_up(&self) {
        self.manager_token.warm_up().await;
    }

    /// The port to cTrader for an invocation that Lambda stops at `invocation_end`.
    pub fn gateway(&self, invocation_end: Instant) -> CTraderGateway<'_> {
        CTraderGateway::new(&self.client, &self.manager_token, invocation_end)
    }
}

/// The secret with the manager token for what moves money: a manager of its own (`CREDIT_MANAGER_TOKEN_SECRET_ID`), else
/// that of the screens.
fn manager_token_secret_id() -> Result<String, BadSetting> {
    match optional("CREDIT_MANAGER_TOKEN_SECRET_ID") {
        Some(id) => Ok(id),
        None => required("MANAGER_TOKEN_SECRET_ID"),
    }
}
