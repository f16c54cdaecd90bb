//! The secrets that every screen needs.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use ctrader::ManagerToken;
use resolution::SessionKey;
use secret::{Secret, SecretError};
use tokio::time::Instant;

use crate::Settings;

/// The manager token and the session key of this deployment.
pub struct Secrets {
    manager_token: Secret<ManagerToken>,
    /// The key that seals sessions.
    pub(crate) session_key: Secret<SessionKey>,
}

impl Secrets {
    pub(crate) fn new(client: Client, settings: &Settings) -> Self {
        let manager_token_id = settings.manager_token_secret_id.clone();
        let session_key_id = settings.session_key_secret_id.clone();
        Self {
            manager_token: Secret::new(client.clone(), manager_token_id, |text| {
                ManagerToken::from_secret(text).map_err(|error| error.to_string())
            }),
            session_key: Secret::new(client, session_key_id, |text| {
                SessionKey::derive(text.as_bytes()).map_err(|error| error.to_string())
            }),
        }
    }

    /// The token that authenticates calls to cTrader.
    pub fn manager_token(&self) -> &Secret<ManagerToken> {
        &self.manager_token
    }

    /// Reads the secrets that are not in memory yet, in parallel, and returns the session key.
    pub(crate) async fn ready(&self, deadline: Instant) -> Result<Arc<SessionKey>, SecretError> {
        let (manager, session) = tokio::join!(
            self.manager_token.current(deadline),
            self.session_key.current(deadline)
        );
        manager?;
        session
    }

    /// Reads both secrets in parallel, while the function starts.
    pub(crate) async fn warm_up(&self) {
        tokio::join!(self.manager_token.warm_up(), self.session_key.warm_up());
    }
}
