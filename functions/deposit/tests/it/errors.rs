//! Each error of the contract: status, exact body, and whether the token was spent.

use std::time::Duration;

use harness::{Fault, HttpResponse, Identity, Mint, Request, TestEnv, TestEnvOptions};
use serde_json::json;

use crate::{PATH, deposit, fields, known, logged_code, open, redemptions, session, test_env, test_env_with};

/// Opens the screen as a broker's server does.
async fn json_open(env: &TestEnv, query: &str) -> HttpResponse {
    env.send(Request::get(PATH).query(query).accept_json()).await
}

async fn fresh(env: &TestEnv) -> String {
    format!("token={}", env.mint(Mint::user("ada")))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_specifications_three_bodies_are_to_the_letter() {
    let env = test_env().await;
    assert_eq!(
        json_open(&env, "token=canary-unknown").await.json(),
        json!({"error": "Invalid Token", "message": "The provided token is invalid or expired", "code": "INVALID_OT_TOKEN"})
    );
    let used = fresh(&env).await;
    assert_eq!(json_open(&env, &used).await.status, 200);
    let again = json_open(&env, &used).await;
    assert_eq!(again.status, 410);
    assert_eq!(
        again.json(),
        json!({"error": "Token Expired", "message": "The provided token has expired", "code": "TOKEN_EXPIRED"})
    );
    let nobody = env.mint_for(Identity {
        user_id: None,
        ..known()
    });
    let answer = json_open(&env, &format!("token={nobody}")).await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.json(),
        json!({"error": "User Not Found", "message": "User context not found in token", "code": "USER_NOT_FOUND"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_come_in_the_specifications_order() {
    let env = test_env().await;
    assert_eq!(
        json_open(&env, "token=canary-unknown").await.text(),
        r#"{"error":"Invalid Token","message":"The provided token is invalid or expired","code":"INVALID_OT_TOKEN"}"#
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_410() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada").ttl(Duration::ZERO));
    let answer = json_open(&env, &format!("token={token}")).await;
    assert_eq!(
        (answer.status, logged_code(&env).as_str()),
        (410, "TOKEN_EXPIRED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_url_burns_no_token() {
    let env = test_env().await;
    let token = fresh(&env).await;
    for (query, status, code) in [
        ("account=1".to_owned(), 400, "MISSING_REQUIRED_PARAMETER"),
        ("token=".to_owned(), 400, "MISSING_REQUIRED_PARAMETER"),
        ("token=%3Cscript%3E".to_owned(), 404, "INVALID_OT_TOKEN"),
        (format!("token={}", "a".repeat(2_049)), 404, "INVALID_OT_TOKEN"),
        (format!("{token}&account=abc"), 400, "INVALID_PARAMETER"),
        (format!("{token}&account=1.5"), 400, "INVALID_PARAMETER"),
        (
            format!("{token}&kycType={}", "x".repeat(65)),
            400,
            "INVALID_PARAMETER",
        ),
    ] {
        let answer = json_open(&env, &query).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (status, Some(code)),
            "{query}"
        );
    }
    assert_eq!(redemptions(&env), 0);
    assert_eq!(json_open(&env, &token).await.status, 200, "the token still works");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_missing_parameter_is_named() {
    let env = test_env().await;
    assert_eq!(
        json_open(&env, "").await.json(),
        json!({"error": "Missing Required Parameter", "message": "Required parameter 'token' is missing", "code": "MISSING_REQUIRED_PARAMETER"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_response_of_ctrader_has_its_error_and_the_token_is_sent_once() {
    let json = "application/json";
    let cases = [
        (Fault::status(404), 404, "INVALID_OT_TOKEN"),
        (
            Fault::answer(404, "text/html", "<html>nginx</html>"),
            404,
            "INVALID_OT_TOKEN",
        ),
        (Fault::status(417), 404, "INVALID_OT_TOKEN"),
        (Fault::status(410), 410, "TOKEN_EXPIRED"),
        (Fault::status(401), 502, "UPSTREAM_UNAUTHORIZED"),
        (Fault::status(403), 502, "UPSTREAM_UNAUTHORIZED"),
        (Fault::status(429), 503, "UPSTREAM_UNAVAILABLE"),
        (Fault::status(302), 502, "UPSTREAM_CONTRACT"),
        (Fault::status(400), 502, "UPSTREAM_CONTRACT"),
        (Fault::status(500), 502, "UPSTREAM_CONTRACT"),
        (Fault::status(503), 502, "UPSTREAM_CONTRACT"),
        (Fault::answer(200, json, "[]"), 502, "UPSTREAM_CONTRACT"),
        (
            Fault::answer(200, json, r#"{"userId":"abc"}"#),
            502,
            "UPSTREAM_CONTRACT",
        ),
        (Fault::garbage(), 502, "UPSTREAM_CONTRACT"),
        (Fault::huge(), 502, "UPSTREAM_CONTRACT"),
        (Fault::truncated(), 504, "REDEMPTION_UNKNOWN"),
        (Fault::lose_answer(), 504, "REDEMPTION_UNKNOWN"),
        (Fault::lose_answer_before(), 504, "REDEMPTION_UNKNOWN"),
        (Fault::down(), 503, "UPSTREAM_UNAVAILABLE"),
    ];
    for redeem_api in ["data", "redeem"] {
        let env = test_env_with(TestEnvOptions {
            redeem_api,
            ..TestEnvOptions::default()
        })
        .await;
        for (fault, status, code) in &cases {
            env.simulator().set_fault(Some(fault.clone())).await.unwrap();
            let before = redemptions(&env);
            let answer = json_open(&env, &fresh(&env).await).await;
            assert_eq!(
                (answer.status, answer.json()["code"].as_str()),
                (*status, Some(*code)),
                "{fault:?}"
            );
            assert!(redemptions(&env) - before <= 1, "{fault:?}: sent twice");
            let retry = if *status == 503 { "2" } else { "" };
            assert_eq!(answer.header("retry-after"), retry, "{fault:?}");
            let body = answer.json();
            let members: Vec<&String> = body.as_object().unwrap().keys().collect();
            assert_eq!(members, ["code", "error", "message"], "exactly these");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_404_that_is_not_ctraders_json_is_logged_as_misconfigured() {
    let env = test_env().await;
    for (fault, suspicious) in [
        (Fault::answer(404, "text/html", "<html>"), true),
        (Fault::status(404), false),
    ] {
        env.simulator().set_fault(Some(fault)).await.unwrap();
        open(&env).await;
        let line = env.request_log().pop().unwrap();
        let detail = line["detail"].as_str().unwrap();
        assert_eq!(detail.contains("CTRADER_BASE_URL"), suspicious, "{detail}");
        assert_eq!(line["level"] == "WARN", suspicious);
        assert_eq!(
            line["BaseUrlWrong"] == 1,
            suspicious,
            "the metric that raises the alarm"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_ends_at_the_deadline() {
    let env = test_env().await;
    env.wait_until_ready().await;
    env.simulator().set_fault(Some(Fault::stall())).await.unwrap();
    let answer = json_open(&env, &fresh(&env).await).await;
    assert_eq!(
        (answer.status, logged_code(&env).as_str()),
        (504, "REDEMPTION_UNKNOWN")
    );
    let took = env.request_log()[0]["ms"].as_f64().unwrap();
    assert!((2_300.0..5_000.0).contains(&took), "{took} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_ctrader_leaves_the_token_usable_and_the_page_keeps_the_url() {
    for fault in [Fault::status(429), Fault::down()] {
        // A new environment has no open connection. A reused connection that breaks looks like a lost response.
        let env = test_env().await;
        let query = fresh(&env).await;
        env.simulator().set_fault(Some(fault)).await.unwrap();
        let page = env.get(PATH, &query).await;
        assert_eq!(page.status, 503);
        assert!(page.text().contains(r#"href="">Try again"#), "{}", page.text());
        env.simulator().set_fault(None).await.unwrap();
        assert_eq!(env.get(PATH, &query).await.status, 200, "trying again works");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_once_read_need_no_secrets_manager() {
    let env = test_env().await;
    env.wait_until_ready().await;
    env.set_secrets_available(false);
    assert_eq!(open(&env).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_secret_is_503_burns_no_token_and_recovers_by_itself() {
    for setting in ["SESSION_KEY_SECRET_ID", "MANAGER_TOKEN_SECRET_ID"] {
        let env = test_env_with(TestEnvOptions::default().env(setting, "canary/late")).await;
        let query = fresh(&env).await;
        let answer = json_open(&env, &query).await;
        assert_eq!(
            (answer.status, logged_code(&env).as_str()),
            (503, "SERVICE_UNAVAILABLE"),
            "{setting}"
        );
        assert_eq!(redemptions(&env), 0, "{setting}: the token is not spent");

        let value = "canary-late-secret-".repeat(3);
        env.set_secret("canary/late", Some(&value));
        env.simulator().set_manager_token(&value);
        let status = if setting == "MANAGER_TOKEN_SECRET_ID" {
            200
        } else {
            502
        };
        assert_eq!(
            json_open(&env, &query).await.status,
            status,
            "{setting}: the secret is read now"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_secret_is_503_and_says_so_in_the_log() {
    for (setting, value, told) in [
        ("SESSION_KEY_SECRET_ID", "canary-too-short", "at least 32 bytes"),
        (
            "MANAGER_TOKEN_SECRET_ID",
            "canary two words",
            "neither a bare manager token nor JSON",
        ),
    ] {
        let env = test_env_with(TestEnvOptions::default().env(setting, "canary/unusable")).await;
        env.set_secret("canary/unusable", Some(value));
        assert_eq!(open(&env).await.status, 503);
        let line = env.request_log().pop().unwrap();
        assert!(line["detail"].as_str().unwrap().contains(told), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_down_is_503_and_the_page_submits_again() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    env.set_table_available(false);
    let failed = env.send(deposit(&session)).await;
    assert_eq!(
        (failed.status, logged_code(&env).as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
    assert_eq!(failed.header("retry-after"), "2");
    assert_eq!(
        failed.input("amount").as_deref(),
        Some("250.00"),
        "nothing is lost"
    );
    env.set_table_available(true);
    let again = env.send(deposit(&failed.input("session").unwrap())).await;
    assert_eq!((again.status, logged_code(&env).as_str()), (200, "RECORDED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_submits_again_only_the_fields_of_its_own_form() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    env.set_table_available(false);
    let own = [
        ("amount", "250.00"),
        ("currency", "EUR"),
        ("method", "bank_transfer"),
    ];
    let strange = [
        ("login", "1"),
        ("Amount", "2"),
        ("onload", "canary"),
        ("amount ", "3"),
    ];
    let failed = env.send(fields(&session, &[&own[..], &strange].concat())).await;
    assert_eq!(failed.status, 503);
    assert_eq!(failed.input("session"), Some(session.clone()));
    for (name, value) in own {
        assert_eq!(failed.input(name).as_deref(), Some(value));
    }
    for (name, _) in strange {
        assert_eq!(failed.input(name), None, "{name}");
    }
    // The request of a cashier to a deposit's page has fields of any name.
    let path = format!("{PATH}/7Q0M4T9ZK3XH8VW2C5RN6YB1DE");
    let at_deposit = env.send(Request::post(&path).form(&strange)).await;
    assert_eq!(at_deposit.status, 503);
    assert_eq!(at_deposit.text().matches("<input").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_more_than_64_fields_is_refused() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    for (count, status) in [(60, 200), (61, 400), (5_000, 400)] {
        let names: Vec<String> = (0..count).map(|n| format!("x{n}")).collect();
        let mut form = vec![
            ("session", session.as_str()),
            ("amount", "250.00"),
            ("currency", "EUR"),
            ("method", "bank_transfer"),
        ];
        form.extend(names.iter().map(|name| (name.as_str(), "")));
        let members = form
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)));
        let json = serde_json::Value::Object(members.collect());
        let answer = env.send(Request::post(PATH).form(&form)).await;
        assert_eq!(answer.status, status, "{count} more");
        assert_eq!(
            env.send(Request::post(PATH).json(&json)).await.status,
            status,
            "{count} more"
        );
        if status == 400 {
            assert_eq!(logged_code(&env), "INVALID_PARAMETER");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_methods_and_large_bodies_are_refused() {
    let env = test_env().await;
    for path in [
        "/inapp/withdraw",
        "/inapp/deposit//",
        "/",
        "/inapp/deposit/../kyc",
        "//inapp/deposit",
    ] {
        let answer = env.send(Request::get(path).accept_json()).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (404, Some("NOT_FOUND")),
            "{path}"
        );
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = env.send(Request::new(method, PATH).accept_json()).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (405, Some("METHOD_NOT_ALLOWED")),
            "{method}"
        );
        assert_eq!(answer.header("allow"), "GET, HEAD, POST");
    }
    let large = Request::post(PATH).accept_json().body("x".repeat(256 * 1024 + 1));
    let answer = env
        .send(large.header("content-type", "application/x-www-form-urlencoded"))
        .await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (413, Some("PAYLOAD_TOO_LARGE"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn error_pages_speak_the_screens_language_and_say_what_to_do() {
    let env = test_env().await;
    let page = env.get(PATH, "token=canary-unknown&lang=es&theme=dark").await;
    assert_eq!(page.status, 404);
    let text = page.text();
    assert!(text.contains(r#"<html lang="es" dir="ltr" data-theme="dark">"#));
    assert!(text.contains("vuelva a abrirla desde cTrader"));
    assert!(text.contains("INVALID_OT_TOKEN"), "small, for support");
    assert!(text.contains(r#"href="/callback/success""#), "the way out");
    assert!(!text.contains("eventName="), "an error is no success");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_requests_never_reach_the_trader_as_the_gateways_json() {
    let env = test_env().await;
    for request in [
        Request::get(PATH).query("token=<>\"é&&==&%zz%"),
        Request::get(PATH).header("host", "not a host"),
        Request::get(PATH).header("x-forwarded-proto", "gopher:"),
        Request::get(PATH).header("cookie", "garbage;;=;__Host-inapp"),
        Request::get(PATH).header("user-agent", "é漢字"),
        Request::get("/inapp/%ff%fe/é").query("%"),
        Request::post(PATH).body(vec![0xff, 0xfe, 0x00]),
        Request::post(PATH)
            .header("content-type", "application/json")
            .body("{\"session\":"),
    ] {
        let answer = env.send(request.clone()).await;
        assert!(answer.failure.is_none(), "{request:?}");
        assert!(
            (400..500).contains(&answer.status),
            "{request:?}: {}",
            answer.status
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_never_names_another_brokers_legal_entity() {
    let env = test_env_with(TestEnvOptions {
        broker_config: Some(crate::two_brokers()),
        ..TestEnvOptions::default()
    })
    .await;
    let white = || Identity {
        broker_name: Some("northwind".into()),
        ..known()
    };
    let unknown = env.get(PATH, "token=canary-unknown").await.text();
    assert!(
        !unknown.contains("Demo Broker") && !unknown.contains("Northwind"),
        "nobody knows whose trader this is"
    );

    let token = env.mint_for(white());
    let mismatch = env.get(PATH, &format!("token={token}&account=42")).await;
    assert_eq!(mismatch.status, 403);
    assert!(mismatch.text().contains("Northwind Markets SA"));

    env.simulator().set_behaviour(crate::with_white_label());
    let token = env.mint_for(white());
    let session = session(&env.get(PATH, &format!("token={token}")).await);
    env.set_table_available(false);
    let failed = env.send(deposit(&session)).await;
    assert_eq!(failed.status, 503);
    assert!(failed.text().contains("Northwind Markets SA") && !failed.text().contains("Demo Broker"));
}
