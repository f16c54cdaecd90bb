//! Fake screens for the sample backend, and an HTTP client.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::Connections;
use reqwest::{Method, Url};
use sample_backend::{Options, SampleBackend, Transfers};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use webhooks::{Secret, VerifyError};

pub const SECRET: &str = "whsec_C2FtcGxlLXNlY3JldC1mb3ItdGVzdHMtb25seQ==";
pub const CARD_SECRET: &str = "whsec_Y2FyZC1zZWNyZXQtZm9yLXRlc3RzLW9ubHktMQ==";
pub const BANK_SECRET: &str = "whsec_YmFuay1zZWNyZXQtZm9yLXRlc3RzLW9ubHktMQ==";
pub const TERMINAL: &str = "http://localhost:9001";

/// Fake screens: they publish a key, sign with it, and receive payment notifications.
pub struct Screens {
    pub url: String,
    key: EcdsaKeyPair,
    received: Arc<Mutex<Vec<ReceivedNotification>>>,
    /// The statuses of the next responses; then 204.
    statuses: Arc<Mutex<Vec<u16>>>,
}

/// A notification that the screens received.
#[derive(Clone, Debug)]
pub struct ReceivedNotification {
    pub method: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl ReceivedNotification {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub fn verify(&self, secret: &str) -> Result<(), VerifyError> {
        let secret: Secret = secret.parse().unwrap();
        let (id, time) = (self.header(webhooks::ID), self.header(webhooks::TIMESTAMP));
        let signature = self.header(webhooks::SIGNATURE);
        secret.verify(id, time, signature, self.body.as_bytes(), SystemTime::now())
    }
}

impl Screens {
    pub async fn start() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (x, y) = key.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let keys = json!({"keys": [
            {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "k1", "x": x, "y": y},
        ]});
        let received = Arc::<Mutex<Vec<ReceivedNotification>>>::default();
        let statuses = Arc::<Mutex<Vec<u16>>>::default();
        let (handler_received, handler_statuses) = (Arc::clone(&received), Arc::clone(&statuses));
        let receive = async move |Path(method): Path<String>, headers: HeaderMap, body: String| {
            handler_received.lock().unwrap().push(ReceivedNotification {
                method,
                headers,
                body,
            });
            let mut statuses = handler_statuses.lock().unwrap();
            let status = if statuses.is_empty() {
                204
            } else {
                statuses.remove(0)
            };
            StatusCode::from_u16(status).unwrap()
        };
        let app = Router::new()
            .route("/.well-known/jwks.json", get(async move || keys.to_string()))
            .route("/payments/{method}/events", post(receive));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, app).into_future());
        Self {
            url,
            key,
            received,
            statuses,
        }
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let content = format!("{header}.{claims}");
        let signature = self.key.sign(&SystemRandom::new(), content.as_bytes()).unwrap();
        format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Sets the statuses of the next responses.
    pub fn respond_with(&self, statuses: &[u16]) {
        *self.statuses.lock().unwrap() = statuses.to_vec();
    }

    /// All notifications so far.
    pub fn notifications(&self) -> Vec<ReceivedNotification> {
        self.received.lock().unwrap().clone()
    }

    /// Waits until there are `count` notifications, and returns them.
    pub async fn wait_for_notifications(&self, count: usize) -> Vec<ReceivedNotification> {
        for _ in 0..200 {
            if self.notifications().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let received = self.notifications();
        assert_eq!(received.len(), count, "{received:#?}");
        received
    }
}

pub fn options(screens: &Screens) -> Options {
    let secrets = [("card", CARD_SECRET), ("bank", BANK_SECRET)];
    Options {
        port: 0,
        screens_url: screens.url.clone(),
        success_url: format!("{}/callback/success", screens.url),
        frame_ancestor: TERMINAL.to_owned(),
        secret: SECRET.parse().unwrap(),
        crm_webhook_secret: SECRET.parse().unwrap(),
        payment_secrets: secrets
            .map(|(method, secret)| (method.to_owned(), secret.parse().unwrap()))
            .into_iter()
            .collect::<HashMap<_, _>>(),
        transfers: Transfers::empty(),
        pay_later: Duration::from_secs(600),
        late: Duration::from_millis(300),
        first_pause: Duration::from_millis(10),
    }
}

pub async fn start() -> (Screens, SampleBackend) {
    let screens = Screens::start().await;
    let backend = SampleBackend::start(options(&screens)).await.unwrap();
    (screens, backend)
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// An HTTP response.
pub struct HttpResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl HttpResponse {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }
}

pub async fn send(
    method: Method,
    url: &str,
    headers: &[(&'static str, &str)],
    body: impl Into<Bytes>,
) -> HttpResponse {
    let mut request = reqwest::Request::new(method, Url::parse(url).unwrap());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    *request.body_mut() = Some(body.into().into());
    let client = Connections::new(outbound::tls().unwrap())
        .unwrap()
        .client()
        .unwrap();
    let response = client.execute(request).await.unwrap();
    HttpResponse {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

pub async fn open(url: &str) -> HttpResponse {
    send(Method::GET, url, &[], "").await
}

/// Submits a form.
pub async fn submit(url: &str, form: &str) -> HttpResponse {
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    send(Method::POST, url, &form_type, form.to_owned()).await
}

pub async fn post_json(url: &str, body: &Value) -> HttpResponse {
    send(
        Method::POST,
        url,
        &[("content-type", "application/json")],
        body.to_string(),
    )
    .await
}
