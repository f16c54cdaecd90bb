//! What notifications are signed with: one secret, or several during a rotation, for each method and broker.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use function::log;
use serde_json::Value;
use web::Request;
use webhooks::{Secret, VerifyError};

use crate::refusal::Refusal;

/// How long the secrets are used before they are read again: so long it takes until one that was removed does not count.
pub const USE_FOR: Duration = Duration::from_secs(5 * 60);

/// A signature that does not match makes the secrets be read again, but not more often than this.
pub const USE_AT_LEAST: Duration = Duration::from_secs(5);

/// By method and broker name.
pub struct PaymentSecrets(BTreeMap<String, BTreeMap<String, Secret>>);

impl PaymentSecrets {
    /// Reads `{"<method>": {"<broker>": "whsec_..."}}`. A secret that is none is passed over, and told in the log: it shall
    /// not stop the payments of the others.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shape = "must be JSON: {\"<method>\": {\"<brokerName>\": \"whsec_...\"}}";
        let methods: BTreeMap<String, BTreeMap<String, Value>> =
            serde_json::from_str(text).map_err(|_| shape.to_owned())?;
        let secrets = methods.into_iter().map(|(method, brokers)| {
            let brokers = brokers.into_iter().filter_map(|(broker, text)| {
                let secret = text.as_str().unwrap_or_default().parse::<Secret>();
                match secret {
                    Ok(secret) => Some((broker, secret)),
                    Err(error) => {
                        log::warn("bad_payment_secret", &format!("{method}, {broker}: {error}"));
                        None
                    }
                }
            });
            let brokers = brokers.collect();
            (method, brokers)
        });
        Ok(Self(secrets.collect()))
    }

    /// The brokers whose secret for `method` the request is signed with.
    pub fn verify(&self, method: &str, request: &Request, now: SystemTime) -> Result<Vec<String>, Refusal> {
        let brokers = self.0.get(method).ok_or(Refusal::NoSuchPath)?;
        let mut why = VerifyError::Mismatch;
        let mut senders = Vec::new();
        for (broker, secret) in brokers {
            let verified = secret.verify(
                request.header(webhooks::ID),
                request.header(webhooks::TIMESTAMP),
                request.header(webhooks::SIGNATURE),
                &request.body,
                now,
            );
            match verified {
                Ok(()) => senders.push(broker.clone()),
                Err(error) => why = error,
            }
        }
        if senders.is_empty() {
            return Err(Refusal::Unsigned {
                why: why.to_string(),
                misconfigured: brokers.is_empty(),
            });
        }
        Ok(senders)
    }
}
