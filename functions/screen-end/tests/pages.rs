//! The function `screen-end` as it is deployed. It needs no settings.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use harness::{Request, Setup, Stage};
use serde_json::json;

async fn stage() -> Stage {
    stage_with(Setup::default()).await
}

async fn stage_with(setup: Setup) -> Stage {
    let setup = setup
        .without("CTRADER_BASE_URL")
        .without("LEDGER_TABLE")
        .without("MANAGER_TOKEN_SECRET_ID")
        .without("SESSION_KEY_SECRET_ID");
    Stage::start(env!("CARGO_BIN_EXE_screen-end"), setup).await
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ends_have_a_page_that_tells_the_frame_ancestors() {
    let stage = stage().await;
    for (result, text) in [("success", "Todo listo"), ("failure", "No ha funcionado")] {
        let page = stage
            .get(&format!("/callback/{result}"), "lang=es&eventName=x")
            .await;
        assert_eq!(page.status, 200);
        let page = page.text();
        assert!(page.contains(text));
        assert!(page.contains(&format!(r#"data-state="{result}""#)));
        assert!(page.contains(r#"data-ancestors="https://app.ctrader.com""#));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_broker_is_built_in_has_its_page() {
    // /broker.toml. All other tests have a broker file of their own.
    let stage = stage_with(Setup::default().without("BROKER_CONFIG")).await;
    assert_eq!(stage.get("/callback/success", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_provider_may_send_the_trader_back_by_post() {
    let stage = stage().await;
    let form = [("status", "ok")];
    assert_eq!(
        stage
            .send(Request::post("/callback/success").form(&form))
            .await
            .status,
        200
    );
    assert_eq!(
        stage
            .send(Request::new("DELETE", "/callback/success"))
            .await
            .status,
        405
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_path_is_404() {
    let stage = stage().await;
    for path in [
        "/",
        "/favicon.ico",
        "/callback",
        "/callback/maybe",
        "/inapp/unknown",
    ] {
        let answer = stage.send(Request::get(path).accept_json()).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (404, &json!("NOT_FOUND")),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_work() {
    let stage = stage().await;
    for (event, status) in [
        (include_str!("../../../events/screen-end-success.json"), 200),
        (include_str!("../../../events/screen-end-failure.json"), 200),
        (include_str!("../../../events/unknown-path.json"), 404),
    ] {
        assert_eq!(
            stage.invoke(serde_json::from_str(event).unwrap()).await.status,
            status
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_of_the_stack_and_of_the_function_in_it() {
    let stage = stage_with(Setup::default().env("STACK_NAME", "inapp-staging")).await;
    stage.get("/callback/success", "").await;
    let line = &stage.log()[0];
    assert_eq!(
        (&line["stack"], &line["action"]),
        (&json!("inapp-staging"), &json!("screen-end"))
    );
    let metrics = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(metrics["Dimensions"], json!([["stack"], ["stack", "action"]]));
    for metric in metrics["Metrics"].as_array().unwrap() {
        assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
    }
}
