use std::time::Duration;

use serde_json::{Value, json};
use simulator::{Event, Options, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::{HttpResponse, MANAGER_TOKEN, data, get, send, start, token};

async fn post(ctrader: &Simulator, path: &str, body: &Value) -> HttpResponse {
    send(&terminal(ctrader), "POST", path, Some(&body.to_string()))
        .await
        .unwrap()
}

/// Uses the address, so that the test does not depend on how `localhost` resolves.
fn terminal(ctrader: &Simulator) -> String {
    ctrader.terminal_url().replace("localhost", "127.0.0.1")
}

#[tokio::test]
async fn the_state_has_what_the_page_needs_and_no_secret() {
    let ctrader = start().await;
    let response = get(&terminal(&ctrader), "/sim/state").await.unwrap();
    let state = response.json();
    assert_eq!(state["screensUrl"], "http://127.0.0.1:9000");
    assert_eq!(state["screensCommand"], "cargo lambda watch");
    assert_eq!(state["backendUrl"], ctrader.backend_url());
    assert_eq!(state["actions"], json!(["withdraw"]));
    assert_eq!(state["revision"], "data");
    assert_eq!(state["fault"], Value::Null);
    assert_eq!(state["users"].as_array().unwrap().len(), 6);
    let account = json!({"login": 1_000_501, "traderId": 70_501, "ctid": 90_000_501, "currency": "EUR", "moneyDigits": 2, "balance": 1_248_050,
        "bonus": 0, "history": []});
    assert_eq!(state["users"][0]["accounts"], json!([account]));
    assert!(!response.text().contains(MANAGER_TOKEN));
}

#[tokio::test]
async fn the_page_can_ask_whether_the_functions_are_there() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let ctrader = Simulator::start(Options {
        screens_url: format!("http://{}", socket.local_addr().unwrap()),
        ..Options::default()
    })
    .await
    .unwrap();
    let response = async || get(&terminal(&ctrader), "/sim/screens").await.unwrap().json();
    assert_eq!(response().await, json!({"reachable": false}));
    let _listener = socket.listen(16).unwrap();
    assert_eq!(response().await, json!({"reachable": true}));
}

#[tokio::test]
async fn an_error_of_a_function_is_explained() {
    let ctrader = start().await;
    let answered = json!({"kind": "answered", "action": "deposit", "method": "GET", "status": 504,
        "code": "REDEMPTION_UNKNOWN", "ms": 2400, "calledCtrader": true});
    assert_eq!(post(&ctrader, "/sim/events", &answered).await.status, 204);
    let sentence = ctrader.log()[0].sentence.clone();
    assert!(sentence.contains("it was not sent again"), "{sentence}");
}

#[tokio::test]
async fn tokens_are_minted_for_users_and_for_any_identity() {
    let ctrader = start().await;
    let mint = async |request: Value| -> Value {
        let minted = post(&ctrader, "/sim/tokens", &request).await.json();
        let token = minted["token"].as_str().unwrap();
        data(&ctrader, MANAGER_TOKEN, token).await.unwrap().json()
    };
    assert_eq!(mint(json!({"user": "ada"})).await["userId"], 501);
    assert_eq!(
        mint(json!({"user": "bruno", "account": 1_000_602})).await["accountId"],
        1_000_602
    );
    assert_eq!(
        mint(json!({"identity": {"userId": 7}})).await,
        json!({"userId": 7})
    );
    assert_eq!(mint(json!({"user": "ada", "body": "[]"})).await, json!([]));
    let expired = mint(json!({"user": "ada", "ttlMs": 0})).await;
    assert_eq!(expired["error"]["errorCode"], "CID_TOKEN_EXPIRED");
}

