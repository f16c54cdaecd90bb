//! `[actions.backend]`: a submit is recorded, the broker's own backend is called, and its result is shown.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use harness::{
    BACKEND_SECRET, DEMO_CONFIG, FakeBackend, FakeResponse, HttpResponse, Mint, Request, TestEnv,
    TestEnvOptions,
};
use serde_json::{Value, json};
use tokio::net::TcpSocket;
use toml_edit::DocumentMut;

const PATH: &str = "/inapp/action";
const BINARY: &str = env!("CARGO_BIN_EXE_action");

/// The demo broker with its backend at this origin.
fn options(origin: &str) -> TestEnvOptions {
    TestEnvOptions {
        broker_config: Some(DEMO_CONFIG.replace("https://crm.demobroker.example", origin)),
        ..TestEnvOptions::default()
    }
}

async fn test_env() -> (TestEnv, FakeBackend) {
    let backend = FakeBackend::start().await;
    (TestEnv::start(BINARY, options(&backend.origin)).await, backend)
}

async fn open(env: &TestEnv) -> String {
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}&actionType=bonus&account=1000501&lang=en&utm_source=mail");
    let screen = env.get(PATH, &query).await;
    screen.input("session").unwrap()
}

fn form(session: &str, code: &str) -> Request {
    Request::post(PATH).form(&[("session", session), ("code", code)])
}

fn ask(session: &str, what: &str) -> Request {
    Request::post(PATH).form(&[("session", session), ("ask", what)])
}

/// Opens the screen and submits it.
async fn submit(env: &TestEnv) -> HttpResponse {
    let session = open(env).await;
    env.send(form(&session, "WELCOME")).await
}

/// The only request in the table.
fn record(env: &TestEnv) -> Value {
    let mut records = env.requests();
    assert_eq!(records.len(), 1);
    records.remove(0)
}

fn last_line(env: &TestEnv) -> Value {
    env.request_log().pop().unwrap()
}

fn answer(json: Value) -> FakeResponse {
    FakeResponse::Status(200, json.to_string())
}

fn success() -> FakeResponse {
    answer(json!({"result": "success"}))
}

/// The URL of the link with this id.
fn link(page: &HttpResponse, id: &str) -> Option<String> {
    let text = page.text();
    let (_, rest) = text.split_once(&format!("id=\"{id}\" href=\""))?;
    Some(rest.split('"').next().unwrap().replace("&#38;", "&"))
}

