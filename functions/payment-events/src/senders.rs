//! The possible senders of a notification: the brokers under whose secret for the payment method it is genuine.

use std::time::{Duration, SystemTime};

use domain::{BrokerName, MethodId};
use function::log;
use payments::{Acknowledgement, PaymentProvider, PaymentSecrets, RawNotification, Unverified};

use crate::refusal::Refusal;

/// How long the secrets are used before they are read again. A removed secret is accepted for that long.
pub const MAX_AGE: Duration = Duration::from_secs(5 * 60);

/// How old the secrets must be to be read again after a signature that does not match.
pub const MIN_AGE: Duration = Duration::from_secs(5);

/// A broker under whose secret a notification is genuine.
pub struct SignedBy {
    /// The broker.
    pub broker: BrokerName,
    /// The acknowledgement for the provider. Some providers want it signed with the same secret.
    pub acknowledgement: Acknowledgement,
}

/// The brokers whose secret for `method` the notification is signed with: one, unless brokers share a secret. An
/// unusable secret is logged and skipped: it must not stop the payments of other brokers.
///
/// # Errors
/// [`Refusal::NoSuchPath`] if the method has no secrets; [`Refusal::Unsigned`] if no secret fits.
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
