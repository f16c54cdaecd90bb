//! Looking up a trading account.

use std::{net::SocketAddr, sync::atomic::Ordering};

use ctrader::{RedeemApi, Trader, TraderError};
use tokio::{
    io::AsyncWriteExt,
    time::{Duration, Instant, sleep},
};

use crate::server::{MANAGER, Server, answer_all, client_of, closed_port, head, manager, raw, soon};

const LOGIN: i64 = 5_000_123;

async fn ask(url: &str, deadline: Instant) -> Result<Trader, TraderError> {
    let client = client_of(url, RedeemApi::Data);
    client.trader(LOGIN, &manager(), deadline).await
}

async fn ask_at(address: SocketAddr) -> Result<Trader, TraderError> {
    ask(&format!("http://{address}"), soon()).await
}

/// The reason of an unavailable account.
fn unavailable(answer: Result<Trader, TraderError>) -> String {
    match answer.unwrap_err() {
        TraderError::Unavailable(why) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_account_is_looked_up_by_its_login_under_v2() {
    let server = Server::answering(
        200,
        r#"{"login":5000123,"brokerName":"demobroker","depositCurrency":"EUR","moneyDigits":2,"balance":1050,
            "accessRights":"FULL_ACCESS","contactDetails":{"email":"ada@example.com","phone":null},"swapFree":false,
            "ibRate":0.25}"#,
    )
    .await;
    let trader = ask(&format!("{}/prefix", server.url()), soon()).await;
    let expected = Trader {
        login: LOGIN,
        broker_name: Some("demobroker".into()),
        deposit_currency: "EUR".into(),
        money_digits: Some(2),
        email: Some("ada@example.com".into()),
    };
    assert_eq!(trader, Ok(expected));
    let asked = format!("GET /prefix/v2/webserv/traders/5000123?token={MANAGER}");
    assert_eq!(*server.asked.lock().await, [asked]);
}

#[tokio::test]
async fn an_answer_without_login_and_broker_is_an_account() {
    let server = Server::answering(200, r#"{"depositCurrency":"BTC","moneyDigits":8}"#).await;
    let trader = ask_at(server.address).await.unwrap();
    assert_eq!((trader.login, trader.broker_name), (LOGIN, None));
    assert_eq!(
        (trader.deposit_currency.as_str(), trader.money_digits),
        ("BTC", Some(8))
    );
}

#[tokio::test]
async fn digits_and_contact_details_that_are_left_out_are_absent() {
    for body in [
        r#"{"depositCurrency":"EUR"}"#,
        r#"{"depositCurrency":"EUR","moneyDigits":null,"contactDetails":null}"#,
        r#"{"depositCurrency":"EUR","contactDetails":{}}"#,
        r#"{"depositCurrency":"EUR","contactDetails":{"email":7}}"#,
    ] {
        let server = Server::answering(200, body).await;
        let trader = ask_at(server.address).await.unwrap();
        assert_eq!((trader.money_digits, trader.email), (None, None), "{body}");
    }
}

#[tokio::test]
async fn each_answer_has_its_meaning_after_one_request() {
    let refused = |code: &str| TraderError::Refused(code.into());
    let rows = [
        (
            404,
            r#"{"error":{"errorCode":"TRADER_NOT_FOUND","description":"5000123"}}"#,
            TraderError::NotFound,
        ),
        (404, r#"{"errorCode":"TRADER_NOT_FOUND"}"#, TraderError::NotFound),
        (
            404,
            r#"{"errorCode":"CH_ENTITY_NOT_FOUND"}"#,
            TraderError::NotFound,
        ),
        (400, "TRADER_NOT_FOUND", TraderError::NotFound),
        (401, "", TraderError::Unauthorized),
        (
            403,
            r#"{"errorCode":"CH_CLIENT_AUTH_FAILURE"}"#,
            TraderError::Unauthorized,
        ),
        (
            403,
            r#"{"errorCode":"NOT_ENOUGH_RIGHTS"}"#,
            refused("NOT_ENOUGH_RIGHTS"),
        ),
        (
            400,
            r#"{"errorCode":"INVALID_REQUEST"}"#,
            refused("INVALID_REQUEST"),
        ),
        (
            400,
            r#"{"error":{"errorCode":"CH_BROKER_NOT_FOUND","description":"canary@example.com"}}"#,
            TraderError::NoSuchBroker,
        ),
        (
            404,
            r#"{"errorCode":"CH_BROKER_NOT_FOUND"}"#,
            TraderError::NoSuchBroker,
        ),
        (400, r#"{"errorCode":"canary <b>"}"#, refused("status 400")),
        (418, "canary", refused("status 418")),
        (429, "", TraderError::Busy),
        (
            400,
            r#"{"errorCode":"REQUEST_FREQUENCY_EXCEEDED"}"#,
            TraderError::Busy,
        ),
    ];
    for (status, body, expected) in rows {
        let server = Server::answering(status, body).await;
        let answer = ask_at(server.address).await;
        assert_eq!(answer, Err(expected), "{status} {body}");
        assert_eq!(server.asked.lock().await.len(), 1, "{status} {body}");
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_about_the_account_is_unavailable() {
    let huge: &'static str = Box::leak(" ".repeat(70_000).into_boxed_str());
    let rows = [
        (200, "", "no trading account"),
        (200, "<html>", "no trading account"),
        (200, r#"["EUR",2]"#, "no trading account"),
        (
            200,
            r#"{"depositCurrency":"EUR","moneyDigits":"2"}"#,
            "no trading account",
        ),
        (
            200,
            r#"{"depositCurrency":"EUR","moneyDigits":-1}"#,
            "no trading account",
        ),
        (
            200,
            r#"{"depositCurrency":"EUR","moneyDigits":2.5}"#,
            "no trading account",
        ),
        (
            200,
            r#"{"depositCurrency":"EUR","moneyDigits":9}"#,
            "moneyDigits above 8",
        ),
        (
            200,
            r#"{"depositCurrency":"","moneyDigits":2}"#,
            "without a depositCurrency",
        ),
        (
            200,
            r#"{"login":7,"depositCurrency":"EUR","moneyDigits":2}"#,
            "another trading account",
        ),
        (200, huge, "more than"),
        (204, "", "answered 204"),
        (302, "", "answered 302"),
        (404, "<html>nginx</html>", "CTRADER_BASE_URL"),
        (400, "UNKNOWN_ERROR", "UNKNOWN_ERROR"),
        (500, r#"{"errorCode":"TRADER_NOT_FOUND"}"#, "answered 500"),
        (503, "", "answered 503"),
    ];
    for (status, body, expected) in rows {
        let server = Server::answering(status, body).await;
        let why = unavailable(ask_at(server.address).await);
        assert!(why.contains(expected), "{status} {expected}: {why}");
        assert_eq!(server.asked.lock().await.len(), 1, "{status} {expected}");
    }
}

#[tokio::test]
async fn an_unreachable_or_silent_server_is_unavailable() {
    unavailable(ask_at(closed_port()).await);

    let (silent, connections) = raw(async |mut stream| {
        head(&mut stream).await;
    })
    .await;
    unavailable(ask_at(silent).await);
    assert_eq!(connections.load(Ordering::SeqCst), 1, "asked again");

    let (slow, _) = raw(async |mut stream| {
        head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    let deadline = Instant::now() + Duration::from_secs(3);
    assert_eq!(
        unavailable(ask(&format!("http://{slow}"), deadline).await),
        "the deadline passed"
    );
}

#[tokio::test]
async fn with_too_little_time_left_nothing_is_sent() {
    let server = Server::answering(200, r#"{"depositCurrency":"EUR","moneyDigits":2}"#).await;
    let deadline = Instant::now() + Duration::from_millis(1_000);
    unavailable(ask(&server.url(), deadline).await);
    assert!(server.asked.lock().await.is_empty());
}

#[tokio::test]
async fn look_ups_share_a_connection() {
    let answer =
        b"HTTP/1.1 200 OK\r\ncontent-length: 41\r\n\r\n{\"depositCurrency\":\"EUR\",\"moneyDigits\":2}";
    let (address, connections) = raw(move |stream| answer_all(stream, answer)).await;
    let client = client_of(&format!("http://{address}"), RedeemApi::Data);
    for _ in 0..3 {
        client.trader(LOGIN, &manager(), soon()).await.unwrap();
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_error_names_the_manager_token_or_the_account() {
    let (silent, _) = raw(async |mut stream| {
        head(&mut stream).await;
    })
    .await;
    let refusing = Server::answering(400, r#"{"errorCode":"canary","description":"canary 5000123"}"#).await;
    for address in [closed_port(), silent, refusing.address] {
        let error = ask_at(address).await.unwrap_err();
        let printed = format!("{error:?} {error}");
        for secret in [MANAGER, "canary", "5000123"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
