//! Crediting a deposit: the meaning of each answer, and that the call is sent once.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use ctrader::{BalanceAnswer, BalanceChange, BaseUrl, Client, RedeemApi};
use domain::ProvenLogin;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Duration, Instant, sleep},
};
use tokio_rustls::TlsAcceptor;

use crate::server::{MANAGER, Server, answer_all, client_of, closed_port, manager, raw, request, soon};

const CREDITED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 28\r\n\r\n{\"balanceHistoryId\":6340680}";
const DONE: BalanceAnswer = BalanceAnswer::Credited {
    balance_history_id: 6_340_680,
};

fn change(amount: &str) -> BalanceChange {
    BalanceChange {
        login: ProvenLogin::attest(5_000_123),
        amount: amount.parse().unwrap(),
        external_id: "01CANARYDEPOSIT00000000000".into(),
        comment: None,
        note: None,
    }
}

async fn credit(url: &str, deadline: Instant) -> BalanceAnswer {
    let client = client_of(url, RedeemApi::Data);
    client
        .change_balance(&change("250.50"), &manager(), deadline)
        .await
}

async fn credit_at(address: SocketAddr) -> BalanceAnswer {
    credit(&format!("http://{address}"), soon()).await
}

/// The reason of an unknown outcome.
fn unknown(answer: BalanceAnswer) -> String {
    match answer {
        BalanceAnswer::Unknown(why) => why,
        other => panic!("{other:?}"),
    }
}

/// The reason why the request was not delivered.
fn not_delivered(answer: BalanceAnswer) -> String {
    match answer {
        BalanceAnswer::NotDelivered(why) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deposit_is_a_post_with_the_exact_amount_and_our_id() {
    let server = Server::answering(200, r#"{"balanceHistoryId":6340680}"#).await;
    assert_eq!(credit_at(server.address).await, DONE);
    assert_eq!(
        *server.asked.lock().await,
        [format!(
            r#"POST /v2/webserv/traders/5000123/changebalance?token={MANAGER} {{"login":5000123,"preciseAmount":250.50,"type":"DEPOSIT","externalId":"01CANARYDEPOSIT00000000000"}}"#
        )]
    );
}

#[tokio::test]
async fn note_and_comment_are_sent() {
    let server = Server::answering(200, r#"{"balanceHistoryId":1}"#).await;
    let client = client_of(&server.url(), RedeemApi::Data);
    let change = BalanceChange {
        comment: Some("card, \"psp-1\"".into()),
        note: Some("Deposit 4F7K".into()),
        ..change("1")
    };
    client.change_balance(&change, &manager(), soon()).await;
    let asked = server.asked.lock().await.join("");
    assert!(
        asked.ends_with(r#","externalNote":"Deposit 4F7K","comment":"card, \"psp-1\""}"#),
        "{asked}"
    );
}

#[tokio::test]
async fn amounts_keep_every_digit() {
    let server = Server::answering(200, r#"{"balanceHistoryId":1}"#).await;
    let client = client_of(&server.url(), RedeemApi::Data);
    for (amount, number) in [
        ("0.1", "0.1"),
        ("250.50", "250.50"),
        ("0.00000001", "0.00000001"),
        ("12345678.12345678", "12345678.12345678"),
        // No float can hold these.
        ("9007199254740993", "9007199254740993"),
        ("9007199254740993.01", "9007199254740993.01"),
        ("0.30000000000000000000", "0.3"),
    ] {
        let answer = client.change_balance(&change(amount), &manager(), soon()).await;
        assert!(matches!(answer, BalanceAnswer::Credited { .. }), "{answer:?}");
        let asked = server.asked.lock().await.pop().unwrap();
        let sent = format!(r#""preciseAmount":{number},"#);
        assert!(asked.contains(&sent), "{amount}: {asked}");
    }
}

#[tokio::test]
async fn an_amount_that_cannot_be_credited_is_not_sent() {
    let server = Server::answering(200, r#"{"balanceHistoryId":1}"#).await;
    let client = client_of(&server.url(), RedeemApi::Data);
    for amount in ["0", "0.00", "-1", "0.000000001", "1.123456789"] {
        let answer = client.change_balance(&change(amount), &manager(), soon()).await;
        assert_eq!(
            answer,
            BalanceAnswer::Refused("CHANGE_BALANCE_BAD_AMOUNT".into()),
            "{amount}"
        );
    }
    assert!(server.asked.lock().await.is_empty());
}

#[tokio::test]
async fn each_documented_code_has_its_meaning_in_each_form_of_body() {
    let refused = |code: &str| BalanceAnswer::Refused(code.into());
    let rows = [
        ("TRADER_NOT_FOUND", refused("TRADER_NOT_FOUND")),
        ("NOT_ENOUGH_RIGHTS", refused("NOT_ENOUGH_RIGHTS")),
        ("CHANGE_BALANCE_BAD_AMOUNT", refused("CHANGE_BALANCE_BAD_AMOUNT")),
        ("INVALID_REQUEST", refused("INVALID_REQUEST")),
        ("NOT_ENOUGH_MONEY", refused("NOT_ENOUGH_MONEY")),
        ("CH_BROKER_NOT_FOUND", refused("CH_BROKER_NOT_FOUND")),
        (
            "REQUEST_FREQUENCY_EXCEEDED",
            BalanceAnswer::Busy("REQUEST_FREQUENCY_EXCEEDED".into()),
        ),
        ("UNKNOWN_ERROR", BalanceAnswer::Unknown("UNKNOWN_ERROR".into())),
    ];
    for (code, expected) in rows {
        for body in [
            format!(r#"{{"error":{{"errorCode":"{code}","description":"canary"}}}}"#),
            format!(r#"{{"errorCode":"{code}","description":"canary"}}"#),
            format!("{code}: canary"),
        ] {
            let body: &'static str = Box::leak(body.into_boxed_str());
            for status in [400, 403, 404, 409, 422] {
                let server = Server::answering(status, body).await;
                assert_eq!(credit_at(server.address).await, expected, "{status} {body}");
                assert_eq!(server.asked.lock().await.len(), 1, "{status} {body}");
            }
            // A server that answers 5xx may have failed after it moved the money.
            for status in [200, 500, 503] {
                let server = Server::answering(status, body).await;
                unknown(credit_at(server.address).await);
                assert_eq!(server.asked.lock().await.len(), 1, "{status} {body}");
            }
        }
    }
}

#[tokio::test]
async fn each_status_without_a_documented_code_has_its_meaning() {
    let unknown = |status: u16| BalanceAnswer::Unknown(format!("answered {status}"));
    let rows = [
        (401, "", BalanceAnswer::Unauthorized),
        (
            401,
            r#"{"errorCode":"CH_CLIENT_AUTH_FAILURE"}"#,
            BalanceAnswer::Unauthorized,
        ),
        (403, "Forbidden", BalanceAnswer::Unauthorized),
        (429, "", BalanceAnswer::Busy("answered 429".into())),
        (201, r#"{"balanceHistoryId":1}"#, unknown(201)),
        (204, "", unknown(204)),
        (301, "", unknown(301)),
        (307, "", unknown(307)),
        (308, "", unknown(308)),
        (400, "", unknown(400)),
        (400, r#"{"errorCode":"SOMETHING_NEW"}"#, unknown(400)),
        (404, "<html>nginx</html>", unknown(404)),
        (408, "", unknown(408)),
        (500, "oops", unknown(500)),
        (502, "", unknown(502)),
        (503, "", unknown(503)),
        (504, "", unknown(504)),
    ];
    for (status, body, expected) in rows {
        let server = Server::answering(status, body).await;
        assert_eq!(credit_at(server.address).await, expected, "{status} {body}");
        assert_eq!(
            server.asked.lock().await.len(),
            1,
            "{status} {body} was sent more than once"
        );
    }
}

#[tokio::test]
async fn a_success_without_the_id_of_the_operation_is_unknown() {
    let huge: &'static str = Box::leak(" ".repeat(70_000).into_boxed_str());
    for body in [
        "",
        "OK",
        "<html>",
        "null",
        "6340680",
        "[6340680]",
        "{}",
        r#"{"balanceHistoryId":null}"#,
        r#"{"balanceHistoryId":0}"#,
        r#"{"balanceHistoryId":-1}"#,
        r#"{"balanceHistoryId":1.5}"#,
        r#"{"balanceHistoryId":"abc"}"#,
        r#"{"balanceHistoryId":true}"#,
        r#"{"balanceHistoryId":99999999999999999999}"#,
        r#"{"balanceHistoryId":6340"#,
        huge,
    ] {
        let server = Server::answering(200, body).await;
        let why = unknown(credit_at(server.address).await);
        assert!(!why.is_empty());
        assert_eq!(server.asked.lock().await.len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_host_were_certainly_not_delivered() {
    not_delivered(credit_at(closed_port()).await);
    let deadline = Instant::now() + Duration::from_secs(10);
    not_delivered(credit("https://no-such-host.invalid", deadline).await);
}

#[tokio::test]
async fn with_too_little_time_left_nothing_is_sent() {
    let server = Server::answering(200, r#"{"balanceHistoryId":1}"#).await;
    let deadline = Instant::now() + Duration::from_millis(1_000);
    not_delivered(credit(&server.url(), deadline).await);
    assert!(server.asked.lock().await.is_empty());
}

#[tokio::test]
async fn a_tls_handshake_that_fails_or_never_ends_was_certainly_not_delivered() {
    let (no_tls, _) = raw(async |mut stream| {
        let _ = stream.write_all(b"this is not TLS\r\n\r\n").await;
    })
    .await;
    not_delivered(credit(&format!("https://{no_tls}"), soon()).await);

    let (stuck, _) = raw(async |mut stream| {
        let mut hello = [0; 1_000];
        let _ = stream.read(&mut hello).await;
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    not_delivered(credit(&format!("https://{stuck}"), soon()).await);
}

#[tokio::test]
async fn an_untrusted_certificate_was_certainly_not_delivered() {
    let server = TlsServer::start().await;
    let why = not_delivered(credit(&server.url(), soon()).await);
    assert!(why.contains("certificate"), "{why}");
    assert_eq!(server.requests(), 0);

    let trusting = server.trusting_client();
    let answer = trusting.change_balance(&change("1"), &manager(), soon()).await;
    assert_eq!(answer, DONE, "the same server, trusted");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn an_answer_lost_after_the_request_was_read_is_unknown_and_never_sent_again() {
    let (address, connections) = raw(async |mut stream| {
        request(&mut stream).await;
    })
    .await;
    unknown(credit_at(address).await);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_reset_before_the_request_was_read_is_unknown_too() {
    let (address, connections) = raw(async |stream| {
        stream.set_zero_linger().unwrap();
    })
    .await;
    unknown(credit_at(address).await);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_truncated_answer_is_unknown() {
    for start in [
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 28\r\n\r\n{\"balanceHistoryId\":634",
        "this is not HTTP\r\n\r\n",
    ] {
        let (address, connections) = raw(move |mut stream: TcpStream| async move {
            request(&mut stream).await;
            let _ = stream.write_all(start.as_bytes()).await;
        })
        .await;
        unknown(credit_at(address).await);
        assert_eq!(connections.load(Ordering::SeqCst), 1, "{start}");
    }
}

#[tokio::test]
async fn a_refusal_with_a_truncated_body_is_read_by_its_status() {
    for (status, expected) in [
        (401, BalanceAnswer::Unauthorized),
        (429, BalanceAnswer::Busy("answered 429".into())),
        (400, BalanceAnswer::Unknown("answered 400".into())),
        (500, BalanceAnswer::Unknown("answered 500".into())),
    ] {
        let (address, _) = raw(move |mut stream: TcpStream| async move {
            request(&mut stream).await;
            let start = format!("HTTP/1.1 {status} No\r\ncontent-length: 100\r\n\r\n{{");
            let _ = stream.write_all(start.as_bytes()).await;
        })
        .await;
        assert_eq!(credit_at(address).await, expected);
    }
}

#[tokio::test]
async fn an_answer_after_the_deadline_is_unknown() {
    let (address, connections) = raw(async |mut stream| {
        request(&mut stream).await;
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    let started = Instant::now();
    let deadline = started + Duration::from_secs(3);
    let why = unknown(credit(&format!("http://{address}"), deadline).await);
    assert_eq!(why, "the deadline passed");
    assert!(started.elapsed() < Duration::from_secs(9));
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn every_credit_uses_a_fresh_connection() {
    let body = r#"{"depositCurrency":"EUR","moneyDigits":2,"balanceHistoryId":6340680}"#;
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let answer: &'static [u8] = answer.leak().as_bytes();
    let (address, connections) = raw(move |stream| answer_all(stream, answer)).await;
    let client = client_of(&format!("http://{address}"), RedeemApi::Data);
    client.trader(5_000_123, &manager(), soon()).await.unwrap();
    client.trader(5_000_123, &manager(), soon()).await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 1, "one is kept");
    for made in [2, 3] {
        let answer = client.change_balance(&change("1"), &manager(), soon()).await;
        assert_eq!(answer, DONE);
        assert_eq!(connections.load(Ordering::SeqCst), made);
    }
    client.trader(5_000_123, &manager(), soon()).await.unwrap();
    assert_eq!(
        connections.load(Ordering::SeqCst),
        3,
        "the kept one is still there"
    );
}

#[tokio::test]
async fn no_answer_names_the_manager_token_or_the_deposit() {
    let (silent, _) = raw(async |mut stream| {
        request(&mut stream).await;
    })
    .await;
    let refusing = Server::answering(400, r#"{"errorCode":"canary","description":"CANARY 5000123"}"#).await;
    let confused = Server::answering(200, r#"{"balanceHistoryId":"CANARY 5000123 canary"}"#).await;
    for address in [closed_port(), silent, refusing.address, confused.address] {
        let printed = format!("{:?}", credit_at(address).await);
        for secret in [MANAGER, "canary", "CANARY", "5000123"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}

/// A server with a self-signed certificate, which answers every credit with success.
struct TlsServer {
    port: u16,
    certificate: CertificateDer<'static>,
    requests: Arc<AtomicUsize>,
}

impl TlsServer {
    async fn start() -> Self {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".into()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = requests.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut sent = [0; 2_000];
                if stream.read(&mut sent).await.is_ok_and(|read| read > 0) {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.write_all(CREDITED).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        Self {
            port,
            certificate: cert.der().clone(),
            requests,
        }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn trusting_client(&self) -> Client {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Client::new(self.url().parse::<BaseUrl>().unwrap(), RedeemApi::Data, tls).unwrap()
    }
}
