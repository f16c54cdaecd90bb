//! How many deposits a trader may make: announced by the form, and kept by the table.

use harness::{DEMO_CONFIG, Mint, Request, TestEnv, TestEnvOptions};
use serde_json::{Value, json};

use crate::{PATH, deposit, logged_code, open, session, test_env_with};

/// An environment whose `broker.toml` has these limits.
async fn limited(open_per_account: u32, records_per_day: u32) -> TestEnv {
    let config = DEMO_CONFIG
        .replacen(
            "[deposit]",
            &format!("[deposit]\nopen_per_account = {open_per_account}"),
            1,
        )
        .replacen(
            "\nlanguages",
            &format!("\nrecords_per_day = {records_per_day}\nlanguages"),
            1,
        );
    test_env_with(TestEnvOptions {
        broker_config: Some(config),
        ..TestEnvOptions::default()
    })
    .await
}

const TOO_MANY_OPEN: &str = "You have as many deposits under way as are possible at the same time.";
const TOO_MANY_TODAY: &str = "You have sent as many requests as we can take in one day.";

#[tokio::test(flavor = "multi_thread")]
async fn a_further_open_deposit_is_announced_as_impossible_and_refused_with_all_that_was_entered() {
    let env = limited(1, 50).await;
    // Two tabs are open before anything is deposited.
    let (first, second) = (open(&env).await, open(&env).await);
    assert!(!first.text().contains(TOO_MANY_OPEN));
    let first_session = session(&first);
    assert_eq!(env.send(deposit(&first_session)).await.status, 200);

    let refused = env.send(deposit(&session(&second))).await;
    assert_eq!(
        (refused.status, logged_code(&env).as_str()),
        (429, "TOO_MANY_REQUESTS")
    );
    assert_eq!(refused.header("retry-after"), "60");
    let page = refused.text();
    assert!(page.contains(TOO_MANY_OPEN));
    assert!(page.contains(r#"value="250.00""#), "the amount is kept");
    assert!(
        page.contains(r#"value="bank_transfer" checked"#),
        "the method is kept"
    );
    let reference = env.deposit_items()[0]["pk"].as_str().unwrap()["deposit#".len()..].to_owned();
    assert!(
        page.contains(&format!("/inapp/deposit/{reference}")),
        "the open one is listed"
    );
    assert_eq!(env.deposit_items().len(), 1);

    // A form that is opened now says it before it is filled in.
    assert!(open(&env).await.text().contains(TOO_MANY_OPEN));
    // A reload of the first submit shows the deposit.
    let again = env.send(deposit(&first_session)).await;
    assert_eq!(
        (again.status, logged_code(&env).as_str()),
        (200, "ALREADY_RECORDED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_learns_of_each_limit_by_its_code() {
    for (open_per_account, records_per_day, message) in [(1, 50, "finish one"), (5, 1, "try again tomorrow")]
    {
        let env = limited(open_per_account, records_per_day).await;
        for status in [201, 429] {
            let query = format!("token={}", env.mint(Mint::user("ada")));
            let request = Request::get(PATH).query(&query).accept_json();
            let opened = env.send(request).await.json();
            let request = json!({
                "session": opened["session"],
                "amount": "250.00",
                "currency": "EUR",
                "method": "bank_transfer",
            });
            let answer = env.send(Request::post(PATH).accept_json().json(&request)).await;
            assert_eq!(answer.status, status);
            if status == 429 {
                let body: Value = answer.json();
                assert_eq!(
                    (&body["code"], &body["error"]),
                    (&json!("TOO_MANY_REQUESTS"), &json!("Too Many Requests"))
                );
                assert!(body["message"].as_str().unwrap().contains(message), "{body}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_for_one_day_is_refused_until_tomorrow() {
    let env = limited(5, 1).await;
    let (first, second) = (open(&env).await, open(&env).await);
    assert_eq!(env.send(deposit(&session(&first))).await.status, 200);
    let refused = env.send(deposit(&session(&second))).await;
    assert_eq!(refused.status, 429);
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    let page = refused.text();
    assert!(page.contains(TOO_MANY_TODAY) && page.contains(r#"value="250.00""#));
    assert_eq!(env.deposit_items().len(), 1);
}
