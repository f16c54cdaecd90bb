//! Tests of the deployed binary of the support screen. What all screens have in common is tested with the deposit
//! function.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use harness::{DEMO_CONFIG, Mint, Request, TestEnv, TestEnvOptions};
use serde_json::json;

const PATH: &str = "/inapp/chat";

async fn opened() -> (TestEnv, String) {
    let env = TestEnv::start(env!("CARGO_BIN_EXE_chat"), TestEnvOptions::default()).await;
    let token = env.mint(Mint::user("chloe"));
    let screen = env.get(PATH, &format!("token={token}")).await;
    assert_eq!(screen.status, 200, "without an e-mail address too");
    let session = screen.input("session").unwrap();
    (env, session)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_several_lines_is_recorded_as_written_and_never_logged() {
    let (env, session) = opened().await;
    env.mark_confidential("canary-message");
    let message = "canary-message\r\n<b>second</b> line & \"more\" 🙂";
    let form = [
        ("session", session.as_str()),
        ("topic", "payments"),
        ("message", message),
    ];
    let done = env.send(Request::post(PATH).form(&form)).await;
    assert_eq!(done.status, 200);
    assert!(!done.text().contains("<b>second</b>"), "shown as text");
    assert_eq!(
        env.requests()[0]["fields"],
        json!({"topic": "payments", "message": message.replace("\r\n", "\n")})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_or_too_long_message_comes_back_filled_in() {
    let (env, session) = opened().await;
    let long = "canary".repeat(700);
    for message in ["", "   ", &long] {
        let form = [
            ("session", session.as_str()),
            ("topic", "other"),
            ("message", message),
        ];
        let answer = env.send(Request::post(PATH).form(&form)).await;
        assert_eq!(answer.status, 400);
        let page = answer.text();
        assert!(page.contains(r#"value="other" checked"#));
        assert!(page.contains(message.trim()));
    }
    assert!(env.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_alone_is_enough() {
    let (env, session) = opened().await;
    let form = [("session", session.as_str()), ("message", "Hello")];
    assert_eq!(env.send(Request::post(PATH).form(&form)).await.status, 200);
    assert_eq!(env.requests()[0]["fields"], json!({"message": "Hello"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_the_brokers_own_page() {
    let target = "https://crm.broker.example/chat";
    let section = format!("[chat.redirect]\nto = \"{target}\"\n\n[chat]");
    let options = TestEnvOptions {
        broker_config: Some(harness::DEMO_CONFIG.replacen("[chat]", &section, 1)),
        ..TestEnvOptions::default()
    };
    let env = TestEnv::start(env!("CARGO_BIN_EXE_chat"), options).await;
    let token = env.mint(Mint::user("ada"));
    let sent_on = env.get("/inapp/chat", &format!("token={token}")).await;
    assert_eq!(sent_on.status, 303);
    assert!(
        sent_on
            .header("location")
            .starts_with(&format!("{target}?assertion="))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_work() {
    let env = TestEnv::start(env!("CARGO_BIN_EXE_chat"), TestEnvOptions::default()).await;
    env.mint(Mint::user("ada").token("sample-chat-token"));
    let open = include_str!("../../../events/chat-open.json");
    let screen = env.invoke(serde_json::from_str(open).unwrap()).await;
    assert!(
        screen
            .text()
            .contains(r#"<html lang="ar" dir="rtl" data-theme="dark">"#)
    );
    let session = screen.input("session").unwrap();
    let submit = include_str!("../../../events/chat-submit.json").replace("SESSION", &session);
    assert_eq!(
        env.invoke(serde_json::from_str(&submit).unwrap()).await.status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_submit_keeps_each_field_of_the_form_and_no_other() {
    let (env, session) = opened().await;
    env.set_table_available(false);
    let form = [
        ("session", session.as_str()),
        ("topic", "payments"),
        ("message", "canary"),
        ("strange", "canary"),
    ];
    let failed = env.send(Request::post(PATH).form(&form)).await;
    assert_eq!(failed.status, 503);
    assert_eq!(failed.input("topic").as_deref(), Some("payments"));
    assert_eq!(failed.input("message").as_deref(), Some("canary"));
    assert_eq!(failed.input("strange"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_beyond_the_limit_of_a_day_is_kept_in_the_form_and_not_recorded() {
    let options = TestEnvOptions {
        broker_config: Some(DEMO_CONFIG.replacen("\nlanguages", "\nrecords_per_day = 1\nlanguages", 1)),
        ..TestEnvOptions::default()
    };
    let env = TestEnv::start(env!("CARGO_BIN_EXE_chat"), options).await;
    let mut forms = Vec::new();
    for message in ["first", "second"] {
        let token = env.mint(Mint::user("chloe"));
        let screen = env.get(PATH, &format!("token={token}&lang=en")).await;
        let session = screen.input("session").unwrap();
        forms.push(Request::post(PATH).form(&[("session", session.as_str()), ("message", message)]));
    }
    let [first, second] = &forms[..] else {
        unreachable!()
    };
    assert_eq!(env.send(first.clone()).await.status, 200);
    let refused = env.send(second.clone()).await;
    assert_eq!(refused.status, 429);
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    let page = refused.text();
    assert!(page.contains("You have sent as many requests as we can take in one day."));
    assert!(page.contains(">second</textarea>"), "the message is kept");
    assert_eq!(env.requests().len(), 1);
    // A reload of what was recorded shows it.
    assert_eq!(env.send(first.clone()).await.status, 200);

    let as_json = env.send(second.clone().accept_json()).await;
    assert_eq!(
        (as_json.status, &as_json.json()["code"]),
        (429, &json!("TOO_MANY_REQUESTS"))
    );
}
