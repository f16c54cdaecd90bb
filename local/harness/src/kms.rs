//! AWS KMS, as far as a function uses it: `Sign` and `GetPublicKey` of asymmetric keys, in the JSON 1.1 protocol.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::locked;

/// Two keys as assertions are signed with: `ECC_NIST_P256`, `SIGN_VERIFY`.
pub const ASSERTION_KEYS: [&str; 2] = [
    "11111111-aaaa-4aaa-8aaa-111111111111",
    "22222222-bbbb-4bbb-8bbb-222222222222",
];

/// A key of another kind: `ECC_NIST_P384`.
pub const OTHER_KEY: &str = "33333333-cccc-4ccc-8ccc-333333333333";

/// Most that KMS signs at once, in bytes.
const LONGEST_MESSAGE: usize = 4_096;

/// The service on a port of 127.0.0.1; stops when dropped.
pub(crate) struct Kms {
    /// `AWS_ENDPOINT_URL_KMS`
    pub(crate) url: String,
    service: Arc<Service>,
    server: JoinHandle<()>,
}

struct Service {
    keys: BTreeMap<&'static str, (&'static str, EcdsaKeyPair)>,
    state: Mutex<Weather>,
}

#[derive(Default)]
struct Weather {
    calls: usize,
    delay: Duration,
    unavailable: bool,
}

impl Kms {
    pub(crate) async fn start() -> Self {
        let key = |spec| match spec {
            "ECC_NIST_P256" => (
                spec,
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            ),
            _ => (
                spec,
                EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap(),
            ),
        };
        let service = Arc::new(Service {
            keys: [
                (ASSERTION_KEYS[0], key("ECC_NIST_P256")),
                (ASSERTION_KEYS[1], key("ECC_NIST_P256")),
                (OTHER_KEY, key("ECC_NIST_P384")),
            ]
            .into(),
            state: Mutex::default(),
        });
        let app = Router::new()
            .route("/", post(answer))
            .with_state(Arc::clone(&service));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self { url, service, server }
    }

    /// Answers later by `delay`, from now on.
    pub(crate) fn set_delay(&self, delay: Duration) {
        locked(&self.service.state).delay = delay;
    }

    /// Answers 500 while not available.
    pub(crate) fn set_available(&self, available: bool) {
        locked(&self.service.state).unavailable = !available;
    }

    /// The public half of a key, as an uncompressed point.
    pub(crate) fn public_key(&self, id: &str) -> Vec<u8> {
        let (_, key) = &self.service.keys[id];
        key.public_key().as_ref().to_vec()
    }

    /// How often it was called, with or without success.
    pub(crate) fn calls(&self) -> usize {
        locked(&self.service.state).calls
    }
}

impl Drop for Kms {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let (delay, unavailable) = {
        let mut state = locked(&service.state);
        state.calls += 1;
        (state.delay, state.unavailable)
    };
    tokio::time::sleep(delay).await;
    if unavailable {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "KMSInternalException");
    }
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    if !header(header::AUTHORIZATION.as_str()).contains("/kms/aws4_request") {
        return refuse(StatusCode::BAD_REQUEST, "MissingAuthenticationTokenException");
    }
    let Ok(Value::Object(call)) = serde_json::from_slice(&body) else {
        return refuse(StatusCode::BAD_REQUEST, "SerializationException");
    };
    let text = |name: &str| call.get(name).and_then(Value::as_str).unwrap_or_default();
    // An id, or the ARN that ends with it.
    let id = text("KeyId").rsplit('/').next().unwrap_or_default();
    let Some((id, (spec, key))) = service.keys.get_key_value(id) else {
        return refuse(StatusCode::BAD_REQUEST, "NotFoundException");
    };
    let arn = format!("arn:aws:kms:eu-central-1:123456789012:key/{id}");
    match header("x-amz-target").as_str() {
        "TrentService.GetPublicKey" => {
            let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
            reply(&json!({
                "KeyId": arn,
                "PublicKey": BASE64.encode(public.as_ref()),
                "KeySpec": spec,
                "CustomerMasterKeySpec": spec,
                "KeyUsage": "SIGN_VERIFY",
                "SigningAlgorithms": [algorithm(spec)],
            }))
        }
        "TrentService.Sign" => {
            let message = BASE64.decode(text("Message")).unwrap_or_default();
            let fits = (1..=LONGEST_MESSAGE).contains(&message.len());
            // KMS would take a digest too; moto signs that wrongly, so nothing here uses it.
            if !fits || text("MessageType") != "RAW" {
                return refuse(StatusCode::BAD_REQUEST, "ValidationException");
            }
            if text("SigningAlgorithm") != algorithm(spec) {
                return refuse(StatusCode::BAD_REQUEST, "InvalidKeyUsageException");
            }
            let signature = key.sign(&SystemRandom::new(), &message).unwrap();
            reply(&json!({
                "KeyId": arn,
                "Signature": BASE64.encode(signature.as_ref()),
                "SigningAlgorithm": algorithm(spec),
            }))
        }
        _ => refuse(StatusCode::BAD_REQUEST, "UnknownOperationException"),
    }
}

fn algorithm(spec: &str) -> &'static str {
    match spec {
        "ECC_NIST_P256" => "ECDSA_SHA_256",
        _ => "ECDSA_SHA_384",
    }
}

fn refuse(status: StatusCode, kind: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    (status, headers, json!({ "__type": kind }).to_string()).into_response()
}

fn reply(content: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    (StatusCode::OK, headers, content.to_string()).into_response()
}
