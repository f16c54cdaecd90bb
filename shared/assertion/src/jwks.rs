//! The public keys, as a JSON Web Key Set (RFC 7517).

use aws_sdk_kms::{Client, types::KeyUsageType};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::try_join_all;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::{KeyError, KeyId, KeyIds, ecdsa};

/// The keys whose signatures are to be accepted.
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
    /// Reads them from KMS. All or none: receivers keep what they get, and must not keep a part.
    ///
    /// # Errors
    /// [`KeyError`] if KMS does not answer by the deadline, refuses, or has a key of another kind under that id.
    pub async fn read(client: &Client, keys: &KeyIds, deadline: Instant) -> Result<Self, KeyError> {
        let keys = keys.published().map(|key| read(client, key, deadline));
        Ok(Self {
            keys: try_join_all(keys).await?,
        })
    }
}

async fn read(client: &Client, key: &KeyId, deadline: Instant) -> Result<Jwk, KeyError> {
    let call = client.get_public_key().key_id(key.as_str()).send();
    let answer = timeout_at(deadline, call)
        .await
        .map_err(|_| KeyError::new(key, "no answer before the deadline"))?
        .map_err(|error| KeyError::new(key, aws_error::describe(&error)))?;
    // The curve is in the public key itself.
    let signs = answer.key_usage == Some(KeyUsageType::SignVerify);
    let public_key = answer.public_key.unwrap_or_default().into_inner();
    let (x, y) = ecdsa::point(&public_key)
        .filter(|_| signs)
        .ok_or_else(|| KeyError::new(key, "is no ECC_NIST_P256 key for SIGN_VERIFY"))?;
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
