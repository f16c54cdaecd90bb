//! The page of redirected traders, and the backend of the action `bonus`.

use reqwest::Method;
use sample_backend::SampleBackend;
use serde_json::{Value, json};

use crate::support::{SECRET, now, open, send, start};

async fn documents(backend: &SampleBackend, assertion: &str) -> (u16, String) {
    let response = open(&format!("{}/documents?assertion={assertion}", backend.url())).await;
    (response.status, response.text)
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
    let url = format!("{}/inapp/bonus", backend.url());
    let response = send(Method::POST, &url, &headers, body).await;
    (response.status, response.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_assertion_works_once() {
    let (screens, backend) = start().await;
    let header = json!({"alg": "ES256", "typ": "inapp+jwt", "kid": "k1"});
    let claims = json!({
        "iss": screens.url, "aud": backend.url(), "sub": "501", "jti": "a", "iat": now(), "exp": now() + 60,
        "use": "page", "action": "action",
        "identity": {"userId": 501, "email": "<ada>@example.com", "tradingLogin": 1_000_501},
        "launch": {"theme": "dark", "actionType": "documents"},
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
        ("use", json!("cashier")),
        ("use", Value::Null),
        ("action", json!("kyc")),
        ("launch", json!({})),
    ] {
        let bad = screens.sign(&header, &changed(name, value));
        assert_eq!(documents(&backend, &bad).await.0, 403, "{name}");
    }
    let fresh = changed("x", json!(1));
    for bad in [
        json!({"alg": "ES256", "typ": "JWT", "kid": "k1"}),
        json!({"alg": "ES256", "kid": "k1"}),
        json!({"alg": "ES256", "typ": "inapp+jwt", "kid": "k2"}),
        json!({"alg": "none", "typ": "inapp+jwt", "kid": "k1"}),
        json!({"alg": "ES256", "typ": "inapp+jwt"}),
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
        "the invalid ones did not use it up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_call_gets_the_same_response() {
    let (_, backend) = start().await;
    let (status, response) = bonus(&backend, "a", "welcome", SECRET).await;
    assert_eq!(status, 200);
    assert!(response.contains(r#""result":"success""#) && response.contains("50.00 EUR"));
    assert_eq!(
        bonus(&backend, "a", "nonsense", SECRET).await,
        (200, response),
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
async fn an_unsigned_call_is_refused() {
    let (_, backend) = start().await;
    let other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert_eq!(bonus(&backend, "a", "WELCOME", other).await.0, 401);
    let url = format!("{}/inapp/bonus", backend.url());
    assert_eq!(send(Method::POST, &url, &[], "{}").await.status, 401);
}
