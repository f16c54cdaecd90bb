//! Holds one-time tokens back while somebody guesses them.
//!
//! Each guess is a call to cTrader in the broker's name. In revision `redeem` it is a `POST`, of which cTrader takes only so
//! many an hour: a stranger who guesses could use them all up, and then no deposit is credited.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// So many unknown tokens within [`WINDOW`], without a known one in between, are guesses.
const MAX_UNKNOWN: usize = 20;

/// See [`MAX_UNKNOWN`].
const WINDOW: Duration = Duration::from_secs(10);

/// How long tokens are held back then.
const PAUSE: Duration = Duration::from_secs(30);

/// Counts the unknown tokens that one instance of a function sent to cTrader. It reads the wall clock, because timers stop
/// while Lambda freezes the instance.
#[derive(Default)]
pub(crate) struct GuessBreaker(Mutex<Guesses>);

#[derive(Default)]
struct Guesses {
    /// When cTrader did not know a token, oldest first.
    unknown: VecDeque<SystemTime>,
    /// When tokens began to be held back.
    held_since: Option<SystemTime>,
}

impl GuessBreaker {
    /// Whether tokens are held back now.
    pub(crate) fn holds(&self, now: SystemTime) -> bool {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.held_since.is_some_and(|since| !within(PAUSE, since, now)) {
            *guesses = Guesses::default();
        }
        guesses.held_since.is_some()
    }

    /// cTrader did not know a token.
    pub(crate) fn unknown(&self, now: SystemTime) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.unknown.retain(|at| within(WINDOW, *at, now));
        guesses.unknown.push_back(now);
        if guesses.unknown.len() >= MAX_UNKNOWN {
            guesses.unknown.clear();
            guesses.held_since = Some(now);
        }
    }

    /// cTrader knew a token: a real trader is here.
    pub(crate) fn known(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Guesses::default();
    }
}

/// Whether `now` is at most `period` after `then`. If the clock went backwards the time is unknown, and nothing is held.
fn within(period: Duration, then: SystemTime, now: SystemTime) -> bool {
    now.duration_since(then).is_ok_and(|since| since <= period)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn begin() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }

    fn after(breaker: &GuessBreaker, unknown: usize, now: SystemTime) -> bool {
        for _ in 0..unknown {
            breaker.unknown(now);
        }
        breaker.holds(now)
    }

    #[test]
    fn twenty_unknown_tokens_in_ten_seconds_are_guesses() {
        let breaker = GuessBreaker::default();
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin()));
        assert!(after(&breaker, 1, begin() + WINDOW));
    }

    #[test]
    fn slow_ones_are_not() {
        let breaker = GuessBreaker::default();
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin()));
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin() + WINDOW + SECOND));
    }

    #[test]
    fn a_known_token_in_between_starts_the_count_anew() {
        let breaker = GuessBreaker::default();
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin()));
        breaker.known();
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin()));
        assert!(after(&breaker, 1, begin()));
        breaker.known();
        assert!(!breaker.holds(begin()));
    }

    #[test]
    fn tokens_are_held_back_for_half_a_minute() {
        let breaker = GuessBreaker::default();
        assert!(after(&breaker, MAX_UNKNOWN, begin()));
        assert!(breaker.holds(begin() + PAUSE));
        assert!(!breaker.holds(begin() + PAUSE + SECOND));
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin() + PAUSE + SECOND));
        assert!(after(&breaker, 1, begin() + PAUSE + SECOND));
    }

    #[test]
    fn a_clock_that_goes_backwards_holds_nothing_back() {
        let breaker = GuessBreaker::default();
        assert!(after(&breaker, MAX_UNKNOWN, begin()));
        assert!(!breaker.holds(begin() - SECOND));
        assert!(!after(&breaker, MAX_UNKNOWN - 1, begin() - SECOND));
    }
}
