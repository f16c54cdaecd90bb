//! The simulated payment provider.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sample_backend::{Options, SampleBackend};
use serde_json::{Value, json};
use webhooks::VerifyError;

use crate::support::{
    BANK_SECRET, CARD_SECRET, HttpResponse, ReceivedNotification, Screens, TERMINAL, now, open, options,
    post_json, start, submit,
};

const DEPOSIT: &str = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE";

fn claims(screens: &Screens, backend: &SampleBackend) -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let jti = COUNT.fetch_add(1, Ordering::Relaxed).to_string();
    json!({
        "iss": screens.url, "aud": backend.url(), "sub": "501", "jti": jti, "iat": now(), "exp": now() + 60,
        "use": "cashier", "action": "deposit",
        "identity": {"userId": 501, "brokerName": "demo<broker>", "email": "<ada>@example.com"},
        "launch": {"theme": "dark"},
        "deposit": {
            "id": DEPOSIT, "account": 1_000_501, "amount": "250.10", "currency": "EUR", "method": "card",
            "returnUrl": format!("{}/inapp/deposit/{DEPOSIT}", screens.url),
        },
    })
}

/// Sends a trader to the cashier, and returns its response.
async fn send_to_cashier(
    screens: &Screens,
    backend: &SampleBackend,
    path: &str,
    claims: &Value,
) -> HttpResponse {
    let assertion = screens.sign(&json!({"alg": "ES256", "typ": "inapp+jwt", "kid": "k1"}), claims);
    open(&format!("{}{path}?assertion={assertion}", backend.url())).await
}

/// Sends a trader to the cashier, and returns the URL of the payment's page.
async fn open_payment(screens: &Screens, backend: &SampleBackend) -> String {
    let response = send_to_cashier(screens, backend, "/cashier/pay", &claims(screens, backend)).await;
    assert_eq!(response.status, 303, "{}", response.text);
    format!("{}{}", backend.url(), response.header("location"))
}

async fn payment_json(backend: &SampleBackend) -> Value {
    open(&format!("{}/cashier/deposits/{DEPOSIT}", backend.url()))
        .await
        .json()
}

/// Presses a button of the page. Returns the notifications, after the trader has returned to the screens.
async fn press(button: &str) -> (Screens, SampleBackend, Vec<ReceivedNotification>) {
    let (screens, backend) = start().await;
    let page = open_payment(&screens, &backend).await;
    assert!(
        open(&page).await.text.contains(&format!("id=\"{button}\"")),
        "no {button}"
    );
    let response = submit(&page, &format!("do={button}")).await;
    assert_eq!(response.status, 303, "{}", response.text);
    assert_eq!(
        response.header("location"),
        format!("{}/inapp/deposit/{DEPOSIT}", screens.url)
    );
    let notifications = screens.notifications();
    (screens, backend, notifications)
}

