use std::time::Duration;

use serde_json::json;
use simulator::{Event, Identity, Mint, Revision};

use crate::support::{MANAGER_TOKEN, data, get, redeem, send, send_with, start, token};

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn data_returns_the_whole_identity() {
    let ctrader = start().await;
    let response = data(&ctrader, MANAGER_TOKEN, &token(&ctrader)).await.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(
        response.json(),
        json!({"userId": 501, "traderId": 70501, "brokerName": "demobroker", "accountId": 1_000_501,
               "email": "ada.marlow@example.com", "tradingLogin": 1_000_501})
    );
}

#[tokio::test]
async fn redeem_returns_fewer_fields() {
    let ctrader = start().await;
    let response = redeem(&ctrader, MANAGER_TOKEN, &token(&ctrader)).await.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(
        response.json(),
        json!({"userId": 501, "email": "ada.marlow@example.com", "tradingLogin": 1_000_501})
    );
}

#[tokio::test]
async fn absent_fields_of_the_identity_are_left_out() {
    let ctrader = start().await;
    let nobody = ctrader.mint(Mint::identity(Identity::default()));
    assert_eq!(
        data(&ctrader, MANAGER_TOKEN, &nobody).await.unwrap().json(),
        json!({})
    );
    let dina = ctrader.mint(Mint::user("dina"));
    let response = data(&ctrader, MANAGER_TOKEN, &dina).await.unwrap();
    assert_eq!(
        response.json(),
        json!({"userId": 504, "brokerName": "demobroker", "email": "dina@example.com"})
    );
}

