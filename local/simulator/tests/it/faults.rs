use std::io::ErrorKind;
use std::pin::pin;
use std::time::{Duration, Instant};

use simulator::{Endpoint, Event, Fault, FaultKind, Options, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{MANAGER_TOKEN, data, get, redeem, start, token, until};

/// Clears the fault, and returns whether the token can still be redeemed.
async fn is_unused(ctrader: &Simulator, token: &str) -> bool {
    ctrader.set_fault(None).await.unwrap();
    data(ctrader, MANAGER_TOKEN, token).await.unwrap().status == 200
}

/// Whether a call took effect although its caller got no complete response.
fn is_lost(event: &Event) -> bool {
    matches!(event, Event::Lost { consumed: true, .. })
}

#[tokio::test]
async fn delayed_answers_come_late_but_whole() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader
        .set_fault(Some(Fault::delay(Duration::from_millis(150))))
        .await
        .unwrap();
    let start = Instant::now();
    let response = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(response.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
    assert!(matches!(
        ctrader.events().last(),
        Some(Event::Redeemed { ms: 150.., .. })
    ));
}

#[tokio::test]
async fn a_caller_that_gives_up_has_consumed_the_token_all_the_same() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader
        .set_fault(Some(Fault::delay(Duration::from_secs(60)).times(1)))
        .await
        .unwrap();
    let terminal = ctrader.terminal_url().replace("localhost", "127.0.0.1");
    let is_fault_used_up = async || get(&terminal, "/sim/state").await.unwrap().json()["fault"].is_null();
    tokio::select! {
        response = data(&ctrader, MANAGER_TOKEN, &token) => panic!("answered {:?}", response.map(|response| response.status)),
        () = until(is_fault_used_up) => {}
    }
    until(async || ctrader.events().iter().any(is_lost)).await;
    assert!(!is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn down_refuses_connections_and_cuts_open_ones_and_comes_back_on_its_port() {
    let ctrader = start().await;
    let token = token(&ctrader);
    let host = ctrader.backend_url().replace("http://", "");
    let mut idle = TcpStream::connect(&host).await.unwrap();
    idle.write_all(b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    assert!(idle.read(&mut [0; 1000]).await.unwrap() > 0);

    for _ in 0..3 {
        ctrader.set_fault(Some(Fault::down())).await.unwrap();
        let error = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        ctrader.set_fault(Some(Fault::down())).await.unwrap();
        ctrader.set_fault(None).await.unwrap();
        assert_ne!(data(&ctrader, MANAGER_TOKEN, "x").await.unwrap().status, 200);
    }
    assert!(matches!(idle.read(&mut [0; 10]).await, Ok(0) | Err(_)));
    assert!(is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn a_lost_answer_has_consumed_the_token() {
    let ctrader = start().await;
    for revision in 0..2 {
        let token = token(&ctrader);
        ctrader.set_fault(Some(Fault::lose_answer())).await.unwrap();
        let error = if revision == 0 {
            data(&ctrader, MANAGER_TOKEN, &token).await.unwrap_err()
        } else {
            redeem(&ctrader, MANAGER_TOKEN, &token).await.unwrap_err()
        };
        assert_ne!(error.kind(), ErrorKind::ConnectionRefused);
        assert!(matches!(
            ctrader.events().last(),
            Some(Event::Lost { consumed: true, .. })
        ));
        assert!(!is_unused(&ctrader, &token).await);
    }
}

#[tokio::test]
async fn a_connection_dropped_before_the_call_leaves_the_token() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader
        .set_fault(Some(Fault::lose_answer_before()))
        .await
        .unwrap();
    data(&ctrader, MANAGER_TOKEN, &token).await.unwrap_err();
    assert!(matches!(
        ctrader.events().last(),
        Some(Event::Lost { consumed: false, .. })
    ));
    assert!(is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn a_status_comes_with_ctraders_body_and_leaves_the_token() {
    let ctrader = start().await;
    let token = token(&ctrader);
    for (status, code) in [
        (401, "CH_CLIENT_AUTH_FAILURE"),
        (403, "CH_CLIENT_AUTH_FAILURE"),
        (404, "CID_NON_EXISTED_TOKEN"),
        (410, "CID_TOKEN_EXPIRED"),
        (417, "CID_NON_EXISTED_TOKEN"),
        (429, "REQUEST_FREQUENCY_EXCEEDED"),
        (500, "UNKNOWN_ERROR"),
        (503, "UNKNOWN_ERROR"),
    ] {
        ctrader.set_fault(Some(Fault::status(status))).await.unwrap();
        let response = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
        assert_eq!(response.error(), (status, code.to_owned()));
        assert!(
            matches!(ctrader.events().last(), Some(Event::Refused { status: reported, .. }) if *reported == status)
        );
    }
    assert!(is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn a_fault_can_replace_the_response() {
    let ctrader = start().await;
    let fault = Fault::answer(404, "text/html", "<h1>nginx</h1>");
    ctrader.set_fault(Some(fault)).await.unwrap();
    let response = data(&ctrader, MANAGER_TOKEN, "x").await.unwrap();
    assert_eq!(
        (
            response.status,
            response.header("content-type"),
            response.text().as_str()
        ),
        (404, Some("text/html"), "<h1>nginx</h1>")
    );
}

#[tokio::test]
async fn a_redirect_leads_to_a_call_that_would_work() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader
        .set_fault(Some(Fault::status(302).times(1)))
        .await
        .unwrap();
    let response = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(response.status, 302);
    assert!(
        response
            .header("location")
            .unwrap()
            .starts_with("/ctid2/inapponetimetoken/data?")
    );
    assert!(is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn a_truncated_answer_breaks_off() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader.set_fault(Some(Fault::truncated())).await.unwrap();
    let error = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap_err();
    assert_ne!(error.kind(), ErrorKind::ConnectionRefused);
    assert!(!is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn a_stalled_answer_never_ends() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader.set_fault(Some(Fault::stall())).await.unwrap();
    let mut call = pin!(data(&ctrader, MANAGER_TOKEN, &token));
    let half = async || ctrader.events().iter().any(is_lost);
    tokio::select! {
        response = &mut call => panic!("answered {:?}", response.map(|response| response.status)),
        () = until(half) => {}
    }
    assert!(
        tokio::time::timeout(Duration::from_millis(150), call)
            .await
            .is_err()
    );
    assert!(!is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn garbage_is_not_json() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader.set_fault(Some(Fault::garbage())).await.unwrap();
    let response = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(response.status, 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&response.body).is_err());
    assert!(!is_unused(&ctrader, &token).await);
}

#[tokio::test]
async fn a_huge_answer_is_huge() {
    let ctrader = start().await;
    ctrader.set_fault(Some(Fault::huge())).await.unwrap();
    let response = data(&ctrader, MANAGER_TOKEN, &token(&ctrader)).await.unwrap();
    assert_eq!(response.status, 200);
    assert!(response.body.len() > 16 * 1024 * 1024);
}

#[tokio::test]
async fn a_fault_for_some_calls_ends_by_itself() {
    let ctrader = start().await;
    let token = token(&ctrader);
    ctrader
        .set_fault(Some(Fault::status(500).times(2)))
        .await
        .unwrap();
    assert_eq!(data(&ctrader, MANAGER_TOKEN, &token).await.unwrap().status, 500);
    assert_eq!(data(&ctrader, MANAGER_TOKEN, &token).await.unwrap().status, 500);
    assert_eq!(ctrader.events().last(), Some(&Event::Fault { fault: None }));
    assert_eq!(data(&ctrader, MANAGER_TOKEN, &token).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_dropped_simulator_is_gone() {
    // Another test's simulator may get the same ports, so this one has its own broker.
    let ctrader = Simulator::start(Options {
        manager_token: MANAGER_TOKEN.to_owned(),
        broker_name: "dropped-broker".to_owned(),
        ..Options::default()
    })
    .await
    .unwrap();
    let trader = format!("/v2/webserv/traders/1000501?token={MANAGER_TOKEN}");
    let terminal = ctrader.terminal_url().replace("localhost", "127.0.0.1");
    let pages = [
        (ctrader.backend_url(), trader),
        (terminal, "/sim/state".to_owned()),
    ];
    let answers = async |(base, path): &(String, String)| {
        let response = get(base, path).await;
        response.is_ok_and(|response| response.text().contains("dropped-broker"))
    };
    for page in &pages {
        assert!(answers(page).await, "{page:?}");
    }
    drop(ctrader);
    for page in &pages {
        until(async || !answers(page).await).await;
    }
}

#[test]
fn every_fault_survives_json() {
    for fault in [
        Fault::delay(Duration::from_millis(5)).times(3),
        Fault::down(),
        Fault::lose_answer(),
        Fault::lose_answer_before(),
        Fault::status(429),
        Fault::answer(404, "text/html", "<h1>"),
        Fault::truncated(),
        Fault::stall(),
        Fault::garbage(),
        Fault::huge(),
        Fault::status_after(500).on(Endpoint::ChangeBalance),
        Fault::refuse(403, "NOT_ENOUGH_RIGHTS")
            .on(Endpoint::Trader)
            .times(1),
    ] {
        let json = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<Fault>(&json).unwrap(), fault, "{json}");
    }
    let json = serde_json::to_value(Fault::from(FaultKind::LoseAnswer)).unwrap();
    assert_eq!(json, serde_json::json!({"kind": "lose_answer"}));
}