fn kinds(notifications: &[ReceivedNotification]) -> Vec<String> {
    notifications.iter().map(ReceivedNotification::kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_the_payment_and_that_it_is_a_test() {
    let (screens, backend) = start().await;
    let page = open(&open_payment(&screens, &backend).await).await;
    assert_eq!(page.status, 200);
    for text in [
        "250.10 EUR",
        "1000501",
        "demo&#60;broker&#62;",
        "&#60;ada&#62;@example.com",
        "Test mode",
        "data-theme=\"dark\"",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(
        !page.text.contains("assertion"),
        "the page does not contain the assertion"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_payment_is_reported_exactly_and_signed() {
    let (_screens, backend, notifications) = press("approve").await;
    assert_eq!(kinds(&notifications), ["deposit.paid"]);
    assert_eq!(notifications[0].method, "card");
    assert_eq!(notifications[0].verify(CARD_SECRET), Ok(()));
    assert_eq!(notifications[0].verify(BANK_SECRET), Err(VerifyError::Mismatch));
    assert_eq!(notifications[0].header("content-type"), "application/json");
    let notification = notifications[0].json();
    let reference = payment_json(&backend).await["providerReference"].clone();
    assert_eq!(
        notification["data"],
        json!({"depositId": DEPOSIT, "amount": "250.10", "currency": "EUR", "providerReference": reference})
    );
    let at: jiff::Timestamp = notification["timestamp"].as_str().unwrap().parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(at).as_secs() < 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_is_reported_with_the_reason_and_is_final() {
    let (screens, backend, notifications) = press("decline").await;
    assert_eq!(kinds(&notifications), ["deposit.failed"]);
    assert_eq!(notifications[0].json()["data"]["reason"], "declined by the payer");
    let page = payment_json(&backend).await["page"].as_str().unwrap().to_owned();
    submit(&page, "do=approve").await;
    assert_eq!(screens.notifications().len(), 1);
    let page = open(&page).await.text;
    assert!(
        page.contains("Nothing was paid") && !page.contains("id=\"approve\""),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_two_simultaneous_taps_pays() {
    let (screens, backend) = start().await;
    let page = open_payment(&screens, &backend).await;
    tokio::join!(submit(&page, "do=approve"), submit(&page, "do=approve"));
    assert_eq!(screens.notifications().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_for_later_is_pending_until_pay_now() {
    let (screens, backend, notifications) = press("pay-later").await;
    assert_eq!(kinds(&notifications), ["deposit.pending"]);
    assert_eq!(payment_json(&backend).await["state"], "pending");
    // The trader opens the deposit again: another assertion, the same payment.
    let page = open_payment(&screens, &backend).await;
    assert!(open(&page).await.text.contains("id=\"pay-now\""));
    submit(&page, "do=pay-now").await;
    let notifications = screens.notifications();
    assert_eq!(kinds(&notifications), ["deposit.pending", "deposit.paid"]);
    assert_eq!(
        notifications[0].json()["data"]["providerReference"],
        notifications[1].json()["data"]["providerReference"]
    );
    assert_eq!(payment_json(&backend).await["state"], "paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_for_later_is_paid_once_after_a_while() {
    let screens = Screens::start().await;
    let options = Options {
        pay_later: Duration::from_millis(100),
        ..options(&screens)
    };
    let backend = SampleBackend::start(options).await.unwrap();
    let page = open_payment(&screens, &backend).await;
    submit(&page, "do=pay-later").await;
    assert_eq!(
        kinds(&screens.wait_for_notifications(2).await),
        ["deposit.pending", "deposit.paid"]
    );
    submit(&page, "do=pay-now").await;
    assert_eq!(screens.notifications().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_is_one_unit_more() {
    let (_screens, _backend, notifications) = press("other-amount").await;
    assert_eq!(notifications[0].json()["data"]["amount"], "251.10");
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_is_one_message_twice_and_its_event_in_another() {
    let (_screens, _backend, notifications) = press("twice").await;
    assert_eq!(kinds(&notifications), ["deposit.paid"; 3]);
    let ids: Vec<_> = notifications
        .iter()
        .map(|notifications| notifications.header(webhooks::ID))
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
    assert!(
        notifications
            .iter()
            .all(|each| each.body == notifications[0].body),
        "{notifications:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_notification_comes_after_the_trader_returned() {
    let (screens, _backend, notifications) = press("late").await;
    assert!(notifications.is_empty());
    assert_eq!(kinds(&screens.wait_for_notifications(1).await), ["deposit.paid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_order_reports_older_events_last() {
    let (_screens, _backend, notifications) = press("out-of-order").await;
    assert_eq!(
        kinds(&notifications),
        ["deposit.paid", "deposit.pending", "deposit.failed"]
    );
    let at = |index: usize| -> jiff::Timestamp {
        notifications[index].json()["timestamp"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(at(1) < at(0) && at(2) < at(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_signature_matches_no_secret_and_the_payment_stays_open() {
    let (screens, backend, notifications) = press("wrong-signature").await;
    for secret in [CARD_SECRET, BANK_SECRET] {
        assert_eq!(notifications[0].verify(secret), Err(VerifyError::Mismatch));
    }
    assert_eq!(payment_json(&backend).await["state"], "open");
    let page = open_payment(&screens, &backend).await;
    submit(&page, "do=approve").await;
    assert_eq!(screens.notifications()[1].verify(CARD_SECRET), Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_payment_can_be_reversed_once() {
    for (button, kind) in [
        ("refund", "deposit.refunded"),
        ("charge-back", "deposit.charged_back"),
    ] {
        let (screens, backend) = start().await;
        let page = open_payment(&screens, &backend).await;
        submit(&page, &format!("do={button}")).await;
        assert!(screens.notifications().is_empty(), "nothing is paid yet");
        submit(&page, "do=approve").await;
        assert!(open(&page).await.text.contains(&format!("id=\"{button}\"")));
        submit(&page, &format!("do={button}")).await;
        submit(&page, "do=refund").await;
        assert_eq!(kinds(&screens.notifications()), ["deposit.paid", kind]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_try_has_a_reference_of_its_own_and_what_was_not_charged_has_none() {
    let data = |notification: &ReceivedNotification| notification.json()["data"].clone();
    let (screens, backend, notifications) = press("failed-try").await;
    assert_eq!(kinds(&notifications), ["deposit.failed", "deposit.paid"]);
    assert_ne!(
        data(&notifications[0])["providerReference"],
        data(&notifications[1])["providerReference"]
    );
    let page = open_payment(&screens, &backend).await;
    submit(&page, "do=late-failed-try").await;
    assert_eq!(payment_json(&backend).await["state"], "paid");
    assert_eq!(kinds(&screens.notifications())[2..], ["deposit.failed"]);

    let (_screens, backend, notifications) = press("abandon").await;
    let failed = data(&notifications[0]);
    assert_eq!(kinds(&notifications), ["deposit.failed"]);
    assert_eq!(
        (&failed["amount"], &failed["providerReference"]),
        (&json!("0"), &Value::Null)
    );
    assert_eq!(payment_json(&backend).await["state"], "declined");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_by_post_is_a_form_to_the_return_url_only() {
    let (screens, backend) = start().await;
    let page = open_payment(&screens, &backend).await;
    let response = submit(&page, "do=return-by-post").await;
    assert_eq!((response.status, kinds(&screens.notifications()).len()), (200, 1));
    let form = format!(
        "method=\"post\" action=\"{}/inapp/deposit/{DEPOSIT}\"",
        screens.url
    );
    assert!(response.text.contains(&form), "{}", response.text);
    let policy = response.header("content-security-policy");
    assert!(
        policy.contains(&format!("form-action 'self' {};", screens.url)),
        "{policy}"
    );
    let nonce = response
        .text
        .split("nonce=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(
        policy.contains(&format!("script-src 'nonce-{nonce}'")),
        "{policy}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unframed_cashier_refuses_frames_and_the_other_allows_the_terminal() {
    let (screens, backend) = start().await;
    let policy = |response: &HttpResponse| response.header("content-security-policy").to_owned();
    let framed = open(&open_payment(&screens, &backend).await).await;
    assert!(policy(&framed).ends_with(&format!("frame-ancestors {TERMINAL}")));
    assert!(!framed.headers.contains_key("x-frame-options"));

    let (screens, backend) = start().await;
    let response = send_to_cashier(
        &screens,
        &backend,
        "/cashier/unframed",
        &claims(&screens, &backend),
    )
    .await;
    let unframed = open(&format!("{}{}", backend.url(), response.header("location"))).await;
    assert!(policy(&unframed).ends_with("frame-ancestors 'none'"));
    assert_eq!(unframed.header("x-frame-options"), "DENY");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trader_without_a_valid_assertion_is_refused() {
    let (screens, backend) = start().await;
    let good = claims(&screens, &backend);
    let first = send_to_cashier(&screens, &backend, "/cashier/pay", &good).await;
    assert_eq!(first.status, 303);
    assert_eq!(
        send_to_cashier(&screens, &backend, "/cashier/pay", &good)
            .await
            .status,
        403,
        "a replay"
    );
    for (name, value) in [
        ("exp", json!(now() - 10)),
        ("aud", json!("https://other.example")),
        ("iss", json!("https://other.example")),
        ("action", json!("action")),
        ("deposit", Value::Null),
    ] {
        let mut bad = claims(&screens, &backend);
        bad[name] = value;
        assert_eq!(
            send_to_cashier(&screens, &backend, "/cashier/pay", &bad)
                .await
                .status,
            403,
            "{name}"
        );
    }
    for (name, value) in [
        ("amount", json!("250.11")),
        ("amount", json!("-1")),
        ("amount", json!(250.10)),
        ("currency", json!("USD")),
        ("account", json!(1)),
        ("method", json!("other")),
        ("returnUrl", json!("javascript:alert(1)")),
    ] {
        let mut bad = claims(&screens, &backend);
        bad["deposit"][name] = value;
        assert_eq!(
            send_to_cashier(&screens, &backend, "/cashier/pay", &bad)
                .await
                .status,
            403,
            "{name}"
        );
    }
    let nowhere = format!("{}/cashier/payments/pay_unknown", backend.url());
    assert_eq!(open(&nowhere).await.status, 403);
    assert_eq!(submit(&nowhere, "do=approve").await.status, 403);
    assert!(screens.notifications().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_not_accepted_is_repeated_with_the_same_id() {
    let (screens, backend) = start().await;
    screens.respond_with(&[503, 429, 500]);
    let page = open_payment(&screens, &backend).await;
    submit(&page, "do=approve").await;
    let notifications = screens.wait_for_notifications(4).await;
    let ids: Vec<_> = notifications
        .iter()
        .map(|notifications| notifications.header(webhooks::ID))
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(
        notifications
            .iter()
            .all(|notifications| notifications.verify(CARD_SECRET) == Ok(()))
    );
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(screens.notifications().len(), 4, "the last one was accepted");
    let statuses: Vec<_> = payment_json(&backend).await["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["status"].clone())
        .collect();
    assert_eq!(statuses, [503, 429, 500, 204]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_final() {
    let (screens, backend) = start().await;
    screens.respond_with(&[404]);
    submit(&open_payment(&screens, &backend).await, "do=approve").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(screens.notifications().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_can_press_buttons_without_the_page() {
    let (screens, backend) = start().await;
    let url = format!("{}/cashier/deposits/{DEPOSIT}", backend.url());
    assert_eq!(open(&url).await.status, 404, "no trader has come to pay");
    open_payment(&screens, &backend).await;
    let response = post_json(&url, &json!({"do": "approve"})).await.json();
    assert_eq!(response["state"], "paid");
    assert_eq!(response["attempts"][0]["type"], "deposit.paid");
    assert_eq!(response["attempts"][0]["status"], 204);
    assert_eq!(screens.notifications().len(), 1);
}
