//! What the toolkit keeps for as long as a screen's function runs.

use std::sync::Arc;

use resolution::SessionKey;
use store::TableError;
use tokio::time::{Instant, timeout_at};

use crate::{Failure, Secrets, Site};

/// What every screen has: `broker.toml` and the pages, the public origin, the secrets.
pub(crate) struct Toolkit {
    pub site: Site,
    /// `PUBLIC_URL`, if it is set.
    pub public_url: Option<String>,
    pub secrets: Arc<Secrets>,
}

impl Toolkit {
    /// The key that seals sessions.
    pub async fn session_key(&self, deadline: Instant) -> Result<Arc<SessionKey>, Failure> {
        let key = self.secrets.session_key.current(deadline).await;
        key.map_err(Failure::unavailable)
    }
}

/// Waits for a call to the table until `deadline`.
///
/// # Errors
/// [`Code::ServiceUnavailable`](crate::Code::ServiceUnavailable) if the table does not answer in time,
/// [`Code::TooManyRequests`](crate::Code::TooManyRequests) if the trader has too many records,
/// [`Code::InternalError`](crate::Code::InternalError) if the call or a stored item is wrong.
pub(crate) async fn within_deadline<T>(
    deadline: Instant,
    call: impl Future<Output = Result<T, TableError>>,
) -> Result<T, Failure> {
    let Ok(result) = timeout_at(deadline, call).await else {
        return Err(Failure::unavailable("the table: no answer before the deadline"));
    };
    result.map_err(|error| match error {
        TableError::Unavailable(_) => Failure::unavailable(error),
        TableError::LimitReached(limit) => Failure::too_many(limit),
        TableError::Damaged(_) | TableError::Misused(_) => Failure::internal(error),
    })
}
