//! Calls that are refused.

use deposits::{DepositId, Status};
use harness::{Request, TestDeposits};
use serde_json::{Value, json};

use crate::{OLGA, World, failed};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_caller_from_api_gateway_nothing_is_done_whatever_the_request_says() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    let path = format!("/staff/deposits/{}/decisions", unknown.id);
    let call = failed(&unknown);
    let mut named = call.clone();
    named["by"] = json!(OLGA);
    for request in [
        Request::post(&path).json(&call),
        Request::post(&path).json(&named),
        Request::post(&path)
            .json(&call)
            .header("authorization", "AWS4-HMAC-SHA256 Credential=x"),
        Request::post(&path).json(&call).header("x-amzn-caller", OLGA),
        Request::get("/staff/elsewhere"),
        Request::get("/staff/"),
    ] {
        let answer = world.env.send(request).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (403, &json!("NOT_SIGNED"))
        );
    }
    for caller in [
        "",
        "olga",
        "arn:aws:iam::123456789012:role/Operators",
        "arn:aws:iam::123456789012:user/\n",
    ] {
        let answer = world
            .env
            .send(Request::post(&path).json(&call).signed_by(caller))
            .await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (403, &json!("UNKNOWN_CALLER"))
        );
    }
    assert_eq!(
        world.deposits.find(&unknown.id).await.record.status,
        Status::Unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_as_the_contract_says_is_refused() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    let changed = |change: fn(&mut Value)| {
        let mut call = failed(&unknown);
        change(&mut call);
        call
    };
    for (part, call) in [
        ("body", json!([])),
        ("body", changed(|call| call["by"] = json!(OLGA))),
        ("body", changed(|call| call["decision"] = json!("paid"))),
        ("body", changed(|call| call["requestId"] = json!("1"))),
        ("body", changed(|call| call["version"] = json!(-1))),
        (
            "body",
            changed(|call| drop(call.as_object_mut().unwrap().remove("version"))),
        ),
        ("reason", changed(|call| call["reason"] = json!(" \n"))),
        ("reason", changed(|call| call["reason"] = json!("a\u{1b}[2Jb"))),
        ("reason", changed(|call| call["reason"] = json!("x".repeat(501)))),
        (
            "balanceHistoryId",
            changed(|call| call["balanceHistoryId"] = json!(7)),
        ),
        ("paymentFound", changed(|call| call["paymentFound"] = json!(true))),
        (
            "balanceHistoryId",
            changed(|call| {
                call["decision"] = json!("credited");
                call["balanceHistoryId"] = json!(0);
            }),
        ),
    ] {
        let answer = world.decide(&unknown.id, &call, OLGA).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (400, &json!("INVALID_PARAMETER")),
            "{call}"
        );
        assert_eq!(
            answer.json()["message"],
            format!("'{part}' is missing or not usable"),
            "{call}"
        );
    }
    let twice = failed(&unknown)
        .to_string()
        .replace('{', r#"{"decision":"credited","#);
    let path = format!("/staff/deposits/{}/decisions", unknown.id);
    let twice = Request::post(&path)
        .header("content-type", "application/json")
        .body(twice);
    assert_eq!(world.env.send(twice.signed_by(OLGA)).await.status, 400);
    assert_eq!(
        world.deposits.find(&unknown.id).await.record.status,
        Status::Unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_paths_methods_and_records_are_refused() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    let path = format!("/staff/deposits/{}/decisions", unknown.id);
    let large = failed(&unknown).to_string() + &" ".repeat(20_000);
    for (request, status, code) in [
        (Request::get(&path), 405, "METHOD_NOT_ALLOWED"),
        (Request::post("/staff/"), 404, "NOT_FOUND"),
        (Request::post("/staff/deposits"), 404, "NOT_FOUND"),
        (Request::post(&format!("{path}/more")), 404, "NOT_FOUND"),
        (
            Request::post("/staff/deposits/x/decisions").json(&failed(&unknown)),
            404,
            "RECORD_NOT_FOUND",
        ),
        (Request::post(&path).body(large), 413, "PAYLOAD_TOO_LARGE"),
    ] {
        let answer = world.env.send(request.signed_by(OLGA)).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)));
    }
    let missing = DepositId::random().unwrap();
    let answer = world.decide(&missing, &failed(&unknown), OLGA).await;
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (404, &json!("RECORD_NOT_FOUND"))
    );

    let created = world.deposits.create(TestDeposits::sample_order()).await;
    let mut call = failed(&unknown);
    call["version"] = json!(1);
    let answer = world.decide(&created, &call, OLGA).await;
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("CONFLICT")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_event_is_a_call_about_a_deposit_that_is_not_there() {
    let world = World::new().await;
    let event = include_str!("../../../../events/staff-decision.json");
    let answer = world.env.invoke(serde_json::from_str(event).unwrap()).await;
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (404, &json!("RECORD_NOT_FOUND"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_table_is_down_a_call_is_to_be_sent_again() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    world.env.set_table_available(false);
    let answer = world.decide(&unknown.id, &failed(&unknown), OLGA).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
    assert_eq!(answer.json()["code"], "SERVICE_UNAVAILABLE");
}
