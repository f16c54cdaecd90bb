use serde_json::json;
use simulator::{DEMO_MANAGER_LOGIN, DEMO_MANAGER_PASSWORD_MD5, Event};

use crate::support::{MANAGER_TOKEN, get, send, start};

const PATH: &str = "/v2/webserv/managers/token";

#[tokio::test]
async fn the_managers_password_returns_the_manager_token() {
    let ctrader = start().await;
    let body = json!({"login": DEMO_MANAGER_LOGIN, "hashedPassword": DEMO_MANAGER_PASSWORD_MD5}).to_string();
    let response = send(&ctrader.backend_url(), "POST", PATH, Some(&body))
        .await
        .unwrap();
    assert_eq!(
        (response.status, response.json()),
        (200, json!({"webservToken": MANAGER_TOKEN}))
    );
    assert!(matches!(&ctrader.events()[0], Event::Called { path, status: 200, .. } if path == PATH));
}

#[tokio::test]
async fn a_wrong_password_is_403_and_a_wrong_body_400() {
    let ctrader = start().await;
    for (body, status) in [
        (
            json!({"login": DEMO_MANAGER_LOGIN, "hashedPassword": "demo"}),
            403,
        ),
        (
            json!({"login": 1, "hashedPassword": DEMO_MANAGER_PASSWORD_MD5}),
            403,
        ),
        (
            json!({"login": "2309", "hashedPassword": DEMO_MANAGER_PASSWORD_MD5}),
            400,
        ),
        (json!({}), 400),
    ] {
        let response = send(&ctrader.backend_url(), "POST", PATH, Some(&body.to_string()))
            .await
            .unwrap();
        assert_eq!(response.error().0, status, "{body}");
    }
}

#[tokio::test]
async fn unknown_calls_are_404_with_json() {
    let ctrader = start().await;
    let response = get(&ctrader.backend_url(), "/v2/webserv/symbols").await.unwrap();
    assert_eq!(response.error().0, 404);
}
