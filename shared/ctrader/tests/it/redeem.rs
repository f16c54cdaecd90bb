//! The redemption call over real sockets: each answer in both revisions, and each way to get none.

use std::sync::atomic::Ordering;

use ctrader::{BaseUrls, Client, OneTimeToken, RedeemApi, RedeemError, Redemption};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Duration, Instant},
};

use crate::server::{MANAGER, Server, answer_all, client_of, closed_port, head, manager, raw, soon};

const TOKEN: &str = "canary+one/time~token==";

impl Server {
    async fn redeem(&self, api: RedeemApi) -> Redemption {
        client(self.address, api)
            .redeem(token(), &manager(), soon())
            .await
    }
}

fn client(address: std::net::SocketAddr, api: RedeemApi) -> Client {
    client_of(&format!("http://{address}"), api)
}

fn token() -> OneTimeToken {
    OneTimeToken::parse(TOKEN).unwrap()
}

/// Why the token did not resolve.
async fn refusal(client: &Client, deadline: Instant) -> RedeemError {
    let redemption = client.redeem(token(), &manager(), deadline).await;
    redemption.outcome.unwrap_err()
}

/// The number of connections so far.
fn count(connections: &std::sync::atomic::AtomicUsize) -> usize {
    connections.load(Ordering::SeqCst)
}

#[tokio::test]
async fn revision_data_is_a_get_with_both_tokens_in_the_query() {
    let server = Server::answering(
        200,
        r#"{"userId":1,"traderId":2,"brokerName":"demobroker","accountId":3}"#,
    )
    .await;
    let redemption = server.redeem(RedeemApi::Data).await;
    let trader = redemption.outcome.unwrap();
    assert_eq!(
        (trader.user_id, trader.trader_id, trader.account_id),
        (Some(1), Some(2), Some(3))
    );
    assert_eq!(trader.broker_name.as_deref(), Some("demobroker"));
    assert_eq!(redemption.status, Some(200));
    assert_eq!(
        *server.asked.lock().await,
        [format!(
            "GET /ctid2/inAppOneTimeToken/data?token={MANAGER}&inAppOneTimeToken=canary%2Bone%2Ftime%7Etoken%3D%3D"
        )]
    );
}

#[tokio::test]
async fn an_answer_may_begin_with_a_byte_order_mark() {
    let server = Server::answering(200, "\u{feff}{\"userId\":1}").await;
    let trader = server.redeem(RedeemApi::Data).await.outcome.unwrap();
    assert_eq!(trader.user_id, Some(1));
}

