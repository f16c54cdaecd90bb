//! A secret in Secrets Manager. It is read when it is first needed, cached, and read again when the caller finds it
//! stale.

use std::{
    fmt::Display,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
    /// For how long a failed read is remembered.
    keep_failure: Duration,
    failed: Mutex<Option<(SystemTime, SecretError)>>,
}

struct Cached<T> {
    value: Arc<T>,
    read_at: SystemTime,
}

/// A secret could not be read. Names the secret and the reason; never quotes the value.
#[derive(Clone, Debug, thiserror::Error)]
#[error("secret {id}: {problem}")]
pub struct SecretError {
    id: String,
    problem: String,
}

/// AWS's error code for a secret that is not there, or has no value yet.
const NO_VALUE: &str = "ResourceNotFoundException";

impl SecretError {
    /// Whether Secrets Manager answered that there is no such secret, or that it has no value yet.
    pub fn has_no_value(&self) -> bool {
        self.problem == NO_VALUE
    }
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
            keep_failure: Duration::ZERO,
            failed: Mutex::default(),
        }
    }

    /// The same secret, whose failed reads are answered for this long without another call. For a function that
    /// strangers can make read it.
    #[must_use]
    pub fn keeping_failures(self, keep_failure: Duration) -> Self {
        Self { keep_failure, ..self }
    }

    /// Reads the value during the function's start. A failure is only logged: the first use tries again.
    pub async fn warm_up(&self) {
        if let Err(error) = self.current(Instant::now() + WARM_UP_TIMEOUT).await {
            log::warn("secret_unavailable_at_start", &error.to_string());
            *self.failed() = None;
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

    /// Reads the value from Secrets Manager, and caches it, unless a read failed a moment ago. If the clock went
    /// backwards the secret is read.
    ///
    /// # Errors
    /// [`SecretError`] if Secrets Manager does not answer by the deadline or returns an error, or if the text cannot
    /// be parsed.
    async fn read(&self, deadline: Instant) -> Result<Arc<T>, SecretError> {
        if let Some((at, error)) = self.failed().clone()
            && at.elapsed().is_ok_and(|age| age < self.keep_failure)
        {
            return Err(error);
        }
        let call = self.client.get_secret_value().secret_id(&self.id).send();
        let read = match timeout_at(deadline, call).await {
            Ok(Ok(response)) => self.value(response.secret_string.as_deref()),
            Ok(Err(error)) => Err(aws_error::describe(&error)),
            Err(_) => Err("no answer before the deadline".into()),
        };
        let read = read.map_err(|problem| SecretError {
            id: self.id.clone(),
            problem,
        });
        *self.failed() = read
            .as_ref()
            .err()
            .map(|error| (SystemTime::now(), error.clone()));
        read
    }

    /// Parses the text, and caches the value.
    fn value(&self, text: Option<&str>) -> Result<Arc<T>, String> {
        let value = Arc::new((self.parse)(text.ok_or("has no text value")?)?);
        let cached = Cached {
            value: Arc::clone(&value),
            read_at: SystemTime::now(),
        };
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some(cached);
        Ok(value)
    }

    /// The last read, if it failed, and when.
    fn failed(&self) -> MutexGuard<'_, Option<(SystemTime, SecretError)>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
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
