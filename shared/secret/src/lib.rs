//! A secret in Secrets Manager. It is read when it is first needed, cached, and read again when the caller finds it
//! stale.

use std::{
    fmt::Display,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_sdk_secretsmanager::Client;
use credential::Credential;
use function::log;
use tokio::time::{Instant, timeout_at};

/// Timeout of the read at the function's start.
const WARM_UP_TIMEOUT: Duration = Duration::from_secs(3);

/// Parses the text of a secret. The error says what is wrong without quoting the text.
type Parse<T> = fn(&str) -> Result<T, String>;

/// A secret and its cached value, parsed from the secret's text.
pub struct Secret<T> {
    client: Client,
    /// Name or ARN.
    id: String,
    parse: Parse<T>,
    cached: Mutex<Option<Cached<T>>>,
}

struct Cached<T> {
    value: Arc<T>,
    read_at: SystemTime,
}

/// A secret could not be read. Names the secret and the reason; never quotes the value.
#[derive(Debug, thiserror::Error)]
#[error("secret {id}: {problem}")]
pub struct SecretError {
    id: String,
    problem: String,
}

impl<T: FromStr<Err: Display>> Secret<T> {
    /// A secret whose value has its own parser, [`FromStr`]. Reads nothing yet.
    pub fn parsed(client: Client, id: String) -> Self {
        Self::new(client, id, |text| {
            text.parse().map_err(|error: T::Err| error.to_string())
        })
    }
}

impl<T> Secret<T> {
    /// A secret that `parse` parses. `id` is its name or ARN. Reads nothing yet.
    pub fn new(client: Client, id: String, parse: Parse<T>) -> Self {
        Self {
            client,
            id,
            parse,
            cached: Mutex::default(),
        }
    }

    /// Reads the value during the function's start. A failure is only logged: the first use tries again.
    pub async fn warm_up(&self) {
        if let Err(error) = self.current(Instant::now() + WARM_UP_TIMEOUT).await {
            log::warn("secret_unavailable_at_start", &error.to_string());
        }
    }

    /// The cached value, however old. Reads it if there is none.
    ///
    /// # Errors
    /// [`SecretError`] if the value had to be read and could not be.
    pub async fn current(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        self.not_older_than(Duration::MAX, deadline).await
    }

    /// The cached value, unless it was read more than `max_age` ago. If the clock went backwards the age is unknown,
    /// so the secret is read again.
    ///
    /// # Errors
    /// [`SecretError`] if the value had to be read and could not be.
    pub async fn not_older_than(&self, max_age: Duration, deadline: Instant) -> Result<Arc<T>, SecretError> {
        match self.cached() {
            Some((value, Some(age))) if age <= max_age => Ok(value),
            Some((value, None)) if max_age == Duration::MAX => Ok(value),
            _ => self.read(deadline).await,
        }
    }

    /// Reads the value from Secrets Manager, and caches it.
    ///
    /// # Errors
    /// [`SecretError`] if Secrets Manager does not answer by the deadline or returns an error, or if the text cannot
    /// be parsed.
    async fn read(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        let fail = |problem: String| SecretError {
            id: self.id.clone(),
            problem,
        };
        let call = self.client.get_secret_value().secret_id(&self.id).send();
        let response = timeout_at(deadline, call)
            .await
            .map_err(|_| fail("no answer before the deadline".into()))?
            .map_err(|error| fail(aws_error::describe(&error)))?;
        let text = response
            .secret_string
            .ok_or_else(|| fail("has no text value".into()))?;
        let value = Arc::new((self.parse)(&text).map_err(fail)?);
        let cached = Cached {
            value: Arc::clone(&value),
            read_at: SystemTime::now(),
        };
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some(cached);
        Ok(value)
    }

    /// The cached value and its age. The age is `None` if the clock went backwards.
    fn cached(&self) -> Option<(Arc<T>, Option<Duration>)> {
        let guard = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        let cached = guard.as_ref()?;
        Some((Arc::clone(&cached.value), cached.read_at.elapsed().ok()))
    }
}

impl<T: PartialEq + Send + Sync> Credential for Secret<T> {
    type Value = T;
    type Error = SecretError;

    async fn current(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        Self::current(self, deadline).await
    }

    async fn fresh(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        self.read(deadline).await
    }
}
