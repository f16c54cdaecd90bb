//! Verifies assertions: signed by the screens, for this backend, not expired, and not used before.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use outbound::{Connections, NoTls};
use reqwest::{Method, Url};
use serde::Deserialize;

use crate::lock;

/// Allowed clock skew in seconds.
const LEEWAY: u64 = 5;

/// The maximum size of the key set, in bytes.
const MAX_KEYS: usize = 64 * 1024;

/// The minimum pause between two requests for the keys, so that assertions with invented keys do not cause many
/// requests.
const MIN_KEYS_PAUSE: Duration = Duration::from_secs(10);

/// Verifies assertions, and remembers them to detect replays.
pub(crate) struct Assertions {
    connections: Connections,
    issuer: String,
    audience: String,
    keys: tokio::sync::Mutex<Keys>,
    /// `jti` and `exp` of the accepted assertions, until they expire.
    seen: Mutex<HashMap<String, u64>>,
}

#[derive(Default)]
struct Keys {
    set: Option<JwkSet>,
    requested: Option<Instant>,
}

/// The type of the screens' assertions, in the header.
const TYPE: &str = "inapp+jwt";

/// The page that an assertion must be made for. Several pages can have one origin, and so one `aud`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Page {
    /// The page of a custom action.
    Documents,
    /// The cashier.
    Cashier,
}

/// The claims of an assertion.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claims {
    jti: String,
    exp: u64,
    r#use: String,
    action: String,
    pub(crate) identity: Identity,
    #[serde(default)]
    pub(crate) launch: Launch,
    /// The deposit to pay, if the trader comes to pay.
    pub(crate) deposit: Option<DepositClaims>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DepositClaims {
    pub(crate) id: String,
    pub(crate) account: i64,
    /// A decimal, with the digits as signed.
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) method: String,
    /// The URL to which the trader goes after the payment.
    pub(crate) return_url: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity {
    pub(crate) user_id: i64,
    pub(crate) trading_login: Option<i64>,
    pub(crate) email: Option<String>,
    pub(crate) broker_name: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Launch {
    action_type: Option<String>,
    pub(crate) theme: Option<String>,
}

impl Claims {
    fn are_for(&self, page: Page) -> bool {
        match page {
            // Brokers choose the name of the action, so only that there is one is checked here. A real page knows its own.
            Page::Documents => {
                self.r#use == "page" && self.action == "action" && self.launch.action_type.is_some()
            }
            Page::Cashier => self.r#use == "cashier" && self.action == "deposit" && self.deposit.is_some(),
        }
    }
}

/// The assertion is invalid, expired, used, or for another page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidAssertion;

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

    /// Verifies an assertion for a page, and returns its claims. Accepts each assertion once.
    pub(crate) async fn accept(&self, assertion: &str, page: Page) -> Result<Claims, InvalidAssertion> {
        let header = decode_header(assertion).map_err(|_| InvalidAssertion)?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(InvalidAssertion);
        }
        let kid = header.kid.ok_or(InvalidAssertion)?;
        let key = self.key(&kid).await?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.leeway = LEEWAY;
        let claims: Claims = decode(assertion, &key, &validation)
            .map_err(|_| InvalidAssertion)?
            .claims;
        if !claims.are_for(page) {
            return Err(InvalidAssertion);
        }

        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let mut seen = lock(&self.seen);
        seen.retain(|_, exp| *exp + LEEWAY >= now);
        match seen.insert(claims.jti.clone(), claims.exp) {
            Some(_) => Err(InvalidAssertion),
            None => Ok(claims),
        }
    }

    /// The public key with this id. Requests the key set if it does not contain the key, which may be new.
    async fn key(&self, kid: &str) -> Result<DecodingKey, InvalidAssertion> {
        let mut keys = self.keys.lock().await;
        let find = |keys: &Keys| {
            let jwk = keys.set.as_ref()?.find(kid)?;
            DecodingKey::from_jwk(jwk).ok()
        };
        if let Some(key) = find(&keys) {
            return Ok(key);
        }
        if keys
            .requested
            .is_none_or(|requested| requested.elapsed() >= MIN_KEYS_PAUSE)
        {
            keys.requested = Some(Instant::now());
            if let Some(set) = self.fetch_keys().await {
                keys.set = Some(set);
            }
        }
        find(&keys).ok_or(InvalidAssertion)
    }

    async fn fetch_keys(&self) -> Option<JwkSet> {
        let url = Url::parse(&format!("{}/.well-known/jwks.json", self.issuer)).ok()?;
        let client = self.connections.client().ok()?;
        let result = client.execute(reqwest::Request::new(Method::GET, url)).await;
        self.connections.used();
        let mut response = result.ok()?.error_for_status().ok()?;
        let body = outbound::read(&mut response, MAX_KEYS).await.ok()?;
        serde_json::from_slice(&body).ok()
    }
}
