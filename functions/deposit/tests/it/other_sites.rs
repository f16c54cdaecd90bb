//! Requests that a page of another site sends, a frame without an origin, or another person at the same browser.

use harness::{HttpResponse, Mint, Request, TestEnv};
use serde_json::json;

use crate::{COOKIE, PATH, deposit, fields, logged_code, open, redemptions, session, test_env};

/// What browsers say of forms that are not ours: who sends them, and what becomes of the response. In a frame of a
/// sibling site our form would say `same-origin`.
const FOREIGN: [(&str, &str); 5] = [
    ("cross-site", "document"),
    ("same-site", "document"),
    ("same-site", "iframe"),
    ("cross-site", "empty"),
    ("cross-site", "image"),
];

/// Makes a deposit by this payment method. Returns the response and the path of the deposit's page.
async fn create(env: &TestEnv, method: &str) -> (HttpResponse, String) {
    let form = [("amount", "250.00"), ("currency", "EUR"), ("method", method)];
    let done = env.send(fields(&session(&open(env).await), &form)).await;
    let id = env.deposit_items()[0]["pk"].as_str().unwrap().to_owned();
    (done, format!("{PATH}/{}", id.strip_prefix("deposit#").unwrap()))
}

/// The trader's cookie after this response.
fn cookie(response: &HttpResponse) -> String {
    format!("{COOKIE}={}", response.cookie(COOKIE).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_opens_no_session_and_records_nothing() {
    let env = test_env().await;
    let strangers = session(&open(&env).await);
    let fresh = format!("token={}&lang=es", env.mint(Mint::user("ada")));
    for (site, dest) in FOREIGN {
        for form in [
            fields(&strangers, &[("ask", "restore")]),
            fields(&strangers, &[("ask", "go-on")]),
            fields(&strangers, &[("ask", "start-over")]),
            deposit(&strangers),
            // Continue, as on the page for link previewers, with the stranger's own token.
            Request::post(PATH).query(&fresh).form(&[("ask", "open")]),
        ] {
            let refused = env.send(form.fetched(site, dest)).await;
            assert_eq!(refused.status, 403, "{site}, {dest}");
            assert!(refused.cookies.is_empty() && refused.header("location").is_empty());
            assert_eq!(logged_code(&env), "ACCOUNT_MISMATCH");
            let page = refused.text();
            assert!(!page.contains("ada.marlow") && refused.input("session").is_none());
        }
    }
    let page = env
        .send(
            deposit(&strangers)
                .query("lang=es")
                .fetched("cross-site", "document"),
        )
        .await
        .text();
    assert!(page.contains("abra la pantalla desde cTrader") && page.contains(r#"lang="es""#));
    assert_eq!(redemptions(&env), 1);
    assert!(env.deposit_items().is_empty());
    assert_eq!(
        env.send(deposit(&strangers)).await.status,
        200,
        "nothing was used up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_form_works_in_a_frame_without_an_origin() {
    let env = test_env().await;
    let first = session(&open(&env).await);
    // A frame that is sandboxed without `allow-same-origin`.
    let sandboxed = |request: Request| request.fetched("cross-site", "iframe");
    let restored = env.send(sandboxed(fields(&first, &[("ask", "restore")]))).await;
    assert_eq!(restored.status, 200);
    assert!(restored.cookie(COOKIE).is_some());
    let form = [("amount", "250.00"), ("currency", "EUR"), ("method", "card")];
    let sent_on = env.send(sandboxed(fields(&first, &form))).await;
    assert_eq!(sent_on.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_does_not_lead_to_a_cashier() {
    let env = test_env().await;
    let (made, path) = create(&env, "card").await;
    let strangers = made.cookie(COOKIE).unwrap();
    for (site, dest) in FOREIGN {
        for ask in ["go-on", "restore", ""] {
            let form = Request::post(&path).form(&[("session", strangers.as_str()), ("ask", ask)]);
            let bare = env.send(form.fetched(site, dest)).await;
            assert_eq!(bare.status, 200, "{site}, {dest}, {ask}");
            assert!(bare.cookies.is_empty() && bare.header("location").is_empty());
            let page = bare.text();
            assert!(
                !page.contains("250.00") && !page.contains("ada.marlow") && !page.contains(r#"id="pay""#)
            );
        }
    }
    // The trader of the deposit, whom the cashier sends back in a window of its own.
    let form = Request::post(&path).form(&[("result", "ok")]);
    let back = form.fetched("cross-site", "document").cookie(&cookie(&made));
    let back = env.send(back).await;
    assert!(back.text().contains("250.00\u{a0}EUR"));
    assert!(back.cookies.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_pays_sees_for_whom() {
    let env = test_env().await;
    let (waits, _) = create(&env, "wallet").await;
    let page = waits.text();
    let pay = page
        .find(r#"id="pay""#)
        .expect("a button that leads to the cashier");
    for who in ["Signed in as ada.marlow@example.com", "1000501"] {
        assert!(page.find(who).expect(who) < pay, "{who}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_an_origin_may_ask_for_the_status_by_its_session() {
    let env = test_env().await;
    let (done, path) = create(&env, "bank_transfer").await;
    let trader = session(&done);
    let status = |form: &[(&str, &str)]| {
        Request::post(&path)
            .form(form)
            .fetched("cross-site", "empty")
            .header("accept", "application/json")
    };
    let full = env.send(status(&[("session", &trader)])).await;
    assert_eq!(full.json()["account"], 1_000_501);
    let bare = env.send(status(&[])).await;
    let by_cookie = env.send(status(&[]).cookie(&cookie(&done))).await;
    for answer in [&bare, &by_cookie] {
        let names: Vec<_> = answer.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["id", "status"], "the session in the body alone counts");
    }
    let unknown = Request::post(&format!("{PATH}/7Q0M4T9ZK3XH8VW2C5RN6YB1DE"));
    let unknown = env
        .send(unknown.header("accept", "application/json").form(&[("a", "b")]))
        .await;
    assert_eq!(unknown.status, 404);
    for answer in [&full, &bare, &by_cookie, &unknown] {
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        assert!(answer.cookies.is_empty());
    }
    // Nothing else may be read by other sites.
    let json = |request: Request| request.header("accept", "application/json");
    for request in [
        json(Request::get(&path).cookie(&cookie(&done))),
        Request::post(&path).form(&[("session", trader.as_str())]),
        json(fields(&trader, &[("ask", "restore")])),
        json(Request::reload(PATH).cookie(&cookie(&done))),
    ] {
        let answer = env.send(request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_without_a_token_shows_the_last_session_to_our_own_page_only() {
    let env = test_env().await;
    let screen = open(&env).await;
    let cookie = cookie(&screen);
    // cTrader without a token, a link on another page, an address that somebody types, a bookmark.
    for (site, dest) in [
        ("cross-site", "iframe"),
        ("cross-site", "document"),
        ("same-site", "document"),
        ("none", "document"),
    ] {
        let shown = env
            .send(Request::get(PATH).fetched(site, dest).cookie(&cookie))
            .await;
        assert_eq!(
            (shown.status, logged_code(&env).as_str()),
            (400, "MISSING_REQUIRED_PARAMETER")
        );
        assert!(!shown.text().contains("ada.marlow"), "{site}, {dest}");
        assert!(
            shown.text().contains(r#"data-state="lost""#),
            "the history of its tab may know more"
        );
        let head = Request::head(PATH).fetched(site, dest).cookie(&cookie);
        assert_eq!(env.send(head).await.status, 400);
    }
    assert_eq!(env.send(Request::reload(PATH).cookie(&cookie)).await.status, 200);
    let old = Request::get(PATH).without("sec-fetch-site").cookie(&cookie);
    assert_eq!(env.send(old).await.status, 200, "an old browser does not say");
    let body = json!({"session": session(&screen), "ask": "restore"});
    assert_eq!(env.send(Request::post(PATH).json(&body)).await.status, 200);
}
