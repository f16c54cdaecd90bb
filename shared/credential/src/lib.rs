//! A call whose credential may have been replaced since it was read: tried once, and once more only after a
//! plain refusal.
//!
//! A function keeps the value of a secret for as long as its process lives. When somebody replaces the secret,
//! the next call is refused, and the value has to be read again. [`FirstTry`] is that rule, for every call that
//! this project makes with a secret:
//!
//! 1. The first try uses the kept value.
//! 2. Only a plain refusal of the credential (401 or 403) allows a second try: the server has not looked at the
//!    request. After a timeout or any other answer the caller must not ask for one.
//! 3. The value is read again. There is a second try only if it differs from the refused one, and never a third:
//!    [`FirstTry::second_try`] consumes the first.

use std::sync::Arc;

use tokio::time::Instant;

/// A secret value that authenticates calls, and that somebody may replace at any time.
pub trait Credential {
    /// The value. Two that are equal are the same to the server.
    type Value: PartialEq + Send + Sync;

    /// Why the value cannot be read.
    type Error;

    /// The kept value; read if there is none yet.
    ///
    /// # Errors
    /// If it cannot be read before the deadline.
    fn current(
        &self,
        deadline: Instant,
    ) -> impl Future<Output = Result<Arc<Self::Value>, Self::Error>> + Send;

    /// The value, read again.
    ///
    /// # Errors
    /// If it cannot be read before the deadline.
    fn fresh(&self, deadline: Instant) -> impl Future<Output = Result<Arc<Self::Value>, Self::Error>> + Send;
}

/// The first try of a call, with the kept value of the credential.
pub struct FirstTry<'a, C: Credential> {
    credential: &'a C,
    value: Arc<C::Value>,
}

impl<'a, C: Credential> FirstTry<'a, C> {
    /// Reads the credential, unless its value is kept.
    ///
    /// # Errors
    /// The credential's, if it cannot be read before the deadline.
    pub async fn new(credential: &'a C, deadline: Instant) -> Result<Self, C::Error> {
        let value = credential.current(deadline).await?;
        Ok(Self { credential, value })
    }

    /// The value to try with.
    pub fn value(&self) -> &C::Value {
        &self.value
    }

    /// The value for the second and last try, after the server refused the first one with 401 or 403. `None` if
    /// the credential was not replaced: the refusal stands.
    ///
    /// # Errors
    /// The credential's, if it cannot be read again before the deadline.
    pub async fn second_try(self, deadline: Instant) -> Result<Option<Arc<C::Value>>, C::Error> {
        let fresh = self.credential.fresh(deadline).await?;
        Ok((fresh != self.value).then_some(fresh))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    /// A secret in a store that can be down. Counts how often it is read.
    #[derive(Default)]
    struct Stored {
        stored: Mutex<Option<&'static str>>,
        kept: Mutex<Option<Arc<String>>>,
        reads: AtomicUsize,
    }

    impl Stored {
        fn set(&self, value: Option<&'static str>) {
            *self.stored.lock().unwrap() = value;
        }

        fn reads(&self) -> usize {
            self.reads.load(Ordering::Relaxed)
        }
    }

    impl Credential for Stored {
        type Value = String;
        type Error = &'static str;

        async fn current(&self, deadline: Instant) -> Result<Arc<String>, &'static str> {
            let kept = self.kept.lock().unwrap().clone();
            match kept {
                Some(kept) => Ok(kept),
                None => self.fresh(deadline).await,
            }
        }

        async fn fresh(&self, _: Instant) -> Result<Arc<String>, &'static str> {
            self.reads.fetch_add(1, Ordering::Relaxed);
            let stored = *self.stored.lock().unwrap();
            let value = Arc::new(stored.ok_or("the store is down")?.to_owned());
            *self.kept.lock().unwrap() = Some(value.clone());
            Ok(value)
        }
    }

    /// A token that a call consumes and a refusal hands back, and the server's answers to it.
    struct OneTime;

    /// Redeems the token at a server that accepts only `accepted`. The second value counts the calls.
    async fn redeem(stored: &Stored, token: OneTime, accepted: &str) -> (Result<(), &'static str>, usize) {
        let now = Instant::now();
        let send = |token: OneTime, value: &str| if value == accepted { Ok(()) } else { Err(token) };
        let first = match FirstTry::new(stored, now).await {
            Ok(first) => first,
            Err(error) => return (Err(error), 0),
        };
        let Err(token) = send(token, first.value()) else {
            return (Ok(()), 1);
        };
        match first.second_try(now).await {
            Ok(Some(value)) => (send(token, &value).map_err(|OneTime| "refused"), 2),
            Ok(None) => (Err("refused"), 1),
            Err(error) => (Err(error), 1),
        }
    }

    #[tokio::test]
    async fn a_value_that_is_accepted_is_read_once() {
        let stored = Stored::default();
        stored.set(Some("old"));
        for _ in 0..3 {
            assert_eq!(redeem(&stored, OneTime, "old").await, (Ok(()), 1));
        }
        assert_eq!(stored.reads(), 1);
    }

    #[tokio::test]
    async fn a_value_that_was_replaced_is_tried_once_more() {
        let stored = Stored::default();
        stored.set(Some("old"));
        redeem(&stored, OneTime, "old").await.0.unwrap();
        stored.set(Some("new"));
        assert_eq!(redeem(&stored, OneTime, "new").await, (Ok(()), 2));
        assert_eq!(
            redeem(&stored, OneTime, "new").await,
            (Ok(()), 1),
            "the new value is kept"
        );
        stored.set(Some("newer"));
        assert_eq!(
            redeem(&stored, OneTime, "newest").await,
            (Err("refused"), 2),
            "there is no third try"
        );
    }

    #[tokio::test]
    async fn a_value_that_was_not_replaced_is_not_tried_again() {
        let stored = Stored::default();
        stored.set(Some("old"));
        assert_eq!(redeem(&stored, OneTime, "new").await, (Err("refused"), 1));
    }

    #[tokio::test]
    async fn a_store_that_is_down_is_an_error_and_no_try() {
        let stored = Stored::default();
        assert_eq!(
            redeem(&stored, OneTime, "old").await,
            (Err("the store is down"), 0)
        );
        stored.set(Some("old"));
        redeem(&stored, OneTime, "old").await.0.unwrap();
        stored.set(None);
        assert_eq!(
            redeem(&stored, OneTime, "new").await,
            (Err("the store is down"), 1)
        );
    }
}
