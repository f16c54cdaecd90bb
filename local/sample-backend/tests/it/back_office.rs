//! Bank transfers are confirmed where the bank's statement is read.

use sample_backend::{Options, SampleBackend, Transfer, Transfers};
use serde_json::json;

use crate::support::{BANK_SECRET, Screens, open, options, post_json, submit};

const DEPOSIT: &str = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE";

async fn start() -> (Screens, SampleBackend) {
    let screens = Screens::start().await;
    let transfer = Transfer {
        deposit: DEPOSIT.to_owned(),
        reference: "7Q0M4-T9ZK3".to_owned(),
        method: "bank".to_owned(),
        account: "1000501".to_owned(),
        amount: "250.10".to_owned(),
        currency: "EUR".to_owned(),
    };
    let options = Options {
        transfers: Transfers::by(move || vec![transfer.clone()]),
        ..options(&screens)
    };
    let backend = SampleBackend::start(options).await.unwrap();
    (screens, backend)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_waited_for_is_listed() {
    let (_screens, backend) = start().await;
    let page = open(&format!("{}/back-office", backend.url())).await;
    assert_eq!(page.status, 200);
    for text in ["250.10 EUR", "7Q0M4-T9ZK3", "1000501"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    let listed = open(&format!("{}/back-office/transfers", backend.url()))
        .await
        .json();
    assert_eq!(listed[0]["deposit"], DEPOSIT);
    assert_eq!(listed[0]["amount"], "250.10");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_arrived_is_told_under_the_methods_own_secret() {
    let (screens, backend) = start().await;
    let url = format!("{}/back-office/{DEPOSIT}", backend.url());
    let answer = submit(&url, "do=arrived").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/back-office"));
    submit(&url, "do=arrived").await;
    let told = screens.told();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].method, "bank");
    assert_eq!(told[0].verify(BANK_SECRET), Ok(()));
    let said = told[0].json();
    assert_eq!(
        (&said["type"], &said["data"]),
        (
            &json!("deposit.paid"),
            &json!({"depositId": DEPOSIT, "amount": "250.10", "currency": "EUR",
                "providerReference": "statement 7Q0M4-T9ZK3"})
        )
    );
    assert_eq!(
        told[1].json()["data"],
        said["data"],
        "the same line of the statement"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_findings_are_told_too() {
    let (screens, backend) = start().await;
    let url = format!("{}/back-office/transfers/{DEPOSIT}", backend.url());
    let answer = post_json(&url, &json!({"do": "other-amount"})).await.json();
    assert_eq!(answer["tries"][0]["status"], 204);
    assert_eq!(screens.told()[0].json()["data"]["amount"], "251.10");
    post_json(&url, &json!({"do": "never-came"})).await;
    let said = screens.told()[1].json();
    assert_eq!(said["type"], "deposit.failed");
    assert_eq!(said["data"]["reason"], "the transfer never came");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_confirms_what_was_not_asked_for() {
    let (screens, backend) = start().await;
    let url = format!("{}/back-office/transfers/OTHER", backend.url());
    assert_eq!(post_json(&url, &json!({"do": "arrived"})).await.status, 404);
    submit(&format!("{}/back-office/OTHER", backend.url()), "do=arrived").await;
    assert!(screens.told().is_empty());
}