fn assert_unknown(page: &HttpResponse) {
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("We are checking your request"), "{text}");
    assert!(text.contains(r#"id="reference""#) && text.contains(r#"value="check-again""#));
    assert!(!text.contains("eventName="), "nothing has succeeded");
    assert_eq!(link(page, "close").as_deref(), Some("/callback/success"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_may_begin_with_a_byte_order_mark() {
    let (env, backend) = test_env().await;
    let body = format!(
        "\u{feff}{}",
        json!({"result": "failure", "message": "used already"})
    );
    backend.respond_with([FakeResponse::Status(200, body)]);
    submit(&env).await;
    assert_eq!(record(&env)["status"], "failed");
    assert_eq!(record(&env)["outcome_message"], "used already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_is_recorded_signed_and_handed_over_once() {
    let (env, backend) = test_env().await;
    backend.respond_with_json(&json!({"result": "success", "message": "50 EUR <b>added</b>"}));
    let done = submit(&env).await;

    assert_eq!(done.status, 200);
    assert!(done.text().contains("50 EUR &#60;b&#62;added&#60;/b&#62;"));
    assert_eq!(
        link(&done, "done").as_deref(),
        Some("/callback/success?eventName=bonus_claimed")
    );
    assert_eq!(link(&done, "continue"), None);
    let record = record(&env);
    assert_eq!(record["status"], "succeeded");
    assert_eq!(record["outcome_message"], "50 EUR <b>added</b>");
    assert_eq!(last_line(&env)["code"], "SUCCEEDED");
    assert_eq!(last_line(&env)["backend_status"], 200);

    let calls = backend.calls();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(call.is_signed_with(&env.backend_secret()));
    assert_eq!(format!("request#{}", call.id), record["pk"]);
    assert_eq!(call.idempotency_key, call.id);
    let mut headers = call.headers.clone();
    headers.sort();
    let expected = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    ];
    assert_eq!(headers, expected);
    assert_eq!(
        call.json(),
        json!({
            "type": "action.submitted",
            "timestamp": call.json()["timestamp"],
            "data": {
                "requestId": call.id,
                "reference": record["reference"],
                "action": "action",
                "actionType": "bonus",
                "identity": {
                    "userId": 501, "traderId": 70_501, "accountId": 1_000_501, "brokerName": "demobroker",
                    "email": "ada.marlow@example.com", "tradingLogin": 1_000_501,
                },
                "launch": {"account": 1_000_501, "lang": "en", "actionType": "bonus"},
                "fields": {"code": "WELCOME"},
            },
        })
    );
    let at = call.json()["timestamp"].as_str().unwrap().to_owned();
    assert!(
        record["recorded_at"]
            .as_str()
            .unwrap()
            .starts_with(at.trim_end_matches('Z'))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_says_so_and_trying_again_is_another_request() {
    let (env, backend) = test_env().await;
    backend.respond_with([
        answer(json!({"result": "failure", "message": "This code is used up."})),
        success(),
    ]);
    let failed = submit(&env).await;
    assert_eq!(failed.status, 200);
    let text = failed.text();
    assert!(text.contains("This could not be done") && text.contains("This code is used up."));
    assert!(!text.contains("eventName="));
    assert_eq!(link(&failed, "close").as_deref(), Some("/callback/failure"));
    assert_eq!(record(&env)["status"], "failed");
    assert_eq!(last_line(&env)["code"], "FAILED");

    let again = env
        .send(ask(&failed.input("session").unwrap(), "start-over"))
        .await;
    let done = env.send(form(&again.input("session").unwrap(), "OTHER")).await;
    assert!(done.text().contains("Your request has been carried out."));
    let calls = backend.calls();
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0].id, calls[1].id);
    assert_eq!(env.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_says_where_close_leads_after_a_failure() {
    let backend = FakeBackend::start().await;
    backend.respond_with_json(&json!({"result": "failure"}));
    let mut options = options(&backend.origin);
    let config = options.broker_config.as_mut().unwrap();
    *config = config.replace(
        "\"/callback/failure\"",
        "\"https://broker.example/sorry?a=1&b=2\"",
    );
    let env = TestEnv::start(BINARY, options).await;
    let failed = submit(&env).await;
    assert!(failed.text().contains("Nothing has changed."));
    assert_eq!(
        link(&failed, "close").as_deref(),
        Some("https://broker.example/sorry?a=1&b=2")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_outcome_is_shown_again_without_another_call() {
    for (reply, status) in [
        (json!({"result": "success", "message": "Added."}), "succeeded"),
        (json!({"result": "failure", "message": "Used up."}), "failed"),
    ] {
        let (env, backend) = test_env().await;
        backend.respond_with_json(&reply);
        let session = open(&env).await;
        let first = env.send(form(&session, "WELCOME")).await;
        let message = reply["message"].as_str().unwrap();
        let reload = Request::reload(PATH).cookie(&first.cookies[0]);
        for repeat in [
            form(&session, "WELCOME"),
            form(&session, "ANOTHER"),
            ask(&first.input("session").unwrap(), "check-again"),
            ask(&first.input("session").unwrap(), "restore"),
            reload,
        ] {
            let again = env.send(repeat).await;
            assert_eq!(again.status, 200);
            assert!(again.text().contains(message), "{status}");
        }
        assert_eq!(backend.calls().len(), 1);
        assert_eq!(record(&env)["status"], status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_breaks_the_contract_leads_to_a_clear_page() {
    let redirect = |url: &str| answer(json!({"result": "success", "redirect": url}));
    for lie in [
        FakeResponse::Status(200, String::new()),
        FakeResponse::Status(200, "<h1>It works!</h1>".to_owned()),
        FakeResponse::Status(200, r#"{"result":"succes"}"#.to_owned()),
        FakeResponse::Status(200, r#"{"result":"success""#.to_owned()),
        FakeResponse::Status(201, r#"{"result":"success"}"#.to_owned()),
        FakeResponse::Status(204, String::new()),
        FakeResponse::Status(404, r#"{"result":"failure"}"#.to_owned()),
        FakeResponse::Status(429, String::new()),
        answer(json!({"result": "success", "message": "x".repeat(501)})),
        answer(json!({"result": "success", "padding": "x".repeat(16 * 1024)})),
        redirect("https://evil.example/"),
        redirect("/callback/success"),
        redirect("javascript:alert(1)"),
    ] {
        let (env, backend) = test_env().await;
        backend.respond_with([lie.clone()]);
        assert_unknown(&submit(&env).await);
        assert_eq!(backend.calls().len(), 1, "{lie:?}");
        assert_eq!(record(&env)["status"], "unknown");
        let line = last_line(&env);
        assert_eq!(
            (&line["code"], &line["level"]),
            (&json!("UNKNOWN"), &json!("WARN")),
            "{lie:?}"
        );
        let detail = line["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("the broker's backend: broke the contract: "),
            "{detail}"
        );
        assert_eq!(line["UnknownOutcomes"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_of_the_backend_is_not_followed() {
    let (env, backend) = test_env().await;
    let elsewhere = FakeBackend::start().await;
    backend.respond_with([FakeResponse::Redirect(elsewhere.origin.clone())]);
    assert_unknown(&submit(&env).await);
    assert_eq!((backend.calls().len(), elsewhere.calls().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_fails_or_breaks_off_leaves_the_outcome_unknown() {
    for (reply, detail) in [
        (FakeResponse::Status(500, String::new()), "answered 500"),
        (
            FakeResponse::Status(503, r#"{"result":"failure"}"#.to_owned()),
            "answered 503",
        ),
        (FakeResponse::Disconnect, "no answer"),
    ] {
        let (env, backend) = test_env().await;
        backend.respond_with([reply]);
        assert_unknown(&submit(&env).await);
        assert_eq!(backend.calls().len(), 1);
        assert_eq!(record(&env)["status"], "unknown");
        assert!(last_line(&env)["detail"].as_str().unwrap().contains(detail));
        let line = last_line(&env);
        assert_eq!(
            (&line["UnknownOutcomes"], &line["level"]),
            (&json!(1), &json!("WARN"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_hangs_is_called_again_only_by_the_trader_and_with_the_same_request() {
    let (env, backend) = test_env().await;
    backend.respond_with([
        FakeResponse::Never,
        FakeResponse::Status(500, String::new()),
        success(),
    ]);
    let session = open(&env).await;
    let started = Instant::now();
    let hung = env.send(form(&session, "WELCOME")).await;
    let took = started.elapsed();
    assert!(
        took >= Duration::from_millis(1_900) && took < Duration::from_secs(5),
        "{took:?}"
    );
    assert_unknown(&hung);
    assert_eq!(
        last_line(&env)["detail"],
        "the broker's backend: no answer: the deadline passed"
    );

    // A reload does not call the backend.
    assert_unknown(&env.send(Request::reload(PATH).cookie(&hung.cookies[0])).await);
    assert_eq!(backend.calls().len(), 1);

    // The button and a repeated submit do.
    assert_unknown(
        &env.send(ask(&hung.input("session").unwrap(), "check-again"))
            .await,
    );
    let done = env.send(form(&session, "WELCOME")).await;
    assert!(done.text().contains("Your request has been carried out."));
    let calls = backend.calls();
    assert_eq!(calls.len(), 3);
    for call in &calls {
        assert_eq!((&call.id, &call.body), (&calls[0].id, &calls[0].body));
        assert!(call.is_signed_with(&env.backend_secret()));
    }
    assert_eq!(record(&env)["status"], "succeeded");
    env.send(ask(&hung.input("session").unwrap(), "check-again"))
        .await;
    assert_eq!(backend.calls().len(), 3, "it is settled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_backend_is_waited_for() {
    let (env, backend) = test_env().await;
    let later = FakeResponse::DelayedStatus(
        Duration::from_millis(500),
        200,
        r#"{"result":"success"}"#.to_owned(),
    );
    backend.respond_with([later]);
    assert!(
        submit(&env)
            .await
            .text()
            .contains("Your request has been carried out.")
    );
    assert!(last_line(&env)["backend_ms"].as_f64().unwrap() >= 500.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backend_that_is_down_was_not_reached_and_the_same_form_can_be_sent_again() {
    // Bound, but not listening yet.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let env = TestEnv::start(BINARY, options(&format!("http://127.0.0.1:{port}"))).await;
    let session = open(&env).await;
    let down = env.send(form(&session, "WELCOME")).await;
    assert_eq!(down.status, 503);
    let text = down.text();
    assert!(text.contains("Nothing is lost") && text.contains("SERVICE_UNAVAILABLE"));
    assert_eq!(
        down.input("code").as_deref(),
        Some("WELCOME"),
        "the button sends it again"
    );
    assert_eq!(record(&env)["status"], "recorded");
    let detail = last_line(&env)["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.starts_with("the broker's backend: not reached: "),
        "{detail}"
    );
    assert!(
        !detail.contains(&port.to_string()) || !detail.contains("/inapp/bonus"),
        "{detail}"
    );

    let backend = FakeBackend::start_on(socket.listen(16).unwrap());
    let done = env.send(form(&session, "WELCOME")).await;
    assert!(done.text().contains("Your request has been carried out."));
    assert_eq!(backend.calls().len(), 1);
    assert_eq!(record(&env)["status"], "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_changed_after_the_submit_shows_the_first_record_and_calls_nobody() {
    let (env, backend) = test_env().await;
    backend.respond_with([FakeResponse::Status(500, String::new()), success()]);
    let session = open(&env).await;
    assert_unknown(&env.send(form(&session, "WELCOME")).await);

    let changed = env.send(form(&session, "ANOTHER")).await;
    assert_unknown(&changed);
    assert!(changed.text().contains("WELCOME") && !changed.text().contains("ANOTHER"));
    assert!(changed.text().contains("This was sent before."));
    assert_eq!(backend.calls().len(), 1, "nobody is asked about either");
    assert_eq!(last_line(&env)["code"], "ALREADY_RECORDED");

    // To have the shown request carried out, the trader presses the button.
    let session = changed.input("session").unwrap();
    let done = env.send(ask(&session, "check-again")).await;
    assert!(done.text().contains("Your request has been carried out."));
    let calls = backend.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!((&calls[0].id, &calls[0].body), (&calls[1].id, &calls[1].body));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_could_not_be_stored_is_reported_to_the_operator_and_requested_again_with_the_same_key()
 {
    let (env, backend) = test_env().await;
    let later = FakeResponse::DelayedStatus(
        Duration::from_millis(1_200),
        200,
        r#"{"result":"success"}"#.to_owned(),
    );
    backend.respond_with([later, success()]);
    let session = open(&env).await;
    // The table becomes unavailable between the record and the outcome, as in a crash.
    let (lost, ()) = tokio::join!(env.send(form(&session, "WELCOME")), async {
        while backend.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        env.set_table_available(false);
    });
    assert_eq!(lost.status, 503);
    env.set_table_available(true);
    assert_eq!(record(&env)["status"], "recorded");
    let line = last_line(&env);
    assert_eq!(
        (&line["code"], &line["level"]),
        (&json!("SERVICE_UNAVAILABLE"), &json!("ERROR"))
    );
    assert_eq!(
        (&line["UnknownOutcomes"], &line["backend_status"]),
        (&json!(1), &json!(200))
    );
    let detail = line["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("the broker's backend: succeeded, but the outcome could not be stored: "),
        "{detail}"
    );
    let reference = line["reference"].as_str().unwrap();
    assert_eq!(reference.len(), "XXXXX-XXXXX".len());

    let done = env.send(form(&session, "WELCOME")).await;
    assert!(done.text().contains("Your request has been carried out."));
    let calls = backend.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!((&calls[0].id, &calls[0].body), (&calls[1].id, &calls[1].body));
    assert_eq!(record(&env)["status"], "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_of_the_table_causes_no_second_call() {
    let (env, backend) = test_env().await;
    let later = FakeResponse::DelayedStatus(
        Duration::from_millis(300),
        200,
        r#"{"result":"success"}"#.to_owned(),
    );
    backend.respond_with([later]);
    let session = open(&env).await;
    let (done, ()) = tokio::join!(env.send(form(&session, "WELCOME")), async {
        while backend.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        env.lose_table_responses(1);
    });
    assert!(done.text().contains("Your request has been carried out."));
    assert_eq!(backend.calls().len(), 1);
    assert_eq!(record(&env)["status"], "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_tap_is_one_request_even_at_two_instances() {
    let backend = FakeBackend::start().await;
    let later = |result: &str| {
        FakeResponse::DelayedStatus(
            Duration::from_millis(200),
            200,
            json!({"result": result}).to_string(),
        )
    };
    // The backend contradicts itself: the outcome that was stored first stays.
    backend.respond_with([later("success"), later("failure")]);
    let options = TestEnvOptions {
        instances: 2,
        ..options(&backend.origin)
    };
    let env = TestEnv::start(BINARY, options).await;
    env.wait_until_ready().await;
    let session = open(&env).await;
    let (one, two) = tokio::join!(
        env.send(form(&session, "WELCOME")),
        env.send(form(&session, "WELCOME"))
    );
    let calls = backend.calls();
    assert!((1..=2).contains(&calls.len()));
    assert!(
        calls
            .iter()
            .all(|call| call.id == calls[0].id && call.body == calls[0].body)
    );
    let record = record(&env);
    let says = match record["status"].as_str().unwrap() {
        "succeeded" => "Your request has been carried out.",
        "failed" => "Nothing has changed.",
        other => panic!("{other}"),
    };
    for page in [one, two] {
        assert!(page.text().contains(says), "both show what the table holds");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backend_redirects_only_to_a_listed_origin_and_by_a_button() {
    for result in ["success", "failure"] {
        let (env, backend) = test_env().await;
        let url = format!("{}/bonus/terms?a=1&b=%22#top", backend.origin);
        backend.respond_with_json(&json!({"result": result, "redirect": url}));
        let done = submit(&env).await;
        assert_eq!(done.status, 200);
        assert_eq!(link(&done, "continue"), Some(url));
        assert!(link(&done, if result == "success" { "done" } else { "close" }).is_some());
        assert_eq!(record(&env)["outcome_redirect"], json!(link(&done, "continue")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_that_is_not_allowed_any_more_is_not_shown() {
    let (env, backend) = test_env().await;
    backend.respond_with_json(&json!({"result": "success", "redirect": format!("{}/x", backend.origin)}));
    let done = submit(&env).await;
    assert!(link(&done, "continue").is_some());

    // Deployed again without allowed redirects, with the same secrets and table.
    let mut options = options(&backend.origin);
    let config = options.broker_config.as_mut().unwrap();
    let listed = format!("redirects = [\"{}\"]", backend.origin);
    assert!(config.contains(&listed));
    *config = config.replace(&listed, "redirects = []");
    env.restart(BINARY, &options);
    let reload = env.send(Request::reload(PATH).cookie(&done.cookies[0])).await;
    assert!(reload.text().contains("Your request has been carried out."));
    assert_eq!(link(&reload, "continue"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_secret_is_read_when_the_old_one_is_refused() {
    let (env, backend) = test_env().await;
    assert_eq!(submit(&env).await.status, 200);
    let old = env.backend_secret();
    let new = env.rotate_backend_secret();
    backend.require_secret(&new);
    let session = open(&env).await;
    let done = env.send(form(&session, "WELCOME")).await;
    assert!(done.text().contains("Your request has been carried out."));
    let calls = backend.calls();
    assert_eq!(calls.len(), 3);
    assert!(calls[1].is_signed_with(&old) && calls[2].is_signed_with(&new));
    assert_eq!((&calls[1].id, &calls[1].body), (&calls[2].id, &calls[2].body));

    // While the secret holds both, the backend may use either.
    env.set_secret(BACKEND_SECRET, Some(&format!("whsec_{new} whsec_{old}")));
    backend.require_secret(&old);
    assert!(
        submit(&env)
            .await
            .text()
            .contains("Your request has been carried out.")
    );
    let both = backend.calls().pop().unwrap();
    assert!(both.is_signed_with(&old) && both.is_signed_with(&new));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_stays_refused_is_reported_to_the_operator() {
    let (env, backend) = test_env().await;
    backend.require_secret("whsec_C2FtcGxlLXNlY3JldC1mb3ItdGVzdHMtb25seQ==");
    let reads = env.secret_reads(BACKEND_SECRET);
    assert_unknown(&submit(&env).await);
    assert_eq!(backend.calls().len(), 1, "the secret is the same");
    assert_eq!(env.secret_reads(BACKEND_SECRET), reads.max(1) + 1);
    let line = last_line(&env);
    assert_eq!(
        line["detail"],
        "the broker's backend: answered 401: it does not accept the signature"
    );
    assert_eq!(line["UnknownOutcomes"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_usable_secret_nothing_is_sent() {
    const OTHER: &str = "inapp/other-secret";
    for value in [None, Some("whsec_c2hvcnQ=")] {
        let backend = FakeBackend::start().await;
        let env = TestEnv::start(BINARY, options(&backend.origin).env("BACKEND_SECRET_ID", OTHER)).await;
        env.wait_until_ready().await;
        env.set_secret(OTHER, value);
        let refused = submit(&env).await;
        assert_eq!(refused.status, 503);
        assert!(backend.calls().is_empty());
        assert_eq!(record(&env)["status"], "recorded");
        assert!(
            last_line(&env)["detail"]
                .as_str()
                .unwrap()
                .starts_with("secret inapp/other-secret: ")
        );
        // As soon as the secret exists, it is used.
        env.set_secret(OTHER, Some(&env.backend_secret()));
        assert!(
            submit(&env)
                .await
                .text()
                .contains("Your request has been carried out.")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_a_required_setting_only_with_a_backend() {
    let without = || TestEnvOptions::default().without("BACKEND_SECRET_ID");
    let exit = TestEnv::run_to_exit(BINARY, without()).await;
    assert_eq!(exit.lines()[0]["detail"], "BACKEND_SECRET_ID is missing");
    let mut config: DocumentMut = DEMO_CONFIG.parse().unwrap();
    let actions = config["actions"].as_array_of_tables_mut().unwrap();
    actions.retain(|action| !action.contains_key("backend"));
    let env = TestEnv::start(
        BINARY,
        TestEnvOptions {
            broker_config: Some(config.to_string()),
            ..without()
        },
    )
    .await;
    env.wait_until_ready().await;
    assert_eq!(env.secret_reads(BACKEND_SECRET), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_json_response_has_the_outcome() {
    let (env, backend) = test_env().await;
    let url = format!("{}/terms", backend.origin);
    backend.respond_with([
        FakeResponse::Status(500, String::new()),
        answer(json!({"result": "success", "message": "Added.", "redirect": url})),
    ]);
    let token = env.mint(Mint::user("ada"));
    let query = format!("token={token}&actionType=bonus");
    let opened = env.send(Request::get(PATH).query(&query).accept_json()).await;
    let session = opened.json()["session"].as_str().unwrap().to_owned();
    let submit = || {
        let body = json!({"session": session, "code": "WELCOME"});
        Request::post(PATH).json(&body).accept_json()
    };
    let unknown = env.send(submit()).await;
    assert_eq!(unknown.status, 200);
    let unknown = unknown.json();
    assert_eq!(
        (&unknown["status"], &unknown["again"]),
        (&json!("unknown"), &json!(false))
    );
    assert_eq!(
        unknown["returnUrl"],
        "https://screens.example.com/callback/success"
    );
    assert_eq!((unknown.get("message"), unknown.get("redirect")), (None, None));

    let done = env.send(submit()).await.json();
    assert_eq!(
        (&done["status"], &done["again"]),
        (&json!("succeeded"), &json!(true))
    );
    assert_eq!(
        (&done["message"], &done["redirect"]),
        (&json!("Added."), &json!(url))
    );
    assert_eq!(
        done["returnUrl"],
        "https://screens.example.com/callback/success?eventName=bonus_claimed"
    );
    assert_eq!(done["reference"], unknown["reference"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_event_is_handed_over() {
    let (env, backend) = test_env().await;
    let session = open(&env).await;
    let event = include_str!("../../../events/action-submit-bonus.json").replace("SESSION", &session);
    let done = env.invoke(serde_json::from_str(&event).unwrap()).await;
    assert_eq!(done.status, 200);
    assert_eq!(
        backend.calls()[0].json()["data"]["fields"],
        json!({"code": "WELCOME"})
    );
}
