//! Makes and signs assertions.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand;
use aws_sdk_kms::{
    Client,
    primitives::Blob,
    types::{MessageType, SigningAlgorithmSpec},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Identity, Launch, ScreenKind};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use crate::{KeyError, KeyId, KeyIds, ecdsa};

/// How long an assertion is valid: enough for a redirect, and for clocks that differ.
const LIFETIME: Duration = Duration::from_secs(60);

/// The type of our assertions (`typ`), so that no other JWT of the same key passes for one (RFC 8725, 3.11).
const TYPE: &str = "inapp+jwt";

/// What an assertion is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a, C> {
    /// A page of the broker's takes the place of a screen.
    Page,
    /// A cashier takes a payment. Each member of the value becomes a claim.
    Cashier(&'a C),
}

impl<'a, C> Purpose<'a, C> {
    /// The claim `use`.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Cashier(_) => "cashier",
        }
    }

    fn claims(&self) -> Option<&'a C> {
        match self {
            Self::Page => None,
            Self::Cashier(claims) => Some(claims),
        }
    }
}

/// The content of an assertion. The one-time token is never part of it.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a, C> {
    /// `iss`: our public origin.
    pub issuer: &'a str,
    /// `aud`: the origin of the page that receives it.
    pub audience: &'a str,
    /// `action`: the screen that the trader opened.
    pub screen: ScreenKind,
    /// `identity`: the trader. Their `userId` is also `sub`.
    pub identity: &'a Identity,
    /// `launch`: the launch parameters of the screen.
    pub launch: &'a Launch,
    /// `use`: what it is for, and the claims that only this purpose has.
    pub purpose: Purpose<'a, C>,
}

/// Signs assertions with a KMS key.
#[derive(Clone, Debug)]
pub struct Signer {
    client: Client,
    key: KeyId,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct Claims<'a, C> {
    iss: &'a str,
    aud: &'a str,
    sub: String,
    jti: String,
    iat: u64,
    exp: u64,
    r#use: &'static str,
    action: ScreenKind,
    identity: &'a Identity,
    launch: &'a Launch,
    #[serde(flatten)]
    further: Option<&'a C>,
}

impl Signer {
    /// A signer that uses the first of the keys.
    pub fn new(client: Client, keys: &KeyIds) -> Self {
        Self {
            client,
            key: keys.signing().clone(),
        }
    }

    /// The assertion as a compact JWT, valid for 60 s from `now`, with a random `jti`.
    ///
    /// # Errors
    /// [`KeyError`] if KMS does not answer by the deadline or returns an error.
    pub async fn sign<C: Serialize>(
        &self,
        assertion: &Assertion<'_, C>,
        now: SystemTime,
        deadline: Instant,
    ) -> Result<String, KeyError> {
        let fail = |problem: &str| KeyError::new(&self.key, problem);
        let mut jti = [0; 16];
        rand::fill(&mut jti).map_err(|_| fail("the operating system gave no random numbers"))?;
        let iat = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let header = encode(&Header {
            alg: "ES256",
            typ: TYPE,
            kid: self.key.kid(),
        });
        let claims = encode(&Claims {
            iss: assertion.issuer,
            aud: assertion.audience,
            sub: assertion.identity.user_id.to_string(),
            jti: URL_SAFE_NO_PAD.encode(jti),
            iat,
            exp: iat + LIFETIME.as_secs(),
            r#use: assertion.purpose.as_str(),
            action: assertion.screen,
            identity: assertion.identity,
            launch: assertion.launch,
            further: assertion.purpose.claims(),
        });
        let (Ok(header), Ok(claims)) = (header, claims) else {
            return Err(fail("the claims cannot be written as JSON"));
        };
        let signing_input = format!("{header}.{claims}");
        let call = self
            .client
            .sign()
            .key_id(self.key.as_str())
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .message_type(MessageType::Raw)
            .message(Blob::new(signing_input.as_bytes()))
            .send();
        let response = timeout_at(deadline, call)
            .await
            .map_err(|_| fail("no answer before the deadline"))?
            .map_err(|error| fail(&aws_error::describe(&error)))?;
        let der = response.signature.unwrap_or_default().into_inner();
        let signature =
            ecdsa::to_jose(&der).ok_or_else(|| fail("returned a signature that is not of P-256"))?;
        Ok(format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn encode<T: Serialize>(part: &T) -> serde_json::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part)?))
}
