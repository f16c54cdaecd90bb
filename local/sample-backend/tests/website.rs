//! The sample backend over real HTTP, with keys and secrets of the tests' own.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outbound::Connections;
use reqwest::{Method, Url};
use sample_backend::{Options, SampleBackend};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const SECRET: &str = "whsec_C2FtcGxlLXNlY3JldC1mb3ItdGVzdHMtb25seQ==";

/// The screens, as far as they publish a key and sign with it.
struct Screens {
    url: String,
    key: EcdsaKeyPair,
}

impl Screens {
    async fn start() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (x, y) = key.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let keys = json!({"keys": [
            {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "k1", "x": x, "y": y},
        ]});
        let app = Router::new().route("/.well-known/jwks.json", get(async move || keys.to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, app).into_future());
        Self { url, key }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let content = format!("{header}.{claims}");
        let signature = self.key.sign(&SystemRandom::new(), content.as_bytes()).unwrap();
        format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn start() -> (Screens, SampleBackend) {
    let screens = Screens::start().await;
    let options = Options {
        port: 0,
        screens_url: screens.url.clone(),
        success_url: format!("{}/callback/success", screens.url),
        frame_ancestor: "http://localhost:9001".to_owned(),
        secret: SECRET.parse().unwrap(),
        callback_secret: SECRET.parse().unwrap(),
    };
    let backend = SampleBackend::start(options).await.unwrap();
    (screens, backend)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

async fn send(method: Method, url: &str, headers: &[(&'static str, &str)], body: String) -> (u16, String) {
    let mut request = reqwest::Request::new(method, Url::parse(url).unwrap());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    *request.body_mut() = Some(body.into());
    let client = Connections::new(outbound::tls().unwrap())
        .unwrap()
        .client()
        .unwrap();
    let answer = client.execute(request).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn documents(backend: &SampleBackend, assertion: &str) -> (u16, String) {
    let url = format!("{}/documents?assertion={assertion}", backend.url());
    send(Method::GET, &url, &[], String::new()).await
}

async fn bonus(backend: &SampleBackend, id: &str, code: &str, secret: &str) -> (u16, String) {
    let body =
        json!({"type": "action.submitted", "data": {"launch": {"lang": "en"}, "fields": {"code": code}}});
    let body = body.to_string();
    let time = i64::try_from(now()).unwrap();
    let secret: webhooks::Secret = secret.parse().unwrap();
    let signature = secret.sign(id, time, body.as_bytes());
    let time = time.to_string();
    let headers = [
        (webhooks::ID, id),
        (webhooks::TIMESTAMP, time.as_str()),
        (webhooks::SIGNATURE, signature.as_str()),
    ];
    send(
        Method::POST,
        &format!("{}/inapp/bonus", backend.url()),
        &headers,
        body,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_assertion_is_greeted_once() {
    let (screens, backend) = start().await;
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": "k1"});
    let claims = json!({
        "iss": screens.url, "aud": backend.url(), "sub": "501", "jti": "a", "iat": now(), "exp": now() + 60,
        "action": "action", "identity": {"userId": 501, "email": "<ada>@example.com", "tradingLogin": 1_000_501},
        "launch": {"theme": "dark"},
    });
    let good = screens.sign(&header, &claims);
    let (status, page) = documents(&backend, &good).await;
    assert_eq!(status, 200);
    for text in [
        "Your documents",
        "&#60;ada&#62;@example.com",
        "1000501",
        "data-theme=\"dark\"",
        "/callback/success",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(documents(&backend, &good).await.0, 403, "a replay");

    let changed = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims["jti"] = json!(name);
        claims[name] = value;
        claims
    };
    for (name, value) in [
        ("exp", json!(now() - 10)),
        ("aud", json!("https://other.example")),
        ("iss", json!("https://other.example")),
        ("sub", Value::Null),
    ] {
        let bad = screens.sign(&header, &changed(name, value));
        assert_eq!(documents(&backend, &bad).await.0, 403, "{name}");
    }
    let fresh = changed("x", json!(1));
    for bad in [
        json!({"alg": "ES256", "kid": "k2"}),
        json!({"alg": "none", "kid": "k1"}),
        json!({"alg": "ES256"}),
    ] {
        assert_eq!(
            documents(&backend, &screens.sign(&bad, &fresh)).await.0,
            403,
            "{bad}"
        );
    }
    let good = screens.sign(&header, &fresh);
    let (content, signature) = good.rsplit_once('.').unwrap();
    let other = screens.sign(&header, &changed("y", json!(1)));
    let (other, _) = other.rsplit_once('.').unwrap();
    assert_eq!(documents(&backend, &format!("{other}.{signature}")).await.0, 403);
    assert_eq!(documents(&backend, &format!("{content}.")).await.0, 403);
    assert_eq!(documents(&backend, "").await.0, 403);
    assert_eq!(
        documents(&backend, &good).await.0,
        200,
        "nothing of that used it up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_call_is_answered_and_a_repeat_alike() {
    let (_, backend) = start().await;
    let (status, answer) = bonus(&backend, "a", "welcome", SECRET).await;
    assert_eq!(status, 200);
    assert!(answer.contains(r#""result":"success""#) && answer.contains("50.00 EUR"));
    assert_eq!(
        bonus(&backend, "a", "nonsense", SECRET).await,
        (200, answer),
        "the same id"
    );
    assert!(
        bonus(&backend, "b", "nonsense", SECRET)
            .await
            .1
            .contains("failure")
    );
    assert_eq!(bonus(&backend, "c", "500", SECRET).await.0, 500);
    assert!(bonus(&backend, "c", "500", SECRET).await.1.contains("success"));
    assert!(
        bonus(&backend, "d", "TERMS", SECRET)
            .await
            .1
            .contains(&format!("{}/bonus/terms", backend.url()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_signed_is_refused() {
    let (_, backend) = start().await;
    let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert_eq!(bonus(&backend, "a", "WELCOME", other).await.0, 401);
    let url = format!("{}/inapp/bonus", backend.url());
    assert_eq!(send(Method::POST, &url, &[], "{}".to_owned()).await.0, 401);
}
