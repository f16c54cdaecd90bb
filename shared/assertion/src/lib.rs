//! The signed assertion: a JWT that says who the trader is. The broker's own pages receive it in their URL.
//!
//! [`Signer`] makes an assertion, signed ES256 by a KMS key whose private key nobody can read. [`JwkSet`] holds the
//! public keys that verify assertions. [`KeyIds`] names the keys: the first one signs, all are published, so that
//! assertions of the old key stay valid during a rotation (docs/adr/0008-assertions.md).

mod ecdsa;
mod jwks;
mod keys;
mod signer;

pub use jwks::{Jwk, JwkSet};
pub use keys::{BadKeyIds, KeyId, KeyIds};
pub use signer::{Assertion, Purpose, Signer};

/// A KMS key could not be used. Names the key and the reason; never quotes the claims.
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
