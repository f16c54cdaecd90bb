//! The back office confirms bank transfers.

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
        transfers: Transfers::new(move || vec![transfer.clone()]),
        ..options(&screens)
    };
    let backend = SampleBackend::start(options).await.unwrap();
    (screens, backend)
}

#[tokio::test(flavor = "multi_thread")]
async fn open_transfers_are_listed() {
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
async fn money_that_arrived_is_reported_with_the_secret_of_its_method() {
    let (screens, backend) = start().await;
    let url = format!("{}/back-office/{DEPOSIT}", backend.url());
    let response = submit(&url, "do=arrived").await;
    assert_eq!(
        (response.status, response.header("location")),
        (303, "/back-office")
    );
    submit(&url, "do=arrived").await;
    let notifications = screens.notifications();
    assert_eq!(notifications.len(), 2);
    assert_eq!(notifications[0].method, "bank");
    assert_eq!(notifications[0].verify(BANK_SECRET), Ok(()));
    let notification = notifications[0].json();
    assert_eq!(
        (&notification["type"], &notification["data"]),
        (
            &json!("deposit.paid"),
            &json!({"depositId": DEPOSIT, "amount": "250.10", "currency": "EUR",
                "providerReference": "statement 7Q0M4-T9ZK3"})
        )
    );
    assert_eq!(
        notifications[1].json()["data"],
        notification["data"],
        "the same line of the statement"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_statement_entries_are_reported_too() {
    let (screens, backend) = start().await;
    let url = format!("{}/back-office/transfers/{DEPOSIT}", backend.url());
    let response = post_json(&url, &json!({"do": "other-amount"})).await.json();
    assert_eq!(response["attempts"][0]["status"], 204);
    assert_eq!(screens.notifications()[0].json()["data"]["amount"], "251.10");
    post_json(&url, &json!({"do": "never-came"})).await;
    let notification = screens.notifications()[1].json();
    assert_eq!(notification["type"], "deposit.failed");
    assert_eq!(notification["data"]["reason"], "the transfer never came");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_transfer_cannot_be_confirmed() {
    let (screens, backend) = start().await;
    let url = format!("{}/back-office/transfers/OTHER", backend.url());
    assert_eq!(post_json(&url, &json!({"do": "arrived"})).await.status, 404);
    submit(&format!("{}/back-office/OTHER", backend.url()), "do=arrived").await;
    assert!(screens.notifications().is_empty());
}
