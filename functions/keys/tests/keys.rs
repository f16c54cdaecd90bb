//! The function `keys`, tested as the deployed binary. The tests of the function `deposit` verify assertions with
//! these keys.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use harness::{ASSERTION_KEYS, HttpResponse, P384_KEY, Request, TestEnv, TestEnvOptions};
use serde_json::{Value, json};

const PATH: &str = "/.well-known/jwks.json";

/// The function needs no setting but the key ids.
async fn test_env_with(options: TestEnvOptions) -> TestEnv {
    let options = options.without_screen_settings();
    TestEnv::start(env!("CARGO_BIN_EXE_keys"), options).await
}

async fn test_env() -> TestEnv {
    test_env_with(TestEnvOptions::default()).await
}

fn kids(answer: &HttpResponse) -> Vec<Value> {
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_key_is_served_to_every_receiver() {
    let env = test_env().await;
    let answer = env.get(PATH, "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("vary"), "accept-encoding");
    let set = answer.json();
    let key = &set["keys"][0];
    let names = ["alg", "crv", "kid", "kty", "use", "x", "y"];
    assert_eq!(key.as_object().unwrap().keys().collect::<Vec<_>>(), names);
    let fixed = json!({"alg": "ES256", "crv": "P-256", "kty": "EC", "use": "sig", "kid": ASSERTION_KEYS[0]});
    for (name, value) in fixed.as_object().unwrap() {
        assert_eq!(&key[name], value);
    }
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [vec![4], number("x"), number("y")].concat();
    assert_eq!(point, env.public_key(ASSERTION_KEYS[0]), "KMS's own key");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_public_keys_are_served_during_a_rotation() {
    let both = format!(
        "{},arn:aws:kms:eu-central-1:123456789012:key/{}",
        ASSERTION_KEYS[1], ASSERTION_KEYS[0]
    );
    let env = test_env_with(TestEnvOptions::default().env("ASSERTION_KEY_IDS", &both)).await;
    let answer = env.get(PATH, "").await;
    assert_eq!(kids(&answer), [ASSERTION_KEYS[1], ASSERTION_KEYS[0]]);
    assert_ne!(answer.json()["keys"][0]["x"], answer.json()["keys"][1]["x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn kms_is_called_once_per_process() {
    let env = test_env().await;
    assert_eq!(env.kms_calls(), 0, "no call before the first request");
    for request in [Request::get(PATH), Request::head(PATH), Request::get(PATH)] {
        assert_eq!(env.send(request).await.status, 200);
    }
    assert_eq!(env.kms_calls(), 1);
    let head = env.send(Request::head(PATH)).await;
    assert!(head.wire.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_kms_fails_the_answer_is_503_and_not_cached() {
    let env = test_env().await;
    env.set_kms_available(false);
    let down = env.get(PATH, "").await;
    assert_eq!((down.status, down.header("cache-control")), (503, "no-store"));
    assert_eq!(down.header("content-type"), "application/json");
    assert_eq!(down.json()["code"], "SERVICE_UNAVAILABLE");
    assert_eq!(down.header("retry-after"), "2");
    let line = env.request_log().pop().unwrap();
    assert!(
        line["detail"].as_str().unwrap().starts_with("KMS key 1111"),
        "{line}"
    );

    env.set_kms_available(true);
    env.delay_kms(Duration::from_secs(10));
    let slow = env.get(PATH, "").await;
    assert_eq!(slow.status, 503);
    let line = env.request_log().pop().unwrap();
    assert!(line["ms"].as_f64().unwrap() < 5_000.0, "{line}");

    env.delay_kms(Duration::ZERO);
    assert_eq!(env.get(PATH, "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_served_if_one_of_them_is_missing_or_of_another_kind() {
    for id in [P384_KEY, "44444444-dddd-4ddd-8ddd-444444444444"] {
        let both = format!("{},{id}", ASSERTION_KEYS[0]);
        let env = test_env_with(TestEnvOptions::default().env("ASSERTION_KEY_IDS", &both)).await;
        let answer = env.get(PATH, "").await;
        assert_eq!(answer.status, 503);
        let line = env.request_log().pop().unwrap();
        assert!(line["detail"].as_str().unwrap().contains(id), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_paths_and_methods_are_refused_in_json() {
    let env = test_env().await;
    let post = env.send(Request::post(PATH).body("{}")).await;
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    assert_eq!(post.json()["code"], "METHOD_NOT_ALLOWED");
    assert_eq!(
        env.get("/.well-known/other", "").await.json()["code"],
        "NOT_FOUND"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_or_bad_keys_stop_the_function_with_the_name_of_the_setting() {
    let refused = async |options| {
        let exit = TestEnv::run_to_exit(env!("CARGO_BIN_EXE_keys"), options).await;
        exit.lines()[0]["detail"].as_str().unwrap().to_owned()
    };
    let missing = refused(TestEnvOptions::default().without("ASSERTION_KEY_IDS")).await;
    assert_eq!(missing, "ASSERTION_KEY_IDS is missing");
    let alias = refused(TestEnvOptions::default().env("ASSERTION_KEY_IDS", "alias/inapp")).await;
    assert!(alias.starts_with("ASSERTION_KEY_IDS must be"), "{alias}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_event_works() {
    let env = test_env().await;
    let event = include_str!("../../../events/keys.json");
    let answer = env.invoke(serde_json::from_str(event).unwrap()).await;
    assert_eq!(kids(&answer), [ASSERTION_KEYS[0]]);
}
