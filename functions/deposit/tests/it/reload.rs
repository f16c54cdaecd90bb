//! Reloads without a second redemption, with and without cookies.

use harness::{Mint, Request};
use serde_json::json;

use crate::{COOKIE, PATH, deposit, fields, logged_code, open, redemptions, session, test_env};

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_serves_a_reload_with_the_same_token_or_none() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}&lang=es");
    let screen = env.get(PATH, &query).await;
    let cookie = screen.cookies[0].clone();
    for reload in [query.as_str(), "lang=es", ""] {
        let again = env
            .send(Request::reload(PATH).query(reload).cookie(&cookie))
            .await;
        assert_eq!(again.status, 200, "{reload}");
        assert!(
            again.text().contains(r#"lang="es""#),
            "the language is the session's"
        );
        assert!(again.text().contains("ada.marlow@example.com"));
    }
    assert_eq!(redemptions(&env), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_cookies_do_not_hide_ours() {
    let env = test_env().await;
    let screen = open(&env).await;
    let reload = Request::reload(PATH)
        .cookie("theirs=é")
        .cookie(&screen.cookies[0])
        .cookie("x=;;=");
    assert_eq!(env.send(reload).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_cookie_of_exactly_our_name_is_a_session() {
    let env = test_env().await;
    let cookie = open(&env).await.cookies[0].split(';').next().unwrap().to_owned();
    let status = async |cookies: &[String]| {
        let mut event = Request::reload(PATH).event();
        event["cookies"] = json!(cookies);
        env.invoke(event).await.status
    };
    assert_eq!(status(std::slice::from_ref(&cookie)).await, 200);
    // What another host below the same domain can set, because the browser does not see the prefix `__Host-`.
    for before in [
        "\u{2000}", "\u{200a}", "\u{3000}", "\u{a0}", "\u{85}", "\u{feff}", "\u{b}", "\u{c}", "x",
    ] {
        let cookies = [format!("{before}{cookie}")];
        assert_eq!(status(&cookies).await, 400, "{before:?}");
    }
    let longer = cookie.replacen(COOKIE, &format!("{COOKIE}X"), 1);
    assert_eq!(status(&[longer]).await, 400);
    // Of two, one is somebody else's.
    let other = open(&env).await.cookies[0].split(';').next().unwrap().to_owned();
    assert_eq!(status(&[cookie, other]).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_token_replaces_the_session() {
    let env = test_env().await;
    let ada = open(&env).await;
    let token = env.mint(Mint::user("bruno"));
    let bruno = env
        .send(
            Request::get(PATH)
                .query(&format!("token={token}"))
                .cookie(&ada.cookies[0]),
        )
        .await;
    assert_eq!(bruno.status, 200);
    assert!(bruno.text().contains("bruno@example.com") && !bruno.text().contains("ada.marlow@example.com"));
    assert_ne!(bruno.cookie(COOKIE), ada.cookie(COOKIE));
    assert_eq!(redemptions(&env), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_token_never_shows_another_traders_session() {
    let env = test_env().await;
    let ada = open(&env).await;
    let dead = env
        .send(
            Request::get(PATH)
                .query("token=canary-dead-token")
                .cookie(&ada.cookies[0]),
        )
        .await;
    assert_eq!(dead.status, 404);
    assert!(!dead.text().contains("ada.marlow@example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_in_another_browser_is_410_and_says_to_reopen() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}");
    assert_eq!(env.get(PATH, &query).await.status, 200);
    let other = env.get(PATH, &query).await;
    assert_eq!((other.status, logged_code(&env).as_str()), (410, "TOKEN_EXPIRED"));
    assert!(other.text().contains("open it again from cTrader"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_lost_its_cookie_restores_by_post() {
    let env = test_env().await;
    let first = session(&open(&env).await);
    let restored = env.send(fields(&first, &[("ask", "restore")])).await;
    assert_eq!((restored.status, logged_code(&env).as_str()), (200, "OK"));
    assert!(restored.text().contains("ada.marlow@example.com"));
    assert!(env.deposit_items().is_empty(), "a restore is no submit");
    assert_eq!(redemptions(&env), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_know_whether_to_look_for_a_stored_session() {
    let env = test_env().await;
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}");
    let digest = |page: &str| {
        page.split("data-token=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let screen = env.get(PATH, &query).await.text();
    assert!(screen.contains(r#"data-state="screen""#));
    let spent = env.get(PATH, &query).await.text();
    assert!(spent.contains(r#"data-state="lost""#));
    assert_eq!(
        digest(&spent),
        digest(&screen),
        "only the session of this very token will do"
    );
    let bare = env.get(PATH, "").await.text();
    assert!(bare.contains(r#"data-state="lost""#));
    assert_eq!(digest(&bare), "");
    let busy = env.get(PATH, "token=abc&account=x").await.text();
    assert!(
        busy.contains(r#"data-state="""#),
        "other errors are shown as they are"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_after_the_submit_shows_what_was_recorded() {
    let env = test_env().await;
    let done = env.send(deposit(&session(&open(&env).await))).await;
    let reload = env.send(Request::reload(PATH).cookie(&done.cookies[0])).await;
    assert_eq!((reload.status, logged_code(&env).as_str()), (200, "OK"));
    assert!(reload.text().contains("250.00\u{a0}EUR"));
    let restored = env.send(fields(&session(&done), &[("ask", "restore")])).await;
    assert!(restored.text().contains("250.00\u{a0}EUR"));
    assert_eq!(env.deposit_items().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_screen_or_deployment_is_invalid() {
    let env = test_env().await;
    let elsewhere = crate::test_env().await;
    let foreign = open(&elsewhere).await;
    assert_eq!(
        env.send(Request::reload(PATH).cookie(&foreign.cookies[0]))
            .await
            .status,
        400
    );
    let submit = env.send(deposit(&session(&foreign))).await;
    assert_eq!(
        (submit.status, logged_code(&env).as_str()),
        (401, "SESSION_EXPIRED")
    );
}
