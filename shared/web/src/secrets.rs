//! The secrets, from Secrets Manager: read at start, kept, and read afresh when they turn out to be stale.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_secretsmanager::Client;
use ctrader::ManagerToken;
use function::log;
use resolution::{ManagerTokens, SessionKey};
use tokio::time::{Duration, Instant, timeout_at};
use webhooks::Secret;

use crate::Settings;

/// How long the read at start may take. If it fails, the first request tries again.
const WARM_UP: Duration = Duration::from_secs(3);

/// The secrets of this deployment.
pub(crate) struct Secrets {
    client: Client,
    manager_token_id: String,
    session_key_id: String,
    manager_token: Mutex<Option<ManagerToken>>,
    session_key: Mutex<Option<Arc<SessionKey>>>,
    /// Only where something is handed to the broker's backend.
    backend_secret_id: Option<String>,
    backend_secret: Mutex<Option<Secret>>,
}

/// A secret could not be had. Says which and why, never its value.
#[derive(Debug, thiserror::Error)]
#[error("secret {id}: {problem}")]
pub(crate) struct SecretError {
    id: String,
    problem: String,
}

impl Secrets {
    pub(crate) fn new(client: Client, settings: &Settings, backend_secret_id: Option<String>) -> Self {
        Self {
            client,
            manager_token_id: settings.manager_token_secret_id.clone(),
            session_key_id: settings.session_key_secret_id.clone(),
            manager_token: Mutex::default(),
            session_key: Mutex::default(),
            backend_secret_id,
            backend_secret: Mutex::default(),
        }
    }

    /// Makes sure that both are there, read at once where both are missing, and returns the session key.
    pub(crate) async fn ready(&self, deadline: Instant) -> Result<Arc<SessionKey>, SecretError> {
        let (manager, session) = tokio::join!(self.current(deadline), self.session_key(deadline));
        manager?;
        session
    }

    /// Reads all at once, during the function's start. A failure is logged, not fatal.
    pub(crate) async fn warm_up(&self) {
        let deadline = Instant::now() + WARM_UP;
        let backend = async {
            match self.backend_secret_id {
                Some(_) => self.backend_secret(deadline).await.err(),
                None => None,
            }
        };
        let (manager, session, backend) =
            tokio::join!(self.fresh(deadline), self.session_key(deadline), backend);
        for error in [manager.err(), session.err(), backend].into_iter().flatten() {
            log::warn("secret_unavailable_at_start", &error.to_string());
        }
    }

    /// The key that seals sessions.
    pub(crate) async fn session_key(&self, deadline: Instant) -> Result<Arc<SessionKey>, SecretError> {
        if let Some(key) = held(&self.session_key) {
            return Ok(key);
        }
        let value = self.read(&self.session_key_id, deadline).await?;
        let key = SessionKey::derive(value.as_bytes()).map_err(|error| SecretError {
            id: self.session_key_id.clone(),
            problem: error.to_string(),
        })?;
        Ok(keep(&self.session_key, Arc::new(key)))
    }

    /// What calls to the broker's backend are signed with.
    pub(crate) async fn backend_secret(&self, deadline: Instant) -> Result<Secret, SecretError> {
        match held(&self.backend_secret) {
            Some(secret) => Ok(secret),
            None => self.fresh_backend_secret(deadline).await,
        }
    }

    /// The same, read anew: for when the backend refuses the one that is held.
    pub(crate) async fn fresh_backend_secret(&self, deadline: Instant) -> Result<Secret, SecretError> {
        let id = self.backend_secret_id.as_deref().unwrap_or_default();
        let value = self.read(id, deadline).await?;
        let secret = value.parse::<Secret>().map_err(|error| SecretError {
            id: id.to_owned(),
            problem: error.to_string(),
        })?;
        Ok(keep(&self.backend_secret, secret))
    }

    async fn read(&self, id: &str, deadline: Instant) -> Result<String, SecretError> {
        let fail = |problem: String| SecretError {
            id: id.to_owned(),
            problem,
        };
        let call = self.client.get_secret_value().secret_id(id).send();
        let answer = timeout_at(deadline, call)
            .await
            .map_err(|_| fail("no answer before the deadline".into()))?
            .map_err(|error| fail(ledger::describe(&error)))?;
        answer.secret_string.ok_or_else(|| fail("holds no text".into()))
    }
}

impl ManagerTokens for Secrets {
    type Error = SecretError;

    async fn current(&self, deadline: Instant) -> Result<ManagerToken, SecretError> {
        match held(&self.manager_token) {
            Some(token) => Ok(token),
            None => self.fresh(deadline).await,
        }
    }

    async fn fresh(&self, deadline: Instant) -> Result<ManagerToken, SecretError> {
        let value = self.read(&self.manager_token_id, deadline).await?;
        let token = ManagerToken::from_secret(&value).map_err(|error| SecretError {
            id: self.manager_token_id.clone(),
            problem: error.to_string(),
        })?;
        Ok(keep(&self.manager_token, token))
    }
}

fn held<T: Clone>(cache: &Mutex<Option<T>>) -> Option<T> {
    cache.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn keep<T: Clone>(cache: &Mutex<Option<T>>, value: T) -> T {
    *cache.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.clone());
    value
}