#[tokio::test]
async fn a_token_can_have_its_own_response() {
    let ctrader = start().await;
    let token = ctrader.mint(Mint::user("ada").body(r#"{"userId":"501","extra":{}}"#));
    let response = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(response.text(), r#"{"userId":"501","extra":{}}"#);
}

#[tokio::test]
async fn a_token_works_once_in_both_revisions_together() {
    let ctrader = start().await;
    let token = token(&ctrader);
    assert_eq!(redeem(&ctrader, MANAGER_TOKEN, &token).await.unwrap().status, 200);
    let again = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(again.error(), refusal(410, "CID_TOKEN_EXPIRED"));
    let again = redeem(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(again.error(), refusal(404, "CID_TOKEN_EXPIRED"));
}

#[tokio::test]
async fn an_expired_token_is_410_in_data_and_404_in_redeem() {
    let ctrader = start().await;
    let token = ctrader.mint(Mint::user("ada").ttl(Duration::from_millis(20)));
    tokio::time::sleep(Duration::from_millis(40)).await;
    let response = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(response.error(), refusal(410, "CID_TOKEN_EXPIRED"));
    let response = redeem(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(response.error(), refusal(404, "CID_TOKEN_EXPIRED"));
}

#[tokio::test]
async fn an_unknown_or_absent_token_is_404() {
    let ctrader = start().await;
    let unknown = refusal(404, "CID_NON_EXISTED_TOKEN");
    assert_eq!(
        data(&ctrader, MANAGER_TOKEN, "nonsense").await.unwrap().error(),
        unknown
    );
    assert_eq!(
        redeem(&ctrader, MANAGER_TOKEN, "nonsense").await.unwrap().error(),
        unknown
    );
    let path = format!("/ctid2/inAppOneTimeToken/data?token={MANAGER_TOKEN}");
    assert_eq!(get(&ctrader.backend_url(), &path).await.unwrap().error(), unknown);
}

#[tokio::test]
async fn a_plus_in_the_query_must_be_escaped() {
    let ctrader = start().await;
    ctrader.mint(Mint::user("ada").token("a+b/c=="));
    let raw = data(&ctrader, MANAGER_TOKEN, "a+b/c==").await.unwrap();
    assert_eq!(raw.status, 404);
    let escaped = data(&ctrader, MANAGER_TOKEN, "a%2Bb%2Fc%3D%3D").await.unwrap();
    assert_eq!(escaped.status, 200);
}

#[tokio::test]
async fn the_manager_token_is_checked_first_and_a_refusal_does_not_consume() {
    let ctrader = start().await;
    let token = token(&ctrader);
    let forbidden = refusal(403, "CH_CLIENT_AUTH_FAILURE");
    assert_eq!(data(&ctrader, "wrong", &token).await.unwrap().error(), forbidden);
    assert_eq!(
        redeem(&ctrader, "wrong", &token).await.unwrap().error(),
        forbidden
    );
    assert_eq!(
        data(&ctrader, "wrong", "nonsense").await.unwrap().error(),
        forbidden
    );
    assert_eq!(data(&ctrader, MANAGER_TOKEN, &token).await.unwrap().status, 200);
}

#[tokio::test]
async fn without_a_manager_token_data_is_403_and_redeem_is_401() {
    let ctrader = start().await;
    let token = token(&ctrader);
    let path = format!("/ctid2/inAppOneTimeToken/data?inAppOneTimeToken={token}");
    let response = get(&ctrader.backend_url(), &path).await.unwrap();
    assert_eq!(response.error(), refusal(403, "CH_CLIENT_AUTH_FAILURE"));
    let body = json!({"token": token}).to_string();
    let response = send(
        &ctrader.backend_url(),
        "POST",
        "/ctid2/inAppToken/redeem",
        Some(&body),
    )
    .await
    .unwrap();
    assert_eq!(response.error(), refusal(401, "CH_CLIENT_AUTH_FAILURE"));
}

#[tokio::test]
async fn a_new_manager_token_replaces_the_old() {
    let ctrader = start().await;
    ctrader.set_manager_token("the-new-one");
    let token = token(&ctrader);
    assert_eq!(data(&ctrader, MANAGER_TOKEN, &token).await.unwrap().status, 403);
    assert_eq!(data(&ctrader, "the-new-one", &token).await.unwrap().status, 200);
}

#[tokio::test]
async fn redeem_requires_json_and_data_requires_each_parameter_once() {
    let ctrader = start().await;
    let base = ctrader.backend_url();
    let path = format!("/ctid2/inAppToken/redeem?token={MANAGER_TOKEN}");
    let json_header = "content-type: application/json; charset=utf-8\r\n";
    let response = send_with(&base, "POST", &path, json_header, "token=abc")
        .await
        .unwrap();
    assert_eq!(response.error(), refusal(400, "INVALID_REQUEST"));
    let form_header = "content-type: application/x-www-form-urlencoded\r\n";
    let response = send_with(&base, "POST", &path, form_header, "token=abc")
        .await
        .unwrap();
    assert_eq!(response.error(), refusal(415, "INVALID_REQUEST"));
    let twice = format!("/ctid2/inAppOneTimeToken/data?token={MANAGER_TOKEN}&token=x&inAppOneTimeToken=y");
    assert_eq!(
        get(&base, &twice).await.unwrap().error(),
        refusal(400, "INVALID_REQUEST")
    );
}

#[tokio::test]
async fn a_wrong_method_is_405_and_a_wrong_path_is_not_json() {
    let ctrader = start().await;
    let base = ctrader.backend_url();
    let response = send(&base, "POST", "/ctid2/inAppOneTimeToken/data", None)
        .await
        .unwrap();
    assert_eq!(response.error(), refusal(405, "INVALID_REQUEST"));
    let response = get(&base, "/base/ctid2/inAppOneTimeToken/data").await.unwrap();
    assert_eq!(
        (response.status, response.header("content-type")),
        (404, Some("text/html; charset=utf-8"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_redeems() {
    let ctrader = start().await;
    let token = token(&ctrader);
    let calls = (0..50).map(|number| {
        let (ctrader, token) = (&ctrader, &token);
        async move {
            if number % 2 == 0 {
                data(ctrader, MANAGER_TOKEN, token).await.unwrap().status
            } else {
                redeem(ctrader, MANAGER_TOKEN, token).await.unwrap().status
            }
        }
    });
    let statuses = futures_util::future::join_all(calls).await;
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 404, 410].contains(status)),
        "{statuses:?}"
    );
    let redeemed = |event: &Event| matches!(event, Event::Redeemed { .. });
    assert_eq!(ctrader.events().iter().filter(|event| redeemed(event)).count(), 1);
}

#[tokio::test]
async fn the_timeline_has_the_calls_without_the_tokens() {
    let ctrader = start().await;
    let token = token(&ctrader);
    data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    redeem(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    data(&ctrader, "a-wrong-manager-token", &token).await.unwrap();
    let short = simulator::abbreviate(&token);
    let events = ctrader.events();
    assert!(matches!(&events[0], Event::Minted { token, user_id: Some(501), .. } if *token == short));
    assert!(matches!(
        &events[1],
        Event::Redeemed { token, revision: Revision::Data, account: Some(1_000_501), .. } if *token == short
    ));
    assert!(matches!(
        &events[2],
        Event::Refused { token: Some(token), revision: Revision::Redeem, status: 404, code: Some(code), .. }
            if *token == short && code == "CID_TOKEN_EXPIRED"
    ));
    assert!(matches!(&events[3], Event::Refused { status: 403, .. }));
    let all = serde_json::to_string(&ctrader.log()).unwrap();
    for secret in [
        token.as_str(),
        MANAGER_TOKEN,
        "a-wrong-manager-token",
        "ada.marlow@example.com",
    ] {
        assert!(!all.contains(secret), "{all}");
    }
}
