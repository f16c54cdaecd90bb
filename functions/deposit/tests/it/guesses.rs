//! Guessed tokens: a stranger cannot use up cTrader's tolerance for our address.

use harness::{Mint, Request, TestEnv, TestEnvOptions};

use crate::{PATH, redemptions, test_env_with};

async fn env_with(redeem_api: &'static str) -> TestEnv {
    test_env_with(TestEnvOptions {
        redeem_api,
        ..TestEnvOptions::default()
    })
    .await
}

/// Sends this many made-up tokens.
async fn guess(env: &TestEnv, count: usize) {
    for n in 0..count {
        env.get(PATH, &format!("token=canary-guess-{n}")).await;
    }
}

/// What a press of the page's button sends.
fn press(token: &str) -> Request {
    Request::post(PATH)
        .query(&format!("token={token}&lang=en"))
        .form(&[("ask", "open")])
}

#[tokio::test(flavor = "multi_thread")]
async fn after_twenty_guesses_a_token_needs_a_press_of_a_button() {
    for redeem_api in ["data", "redeem"] {
        let env = env_with(redeem_api).await;
        guess(&env, 25).await;
        assert_eq!(
            redemptions(&env),
            20,
            "{redeem_api}: cTrader is not asked any more"
        );

        let token = env.mint(Mint::user("ada"));
        let held = env.get(PATH, &format!("token={token}&lang=en")).await;
        assert_eq!(held.status, 200);
        assert!(held.text().contains(r#"value="open""#), "a page with a button");
        let line = env.request_log().pop().unwrap();
        assert_eq!(
            (&line["code"], &line["TokensGuessed"]),
            (&"PREVIEW".into(), &1.into()),
            "{line}"
        );
        assert_eq!(redemptions(&env), 20);

        let program = env
            .send(Request::get(PATH).query(&format!("token={token}")).accept_json())
            .await;
        assert_eq!((program.status, program.header("retry-after")), (503, "2"));
        assert_eq!(program.json()["code"], "SERVICE_UNAVAILABLE");
        let line = env.request_log().pop().unwrap();
        assert_eq!(line["TokensGuessed"], 1, "{line}");
        assert_eq!(
            line.get("Errors"),
            None,
            "a stranger rings no other alarm: {line}"
        );

        let screen = env.send(press(&token)).await;
        assert!(screen.input("amount").is_some(), "{redeem_api}");
        let next = env.mint(Mint::user("ada"));
        let screen = env.get(PATH, &format!("token={next}&lang=en")).await;
        assert!(screen.input("amount").is_some(), "a known token ends it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn presses_are_counted_too() {
    let env = env_with("redeem").await;
    guess(&env, 20).await;
    for n in 0..25 {
        env.send(press(&format!("canary-press-{n}"))).await;
    }
    assert_eq!(redemptions(&env), 40);
    let token = env.mint(Mint::user("ada"));
    let held = env.send(press(&token)).await;
    assert_eq!(held.status, 503);
    assert!(held.text().contains("Try again"));
    assert_eq!(redemptions(&env), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_token_in_between_and_a_wrong_base_url_are_no_guesses() {
    let env = env_with("data").await;
    for _ in 0..3 {
        guess(&env, 19).await;
        let token = env.mint(Mint::user("ada"));
        let screen = env.get(PATH, &format!("token={token}&lang=en")).await;
        assert!(screen.input("amount").is_some());
    }
    let wrong = harness::Fault::answer(404, "text/html", "<h1>nginx</h1>");
    env.simulator().set_fault(Some(wrong)).await.unwrap();
    let before = redemptions(&env);
    guess(&env, 30).await;
    assert_eq!(
        redemptions(&env),
        before + 30,
        "the alarm about the base URL goes on ringing"
    );
    assert_eq!(env.request_log().pop().unwrap()["BaseUrlWrong"], 1);
}
