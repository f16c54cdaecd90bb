//! Whether an assertion is good: signed by the screens, for us, now, and for the first time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use outbound::{Connections, NoTls};
use reqwest::{Method, Url};
use serde::Deserialize;

use crate::locked;

/// How wrong our clock may be, in seconds.
const LEEWAY: u64 = 5;

/// Largest set of keys that is read, in bytes.
const LARGEST_KEYS: usize = 64 * 1024;

/// How soon the keys are asked for again, at the earliest: assertions with made-up keys must not make us call for each.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// Checks assertions, and remembers them.
pub(crate) struct Assertions {
    connections: Connections,
    issuer: String,
    audience: String,
    keys: tokio::sync::Mutex<Keys>,
    /// `jti` and `exp` of those that came, as long as they could come again.
    seen: Mutex<HashMap<String, u64>>,
}

#[derive(Default)]
struct Keys {
    set: Option<JwkSet>,
    asked: Option<Instant>,
}

/// What an assertion says.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claims {
    jti: String,
    exp: u64,
    pub(crate) action: String,
    pub(crate) identity: Identity,
    #[serde(default)]
    pub(crate) launch: Launch,
    /// What is to be paid, where the trader was sent on to pay.
    pub(crate) deposit: Option<Deposit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deposit {
    pub(crate) id: String,
    pub(crate) account: i64,
    /// A decimal, in the digits in which it was signed.
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) method: String,
    /// Where the trader goes when the payment is done.
    pub(crate) return_url: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity {
    pub(crate) user_id: i64,
    pub(crate) trading_login: Option<i64>,
    pub(crate) account_id: Option<i64>,
    pub(crate) email: Option<String>,
    pub(crate) broker_name: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Launch {
    pub(crate) account: Option<i64>,
    pub(crate) theme: Option<String>,
}

/// The assertion is not good, or is not good any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused;

impl Assertions {
    pub(crate) fn new(issuer: &str, audience: &str) -> Result<Self, NoTls> {
        Ok(Self {
            connections: Connections::new(outbound::tls()?)?,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            keys: tokio::sync::Mutex::default(),
            seen: Mutex::default(),
        })
    }

    /// Who the trader is.
    pub(crate) async fn accept(&self, assertion: &str) -> Result<Claims, Refused> {
        let kid = decode_header(assertion)
            .map_err(|_| Refused)?
            .kid
            .ok_or(Refused)?;
        let key = self.key(&kid).await?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.leeway = LEEWAY;
        let claims: Claims = decode(assertion, &key, &validation).map_err(|_| Refused)?.claims;

        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let mut seen = locked(&self.seen);
        seen.retain(|_, exp| *exp + LEEWAY >= now);
        match seen.insert(claims.jti.clone(), claims.exp) {
            Some(_) => Err(Refused),
            None => Ok(claims),
        }
    }

    /// The public key of that id. The set is asked for when there is none, or a key that is not in it: it may be new.
    async fn key(&self, kid: &str) -> Result<DecodingKey, Refused> {
        let mut keys = self.keys.lock().await;
        let known = |keys: &Keys| {
            let jwk = keys.set.as_ref()?.find(kid)?;
            DecodingKey::from_jwk(jwk).ok()
        };
        if let Some(key) = known(&keys) {
            return Ok(key);
        }
        if keys.asked.is_none_or(|asked| asked.elapsed() >= ASK_AGAIN) {
            keys.asked = Some(Instant::now());
            if let Some(set) = self.published().await {
                keys.set = Some(set);
            }
        }
        known(&keys).ok_or(Refused)
    }

    async fn published(&self) -> Option<JwkSet> {
        let url = Url::parse(&format!("{}/.well-known/jwks.json", self.issuer)).ok()?;
        let client = self.connections.client().ok()?;
        let sent = client.execute(reqwest::Request::new(Method::GET, url)).await;
        self.connections.used();
        let mut answer = sent.ok()?.error_for_status().ok()?;
        let body = outbound::read(&mut answer, LARGEST_KEYS).await.ok()?;
        serde_json::from_slice(&body).ok()
    }
}
