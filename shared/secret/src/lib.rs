//! A secret in Secrets Manager: read when it is first needed, kept, and read afresh when it turns out to be stale.

use std::{
    fmt::Display,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_sdk_secretsmanager::Client;
use function::log;
use tokio::time::{Instant, timeout_at};

/// How long the read at start may take.
const WARM_UP: Duration = Duration::from_secs(3);

/// Makes of a secret's text what is in it, or says what is wrong with it without repeating it.
type Parse<T> = fn(&str) -> Result<T, String>;

/// A secret and what its text stands for.
pub struct Secret<T> {
    client: Client,
    /// Name or ARN.
    id: String,
    parse: Parse<T>,
    held: Mutex<Option<Held<T>>>,
}

struct Held<T> {
    value: Arc<T>,
    read: SystemTime,
}

/// A secret could not be had. Says which and why, never its value.
#[derive(Debug, thiserror::Error)]
#[error("secret {id}: {problem}")]
pub struct SecretError {
    id: String,
    problem: String,
}

impl<T: FromStr<Err: Display>> Secret<T> {
    /// Of a type that says itself how it is parsed. Reads nothing yet.
    pub fn parsed(client: Client, id: String) -> Self {
        Self::new(client, id, |text| {
            text.parse().map_err(|error: T::Err| error.to_string())
        })
    }
}

impl<T> Secret<T> {
    /// Reads nothing yet.
    pub fn new(client: Client, id: String, parse: Parse<T>) -> Self {
        Self {
            client,
            id,
            parse,
            held: Mutex::default(),
        }
    }

    /// Reads the value during the function's start. A failure is logged, not fatal: who needs it first tries again.
    pub async fn warm_up(&self) {
        if let Err(error) = self.current(Instant::now() + WARM_UP).await {
            log::warn("secret_unavailable_at_start", &error.to_string());
        }
    }

    /// The value, from Secrets Manager if it was never read.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn current(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        self.not_older_than(Duration::MAX, deadline).await
    }

    /// The value as it was at most `age` ago. A clock that went backwards tells nothing: the value is read then.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn not_older_than(&self, age: Duration, deadline: Instant) -> Result<Arc<T>, SecretError> {
        match self.held() {
            Some((value, Some(held_for))) if held_for <= age => Ok(value),
            Some((value, None)) if age == Duration::MAX => Ok(value),
            _ => self.fresh(deadline).await,
        }
    }

    /// The value, read anew.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn fresh(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        let fail = |problem: String| SecretError {
            id: self.id.clone(),
            problem,
        };
        let call = self.client.get_secret_value().secret_id(&self.id).send();
        let answer = timeout_at(deadline, call)
            .await
            .map_err(|_| fail("no answer before the deadline".into()))?
            .map_err(|error| fail(aws_error::describe(&error)))?;
        let text = answer.secret_string.ok_or_else(|| fail("holds no text".into()))?;
        let value = Arc::new((self.parse)(&text).map_err(fail)?);
        let held = Held {
            value: Arc::clone(&value),
            read: SystemTime::now(),
        };
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(value)
    }

    /// What is held, and for how long.
    fn held(&self) -> Option<(Arc<T>, Option<Duration>)> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref()?;
        Some((Arc::clone(&held.value), held.read.elapsed().ok()))
    }
}
