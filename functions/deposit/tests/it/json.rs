//! JSON, for brokers whose own server renders the screens.

use harness::{Identity, Mint, Request, TestEnv};
use serde_json::{Value, json};

use crate::{PATH, known, test_env};

/// The JSON that a broker's server gets when it opens the screen for Ada.
async fn opened(env: &TestEnv) -> Value {
    let token = env.mint(Mint::user("ada"));
    let request = Request::get(PATH).query(&format!("token={token}")).accept_json();
    env.send(request).await.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_response_has_exactly_the_members_of_the_contract() {
    let env = test_env().await;
    let token = env.mint_for(known());
    let query =
        format!("token={token}&account=1000501&lang=es&theme=dark&source=iOS&kycType=full&utm_source=x");
    let answer = env.send(Request::get(PATH).query(&query).accept_json()).await;
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
    let env = test_env().await;
    let token = env.mint_for(Identity {
        user_id: Some(9),
        trading_login: Some(1_000_501),
        ..Identity::default()
    });
    let answer = env
        .send(
            Request::get(PATH)
                .query(&format!("token={token}&theme=blue"))
                .accept_json(),
        )
        .await;
    assert_eq!(
        answer.json()["identity"],
        json!({"userId": 9, "tradingLogin": 1_000_501})
    );
    assert_eq!(answer.json()["launch"], json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_response_to_a_submit_has_the_deposit_and_the_url_of_the_cashier() {
    let env = test_env().await;
    let opened = opened(&env).await;
    let body = json!({"session": opened["session"], "amount": "250", "currency": "EUR", "method": "card"});
    let submit = || Request::post(PATH).json(&body).accept_json();
    let first = env.send(submit()).await;
    assert_eq!(first.status, 201);
    let first = first.json();
    let again = env.send(submit()).await.json();
    let members: Vec<_> = first.as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["id", "redirect", "status"]);
    assert_eq!(first["status"], "created");
    let redirect = first["redirect"].as_str().unwrap();
    assert!(redirect.starts_with("https://cashier.demobroker.example/pay?assertion="));
    assert_eq!(first["id"], again["id"]);
    assert_ne!(
        first["redirect"], again["redirect"],
        "each assertion is for one use"
    );
    assert_eq!(env.deposit_items().len(), 1);

    let path = format!("{PATH}/{}", first["id"].as_str().unwrap());
    let bare = env.send(Request::get(&path).accept_json()).await.json();
    assert_eq!(bare, json!({"id": first["id"], "status": "created"}));
    let session = json!({"session": opened["session"]});
    let full = env.send(Request::post(&path).json(&session).accept_json()).await;
    assert_eq!(
        full.json(),
        json!({"id": first["id"], "status": "created", "amount": "250.00", "currency": "EUR", "account": 1_000_501})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_field_is_named() {
    let env = test_env().await;
    let opened = opened(&env).await;
    let body = json!({"session": opened["session"], "amount": "1,000", "currency": "EUR", "method": "card"});
    let answer = env.send(Request::post(PATH).json(&body).accept_json()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({"error": "Invalid Parameter", "message": "Parameter 'amount' is not usable", "code": "INVALID_PARAMETER"})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_begin_with_a_byte_order_mark() {
    let env = test_env().await;
    let opened = opened(&env).await;
    let body =
        json!({"session": opened["session"], "amount": "10", "currency": "EUR", "method": "bank_transfer"});
    let request = Request::post(PATH)
        .header("content-type", "application/json")
        .accept_json()
        .body(format!("\u{feff}{body}"));
    assert_eq!(env.send(request).await.status, 201);
    let session = opened["session"].as_str().unwrap();
    let request = Request::post(PATH)
        .header("content-type", "application/x-www-form-urlencoded")
        .accept_json()
        .body(format!("\u{feff}session={session}&ask=restore"));
    assert_eq!(env.send(request).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_a_wrong_content_type_is_not_called_an_expired_session() {
    let env = test_env().await;
    let session = opened(&env).await["session"].as_str().unwrap().to_owned();
    let json = json!({"session": session, "amount": "10", "currency": "EUR", "method": "card"}).to_string();
    let multipart =
        format!("--x\r\nContent-Disposition: form-data; name=\"session\"\r\n\r\n{session}\r\n--x--\r\n");
    let looks_like_json = "The body looks like JSON, but its Content-Type is not application/json";
    let must_be = "The Content-Type must be application/json or application/x-www-form-urlencoded";
    for (path, content_type, body, message) in [
        (PATH.to_owned(), "", &json, looks_like_json),
        (
            PATH.to_owned(),
            "application/x-www-form-urlencoded",
            &json,
            looks_like_json,
        ),
        (PATH.to_owned(), "text/json", &json, looks_like_json),
        (
            PATH.to_owned(),
            "text/plain;charset=UTF-8",
            &format!("\u{feff} {json}"),
            looks_like_json,
        ),
        (
            PATH.to_owned(),
            "multipart/form-data; boundary=x",
            &multipart,
            must_be,
        ),
        (format!("{PATH}/session"), "text/plain", &json, looks_like_json),
        (
            format!("{PATH}/session"),
            "Multipart/Form-Data",
            &multipart,
            must_be,
        ),
    ] {
        let mut request = Request::post(&path).accept_json().body(body.as_str());
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let answer = env.send(request).await;
        assert_eq!(answer.status, 400, "{path} {content_type}");
        assert_eq!(
            answer.json(),
            json!({"error": "Invalid Parameter", "message": message, "code": "INVALID_PARAMETER"}),
        );
    }
    // A form without a session, or with an expired one, is what it was.
    for (content_type, body) in [
        ("", "amount=10"),
        ("application/x-www-form-urlencoded; charset=UTF-8", "amount=10"),
        ("text/plain", "session=a-forged-session"),
    ] {
        let mut request = Request::post(PATH).accept_json().body(body);
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        assert_eq!(env.send(request).await.status, 401, "{content_type} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_with_a_member_twice_is_refused() {
    let env = test_env().await;
    let session = opened(&env).await["session"].as_str().unwrap().to_owned();
    let send = async |path: &str, amounts: &str| {
        let body =
            format!(r#"{{"session": "{session}", {amounts}, "currency": "EUR", "method": "bank_transfer"}}"#);
        let request = Request::post(path).accept_json();
        env.send(request.header("content-type", "application/json").body(body))
            .await
    };
    for amounts in [
        r#""amount": "10", "amount": "20000""#,
        r#""amount": "10", "amount": "10""#,
        r#""amount": "10", "\u0061mount": "20000""#,
        r#""amount": "10", "note": null, "note": null"#,
    ] {
        let refused = send(PATH, amounts).await;
        assert_eq!(refused.status, 400, "{amounts}");
        assert_eq!(refused.json()["code"], "INVALID_PARAMETER");
    }
    assert_eq!(env.deposit_items().len(), 0);
    let recorded = send(PATH, r#""amount": "10""#).await;
    assert_eq!(recorded.status, 201);
    let path = format!("{PATH}/{}", recorded.json()["id"].as_str().unwrap());
    assert_eq!(send(&path, r#""x": 1, "x": 2"#).await.status, 400);
}