#[tokio::test]
async fn revision_redeem_is_a_post_with_the_token_in_the_body() {
    let server = Server::answering(200, r#"{"userId":1,"email":"ada@example.com","tradingLogin":3}"#).await;
    let trader = server.redeem(RedeemApi::Redeem).await.outcome.unwrap();
    assert_eq!((trader.user_id, trader.trading_login), (Some(1), Some(3)));
    assert_eq!(trader.email.as_deref(), Some("ada@example.com"));
    assert_eq!(
        *server.asked.lock().await,
        [format!(
            r#"POST /ctid2/inAppToken/redeem?token={MANAGER} {{"token":"{TOKEN}"}}"#
        )]
    );
}

#[tokio::test]
async fn each_status_has_its_meaning_in_both_revisions_and_one_request() {
    type Meaning = fn(&RedeemError) -> bool;
    let meanings: [(u16, &str, Meaning); 23] = [
        (200, "<html>", |e| matches!(e, RedeemError::Contract(_))),
        (200, "[]", |e| matches!(e, RedeemError::Contract(_))),
        (200, r#"{"userId":"x"}"#, |e| {
            matches!(e, RedeemError::Contract(_))
        }),
        (204, "", |e| matches!(e, RedeemError::Contract(_))),
        (301, "", |e| matches!(e, RedeemError::Contract(_))),
        (302, "", |e| matches!(e, RedeemError::Contract(_))),
        (307, "", |e| matches!(e, RedeemError::Contract(_))),
        (400, "{}", |e| matches!(e, RedeemError::Contract(_))),
        (401, "{}", |e| matches!(e, RedeemError::Unauthorized(_))),
        (403, r#"{"errorCode":"CH_CLIENT_AUTH_FAILURE"}"#, |e| {
            matches!(e, RedeemError::Unauthorized(_))
        }),
        (404, r#"{"error":{"errorCode":"X"}}"#, |e| {
            matches!(e, RedeemError::NotFound { json: true })
        }),
        (404, "<html>nginx</html>", |e| {
            matches!(e, RedeemError::NotFound { json: false })
        }),
        (410, "{}", |e| matches!(e, RedeemError::Expired)),
        (417, r#"{"errorCode":"CID_NON_EXISTED_TOKEN"}"#, |e| {
            matches!(e, RedeemError::NotFound { json: true })
        }),
        (429, "", |e| matches!(e, RedeemError::Busy)),
        (400, r#"{"errorCode":"REQUEST_FREQUENCY_EXCEEDED"}"#, |e| {
            matches!(e, RedeemError::Busy)
        }),
        (400, r#"{"error":{"errorCode":"CH_BROKER_NOT_FOUND"}}"#, |e| {
            matches!(e, RedeemError::NoSuchBroker)
        }),
        (403, "CH_BROKER_NOT_FOUND: canary@example.com", |e| {
            matches!(e, RedeemError::NoSuchBroker)
        }),
        (404, r#"{"errorCode":"CH_BROKER_NOT_FOUND"}"#, |e| {
            matches!(e, RedeemError::NoSuchBroker)
        }),
        (403, r#"{"errorCode":"NOT_ENOUGH_RIGHTS"}"#, |e| {
            matches!(e, RedeemError::Unauthorized(_))
        }),
        (500, "oops", |e| matches!(e, RedeemError::Contract(_))),
        (502, "", |e| matches!(e, RedeemError::Contract(_))),
        (503, "", |e| matches!(e, RedeemError::Contract(_))),
    ];
    for (status, body, meant) in meanings {
        for api in [RedeemApi::Data, RedeemApi::Redeem] {
            let server = Server::answering(status, body).await;
            let redemption = server.redeem(api).await;
            let error = redemption.outcome.unwrap_err();
            assert!(meant(&error), "{status} {body}: {error:?}");
            assert_eq!(redemption.status, Some(status));
            assert_eq!(
                server.asked.lock().await.len(),
                1,
                "{status} was asked for more than once"
            );
        }
    }
}

