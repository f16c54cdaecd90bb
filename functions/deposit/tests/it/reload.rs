//! The same screen again, without a second redemption: by cookie, and without one.

use harness::{Mint, Request};

use crate::{COOKIE, PATH, deposit, fields, logged_code, open, redemptions, session, stage};

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_serves_a_reload_with_the_same_token_or_none() {
    let stage = stage().await;
    let token = stage.mint(Mint::user("ada"));
    let query = format!("token={token}&lang=es");
    let screen = stage.get(PATH, &query).await;
    let cookie = screen.cookies[0].clone();
    for reload in [query.as_str(), "lang=es", ""] {
        let again = stage.send(Request::get(PATH).query(reload).cookie(&cookie)).await;
        assert_eq!(again.status, 200, "{reload}");
        assert!(
            again.text().contains(r#"lang="es""#),
            "the language is the session's"
        );
        assert!(again.text().contains("ada.marlow@example.com"));
    }
    assert_eq!(redemptions(&stage), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_cookies_do_not_hide_ours() {
    let stage = stage().await;
    let screen = open(&stage).await;
    let reload = Request::get(PATH)
        .cookie("theirs=é")
        .cookie(&screen.cookies[0])
        .cookie("x=;;=");
    assert_eq!(stage.send(reload).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_token_replaces_the_session() {
    let stage = stage().await;
    let ada = open(&stage).await;
    let token = stage.mint(Mint::user("bruno"));
    let bruno = stage
        .send(
            Request::get(PATH)
                .query(&format!("token={token}"))
                .cookie(&ada.cookies[0]),
        )
        .await;
    assert_eq!(bruno.status, 200);
    assert!(bruno.text().contains("bruno@example.com") && !bruno.text().contains("ada.marlow@example.com"));
    assert_ne!(bruno.cookie(COOKIE), ada.cookie(COOKIE));
    assert_eq!(redemptions(&stage), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_token_never_shows_somebody_elses_session() {
    let stage = stage().await;
    let ada = open(&stage).await;
    let dead = stage
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
    let stage = stage().await;
    let token = stage.mint(Mint::user("ada"));
    let query = format!("token={token}");
    assert_eq!(stage.get(PATH, &query).await.status, 200);
    let other = stage.get(PATH, &query).await;
    assert_eq!(
        (other.status, logged_code(&stage).as_str()),
        (410, "TOKEN_EXPIRED")
    );
    assert!(other.text().contains("open it again from cTrader"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_lost_its_cookie_restores_by_post() {
    let stage = stage().await;
    let first = session(&open(&stage).await);
    let restored = stage.send(fields(&first, &[("ask", "restore")])).await;
    assert_eq!((restored.status, logged_code(&stage).as_str()), (200, "OK"));
    assert!(restored.text().contains("ada.marlow@example.com"));
    assert!(stage.deposit_items().is_empty(), "a restore is no submit");
    assert_eq!(redemptions(&stage), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_know_whether_to_look_for_a_session() {
    let stage = stage().await;
    let token = stage.mint(Mint::user("ada"));
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
    let screen = stage.get(PATH, &query).await.text();
    assert!(screen.contains(r#"data-state="screen""#));
    let spent = stage.get(PATH, &query).await.text();
    assert!(spent.contains(r#"data-state="lost""#));
    assert_eq!(
        digest(&spent),
        digest(&screen),
        "only the session of this very token will do"
    );
    let bare = stage.get(PATH, "").await.text();
    assert!(bare.contains(r#"data-state="lost""#));
    assert_eq!(digest(&bare), "");
    let busy = stage.get(PATH, "token=abc&account=x").await.text();
    assert!(
        busy.contains(r#"data-state="""#),
        "other errors are shown as they are"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_after_the_submit_shows_what_was_recorded() {
    let stage = stage().await;
    let done = stage.send(deposit(&session(&open(&stage).await))).await;
    let reload = stage.send(Request::get(PATH).cookie(&done.cookies[0])).await;
    assert_eq!((reload.status, logged_code(&stage).as_str()), (200, "OK"));
    assert!(reload.text().contains("250.00\u{a0}EUR"));
    let restored = stage.send(fields(&session(&done), &[("ask", "restore")])).await;
    assert!(restored.text().contains("250.00\u{a0}EUR"));
    assert_eq!(stage.deposit_items().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_screen_or_deployment_is_none() {
    let stage = stage().await;
    let elsewhere = crate::stage().await;
    let foreign = open(&elsewhere).await;
    assert_eq!(
        stage
            .send(Request::get(PATH).cookie(&foreign.cookies[0]))
            .await
            .status,
        400
    );
    let submit = stage.send(deposit(&session(&foreign))).await;
    assert_eq!(
        (submit.status, logged_code(&stage).as_str()),
        (401, "SESSION_EXPIRED")
    );
}
