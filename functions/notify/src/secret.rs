//! The secret that the callback is signed with, from Secrets Manager.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_sdk_secretsmanager::Client;
use webhooks::Secret;

/// How long a value is used before it is read again: so long a change of the secret takes to be everywhere.
const USE_FOR: Duration = Duration::from_secs(5 * 60);

/// Reads the secret, and keeps it for five minutes.
pub struct CallbackSecret {
    client: Client,
    id: String,
    held: Mutex<Option<(Secret, SystemTime)>>,
}

/// The secret could not be had. Says which and why, never its value.
#[derive(Debug, thiserror::Error)]
#[error("secret {id}: {problem}")]
pub struct SecretError {
    id: String,
    problem: String,
}

impl CallbackSecret {
    pub fn new(client: Client, id: String) -> Self {
        Self {
            client,
            id,
            held: Mutex::default(),
        }
    }

    /// # Errors
    /// [`SecretError`] if it has to be read and cannot be, or is none.
    pub async fn get(&self) -> Result<Secret, SecretError> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // A clock that went backwards tells nothing about the age: take it for too old.
        if let Some((secret, read)) = held
            && read.elapsed().is_ok_and(|age| age < USE_FOR)
        {
            return Ok(secret);
        }
        let fail = |problem: String| SecretError {
            id: self.id.clone(),
            problem,
        };
        let answer = self.client.get_secret_value().secret_id(&self.id).send().await;
        let answer = answer.map_err(|error| fail(ledger::describe(&error)))?;
        let text = answer.secret_string.ok_or_else(|| fail("holds no text".into()))?;
        let secret: Secret = text
            .parse()
            .map_err(|error: webhooks::BadSecret| fail(error.to_string()))?;
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((secret.clone(), SystemTime::now()));
        Ok(secret)
    }
}
