//! Payment events that come once, often, late or in any order.

use deposits::{Decision, DepositId, Operator, Status, resolve};
use futures_util::future::join_all;
use harness::{Endpoint, Fault};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::System;

use crate::{BINARY, CARD, World, options, signed};

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_deposit_is_credited_once_and_answered_with_204() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let answer = world.send_paid(&id).await;
    assert_eq!((answer.status, answer.text().as_str()), (204, ""));
    assert_eq!(
        world.statuses(&id).await,
        ["created", "paid", "crediting", "credited"]
    );
    let history = world.env.balance_history(1_000_501);
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].amount, "250.50");
    assert_eq!(history[0].external_id.as_deref(), Some(id.as_str()));
    assert_eq!(
        history[0].external_note,
        Some(format!("Deposit {}", id.reference()))
    );
    let credit = world.deposits.find(&id).await.record.data.credit.unwrap();
    assert_eq!(credit.balance_history_id, Some(history[0].id));

    let logged: Vec<_> = world
        .deposit_log()
        .iter()
        .map(|line| line["status"].clone())
        .collect();
    assert_eq!(logged, ["paid", "credited"]);
    let request = &world.env.request_log()[0];
    assert_eq!(
        (&request["code"], &request["reference"]),
        (&json!("TAKEN"), &json!(id.reference()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_notifications_count_once() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    for _ in 0..3 {
        assert_eq!(world.send(&notification).await.status, 204);
    }
    // The same message again, and the same payment with another time: the latter is recorded, and nothing is
    // credited.
    let replay = signed(&notification, CARD);
    for _ in 0..2 {
        assert_eq!(world.env.send(replay.clone()).await.status, 204);
    }
    let mut anew = notification.clone();
    anew["timestamp"] = json!("2030-01-01T00:00:00Z");
    assert_eq!(world.send(&anew).await.status, 204);
    assert_eq!(world.credited(), ["250.50"]);
    assert_eq!(world.env.balance_calls(), 1);
    assert_eq!(world.status(&id).await, Status::Credited);
    let codes: Vec<_> = world
        .env
        .request_log()
        .iter()
        .map(|line| line["code"].clone())
        .collect();
    assert_eq!(codes, ["TAKEN", "KNOWN", "KNOWN", "KNOWN", "KNOWN", "TAKEN"]);
    let statuses = world.statuses(&id).await;
    assert_eq!(statuses, ["created", "paid", "crediting", "credited", "credited"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_notifications_count_once() {
    let mut options = options();
    options.instances = 4;
    let world = World::with(options).await;
    world.env.wait_until_ready().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(world.create_deposit().await);
    }
    for id in &ids {
        let notification = world.notification(id, "deposit.paid").await;
        let requests = (0..8).map(|_| world.send(&notification));
        for answer in join_all(requests).await {
            assert_eq!(answer.status, 204);
        }
        assert_eq!(world.status(id).await, Status::Credited);
    }
    assert_eq!(world.credited(), ["250.50"; 5]);
    assert_eq!(world.env.balance_calls(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_notifications_does_not_matter() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let pending = world.notification(&id, "deposit.pending").await;
    assert_eq!(world.send(&pending).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Pending);
    world.send_paid(&id).await;
    // A late event.
    assert_eq!(world.send(&pending).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Credited);

    let late = world.create_deposit().await;
    let pending = world.notification(&late, "deposit.pending").await;
    world.send_paid(&late).await;
    assert_eq!(world.send(&pending).await.status, 204);
    assert_eq!(
        world.statuses(&late).await,
        ["created", "paid", "crediting", "credited"]
    );
    assert_eq!(world.credited().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_keeps_its_reason_and_an_older_payment_is_not_credited() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let paid_before = world.notification(&id, "deposit.paid").await;
    let mut failed = world.notification(&id, "deposit.failed").await;
    failed["data"]["reason"] = json!("declined for canary reasons");
    assert_eq!(world.send(&failed).await.status, 204);
    let deposit = world.deposits.find(&id).await.record;
    assert_eq!(deposit.status, Status::Failed);
    assert_eq!(deposit.reason().as_deref(), Some("declined for canary reasons"));
    world.env.mark_confidential("canary reasons");

    assert_eq!(world.send(&paid_before).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Review);
    assert_eq!(world.env.balance_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_or_currency_goes_to_review() {
    let world = World::new().await;
    for (field, value) in [
        ("amount", "250.49"),
        ("amount", "250.51"),
        ("amount", "2505"),
        ("currency", "USD"),
    ] {
        let id = world.create_deposit().await;
        let mut notification = world.notification(&id, "deposit.paid").await;
        notification["data"][field] = json!(value);
        assert_eq!(world.send(&notification).await.status, 204, "{value}");
        assert_eq!(world.status(&id).await, Status::Review, "{value}");
        // A later report of the ordered money does not change that.
        world.send_paid(&id).await;
        assert_eq!(world.status(&id).await, Status::Review, "{value}");
    }
    assert_eq!(world.env.balance_calls(), 0);

    // An amount is a number: 250.500 is 250.50.
    let id = world.create_deposit().await;
    let mut notification = world.notification(&id, "deposit.paid").await;
    notification["data"]["amount"] = json!("250.500");
    world.send(&notification).await;
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_or_chargeback_after_the_credit_goes_to_review() {
    let world = World::new().await;
    for kind in ["deposit.refunded", "deposit.charged_back", "deposit.failed"] {
        let id = world.create_deposit().await;
        world.send_paid(&id).await;
        let taken_back = world.notification(&id, kind).await;
        for _ in 0..2 {
            assert_eq!(world.send(&taken_back).await.status, 204, "{kind}");
        }
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, Status::Review, "{kind}");
        assert!(deposit.credit.is_some(), "{kind}: the credit is still recorded");
    }
    let before = world.create_deposit().await;
    let refunded = world.notification(&before, "deposit.refunded").await;
    world.send(&refunded).await;
    world.send_paid(&before).await;
    assert_eq!(world.status(&before).await, Status::Review);
    assert_eq!(world.credited().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reversal_of_another_payment_reverses_nothing() {
    let world = World::new().await;
    for kind in ["deposit.refunded", "deposit.charged_back"] {
        let id = world.create_deposit().await;
        world.send_paid(&id).await;
        let mut other = world.notification(&id, kind).await;
        other["data"]["providerReference"] = json!("psp-of-another-tab");
        assert_eq!(world.send(&other).await.status, 204, "{kind}");
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(
            (deposit.status, deposit.reversed),
            (Status::Review, false),
            "{kind}: goes to review only"
        );
    }
}

/// A failure a minute from now: of a try with another reference, and of one that was never charged.
async fn failures_of_other_tries(world: &World, id: &DepositId) -> [Value; 2] {
    let mut failed = world.notification(id, "deposit.failed").await;
    failed["timestamp"] = json!((Timestamp::now() + SignedDuration::from_mins(1)).to_string());
    let mut another = failed.clone();
    another["data"]["providerReference"] = json!("psp-of-another-try");
    failed["data"]["amount"] = json!("0.00");
    failed["data"]
        .as_object_mut()
        .unwrap()
        .remove("providerReference");
    [another, failed]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_belongs_to_the_payment_that_its_reference_names() {
    let world = World::new().await;
    for at in 0..2 {
        let id = world.create_deposit().await;
        let failed = &failures_of_other_tries(&world, &id).await[at];
        assert_eq!(world.send(failed).await.status, 204, "{failed}");
        assert_eq!(world.status(&id).await, Status::Failed, "{failed}");
        world.send_paid(&id).await;
        assert_eq!(world.status(&id).await, Status::Credited, "{failed}");
    }
    assert_eq!(world.credited(), ["250.50"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_another_try_changes_no_credited_deposit() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    for failed in failures_of_other_tries(&world, &id).await {
        assert_eq!(world.send(&failed).await.status, 204, "{failed}");
    }
    let statuses = world.statuses(&id).await;
    assert_eq!(statuses, ["created", "paid", "crediting", "credited"]);
    let logged = world.deposit_log();
    let reviews = logged.iter().filter(|line| line["status"] == "review");
    assert_eq!(reviews.count(), 0, "nothing rings the operator");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_another_try_stops_no_credit_that_is_still_to_come() {
    let world = World::new().await;
    let refusal = Fault::status(429).on(Endpoint::ChangeBalance);
    world.env.simulator().set_fault(Some(refusal)).await.unwrap();
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    world.env.simulator().set_fault(None).await.unwrap();
    assert_eq!(world.status(&id).await, Status::Paid);
    for failed in failures_of_other_tries(&world, &id).await {
        world.send(&failed).await;
    }
    assert_eq!(world.status(&id).await, Status::Paid);
    world.deposits.backdate(&id, 1).await;
    world.send_paid(&id).await;
    assert_eq!(world.status(&id).await, Status::Credited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_try_stays_pending_if_another_one_fails() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let [another, never_charged] = failures_of_other_tries(&world, &id).await;
    let pending = world.notification(&id, "deposit.pending").await;
    for notification in [&pending, &another] {
        assert_eq!(world.send(notification).await.status, 204);
    }
    assert_eq!(world.status(&id).await, Status::Pending);
    // A failure that names no payment ends what was under way before it.
    world.send(&never_charged).await;
    assert_eq!(world.status(&id).await, Status::Failed);

    let late = world.create_deposit().await;
    let [another, _] = failures_of_other_tries(&world, &late).await;
    let pending = world.notification(&late, "deposit.pending").await;
    for notification in [&another, &pending] {
        world.send(notification).await;
    }
    assert_eq!(world.status(&late).await, Status::Pending, "in the other order");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_charged_is_pending_and_failed_without_a_reference() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    for (kind, status) in [
        ("deposit.pending", Status::Pending),
        ("deposit.failed", Status::Failed),
    ] {
        let mut notification = world.notification(&id, kind).await;
        notification["data"]["amount"] = json!("0");
        notification["data"]["providerReference"] = json!(null);
        assert_eq!(world.send(&notification).await.status, 204, "{kind}");
        assert_eq!(world.status(&id).await, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_comes_again_goes_to_review() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let paid = world.notification(&id, "deposit.paid").await;
    world.send(&paid).await;
    world
        .send(&world.notification(&id, "deposit.charged_back").await)
        .await;
    let version = world.deposits.find(&id).await.record.version;
    resolve(
        &world.deposits.table,
        &System,
        &id,
        Operator {
            seen: version,
            by: &harness::operator(),
            request: &deposits::DepositId::random().unwrap(),
            reason: "the payer disputed it",
        },
        Decision::Failed,
    )
    .await
    .unwrap();
    world.send(&paid).await;
    assert_eq!(world.status(&id).await, Status::Failed, "known already");

    let mut again = paid;
    again["timestamp"] = json!((Timestamp::now() + SignedDuration::from_secs(1)).to_string());
    assert_eq!(world.send(&again).await.status, 204);
    let deposit = world.deposits.find(&id).await.record;
    assert_eq!(deposit.status, Status::Review);
    assert_eq!(world.credited().len(), 1, "only the first credit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_comes_again_is_noticed_even_if_it_is_reported_before_the_reversal() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    let lost = world.notification(&id, "deposit.charged_back").await;
    let mut again = world.notification(&id, "deposit.paid").await;
    again["timestamp"] = json!((Timestamp::now() + SignedDuration::from_secs(1)).to_string());
    for _ in 0..2 {
        assert_eq!(world.send(&again).await.status, 204);
    }
    assert_eq!(world.statuses(&id).await.last(), Some(&"credited"));
    world.send(&lost).await;
    let deposit = world.deposits.find(&id).await.record;
    assert_eq!(deposit.status, Status::Review);
    let reason = deposit.reason().unwrap();
    assert_eq!(reason, "the payment was charged back, and paid again after that");
    assert_eq!(world.credited().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_before_it_is_recorded() {
    let world = World::new().await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    world.env.set_table_available(false);
    let answer = world.send(&notification).await;
    assert_eq!(
        (answer.status, crate::code(&answer).as_str()),
        (503, "SERVICE_UNAVAILABLE")
    );
    assert!(!answer.header("retry-after").is_empty());
    world.env.set_table_available(true);
    assert_eq!(world.status(&id).await, Status::Created);
    assert_eq!(world.send(&notification).await.status, 204);
    assert_eq!(world.credited(), ["250.50"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_is_recognised_as_our_own() {
    let world = World::new().await;
    for lost in 1..=6 {
        let id = world.create_deposit().await;
        let notification = world.notification(&id, "deposit.paid").await;
        world.env.lose_table_responses(lost);
        let mut answer = world.send(&notification).await;
        while answer.status == 503 {
            answer = world.send(&notification).await;
        }
        assert_eq!(answer.status, 204, "{lost}");
        let status = world.status(&id).await;
        assert!(
            matches!(status, Status::Credited | Status::Paid | Status::Crediting),
            "{lost}: {status}"
        );
        let credits = world.env.balance_history(1_000_501);
        let times = credits
            .iter()
            .filter(|change| change.external_id.as_deref() == Some(id.as_str()))
            .count();
        assert!(times <= 1, "{lost}: credited {times} times");
        assert_eq!(times == 1, status == Status::Credited, "{lost}: {status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_secrets_id_it_does_not_start() {
    let exit = harness::TestEnv::run_to_exit(BINARY, options().without("PAYMENT_SECRETS_ID")).await;
    assert!(exit.log.contains("PAYMENT_SECRETS_ID is missing"), "{}", exit.log);
}
