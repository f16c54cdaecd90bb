//! Submitting the form: checked, recorded exactly once, confirmed.

use harness::{Identity, Mint, Request};
use serde_json::json;

use crate::{COOKIE, PATH, deposit, fields, known, logged_code, open, session, test_env};

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_is_recorded_and_confirmed_with_a_reference_and_an_exit() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!(
        "token={token}&account=1000501&lang=en&source=Web&utm_source=canary+mail%C2%9B%1B%7F%00&gclid=g1&utm_id=%1B"
    );
    let screen = env.get(PATH, &query).await;
    let done = env.send(deposit(&session(&screen))).await;
    assert_eq!((done.status, logged_code(&env).as_str()), (200, "RECORDED"));

    let records = env.deposit_items();
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!(record["action"], "deposit");
    assert_eq!(record["broker"], "demobroker");
    assert_eq!(record["user_id"], 501);
    assert_eq!(record["launch_account"], 1_000_501);
    assert_eq!(record["source"], "Web");
    assert_eq!(
        (&record["status"], &record["version"]),
        (&json!("pending"), &json!(1))
    );
    let order = &record["data"]["order"];
    assert_eq!(
        (
            &order["amount"],
            &order["currency"],
            &order["method"],
            &order["login"]
        ),
        (
            &json!("250.00"),
            &json!("EUR"),
            &json!("bank_transfer"),
            &json!(1_000_501)
        )
    );
    assert_eq!(record["history"].as_array().unwrap().len(), 1);
    assert_eq!(
        record["attribution"],
        json!({"utm_source": "canary mail", "gclid": "g1"})
    );

    assert_eq!(
        env.request_log().pop().unwrap()["reference"],
        record["reference"],
        "for support to find"
    );

    let page = done.text();
    assert!(page.contains(record["reference"].as_str().unwrap()));
    assert!(page.contains("250.00\u{a0}EUR"));
    assert!(
        page.contains("GB33 BUKB 2020 1555 5555 55"),
        "where to transfer it"
    );
    assert!(!page.contains("000123456789"), "that is for another currency");
    assert!(!page.contains("?eventName="), "nothing has been deposited yet");
    assert!(
        page.contains(r#"class="x" href="/callback/success""#),
        "X is no success"
    );
}

