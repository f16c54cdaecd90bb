//! The sample events under `events/`, as `cargo lambda invoke` sends them.

use harness::{HttpResponse, Mint, TestEnv};
use serde_json::Value;

use crate::{logged_code, redemptions, session, test_env};

/// Sends the sample event, with a real session where it says `SESSION`.
async fn send(env: &TestEnv, name: &str, session: &str) -> HttpResponse {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap().replace("SESSION", session);
    let event: Value = serde_json::from_str(&text).unwrap();
    env.invoke(event).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_that_open_the_screen_do() {
    let env = test_env().await;
    env.mint(Mint::user("ada").token("sample-deposit-token"));
    env.mint(Mint::user("ada").token("sample-json-token"));
    let screen = send(&env, "deposit-open", "").await;
    assert_eq!(screen.status, 200);
    let json = send(&env, "deposit-open-json", "").await;
    assert_eq!(json.json()["launch"]["lang"], "es");

    let done = send(&env, "deposit-submit", &session(&screen)).await;
    assert_eq!((done.status, logged_code(&env).as_str()), (303, "RECORDED"));
    let done = send(
        &env,
        "deposit-submit-json",
        json.json()["session"].as_str().unwrap(),
    )
    .await;
    assert_eq!(done.json()["status"], "created");
    assert_eq!(env.deposit_items().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_that_spend_no_token_do_not() {
    let env = test_env().await;
    for (name, status) in [
        ("deposit-head", 200),
        ("deposit-prefetch", 403),
        ("deposit-link-preview", 200),
        ("deposit-no-token", 400),
        ("deposit-bad-account", 400),
        ("deposit-malformed-token", 404),
        ("deposit-submit", 401),
        ("deposit-status-json", 404),
        ("unknown-path", 404),
    ] {
        assert_eq!(
            send(&env, name, "canary-no-session-of-ours").await.status,
            status,
            "{name}"
        );
    }
    assert_eq!(redemptions(&env), 0);
}
