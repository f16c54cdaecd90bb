//! Crediting deposits in cTrader, for the functions that do so. [`CTraderGateway`] implements
//! [`deposits::CTrader`] for one invocation. [`log_transition`] logs a changed deposit.

mod gateway;
mod log;

use std::error::Error;

use ctrader::{Client, ManagerToken, RedeemApi};
use function::settings::{parsed, required};
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
        let base = parsed("CTRADER_BASE_URL", &required("CTRADER_BASE_URL")?)?;
        let token = |text: &str| ManagerToken::from_secret(text).map_err(|error| error.to_string());
        Ok(Self {
            table: Table::new(dynamodb, required("LEDGER_TABLE")?),
            // `RedeemApi` only matters for redemptions, and this client redeems nothing.
            client: Client::new(base, RedeemApi::default(), tls)?,
            manager_token: Secret::new(secrets, required("MANAGER_TOKEN_SECRET_ID")?, token),
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
