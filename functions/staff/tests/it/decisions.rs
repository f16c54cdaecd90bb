//! Decisions about deposits.

use deposits::{Actor, Status};
use domain::Principal;
use serde_json::json;

use crate::{IGOR, OLGA, World, failed, request_id};

#[tokio::test(flavor = "multi_thread")]
async fn each_decision_is_recorded_with_the_caller() {
    let world = World::new().await;
    for (decision, history_id, status) in [
        ("credited", Some(77), Status::Credited),
        ("credited", None, Status::Credited),
        ("retry", None, Status::Paid),
        ("failed", None, Status::Failed),
    ] {
        let unknown = world.unknown().await;
        let mut call = failed(&unknown);
        call["decision"] = json!(decision);
        if let Some(id) = history_id {
            call["balanceHistoryId"] = json!(id);
        }
        let answer = world.decide(&unknown.id, &call, IGOR).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let expected = json!({
            "depositId": unknown.id,
            "reference": unknown.id.reference(),
            "status": status.to_string(),
            "version": unknown.version + 1,
            "recorded": { "requestId": call["requestId"], "by": IGOR, "version": unknown.version + 1 },
        });
        assert_eq!(answer.json(), expected);
        let stored = world.deposits.find(&unknown.id).await;
        let last = stored.history.last().unwrap();
        let igor = Principal::try_from(IGOR.to_owned()).unwrap();
        assert_eq!((&last.by, last.status), (&Actor::Operator(igor), status));
        assert_eq!(last.detail.as_ref().unwrap().to_string(), "money returned");
        let credit = stored.record.data.credit.map(|credit| credit.balance_history_id);
        assert_eq!(credit, (status == Status::Credited).then_some(history_id));
    }
    let logged = world.env.log();
    let logged: Vec<_> = logged.iter().filter(|line| line["event"] == "deposit").collect();
    assert_eq!(logged.len(), 4);
    assert_eq!(
        (&logged[0]["function"], &logged[0]["status"]),
        (&json!("staff"), &json!("credited"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_call_is_carried_out_once() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    let call = failed(&unknown);
    let first = world.decide(&unknown.id, &call, OLGA).await;
    assert_eq!(first.status, 200);
    for _ in 0..2 {
        let again = world.decide(&unknown.id, &call, OLGA).await;
        assert_eq!((again.status, again.json()), (200, first.json()));
    }
    assert_eq!(
        world.deposits.find(&unknown.id).await.record.version,
        unknown.version + 1
    );

    // Another operator's call with the same id is another call, and so is one with another id.
    let by_igor = world.decide(&unknown.id, &call, IGOR).await;
    let mut other = call.clone();
    other["requestId"] = json!(request_id());
    let with_other_id = world.decide(&unknown.id, &other, OLGA).await;
    for refused in [by_igor, with_other_id] {
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (409, &json!("CONFLICT"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_the_table_does_not_record_a_decision_twice() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    let call = failed(&unknown);
    world.env.lose_table_responses(2);
    let mut answer = world.decide(&unknown.id, &call, OLGA).await;
    if answer.status == 503 {
        answer = world.decide(&unknown.id, &call, OLGA).await;
    }
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        world.deposits.find(&unknown.id).await.record.version,
        unknown.version + 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_on_what_has_changed_is_a_conflict() {
    let world = World::new().await;
    let unknown = world.unknown().await;
    let mut call = failed(&unknown);
    call["version"] = json!(unknown.version - 1);
    let answer = world.decide(&unknown.id, &call, OLGA).await;
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("CONFLICT")));
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "the deposit has just changed: look at it again");
    assert_eq!(
        world.deposits.find(&unknown.id).await.record.status,
        Status::Unknown
    );
}
