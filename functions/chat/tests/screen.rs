//! The support function as it is deployed. What all screens share is proved with the deposit function.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use harness::{Mint, Request, Setup, Stage};
use serde_json::json;

const PATH: &str = "/inapp/chat";

async fn opened() -> (Stage, String) {
    let stage = Stage::start(env!("CARGO_BIN_EXE_chat"), Setup::default()).await;
    let token = stage.mint(Mint::user("chloe"));
    let screen = stage.get(PATH, &format!("token={token}")).await;
    assert_eq!(screen.status, 200, "without an e-mail address too");
    let session = screen.input("session").unwrap();
    (stage, session)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_several_lines_is_recorded_as_written_and_never_logged() {
    let (stage, session) = opened().await;
    stage.forbid("canary-message");
    let message = "canary-message\r\n<b>second</b> line & \"more\" 🙂";
    let form = [
        ("session", session.as_str()),
        ("topic", "payments"),
        ("message", message),
    ];
    let done = stage.send(Request::post(PATH).form(&form)).await;
    assert_eq!(done.status, 200);
    assert!(!done.text().contains("<b>second</b>"), "shown as text");
    assert_eq!(
        stage.requests()[0]["fields"],
        json!({"topic": "payments", "message": message.replace("\r\n", "\n")})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_or_endless_message_comes_back_filled_in() {
    let (stage, session) = opened().await;
    let long = "canary".repeat(700);
    for message in ["", "   ", &long] {
        let form = [
            ("session", session.as_str()),
            ("topic", "other"),
            ("message", message),
        ];
        let answer = stage.send(Request::post(PATH).form(&form)).await;
        assert_eq!(answer.status, 400);
        let page = answer.text();
        assert!(page.contains(r#"value="other" checked"#));
        assert!(page.contains(message.trim()));
    }
    assert!(stage.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_alone_is_enough() {
    let (stage, session) = opened().await;
    let form = [("session", session.as_str()), ("message", "Hello")];
    assert_eq!(stage.send(Request::post(PATH).form(&form)).await.status, 200);
    assert_eq!(stage.requests()[0]["fields"], json!({"message": "Hello"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_a_page_of_the_brokers_own() {
    let target = "https://crm.broker.example/chat";
    let section = format!("[chat.redirect]\nto = \"{target}\"\n\n[chat]");
    let setup = Setup {
        broker_config: Some(harness::DEMO_CONFIG.replacen("[chat]", &section, 1)),
        ..Setup::default()
    };
    let stage = Stage::start(env!("CARGO_BIN_EXE_chat"), setup).await;
    let token = stage.mint(Mint::user("ada"));
    let sent_on = stage.get("/inapp/chat", &format!("token={token}")).await;
    assert_eq!(sent_on.status, 303);
    assert!(
        sent_on
            .header("location")
            .starts_with(&format!("{target}?assertion="))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_work() {
    let stage = Stage::start(env!("CARGO_BIN_EXE_chat"), Setup::default()).await;
    stage.mint(Mint::user("ada").token("sample-chat-token"));
    let open = include_str!("../../../events/chat-open.json");
    let screen = stage.invoke(serde_json::from_str(open).unwrap()).await;
    assert!(
        screen
            .text()
            .contains(r#"<html lang="ar" dir="rtl" data-theme="dark">"#)
    );
    let session = screen.input("session").unwrap();
    let submit = include_str!("../../../events/chat-submit.json").replace("SESSION", &session);
    assert_eq!(
        stage.invoke(serde_json::from_str(&submit).unwrap()).await.status,
        200
    );
}
