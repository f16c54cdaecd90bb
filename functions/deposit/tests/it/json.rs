//! JSON, for brokers whose own server renders the screens.

use harness::{Identity, Mint, Request, Stage};
use serde_json::{Value, json};

use crate::{PATH, known, stage};

/// What a broker's server is told when it opens the screen for Ada.
async fn opened(stage: &Stage) -> Value {
    let token = stage.mint(Mint::user("ada"));
    let request = Request::get(PATH).query(&format!("token={token}")).accept_json();
    stage.send(request).await.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_has_exactly_the_fixed_members() {
    let stage = stage().await;
    let token = stage.mint_for(known());
    let query =
        format!("token={token}&account=1000501&lang=es&theme=dark&source=iOS&kycType=full&utm_source=x");
    let answer = stage.send(Request::get(PATH).query(&query).accept_json()).await;
    assert_eq!(answer.status, 200);
    let mut body = answer.json();
    let object = body.as_object_mut().unwrap();
    let session = object.remove("session").unwrap();
    let expires = object.remove("expiresAt").unwrap();
    assert_eq!(
        body,
        json!({
            "action": "deposit",
            "identity": {
                "userId": 501, "traderId": 70501, "accountId": 1000501, "brokerName": "demobroker",
                "email": "canary.trader@example.com", "tradingLogin": 1000501,
            },
            "launch": {"account": 1000501, "lang": "es", "theme": "dark", "source": "iOS", "kycType": "full"},
        })
    );
    assert!(session.as_str().unwrap().len() > 100);
    let expires: jiff::Timestamp = expires.as_str().unwrap().parse().unwrap();
    let left = expires.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((880..=900).contains(&left), "15 minutes, not {left} s");
    assert!(answer.cookies.is_empty(), "a server has no use for a cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn absent_values_are_left_out() {
    let stage = stage().await;
    let token = stage.mint_for(Identity {
        user_id: Some(9),
        ..Identity::default()
    });
    let answer = stage
        .send(
            Request::get(PATH)
                .query(&format!("token={token}&theme=blue"))
                .accept_json(),
        )
        .await;
    assert_eq!(answer.json()["identity"], json!({"userId": 9}));
    assert_eq!(answer.json()["launch"], json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_answers_with_reference_and_absolute_return_url() {
    let stage = stage().await;
    let opened = opened(&stage).await;
    let body = json!({"session": opened["session"], "amount": "250", "currency": "EUR", "method": "card"});
    let submit = || Request::post(PATH).json(&body).accept_json();
    let first = stage.send(submit()).await.json();
    let again = stage.send(submit()).await.json();
    assert_eq!(first["action"], "deposit");
    assert_eq!(first["again"], false);
    assert_eq!(again["again"], true);
    assert_eq!(first["reference"], again["reference"]);
    assert_eq!(first["recordedAt"], again["recordedAt"]);
    assert_eq!(first["reference"], stage.requests()[0]["reference"]);
    assert_eq!(
        first["returnUrl"],
        "https://screens.example.com/callback/success?eventName=deposit_requested"
    );
    assert_eq!(stage.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_wrong_is_named() {
    let stage = stage().await;
    let opened = opened(&stage).await;
    let body = json!({"session": opened["session"], "amount": "1,000", "currency": "EUR", "method": "card"});
    let answer = stage.send(Request::post(PATH).json(&body).accept_json()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({"error": "Invalid Parameter", "message": "Parameter 'amount' is not usable", "code": "INVALID_PARAMETER"})
    );
}
