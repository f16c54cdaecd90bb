//! AWS KMS as far as the functions use it: `Sign` and `GetPublicKey` of asymmetric keys, in the JSON 1.1 protocol.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair,
};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::lock;
use crate::server::{Server, aws_error, aws_response, header_text};

/// Two keys that can sign assertions: `ECC_NIST_P256`, `SIGN_VERIFY`.
pub const ASSERTION_KEYS: [&str; 2] = [
    "11111111-aaaa-4aaa-8aaa-111111111111",
    "22222222-bbbb-4bbb-8bbb-222222222222",
];

/// A key that cannot sign assertions: `ECC_NIST_P384`.
pub const P384_KEY: &str = "33333333-cccc-4ccc-8ccc-333333333333";

/// The longest message that KMS signs without a digest, in bytes.
const MAX_MESSAGE: usize = 4_096;

/// The service on a port of 127.0.0.1; stops when dropped.
pub(crate) struct FakeKms {
    /// `AWS_ENDPOINT_URL_KMS`
    pub(crate) url: String,
    service: Arc<Service>,
    _server: Server,
}

struct Service {
    keys: BTreeMap<&'static str, Key>,
    faults: Mutex<FaultConfig>,
}

struct Key {
    spec: &'static str,
    /// The only algorithm that KMS allows for the spec.
    algorithm: &'static str,
    pair: EcdsaKeyPair,
}

#[derive(Default)]
struct FaultConfig {
    calls: usize,
    delay: Duration,
    unavailable: bool,
}

impl FakeKms {
    pub(crate) async fn start() -> Self {
        let service = Arc::new(Service {
            keys: [
                (ASSERTION_KEYS[0], Key::p256()),
                (ASSERTION_KEYS[1], Key::p256()),
                (P384_KEY, Key::p384()),
            ]
            .into(),
            faults: Mutex::default(),
        });
        let server = Server::start_aws(handle, Arc::clone(&service)).await;
        Self {
            url: server.url(),
            service,
            _server: server,
        }
    }

    /// Delays all responses from now on.
    pub(crate) fn set_delay(&self, delay: Duration) {
        lock(&self.service.faults).delay = delay;
    }

    /// While not available, responds with 500.
    pub(crate) fn set_available(&self, available: bool) {
        lock(&self.service.faults).unavailable = !available;
    }

    /// The public half of a key, as an uncompressed point.
    pub(crate) fn public_key(&self, id: &str) -> Vec<u8> {
        self.service.keys[id].pair.public_key().as_ref().to_vec()
    }

    /// How many calls there were, failed ones included.
    pub(crate) fn calls(&self) -> usize {
        lock(&self.service.faults).calls
    }
}

impl Key {
    fn p256() -> Self {
        Self::generate("ECC_NIST_P256", "ECDSA_SHA_256", &ECDSA_P256_SHA256_ASN1_SIGNING)
    }

    fn p384() -> Self {
        Self::generate("ECC_NIST_P384", "ECDSA_SHA_384", &ECDSA_P384_SHA384_ASN1_SIGNING)
    }

    fn generate(
        spec: &'static str,
        algorithm: &'static str,
        signing: &'static EcdsaSigningAlgorithm,
    ) -> Self {
        Self {
            spec,
            algorithm,
            pair: EcdsaKeyPair::generate(signing).unwrap(),
        }
    }

    fn get_public_key(&self, arn: &str) -> Response {
        let public: PublicKeyX509Der<'_> = self.pair.public_key().as_der().unwrap();
        let content = json!({
            "KeyId": arn,
            "PublicKey": BASE64.encode(public.as_ref()),
            "KeySpec": self.spec,
            "CustomerMasterKeySpec": self.spec,
            "KeyUsage": "SIGN_VERIFY",
            "SigningAlgorithms": [self.algorithm],
        });
        aws_response(StatusCode::OK, &content)
    }

    fn sign(&self, arn: &str, call: &Value) -> Response {
        let message = BASE64.decode(text(call, "Message")).unwrap_or_default();
        let fits = (1..=MAX_MESSAGE).contains(&message.len());
        // KMS also signs digests. moto, which `cargo dev` uses, signs digests wrongly, so the functions send none.
        if !fits || text(call, "MessageType") != "RAW" {
            return aws_error(StatusCode::BAD_REQUEST, "ValidationException");
        }
        if text(call, "SigningAlgorithm") != self.algorithm {
            return aws_error(StatusCode::BAD_REQUEST, "InvalidKeyUsageException");
        }
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        let content = json!({
            "KeyId": arn,
            "Signature": BASE64.encode(signature.as_ref()),
            "SigningAlgorithm": self.algorithm,
        });
        aws_response(StatusCode::OK, &content)
    }
}

async fn handle(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let (delay, unavailable) = {
        let mut faults = lock(&service.faults);
        faults.calls += 1;
        (faults.delay, faults.unavailable)
    };
    tokio::time::sleep(delay).await;
    if unavailable {
        return aws_error(StatusCode::INTERNAL_SERVER_ERROR, "KMSInternalException");
    }
    let authorization = header_text(&headers, header::AUTHORIZATION.as_str());
    if !authorization.contains("/kms/aws4_request") {
        return aws_error(StatusCode::BAD_REQUEST, "MissingAuthenticationTokenException");
    }
    let Ok(call) = serde_json::from_slice::<Value>(&body) else {
        return aws_error(StatusCode::BAD_REQUEST, "SerializationException");
    };
    // `KeyId` is an id, or an ARN that ends with the id.
    let id = text(&call, "KeyId").rsplit('/').next().unwrap_or_default();
    let Some(key) = service.keys.get(id) else {
        return aws_error(StatusCode::BAD_REQUEST, "NotFoundException");
    };
    let arn = format!("arn:aws:kms:eu-central-1:123456789012:key/{id}");
    match header_text(&headers, "x-amz-target").as_str() {
        "TrentService.GetPublicKey" => key.get_public_key(&arn),
        "TrentService.Sign" => key.sign(&arn, &call),
        _ => aws_error(StatusCode::BAD_REQUEST, "UnknownOperationException"),
    }
}

fn text<'a>(call: &'a Value, name: &str) -> &'a str {
    call[name].as_str().unwrap_or_default()
}
