//! How long an invocation may still take.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::Context;

/// Deadlines before this one are not times. Lambda's are of today, so they are far beyond it.
const FIRST_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How long it is until Lambda stops the invocation: zero if the deadline has passed.
///
/// Lambda sends the deadline as a time, in milliseconds since 1970. `cargo lambda watch` sends 600,000, which
/// is a timeout of 10 minutes and not a time. Values that short are therefore taken as the time that is left.
pub fn time_left(context: &Context) -> Duration {
    let deadline = Duration::from_millis(context.deadline);
    if deadline < FIRST_TIME {
        return deadline;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    deadline.saturating_sub(now.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(deadline: Duration) -> Context {
        let mut context = Context::default();
        context.deadline = u64::try_from(deadline.as_millis()).unwrap();
        context
    }

    #[test]
    fn a_deadline_of_lambda_is_a_time() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let left = time_left(&context(now + Duration::from_secs(20)));
        assert!(left <= Duration::from_secs(20) && left > Duration::from_secs(15));
        assert_eq!(time_left(&context(now - Duration::from_secs(1))), Duration::ZERO);
    }

    #[test]
    fn a_deadline_of_cargo_lambda_is_a_timeout() {
        let left = time_left(&context(Duration::from_millis(600_000)));
        assert_eq!(left, Duration::from_secs(600));
    }
}
