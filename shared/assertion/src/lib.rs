//! The signed assertion: who the trader is, in a JWT that a page of the broker's gets in its URL.
//!
//! [`Signer`] makes one, signed ES256 by an asymmetric KMS key whose private half nobody can read. [`JwkSet`] holds the
//! public keys to check it with. [`KeyIds`] says which keys: the first signs, all are published, so that a key can be
//! replaced while assertions of the old one are still on their way (docs/adr/0008-assertions.md).

mod ecdsa;
mod jwks;
mod keys;
mod signer;

pub use jwks::{Jwk, JwkSet};
pub use keys::{BadKeyIds, KeyId, KeyIds};
pub use signer::{Assertion, Signer};

/// A key could not be used. Says which and why, never what was to be signed.
#[derive(Debug, thiserror::Error)]
#[error("KMS key {kid}: {problem}")]
pub struct KeyError {
    kid: String,
    problem: String,
}

impl KeyError {
    fn new(key: &KeyId, problem: impl Into<String>) -> Self {
        Self {
            kid: key.kid().to_owned(),
            problem: problem.into(),
        }
    }
}
