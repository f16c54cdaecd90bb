//! The sample events under `events/`, as `cargo lambda invoke` sends them.

use harness::{Answer, Mint, Stage};
use serde_json::Value;

use crate::{logged_code, redemptions, session, stage};

/// Sends the sample event, with a real session where it says `SESSION`.
async fn send(stage: &Stage, name: &str, session: &str) -> Answer {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap().replace("SESSION", session);
    let event: Value = serde_json::from_str(&text).unwrap();
    stage.invoke(event).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_that_open_the_screen_do() {
    let stage = stage().await;
    stage.mint(Mint::user("ada").token("sample-deposit-token"));
    stage.mint(Mint::user("ada").token("sample-json-token"));
    let screen = send(&stage, "deposit-open", "").await;
    assert_eq!(screen.status, 200);
    let json = send(&stage, "deposit-open-json", "").await;
    assert_eq!(json.json()["launch"]["lang"], "es");

    let done = send(&stage, "deposit-submit", &session(&screen)).await;
    assert_eq!((done.status, logged_code(&stage).as_str()), (303, "RECORDED"));
    let done = send(
        &stage,
        "deposit-submit-json",
        json.json()["session"].as_str().unwrap(),
    )
    .await;
    assert_eq!(done.json()["status"], "created");
    assert_eq!(stage.deposit_items().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_that_spend_no_token_do_not() {
    let stage = stage().await;
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
            send(&stage, name, "canary-no-session-of-ours").await.status,
            status,
            "{name}"
        );
    }
    assert_eq!(redemptions(&stage), 0);
}
