//! The effect of each answer of cTrader on a paid deposit.

use std::time::Duration;

use deposits::{Order, Status};
use harness::{
    AccountBehaviour, Behaviour, Endpoint, Fault, MANAGER_TOKEN_SECRET, TestEnvOptions, TraderField,
    proven_login,
};
use serde_json::json;

use crate::{BINARY, World, options};

async fn fault(world: &World, fault: Fault, on: Endpoint) {
    let fault = fault.on(on);
    world.env.simulator().set_fault(Some(fault)).await.unwrap();
}

async fn no_fault(world: &World) {
    world.env.simulator().set_fault(None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_without_an_answer_is_unknown_and_never_sent_again() {
    let world = World::new().await;
    let faults = [
        Fault::lose_answer(),
        Fault::lose_answer_before(),
        Fault::status_after(500),
        Fault::status(503),
        Fault::refuse(400, "UNKNOWN_ERROR"),
        Fault::truncated(),
        Fault::garbage(),
        Fault::answer(200, "application/json", "{}"),
        Fault::answer(404, "text/html", "<html>"),
    ];
    let count = faults.len();
    for (place, kind) in faults.into_iter().enumerate() {
        fault(&world, kind.clone(), Endpoint::ChangeBalance).await;
        let id = world.create_deposit().await;
        let notification = world.notification(&id, "deposit.paid").await;
        assert_eq!(world.send(&notification).await.status, 204, "{kind:?}");
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, Status::Unknown, "{kind:?}: {:?}", deposit.reasons);
        let line = world.deposit_log().pop().unwrap();
        assert_eq!(
            (&line["level"], &line["status"], &line["DepositUnknown"]),
            (&json!("ERROR"), &json!("unknown"), &json!(1))
        );
        let metric = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(metric["Metrics"][0]["Name"], "DepositUnknown");
        assert_eq!(metric["Dimensions"], json!([["stack"], ["stack", "action"]]));
        assert_eq!(
            (&line["stack"], &line["action"]),
            (&json!("local"), &json!("deposits"))
        );

        // The fault is over, and the provider repeats the notification.
        no_fault(&world).await;
        assert_eq!(world.send(&notification).await.status, 204);
        assert_eq!(world.status(&id).await, Status::Unknown);
        assert_eq!(world.env.balance_calls(), place + 1, "{kind:?} was sent again");
    }
    assert_eq!(world.env.balance_calls(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_is_answered_too_late_is_unknown() {
    let world = World::new().await;
    fault(
        &world,
        Fault::delay(Duration::from_secs(15)),
        Endpoint::ChangeBalance,
    )
    .await;
    let id = world.create_deposit().await;
    assert_eq!(world.send_paid(&id).await.status, 204);
    assert_eq!(world.status(&id).await, Status::Unknown);
    assert_eq!(world.credited().len(), 1, "it was applied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_was_certainly_not_applied_is_tried_again_later() {
    let world = World::new().await;
    for (on, kind) in [
        (Endpoint::ChangeBalance, Fault::status(401)),
        (Endpoint::ChangeBalance, Fault::status(403)),
        (Endpoint::ChangeBalance, Fault::status(429)),
        (
            Endpoint::ChangeBalance,
            Fault::refuse(400, "REQUEST_FREQUENCY_EXCEEDED"),
        ),
        (Endpoint::Trader, Fault::lose_answer()),
        (Endpoint::Trader, Fault::status(500)),
        (Endpoint::Trader, Fault::status(401)),
        (Endpoint::Trader, Fault::down()),
    ] {
        fault(&world, kind.clone(), on).await;
        let id = world.create_deposit().await;
        assert_eq!(world.send_paid(&id).await.status, 204, "{kind:?}");
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, Status::Paid, "{kind:?}: {:?}", deposit.reasons);
        assert_eq!(deposit.deferrals, 1, "{kind:?}");
        no_fault(&world).await;
        // The deposit is not due yet.
        world.send_paid(&id).await;
        assert_eq!(world.status(&id).await, Status::Paid, "{kind:?}");
        world.deposits.backdate(&id, 1).await;
        world.send_paid(&id).await;
        assert_eq!(world.status(&id).await, Status::Credited, "{kind:?}");
    }
    assert_eq!(world.credited(), ["250.50"; 8]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_ctrader_refuses_goes_to_review() {
    let world = World::new().await;
    for (status, code) in [
        (404, "TRADER_NOT_FOUND"),
        (403, "NOT_ENOUGH_RIGHTS"),
        (400, "CHANGE_BALANCE_BAD_AMOUNT"),
        (400, "INVALID_REQUEST"),
    ] {
        fault(&world, Fault::refuse(status, code), Endpoint::ChangeBalance).await;
        let id = world.create_deposit().await;
        assert_eq!(world.send_paid(&id).await.status, 204, "{code}");
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, Status::Review, "{code}");
        assert!(deposit.reason().unwrap().contains(code), "{code}");
    }
    assert_eq!(world.credited().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_differs_from_the_order_goes_to_review() {
    let world = World::new().await;
    let other_broker = world
        .create_deposit_with(|order| order.login = proven_login(2_000_905))
        .await;
    let other_currency = world
        .create_deposit_with(|order| order.money.currency = "USD".parse().unwrap())
        .await;
    let too_many_digits = world
        .create_deposit_with(|order| order.money.amount = "250.501".parse().unwrap())
        .await;
    let nobodys = world
        .create_deposit_with(|order| order.login = proven_login(7))
        .await;
    for (what, id) in [
        ("another broker", other_broker),
        ("another currency", other_currency),
        ("too many digits", too_many_digits),
        ("nobody's account", nobodys),
    ] {
        assert_eq!(world.send_paid(&id).await.status, 204, "{what}");
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, Status::Review, "{what}: {:?}", deposit.reasons);
    }
    assert_eq!(world.env.balance_calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_little_time_left_no_credit_is_begun() {
    let world = World::with(TestEnvOptions {
        timeout: Duration::from_secs(15),
        ..options()
    })
    .await;
    let id = world.create_deposit().await;
    assert_eq!(world.send_paid(&id).await.status, 204, "the payment is recorded");
    let deposit = world.deposits.find(&id).await.record;
    assert_eq!((deposit.status, deposit.deferrals), (Status::Paid, 0));
    assert_eq!(world.env.balance_calls(), 0);
    let log = world.env.log_text();
    assert!(log.contains("too little time was left"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_token_that_was_replaced_is_read_again() {
    let world = World::new().await;
    let first = world.create_deposit().await;
    world.send_paid(&first).await;
    world.env.rotate_manager_token();
    let second = world.create_deposit().await;
    world.send_paid(&second).await;
    assert_eq!(world.status(&second).await, Status::Credited);
    assert_eq!(world.credited().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_token_that_is_refused_and_was_not_replaced_is_not_tried_again() {
    let world = World::new().await;
    fault(&world, Fault::status(401), Endpoint::ChangeBalance).await;
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    assert_eq!(world.env.balance_calls(), 1);
    assert_eq!(world.status(&id).await, Status::Paid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_killed_while_crediting_leaves_crediting_and_no_program_credits_again() {
    let world = World::new().await;
    fault(
        &world,
        Fault::delay(Duration::from_secs(30)),
        Endpoint::ChangeBalance,
    )
    .await;
    let id = world.create_deposit().await;
    let notification = world.notification(&id, "deposit.paid").await;
    let applied = async {
        while world.credited().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        answer = world.send(&notification) => panic!("answered {}", answer.status),
        () = applied => {}
    }
    world.env.restart(BINARY, &options());
    no_fault(&world).await;
    assert_eq!(world.status(&id).await, Status::Crediting);

    // The provider got no answer, so it repeats the notification.
    for _ in 0..3 {
        assert_eq!(world.send(&notification).await.status, 204);
    }
    assert_eq!(world.status(&id).await, Status::Crediting);
    assert_eq!(world.credited(), ["250.50"]);
    // A refund has to wait for the outcome of the credit.
    let refund = world.notification(&id, "deposit.refunded").await;
    assert_eq!(world.send(&refund).await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ctrader_leaves_out_of_the_account_is_what_the_order_says() {
    let world = World::new().await;
    let left_out = AccountBehaviour {
        left_out: [TraderField::BrokerName, TraderField::MoneyDigits].into(),
        ..AccountBehaviour::default()
    };
    let behaviour = Behaviour::default().account(1_000_501, left_out);
    world.env.simulator().set_behaviour(behaviour);
    let named = world.create_deposit().await;
    let unnamed = world
        .create_deposit_with(|order| order.unnamed_broker = true)
        .await;
    let fewer_digits = |order: &mut Order| {
        order.unnamed_broker = true;
        order.account_digits = 0;
    };
    let fewer_digits = world.create_deposit_with(fewer_digits).await;
    for (id, status) in [
        (named, Status::Review),
        (unnamed, Status::Credited),
        (fewer_digits, Status::Review),
    ] {
        assert_eq!(world.send_paid(&id).await.status, 204);
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, status, "{:?}", deposit.reasons);
    }
    assert_eq!(world.credited(), ["250.50"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_on_the_plant_goes_to_review() {
    let world = World::new().await;
    for on in [Endpoint::Trader, Endpoint::ChangeBalance] {
        fault(&world, Fault::refuse(400, "CH_BROKER_NOT_FOUND"), on).await;
        let id = world.create_deposit().await;
        assert_eq!(world.send_paid(&id).await.status, 204);
        let deposit = world.deposits.find(&id).await.record;
        assert_eq!(deposit.status, Status::Review, "{on:?}: {:?}", deposit.reasons);
        assert!(deposit.reason().unwrap().contains("CH_BROKER_NOT_FOUND"));
    }
    assert_eq!(world.credited().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_of_its_own_credits_where_there_is_one() {
    let world = World::with(TestEnvOptions {
        credit_manager: true,
        ctid2_under_cid: true,
        ..options()
    })
    .await;
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    assert_eq!(world.status(&id).await, Status::Credited);
    assert_eq!(
        world.env.secret_reads(MANAGER_TOKEN_SECRET),
        0,
        "the screens' manager is none of its business"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screens_manager_may_lack_the_right_to_credit() {
    let world = World::with(TestEnvOptions {
        credit_manager: true,
        ..options().env("CREDIT_MANAGER_TOKEN_SECRET_ID", MANAGER_TOKEN_SECRET)
    })
    .await;
    let id = world.create_deposit().await;
    world.send_paid(&id).await;
    assert_eq!(world.status(&id).await, Status::Review);
    assert_eq!(world.credited().len(), 0);
}
