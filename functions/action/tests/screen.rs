//! Tests of the deployed binary of the custom actions. What all screens have in common is tested with the deposit
//! function.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use harness::{Event, HttpResponse, Mint, Request, TestEnv, TestEnvOptions};
use serde_json::json;

const PATH: &str = "/inapp/action";

async fn test_env() -> TestEnv {
    TestEnv::start(env!("CARGO_BIN_EXE_action"), TestEnvOptions::default()).await
}

async fn open(env: &TestEnv, query: &str) -> HttpResponse {
    let token = env.mint(Mint::user("ada"));
    env.get(PATH, &format!("token={token}&{query}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_is_the_one_that_broker_toml_defines() {
    let env = test_env().await;
    let screen = open(&env, "actionType=withdraw&lang=es").await;
    assert_eq!(screen.status, 200);
    let page = screen.text();
    for text in [
        "<h1>Retirar</h1>",
        "Solicitar retirada",
        "IBAN",
        "opcional",
        "Solo su propia cuenta",
        "Importe mínimo: 10,00\u{a0}EUR.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let other = open(&env, "actionType=callback&lang=en").await.text();
    assert!(other.contains("<h1>Call me back</h1>") && other.contains("Afternoon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_is_checked_and_recorded_with_its_type() {
    let env = test_env().await;
    let session = open(&env, "actionType=withdraw").await.input("session").unwrap();
    let submit = |amount: &str| {
        let form = [
            ("session", session.as_str()),
            ("amount", amount),
            ("iban", "DE02120300000000202051"),
            ("note", ""),
        ];
        Request::post(PATH).form(&form)
    };
    assert_eq!(
        env.send(submit("9")).await.status,
        400,
        "below the minimum amount"
    );
    let done = env.send(submit("100")).await;
    assert_eq!(done.status, 200);
    assert!(done.text().contains("eventName=withdrawal_requested"));
    let records = env.requests();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["action"], "action");
    assert_eq!(records[0]["action_type"], "withdraw");
    assert_eq!(
        records[0]["fields"],
        json!({"amount": "100.00", "amount_currency": "EUR", "iban": "DE02120300000000202051"}),
        "an empty optional field is left out"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_unknown_type_burns_no_token() {
    let env = test_env().await;
    for (query, message) in [
        ("lang=en", "Required parameter 'actionType' is missing"),
        ("actionType=", "Required parameter 'actionType' is missing"),
        ("actionType=teleport", "Parameter 'actionType' is not usable"),
        ("actionType=Withdraw", "Parameter 'actionType' is not usable"),
    ] {
        let token = env.mint(Mint::user("ada"));
        let request = Request::get(PATH)
            .query(&format!("token={token}&{query}"))
            .accept_json();
        let answer = env.send(request).await;
        assert_eq!(
            (answer.status, &answer.json()["message"]),
            (400, &json!(message)),
            "{query}"
        );
    }
    let events = env.simulator().events();
    assert!(
        events.iter().all(|event| matches!(event, Event::Minted { .. })),
        "cTrader was not asked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_knows_its_type_after_a_reload() {
    let env = test_env().await;
    let screen = open(&env, "actionType=callback").await;
    let reload = env.send(Request::reload(PATH).cookie(&screen.cookies[0])).await;
    assert_eq!(reload.status, 200);
    assert!(reload.text().contains("<h1>Call me back</h1>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_can_be_the_brokers_own_page_beside_others_that_are_forms() {
    let target = "https://crm.demobroker.example/documents";
    let env = test_env().await;
    env.mint(Mint::user("ada").token("sample-documents-token"));
    let event = include_str!("../../../events/action-open-documents.json");
    let sent_on = env.invoke(serde_json::from_str(event).unwrap()).await;
    assert_eq!(sent_on.status, 303);
    assert!(
        sent_on
            .header("location")
            .starts_with(&format!("{target}?assertion="))
    );
    let reload = env.send(Request::reload(PATH).cookie(&sent_on.cookies[0])).await;
    assert_eq!(reload.status, 303, "the session knows which action it is");

    let form = open(&env, "actionType=withdraw").await;
    assert_eq!(form.status, 200);
    assert!(form.text().contains("<h1>Withdraw</h1>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_work() {
    let env = test_env().await;
    env.mint(Mint::user("ada").token("sample-action-token"));
    let send = async |text: &str| env.invoke(serde_json::from_str(text).unwrap()).await;
    let screen = send(include_str!("../../../events/action-open.json")).await;
    assert_eq!(screen.status, 200);
    let session = screen.input("session").unwrap();
    let submit = include_str!("../../../events/action-submit.json").replace("SESSION", &session);
    assert_eq!(send(&submit).await.status, 200);
    assert_eq!(
        send(include_str!("../../../events/action-unknown-type.json"))
            .await
            .status,
        400
    );
    assert_eq!(
        send(include_str!("../../../events/action-no-type.json"))
            .await
            .status,
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_submit_keeps_each_field_of_the_form_and_no_other() {
    let env = test_env().await;
    let session = open(&env, "actionType=withdraw").await.input("session").unwrap();
    env.set_table_available(false);
    let form = [
        ("session", session.as_str()),
        ("amount", "100"),
        ("iban", "DE02120300000000202051"),
        ("note", "canary"),
        ("strange", "canary"),
        ("code", "canary"),
    ];
    let failed = env.send(Request::post(PATH).form(&form)).await;
    assert_eq!(failed.status, 503);
    for (name, value) in &form[1..4] {
        assert_eq!(failed.input(name).as_deref(), Some(*value));
    }
    assert_eq!(failed.input("strange"), None);
    assert_eq!(failed.input("code"), None, "the field of another action");
}

/// With this action for URLs without `actionType`.
async fn with_default(action: &str) -> TestEnv {
    let config = format!("default_action = \"{action}\"\n{}", harness::DEMO_CONFIG);
    let options = TestEnvOptions {
        broker_config: Some(config),
        ..TestEnvOptions::default()
    };
    TestEnv::start(env!("CARGO_BIN_EXE_action"), options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_type_the_default_action_opens() {
    let env = with_default("callback").await;
    let screen = open(&env, "lang=en").await;
    assert_eq!(screen.status, 200);
    assert!(screen.text().contains("<h1>Call me back</h1>"));
    let reload = env.send(Request::reload(PATH).cookie(&screen.cookies[0])).await;
    assert!(reload.text().contains("<h1>Call me back</h1>"));
    let named = open(&env, "lang=en&actionType=withdraw").await;
    assert!(named.text().contains("<h1>Withdraw</h1>"), "the URL wins");

    let token = env.mint(Mint::user("ada"));
    let request = Request::get(PATH)
        .query(&format!("token={token}&actionType="))
        .accept_json();
    let program = env.send(request).await.json();
    assert_eq!(program["launch"]["actionType"], "callback");
    let head = Request::new("HEAD", PATH).query(&format!("token={token}"));
    assert_eq!(env.send(head).await.status, 200);
    assert_eq!(open(&env, "actionType=teleport").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_of_the_default_action_is_recorded_with_its_type() {
    let env = with_default("withdraw").await;
    let session = open(&env, "").await.input("session").unwrap();
    let form = [
        ("session", session.as_str()),
        ("amount", "100"),
        ("iban", "DE02120300000000202051"),
    ];
    assert_eq!(env.send(Request::post(PATH).form(&form)).await.status, 200);
    assert_eq!(env.requests()[0]["action_type"], "withdraw");
}
