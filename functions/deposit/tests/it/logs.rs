//! What the log says of a request, and how a trader's page leads there.

use harness::{HttpResponse, Identity, Mint, Request};
use serde_json::Value;

use crate::{PATH, deposit, known, open, session, test_env};

/// The short request id that an error page shows beside its code.
fn id_on_page(page: &HttpResponse, code: &str) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(&format!("{code} · ")).expect("an id on the page");
    rest.chars().take_while(|c| *c != '<').collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_on_an_error_page_leads_to_exactly_one_log_line() {
    let env = test_env().await;
    open(&env).await;
    let page = env.get(PATH, "token=canary-unknown&lang=en").await;
    env.get(PATH, "token=canary-other&lang=en").await;
    let id = id_on_page(&page, "INVALID_OT_TOKEN");
    assert_eq!(id.len(), 8, "{id}");
    let begins = |line: &&Value| {
        line["request_id"]
            .as_str()
            .is_some_and(|full| full.starts_with(&id))
    };
    let log = env.log();
    let found: Vec<_> = log.iter().filter(begins).collect();
    let [line] = found[..] else {
        panic!("{id}: {found:#?}")
    };
    assert_eq!(line["code"], "INVALID_OT_TOKEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_json_has_the_request_id_as_a_header() {
    let env = test_env().await;
    let answer = env.send(Request::get(PATH).accept_json()).await;
    assert_eq!(answer.status, 400);
    let line = env.request_log().pop().unwrap();
    assert_eq!(line["request_id"], answer.header("x-request-id"));
    assert_ne!(answer.header("x-request-id"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trader_has_the_same_pseudonym_in_each_line_and_no_other_trader_has_it() {
    let env = test_env().await;
    let screen = open(&env).await;
    env.send(deposit(&session(&screen))).await;
    let other = env.mint_for(Identity {
        user_id: Some(502),
        ..known()
    });
    env.get(PATH, &format!("token={other}")).await;
    env.get(PATH, "token=canary-unknown").await;
    let lines = env.request_log();
    let traders: Vec<_> = lines.iter().map(|line| line["trader"].as_str()).collect();
    let [Some(opened), Some(submitted), Some(other), None] = traders[..] else {
        panic!("{traders:?}")
    };
    assert_eq!(opened, submitted);
    assert_ne!(opened, other);
    assert_eq!(opened.len(), 16);
    assert!(opened.bytes().all(|byte| byte.is_ascii_hexdigit()), "{opened}");
}

#[tokio::test(flavor = "multi_thread")]
async fn security_events_have_codes_of_their_own() {
    let env = test_env().await;
    let sealed = session(&open(&env).await);
    let mut forged = sealed.clone();
    forged.replace_range(40..41, if &sealed[40..41] == "A" { "B" } else { "A" });
    for (form, code) in [
        (deposit(&forged), "SESSION_FORGED"),
        (
            Request::post("/inapp/deposit").form(&[("amount", "1")]),
            "SESSION_MISSING",
        ),
    ] {
        let answer = env.send(form.accept_json()).await;
        assert_eq!(answer.json()["code"], "SESSION_EXPIRED", "the contract's code");
        assert_eq!(env.request_log().pop().unwrap()["security"], code);
    }
    let token = env.mint(Mint::user("ada"));
    env.get(PATH, &format!("token={token}&account=999")).await;
    assert_eq!(env.request_log().pop().unwrap()["security"], "ACCOUNT_MISMATCH");
    let stranger = env.mint_for(Identity {
        broker_name: Some("elsewhere".into()),
        ..known()
    });
    env.get(PATH, &format!("token={stranger}")).await;
    let line = env.request_log().pop().unwrap();
    assert_eq!(line["security"], "BROKER_MISMATCH");
    assert_eq!(line["BrokerUnknown"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_change_the_share_of_failed_taps() {
    let env = test_env().await;
    open(&env).await;
    env.get(PATH, "token=canary-unknown").await;
    env.get(PATH, "").await;
    let metric = |name: &str| -> Vec<Option<i64>> {
        let lines = env.request_log();
        lines.iter().map(|line| line[name].as_i64()).collect()
    };
    assert_eq!(metric("TapsFailed"), [Some(0), None, None]);
    assert_eq!(metric("TokensRefused"), [Some(0), Some(1), None]);
    assert_eq!(metric("RequestsFailed"), [None, None, Some(0)]);
}
