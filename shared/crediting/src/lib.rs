//! Crediting deposits in cTrader: what the functions that do so have in common. [`CTraderGateway`] is the [`deposits::CTrader`] of
//! one invocation, [`log_transition`] the log line of a deposit that has changed.

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

/// What crediting takes. Made once per process.
pub struct Crediting {
    /// The table.
    pub ledger: Table,
    client: Client,
    manager_token: Secret<ManagerToken>,
}

impl Crediting {
    /// Reads the settings and prepares the clients; calls nobody. `tls` is [`outbound::tls()`], and `secrets` the client of
    /// Secrets Manager.
    ///
    /// # Errors
    /// If a setting is missing or unusable, or a client cannot be set up.
    pub fn from_env(
        tls: outbound::Tls,
        table: aws_sdk_dynamodb::Client,
        secrets: aws_sdk_secretsmanager::Client,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let base = parsed("CTRADER_BASE_URL", &required("CTRADER_BASE_URL")?)?;
        let token = |text: &str| ManagerToken::from_secret(text).map_err(|error| error.to_string());
        Ok(Self {
            ledger: Table::new(table, required("LEDGER_TABLE")?),
            // The revision is that of redemptions, of which there are none here.
            client: Client::new(base, RedeemApi::default(), tls)?,
            manager_token: Secret::new(secrets, required("MANAGER_TOKEN_SECRET_ID")?, token),
        })
    }

    /// Reads the manager token. A failure is logged, not fatal: the first credit tries again.
    pub async fn warm_up(&self) {
        self.manager_token.warm_up().await;
    }

    /// cTrader, for an invocation that Lambda stops at `invocation_end`.
    pub fn gateway(&self, invocation_end: Instant) -> CTraderGateway<'_> {
        CTraderGateway::new(&self.client, &self.manager_token, invocation_end)
    }
}