/// A submit of an amount as the trader typed it, with the button of a reading if the trader pressed one.
fn typed(session: &str, amount: &str, reading: Option<&str>) -> Request {
    let mut entered = vec![
        ("amount", amount),
        ("currency", "EUR"),
        ("method", "bank_transfer"),
    ];
    entered.extend(reading.map(|reading| ("reading", reading)));
    fields(session, &entered)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_that_can_be_read_in_two_ways_is_asked_about_and_answered_with_one_tap() {
    let env = test_env().await;
    let asked = env.send(typed(&session(&open(&env).await), "1,000", None)).await;
    assert_eq!(asked.status, 400);
    let page = asked.text();
    assert!(page.contains("This amount can be read in two ways"));
    // The minimum is 10 euros, so 1.00 is no answer.
    assert!(page.contains(r#"value="amount 1000.00 1,000""#) && !page.contains("amount 1.00"));
    assert_eq!(env.deposit_items().len(), 0);

    let answered = env
        .send(typed(&session(&asked), "1,000", Some("amount 1000.00 1,000")))
        .await;
    assert_eq!(answered.status, 200);
    assert_eq!(env.deposit_items()[0]["data"]["order"]["amount"], "1000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_counts_only_for_the_text_that_was_asked_about() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    for (amount, reading) in [
        ("2,000", "amount 1000.00 1,000"),
        ("1,000", "method 1000.00 1,000"),
        ("1,000", "amount 1,000 1,000"),
        ("1,000", "amount"),
        ("1,000", ""),
    ] {
        let answer = env.send(typed(&session, amount, Some(reading))).await;
        assert_eq!(answer.status, 400, "{amount} {reading}");
    }
    assert_eq!(env.deposit_items().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comma_on_the_keyboard_is_a_decimal_sign_on_an_english_screen() {
    let env = test_env().await;
    env.send(typed(&session(&open(&env).await), "250,50", None)).await;
    assert_eq!(env.deposit_items()[0]["data"]["order"]["amount"], "250.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_it_is_submitted_there_is_one_record() {
    let env = crate::test_env_with(harness::TestEnvOptions {
        instances: 4,
        ..Default::default()
    })
    .await;
    let session = session(&open(&env).await);
    let taps: Vec<_> = (0..8).map(|_| env.send(deposit(&session))).collect();
    let answers = futures_util::future::join_all(taps).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(env.deposit_items().len(), 1);
    let codes: Vec<_> = env
        .request_log()
        .iter()
        .map(|line| line["code"].clone())
        .collect();
    assert_eq!(codes.iter().filter(|code| *code == "RECORDED").count(), 1);
    assert_eq!(codes.iter().filter(|code| *code == "ALREADY_RECORDED").count(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_back_button_and_another_amount_show_what_was_recorded() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    env.send(deposit(&session)).await;
    let changed = fields(
        &session,
        &[
            ("amount", "999"),
            ("currency", "EUR"),
            ("method", "bank_transfer"),
        ],
    );
    let answer = env.send(changed).await;
    assert_eq!(logged_code(&env), "ALREADY_RECORDED");
    let page = answer.text();
    assert!(page.contains("250.00\u{a0}EUR"));
    // On the page or in a field. The digits 999 alone may be part of an id.
    assert!(!page.contains("999.00") && !page.contains("\"999\""));
    assert!(answer.text().contains("This was sent before"));
    assert_eq!(env.deposit_items().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_request_is_offered_and_is_another_record() {
    let env = test_env().await;
    let done = env.send(deposit(&session(&open(&env).await))).await;
    assert!(done.text().contains("Make your transfer"));
    let fresh = env.send(fields(&session(&done), &[("ask", "start-over")])).await;
    assert!(
        fresh.text().contains("Deposits under way"),
        "the first one is offered again"
    );
    assert_eq!(fresh.status, 200);
    assert!(fresh.input("amount").is_some(), "an empty form");
    env.send(deposit(&session(&fresh))).await;
    assert_eq!(logged_code(&env), "RECORDED");
    assert_eq!(env.deposit_items().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_response_is_lost_is_recorded_once_and_confirmed() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    env.lose_table_responses(1);
    let answer = env.send(deposit(&session)).await;
    assert_eq!(
        (answer.status, logged_code(&env).as_str()),
        (200, "RECORDED"),
        "the SDK's retry found our own write"
    );
    assert_eq!(env.deposit_items().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_fields_come_back_in_place_filled_in_and_in_the_traders_language() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let screen = env.get(PATH, &format!("token={token}&lang=es")).await;
    let answer = env
        .send(fields(
            &session(&screen),
            &[("amount", "mil"), ("currency", "EUR"), ("method", "cash")],
        ))
        .await;
    assert_eq!(
        (answer.status, logged_code(&env).as_str()),
        (400, "INVALID_PARAMETER")
    );
    let page = answer.text();
    assert_eq!(answer.input("amount").as_deref(), Some("mil"), "as entered");
    assert!(page.contains(r#"aria-invalid="true""#) && page.contains(r#"id="e-amount""#));
    assert!(page.contains("sin separador de miles"));
    assert!(page.contains("Elija una de estas opciones."), "the method");
    assert!(env.deposit_items().is_empty());

    // The corrected form counts.
    let corrected = fields(
        &session(&answer),
        &[
            ("amount", "1000,50"),
            ("currency", "EUR"),
            ("method", "bank_transfer"),
        ],
    );
    assert_eq!(env.send(corrected).await.status, 200);
    assert_eq!(env.deposit_items()[0]["data"]["order"]["amount"], "1000.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_missing_fields_are_refused() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    for (amount, currency, method, code) in [
        ("", "EUR", "card", "MISSING_REQUIRED_PARAMETER"),
        ("9.99", "EUR", "card", "INVALID_PARAMETER"),
        ("20000.01", "EUR", "card", "INVALID_PARAMETER"),
        ("0", "EUR", "card", "INVALID_PARAMETER"),
        ("-50", "EUR", "card", "INVALID_PARAMETER"),
        ("50.001", "EUR", "card", "INVALID_PARAMETER"),
        ("50", "USD", "card", "INVALID_PARAMETER"),
        ("50", "BTC", "card", "INVALID_PARAMETER"),
        ("50", "", "card", "MISSING_REQUIRED_PARAMETER"),
        ("19.99", "EUR", "wallet", "INVALID_PARAMETER"),
        ("50", "EUR", "cash", "INVALID_PARAMETER"),
        ("50", "EUR", "", "MISSING_REQUIRED_PARAMETER"),
    ] {
        let form = [("amount", amount), ("currency", currency), ("method", method)];
        let answer = env.send(fields(&session, &form).accept_json()).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (400, Some(code)),
            "{form:?}"
        );
    }
    assert!(env.deposit_items().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_traders_input_is_shown_as_text() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    let evil = r#""><script>alert(1)</script>"#;
    let answer = env
        .send(fields(
            &session,
            &[("amount", evil), ("currency", "EUR"), ("method", "bank_transfer")],
        ))
        .await;
    assert!(!answer.text().contains("<script>alert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_without_a_valid_session_is_401_and_records_nothing() {
    let env = test_env().await;
    let good = session(&open(&env).await);
    let mut forged = good.clone();
    forged.replace_range(40..41, if &good[40..41] == "A" { "B" } else { "A" });
    for bad in ["", "garbage", &forged, &good[..good.len() - 4]] {
        let answer = env.send(deposit(bad).accept_json()).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (401, Some("SESSION_EXPIRED"))
        );
    }
    // The cookie alone authorises nothing, because forged forms of other sites carry it too.
    let screen = open(&env).await;
    let forgery = deposit("").cookie(&screen.cookies[0]);
    assert_eq!(env.send(forgery).await.status, 401);
    assert!(env.deposit_items().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_response_renews_the_session() {
    let env = test_env().await;
    let screen = open(&env).await;
    let done = env.send(deposit(&session(&screen))).await;
    assert!(done.cookie(COOKIE).is_some());
    assert_eq!(done.input("session"), done.cookie(COOKIE));
    assert_ne!(done.input("session"), screen.input("session"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_keeps_the_launch_parameters_and_ignores_repeated_ones() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let screen = env
        .get(PATH, &format!("token={token}&account=1000501&lang=es"))
        .await;
    let submit = deposit(&session(&screen)).query("account=42&lang=en");
    let done = env.send(submit).await;
    assert!(done.text().contains(r#"lang="es""#));
    assert_eq!(env.deposit_items()[0]["launch_account"], 1_000_501);
}

#[tokio::test(flavor = "multi_thread")]
async fn form_and_json_bodies_are_treated_alike() {
    let env = test_env().await;
    let session = session(&open(&env).await);
    let body = json!({"session": session, "amount": 250.5, "currency": "EUR", "method": "bank_transfer"});
    let answer = env.send(Request::post(PATH).json(&body)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("250.50\u{a0}EUR"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_has_the_login_for_ctraders_calls_and_never_the_urls() {
    let env = test_env().await;
    for (trading_login, expected) in [(Some(1_000_602), 1_000_602), (None, 1_000_501)] {
        let token = env.mint_for(Identity {
            trading_login,
            ..known()
        });
        let screen = env.get(PATH, &format!("token={token}&account={expected}")).await;
        env.send(deposit(&session(&screen))).await;
        let records = env.deposit_items();
        let record = records
            .iter()
            .find(|record| record["trading_login"] == expected)
            .expect("a record");
        assert_eq!(record["account_id"], 1_000_501);
        assert_eq!(record["trader_id"], 70_501, "kept, but never a login");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_in_json_has_a_point_in_every_language() {
    let env = test_env().await;
    for lang in ["en", "es", "ar"] {
        let token = env.mint(Mint::user("ada"));
        let session = session(&env.get(PATH, &format!("token={token}&lang={lang}")).await);
        let send = async |amount: serde_json::Value| {
            let body =
                json!({"session": session, "amount": amount, "currency": "EUR", "method": "bank_transfer"});
            env.send(Request::post(PATH).json(&body).accept_json())
                .await
                .status
        };
        assert_eq!(send(json!("250,50")).await, 400, "{lang}");
        assert_eq!(send(json!("250.50")).await, 201, "{lang}");
    }
}
