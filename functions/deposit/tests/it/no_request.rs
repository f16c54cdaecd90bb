//! Events that are no request of API Gateway, or one that does not fit its type.

use harness::{Mint, Request};
use serde_json::json;

use crate::{PATH, logged_code, open, test_env};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_no_request_gets_our_own_error() {
    let env = test_env().await;
    for event in [
        json!({}),
        json!([]),
        json!("x"),
        json!(null),
        json!({"source": "aws.events", "detail-type": "Scheduled Event"}),
        json!({"httpMethod": "GET", "path": "/inapp/deposit"}),
        json!({"rawPath": "no path", "requestContext": {"http": {"method": "GET"}}}),
        json!({"rawPath": "/", "requestContext": {"domainName": "a b", "http": {"method": "GET"}}}),
        json!({"rawPath": "/", "requestContext": {"http": {"method": "A B"}}}),
    ] {
        let answer = env.invoke(event.clone()).await;
        assert_eq!(answer.failure, None, "{event}");
        assert_eq!(
            (answer.status, logged_code(&env).as_str()),
            (400, "INVALID_PARAMETER")
        );
        assert!(answer.text().contains("INVALID_PARAMETER") && answer.text().contains("<html"));
    }
    let json = env
        .invoke(json!({"headers": {"accept": "application/json"}}))
        .await;
    assert_eq!(json.json()["code"], "INVALID_PARAMETER");
    assert_eq!(open(&env).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_with_a_control_character_is_as_good_as_absent() {
    let env = test_env().await;
    for (name, value) in [
        ("x", json!("\u{7f}")),
        ("x", json!("a\r\nb")),
        ("no token", json!("a")),
        ("x", json!(7)),
        ("user-agent", json!("\u{0}")),
    ] {
        let query = format!("token={}&lang=en", env.mint(Mint::user("ada")));
        let mut event = Request::get(PATH).query(&query).event();
        event["headers"][name] = value;
        let answer = env.invoke(event).await;
        assert_eq!((answer.failure.is_none(), answer.status), (true, 200), "{name}");
        assert!(answer.text().contains("ada.marlow@example.com"));
    }
}
