//! Attempts to pay a deposit.

use std::{fmt, num::NonZeroU32, str::FromStr};

use domain::RecordId;

/// The id of an attempt to pay a deposit. Many providers accept an order id once, so each attempt has its own:
/// the deposit's id, followed by `-` and the number from the second attempt on.
///
/// ```
/// use payments::AttemptId;
///
/// let attempt: AttemptId = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE-2".parse()?;
/// assert_eq!(attempt.number.get(), 2);
/// assert_eq!(attempt.to_string(), "7Q0M4T9ZK3XH8VW2C5RN6YB1DE-2");
/// let first: AttemptId = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE".parse()?;
/// assert_eq!((first.number.get(), first.deposit), (1, attempt.deposit));
/// # Ok::<(), payments::BadAttemptId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttemptId {
    /// The deposit.
    pub deposit: RecordId,
    /// The number of the attempt, from 1.
    pub number: NonZeroU32,
}

impl AttemptId {
    /// The first attempt to pay a deposit.
    pub fn first(deposit: RecordId) -> Self {
        Self {
            deposit,
            number: NonZeroU32::MIN,
        }
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            NonZeroU32::MIN => write!(f, "{}", self.deposit),
            number => write!(f, "{}-{number}", self.deposit),
        }
    }
}

/// The text is not an [`AttemptId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of a deposit, from the second attempt on with - and its number")]
pub struct BadAttemptId;

impl FromStr for AttemptId {
    type Err = BadAttemptId;

    fn from_str(text: &str) -> Result<Self, BadAttemptId> {
        let (deposit, number) = match text.split_once('-') {
            Some((deposit, number)) => (deposit, number.parse().map_err(|_| BadAttemptId)?),
            None => (text, NonZeroU32::MIN),
        };
        let deposit = deposit.parse().map_err(|_| BadAttemptId)?;
        let attempt = Self { deposit, number };
        // Each attempt has exactly one text: `-1` and `-02` are none.
        if attempt.to_string() == text {
            Ok(attempt)
        } else {
            Err(BadAttemptId)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_has_exactly_one_text() {
        const ID: &str = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE";
        for bad in ["-0", "-1", "-02", "-+2", "-", "-x", "-4294967296", "-2-3"] {
            let text = format!("{ID}{bad}");
            assert_eq!(text.parse::<AttemptId>(), Err(BadAttemptId), "{text}");
        }
        assert_eq!("".parse::<AttemptId>(), Err(BadAttemptId));
    }
}
