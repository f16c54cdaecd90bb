//! The function `screen-end`, tested as the deployed binary. It needs no settings.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use harness::{Request, TestEnv, TestEnvOptions};
use serde_json::json;

async fn test_env() -> TestEnv {
    test_env_with(TestEnvOptions::default()).await
}

async fn test_env_with(options: TestEnvOptions) -> TestEnv {
    let options = options.without_screen_settings();
    TestEnv::start(env!("CARGO_BIN_EXE_screen-end"), options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_screen_removes_the_session_from_the_browser() {
    let env = test_env().await;
    let removed = "__Host-inapp=; Max-Age=0; Secure; HttpOnly; Path=/; SameSite=None; Partitioned";
    for request in [
        Request::get("/callback/success"),
        Request::get("/callback/failure"),
        // A `success_url` with a slash at its end.
        Request::get("/callback/success/"),
        Request::post("/callback/success").fetched("cross-site", "document"),
    ] {
        assert_eq!(env.send(request).await.cookies, [removed]);
    }
    assert!(env.get("/callback/elsewhere", "").await.cookies.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_results_have_a_page_that_names_the_frame_ancestors() {
    let env = test_env().await;
    for (result, text) in [("success", "Todo listo"), ("failure", "No ha funcionado")] {
        let page = env
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
async fn the_built_in_broker_file_has_its_page() {
    // Uses /broker.toml. All other tests have their own broker file.
    let env = test_env_with(TestEnvOptions::default().without("BROKER_CONFIG")).await;
    assert_eq!(env.get("/callback/success", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_provider_may_send_the_trader_back_by_post() {
    let env = test_env().await;
    let form = [("status", "ok")];
    assert_eq!(
        env.send(Request::post("/callback/success").form(&form))
            .await
            .status,
        200
    );
    assert_eq!(
        env.send(Request::new("DELETE", "/callback/success")).await.status,
        405
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_path_is_404() {
    let env = test_env().await;
    for path in [
        "/",
        "/favicon.ico",
        "/callback",
        "/callback/maybe",
        "/inapp/unknown",
    ] {
        let answer = env.send(Request::get(path).accept_json()).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (404, &json!("NOT_FOUND")),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_work() {
    let env = test_env().await;
    for (event, status) in [
        (include_str!("../../../events/screen-end-success.json"), 200),
        (include_str!("../../../events/screen-end-failure.json"), 200),
        (include_str!("../../../events/unknown-path.json"), 404),
    ] {
        assert_eq!(
            env.invoke(serde_json::from_str(event).unwrap()).await.status,
            status
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_have_the_stack_and_the_function_as_dimensions() {
    let env = test_env_with(TestEnvOptions::default().env("STACK_NAME", "inapp-staging")).await;
    env.get("/callback/success", "").await;
    let line = &env.log()[0];
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
