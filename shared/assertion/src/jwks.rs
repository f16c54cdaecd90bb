//! The public keys, as a JSON Web Key Set (RFC 7517).

use aws_sdk_kms::{Client, types::KeyUsageType};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::try_join_all;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::{KeyError, KeyId, KeyIds, ecdsa};

/// The public keys whose signatures receivers accept.
#[derive(Debug, Serialize)]
pub struct JwkSet {
    /// One or two.
    pub keys: Vec<Jwk>,
}

/// A public key on P-256, for signatures only.
#[derive(Debug, Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    used_for: &'static str,
    kid: String,
    x: String,
    y: String,
}

impl JwkSet {
    /// Reads all public keys from KMS. Fails if one cannot be read: receivers cache the set, and must not cache a
    /// part.
    ///
    /// # Errors
    /// [`KeyError`] if KMS does not answer by the deadline, returns an error, or has a key of another kind under an
    /// id.
    pub async fn read(client: &Client, keys: &KeyIds, deadline: Instant) -> Result<Self, KeyError> {
        let reads = keys.published().map(|key| read_key(client, key, deadline));
        Ok(Self {
            keys: try_join_all(reads).await?,
        })
    }
}

async fn read_key(client: &Client, key: &KeyId, deadline: Instant) -> Result<Jwk, KeyError> {
    let call = client.get_public_key().key_id(key.as_str()).send();
    let response = timeout_at(deadline, call)
        .await
        .map_err(|_| KeyError::new(key, "no answer before the deadline"))?
        .map_err(|error| KeyError::new(key, aws_error::describe(&error)))?;
    // `ecdsa::point` checks the curve, which is part of the public key.
    let is_for_signatures = response.key_usage == Some(KeyUsageType::SignVerify);
    let public_key = response.public_key.unwrap_or_default().into_inner();
    let (x, y) = ecdsa::point(&public_key)
        .filter(|_| is_for_signatures)
        .ok_or_else(|| KeyError::new(key, "is not an ECC_NIST_P256 key for SIGN_VERIFY"))?;
    Ok(Jwk {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        used_for: "sig",
        kid: key.kid().to_owned(),
        x: URL_SAFE_NO_PAD.encode(x),
        y: URL_SAFE_NO_PAD.encode(y),
    })
}