#[tokio::test]
async fn an_invalid_request_is_400_with_a_reason() {
    let ctrader = start().await;
    for (path, body) in [
        ("/sim/tokens", json!({"user": "nobody"})),
        ("/sim/tokens", json!({"user": "ada", "account": 1})),
        ("/sim/tokens", json!({})),
        ("/sim/tokens", json!({"identity": {"user_id": 7}})),
        ("/sim/fault", json!({"kind": "gremlins"})),
        ("/sim/fault", json!({"kind": "status", "status": 99})),
        ("/sim/fault", json!({"kind": "status_after", "status": 600})),
        ("/sim/fault", json!({"kind": "garbage", "on": "everything"})),
        ("/sim/fault", json!({"kind": "down", "on": "change_balance"})),
        ("/sim/events", json!({"kind": "minted", "token": "x", "ttlMs": 1})),
        (
            "/sim/events",
            json!({"kind": "balance_changed", "account": 1, "balanceHistoryId": 1, "change": "DEPOSIT",
            "amount": "1.00", "currency": "EUR", "balance": "1.00"}),
        ),
    ] {
        let response = post(&ctrader, path, &body).await;
        assert_eq!(response.status, 400, "{body}");
        assert!(response.json()["error"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn other_sites_cannot_control_it_without_a_preflight() {
    let ctrader = start().await;
    let response = crate::support::send_with(
        &terminal(&ctrader),
        "POST",
        "/sim/fault",
        "content-type: text/plain\r\n",
        r#"{"kind":"down"}"#,
    )
    .await
    .unwrap();
    assert_eq!(response.status, 400);
    assert!(ctrader.events().is_empty());
}

#[tokio::test]
async fn faults_are_set_and_cleared() {
    let ctrader = start().await;
    let fault = json!({"kind": "status", "status": 429, "times": 5});
    assert_eq!(post(&ctrader, "/sim/fault", &fault).await.status, 204);
    assert_eq!(
        get(&terminal(&ctrader), "/sim/state").await.unwrap().json()["fault"],
        fault
    );
    assert_eq!(data(&ctrader, MANAGER_TOKEN, "x").await.unwrap().status, 429);
    let cleared = send(&terminal(&ctrader), "DELETE", "/sim/fault", None)
        .await
        .unwrap();
    assert_eq!(cleared.status, 204);
    assert_eq!(data(&ctrader, MANAGER_TOKEN, "x").await.unwrap().status, 404);

    assert_eq!(
        post(&ctrader, "/sim/fault", &json!({"kind": "down"}))
            .await
            .status,
        204
    );
    data(&ctrader, MANAGER_TOKEN, "x").await.unwrap_err();
}

#[tokio::test]
async fn the_manager_token_is_changed() {
    let ctrader = start().await;
    let changed = post(&ctrader, "/sim/manager-token", &json!({"token": "new"})).await;
    assert_eq!(changed.status, 204);
    assert_eq!(data(&ctrader, MANAGER_TOKEN, "x").await.unwrap().status, 403);
    assert_eq!(data(&ctrader, "new", "x").await.unwrap().status, 404);
}

#[tokio::test]
async fn the_log_lists_every_event_with_its_sentence() {
    let ctrader = start().await;
    token(&ctrader);
    let recorded = json!({"kind": "recorded", "action": "deposit", "reference": "D-1", "account": 1_000_501});
    assert_eq!(post(&ctrader, "/sim/events", &recorded).await.status, 204);
    let log = get(&terminal(&ctrader), "/sim/log").await.unwrap().json();
    assert_eq!((&log[0]["id"], &log[0]["kind"]), (&json!(1), &json!("minted")));
    assert_eq!(
        log[1]["sentence"],
        "Your deposit function recorded request D-1 for account 1000501."
    );
    assert!(matches!(
        ctrader.events().last(),
        Some(Event::Recorded { again: false, .. })
    ));
}

/// Reads server-sent events until the text contains `wanted`.
async fn listen(ctrader: &Simulator, last_event_id: &str, wanted: &str) -> String {
    let host = terminal(ctrader).replace("http://", "");
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let request =
        format!("GET /sim/events HTTP/1.1\r\nhost: {host}\r\nlast-event-id: {last_event_id}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    let reading = async {
        let mut chunk = [0; 4096];
        while !text.contains(wanted) {
            let read = stream.read(&mut chunk).await.unwrap();
            text.push_str(&String::from_utf8_lossy(&chunk[..read]));
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(30), reading).await;
    assert!(done.is_ok(), "no {wanted:?} in {text}");
    text
}

#[tokio::test]
async fn events_stream_past_and_live_and_resume() {
    let ctrader = start().await;
    token(&ctrader);
    let (text, ()) = tokio::join!(listen(&ctrader, "", "manager_token_changed"), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        ctrader.set_manager_token("new");
    });
    assert!(text.contains("event: run"), "{text}");
    assert!(text.contains(r#""kind":"minted""#), "{text}");
    let run = text
        .lines()
        .find_map(|line| line.strip_prefix("id: ")?.strip_suffix("-1"))
        .unwrap();

    let resumed = listen(&ctrader, &format!("{run}-1"), "manager_token_changed").await;
    assert!(!resumed.contains("minted"), "{resumed}");
    let of_another_run = listen(&ctrader, "1-1", "manager_token_changed").await;
    assert!(of_another_run.contains("minted"), "{of_another_run}");
}