#[tokio::test]
async fn the_redemption_and_the_accounts_may_have_different_base_urls() {
    let ctid2 = Server::answering(410, "").await;
    let webserv = Server::answering(200, r#"{"depositCurrency":"EUR"}"#).await;
    let urls = BaseUrls {
        ctid2: format!("{}/cid", ctid2.url()).parse().unwrap(),
        webserv: webserv.url().parse().unwrap(),
    };
    let client = Client::new(urls, RedeemApi::Redeem, outbound::tls().unwrap()).unwrap();
    refusal(&client, soon()).await;
    client.trader(7, &manager(), soon()).await.unwrap();
    let redemption = format!(r#"POST /cid/ctid2/inAppToken/redeem?token={MANAGER} {{"token":"{TOKEN}"}}"#);
    assert_eq!(*ctid2.asked.lock().await, [redemption]);
    let look_up = format!("GET /v2/webserv/traders/7?token={MANAGER}");
    assert_eq!(*webserv.asked.lock().await, [look_up]);
}

#[tokio::test]
async fn an_answer_of_more_than_64_kib_breaks_the_contract() {
    let huge: &'static str = Box::leak(" ".repeat(70_000).into_boxed_str());
    let server = Server::answering(200, huge).await;
    let error = server.redeem(RedeemApi::Data).await.outcome.unwrap_err();
    assert!(matches!(error, RedeemError::Contract(_)), "{error:?}");
}

#[tokio::test]
async fn a_refused_connection_was_certainly_not_delivered() {
    let address = closed_port();
    let redemption = client(address, RedeemApi::Data)
        .redeem(token(), &manager(), soon())
        .await;
    let error = redemption.outcome.unwrap_err();
    assert!(matches!(error, RedeemError::Unreachable(_)), "{error:?}");
    assert_eq!(redemption.status, None);
}

#[tokio::test]
async fn an_unknown_host_was_certainly_not_delivered() {
    let client = client_of("https://no-such-host.invalid", RedeemApi::Data);
    let deadline = Instant::now() + Duration::from_secs(10);
    let error = refusal(&client, deadline).await;
    assert!(matches!(error, RedeemError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn a_failed_tls_handshake_was_certainly_not_delivered() {
    let (address, _) = raw(async |mut stream| {
        let _ = stream.write_all(b"this is not TLS\r\n\r\n").await;
    })
    .await;
    let client = client_of(&format!("https://{address}"), RedeemApi::Data);
    let error = refusal(&client, soon()).await;
    assert!(matches!(error, RedeemError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn a_tls_handshake_that_never_ends_was_certainly_not_delivered() {
    let (address, _) = raw(async |mut stream| {
        let mut hello = [0; 1_000];
        let _ = stream.read(&mut hello).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
    })
    .await;
    let client = client_of(&format!("https://{address}"), RedeemApi::Data);
    for left in [1_250, 2_400] {
        let error = loop {
            let deadline = Instant::now() + Duration::from_millis(left);
            match refusal(&client, deadline).await {
                // The machine is busy and used up the 50 ms above the minimum time: nothing was sent.
                RedeemError::TooLate => {}
                error => break error,
            }
        };
        assert!(matches!(error, RedeemError::Unreachable(_)), "{left}: {error:?}");
    }
}

#[tokio::test]
async fn with_too_little_time_left_the_token_is_not_sent() {
    let server = Server::answering(200, r#"{"userId":1}"#).await;
    let deadline = Instant::now() + Duration::from_millis(1_000);
    let client = client(server.address, RedeemApi::Data);
    let error = refusal(&client, deadline).await;
    assert!(matches!(error, RedeemError::TooLate), "{error:?}");
    assert!(server.asked.lock().await.is_empty());
}

#[tokio::test]
async fn a_connection_closed_after_the_request_loses_the_answer_and_is_not_retried() {
    let (address, connections) = raw(async |mut stream| {
        head(&mut stream).await;
    })
    .await;
    let error = refusal(&client(address, RedeemApi::Data), soon()).await;
    assert!(matches!(error, RedeemError::Lost(_)), "{error:?}");
    assert_eq!(count(&connections), 1);
}

#[tokio::test]
async fn a_truncated_body_loses_the_answer() {
    let (address, _) = raw(async |mut stream| {
        head(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"userId\":")
            .await;
    })
    .await;
    let redemption = client(address, RedeemApi::Data)
        .redeem(token(), &manager(), soon())
        .await;
    assert!(
        matches!(redemption.outcome, Err(RedeemError::Lost(_))),
        "{redemption:?}"
    );
    assert_eq!(redemption.status, Some(200));
}

#[tokio::test]
async fn a_silent_server_loses_the_answer_at_the_deadline() {
    let (address, connections) = raw(async |mut stream| {
        head(&mut stream).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
    })
    .await;
    let client = client(address, RedeemApi::Data);
    let started = Instant::now();
    let error = refusal(&client, started + Duration::from_secs(3)).await;
    assert!(matches!(error, RedeemError::Lost(_)), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(9));
    assert_eq!(count(&connections), 1);
}

#[tokio::test]
async fn a_connection_is_reused_within_4_seconds_and_never_after() {
    let (address, connections) =
        raw(|stream| answer_all(stream, b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n")).await;
    let client = client(address, RedeemApi::Data);
    for _ in 0..2 {
        let error = refusal(&client, soon()).await;
        assert!(matches!(error, RedeemError::Expired), "{error:?}");
    }
    assert_eq!(count(&connections), 1, "the second call reuses the connection");

    tokio::time::sleep(Duration::from_millis(4_100)).await;
    let error = refusal(&client, soon()).await;
    assert!(matches!(error, RedeemError::Expired), "{error:?}");
    assert_eq!(count(&connections), 2, "after 4 s a fresh connection is made");
}

#[tokio::test]
async fn no_error_names_a_token() {
    let closed = closed_port();
    let (silent, _) = raw(async |mut stream| {
        head(&mut stream).await;
    })
    .await;
    let refusing = Server::answering(403, "").await.address;
    for address in [closed, silent, refusing] {
        for api in [RedeemApi::Data, RedeemApi::Redeem] {
            let redemption = client(address, api).redeem(token(), &manager(), soon()).await;
            let printed = format!("{redemption:?} {}", redemption.outcome.as_ref().unwrap_err());
            for secret in [MANAGER, TOKEN, "canary"] {
                assert!(!printed.contains(secret), "{printed}");
            }
        }
    }
}
