//! Whose notification it is: the brokers under whose secret for the method it is genuine.

use std::time::{Duration, SystemTime};

use domain::{BrokerName, MethodId};
use function::log;
use payments::{Acknowledgement, PaymentProvider, PaymentSecrets, RawNotification, Unverified};

use crate::refusal::Refusal;

/// How long the secrets are used before they are read again: so long it takes until one that was removed does not count.
pub const USE_FOR: Duration = Duration::from_secs(5 * 60);

/// A signature that does not match makes the secrets be read again, but not more often than this.
pub const USE_AT_LEAST: Duration = Duration::from_secs(5);

/// A broker under whose secret a notification is genuine.
pub struct SignedBy {
    /// The broker's name.
    pub broker: BrokerName,
    /// What the provider wants to hear, which some providers want signed with the same secret.
    pub acknowledgement: Acknowledgement,
}

/// The brokers whose secret for `method` the notification is signed with: nearly always one. A secret that is unusable is
/// passed over and logged: it must not stop the payments of other brokers.
pub fn verify(
    secrets: &PaymentSecrets,
    method: &MethodId,
    provider: &dyn PaymentProvider,
    notification: &RawNotification<'_>,
    now: SystemTime,
) -> Result<Vec<SignedBy>, Refusal> {
    let brokers = secrets.of_method(method).ok_or(Refusal::NoSuchPath)?;
    let mut senders = Vec::new();
    let mut why = None;
    for (broker, secret) in brokers {
        match provider.verify(notification, secret, now) {
            Ok(()) => senders.push(SignedBy {
                broker: broker.clone(),
                acknowledgement: provider.acknowledge(secret, now),
            }),
            Err(Unverified::Signature(problem)) => why = Some(problem),
            Err(error @ Unverified::Secret(_)) => {
                log::warn("bad_payment_secret", &format!("{method}, {broker}: {error}"));
            }
        }
    }
    if senders.is_empty() {
        return Err(Refusal::Unsigned {
            misconfigured: why.is_none(),
            why: why.unwrap_or_else(|| "no usable secret".into()),
        });
    }
    Ok(senders)
}
