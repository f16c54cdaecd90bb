//! How a test environment is configured.

use std::time::Duration;

use crate::fake_runtime_api::DEFAULT_TIMEOUT;

/// The options of a [`TestEnv`](crate::TestEnv).
#[derive(Clone, Debug)]
pub struct TestEnvOptions {
    /// How many processes serve the function's requests.
    pub instances: usize,
    /// `CTRADER_REDEEM_API`: `data` or `redeem`.
    pub redeem_api: &'static str,
    /// Whether cTrader's `/ctid2/` calls have another base URL than its `/v2/webserv/` calls.
    pub ctid2_under_cid: bool,
    /// Whether a manager of its own credits deposits, whose token is in [`CREDIT_MANAGER_TOKEN_SECRET`]. cTrader then
    /// refuses to change balances for the manager of the screens.
    ///
    /// [`CREDIT_MANAGER_TOKEN_SECRET`]: crate::CREDIT_MANAGER_TOKEN_SECRET
    pub credit_manager: bool,
    /// The content of `broker.toml`; [`DEMO_CONFIG`](crate::DEMO_CONFIG) if `None`.
    pub broker_config: Option<String>,
    /// Environment variables that replace those of the environment; `None` removes the variable.
    pub env: Vec<(&'static str, Option<String>)>,
    /// The time limit of one invocation: `Timeout` in template.yaml.
    pub timeout: Duration,
}

impl Default for TestEnvOptions {
    /// One process, `CTRADER_REDEEM_API` `data`, the tests' broker.
    fn default() -> Self {
        Self {
            instances: 1,
            redeem_api: "data",
            ctid2_under_cid: false,
            credit_manager: false,
            broker_config: None,
            env: Vec::new(),
            timeout: DEFAULT_TIMEOUT,
        }
    }
}

impl TestEnvOptions {
    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, Some(value.to_owned())));
        self
    }

    /// Removes an environment variable.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.env.push((name, None));
        self
    }

    /// Removes the environment variables of cTrader, the table and the sessions, which only a screen needs.
    #[must_use]
    pub fn without_screen_settings(self) -> Self {
        self.without("CTRADER_BASE_URL")
            .without("LEDGER_TABLE")
            .without("MANAGER_TOKEN_SECRET_ID")
            .without("SESSION_KEY_SECRET_ID")
    }
}
