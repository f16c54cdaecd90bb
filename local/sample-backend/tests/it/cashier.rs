//! The simulated payment provider.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sample_backend::{Options, SampleBackend};
use serde_json::{Value, json};
use webhooks::VerifyError;

use crate::support::{
    Answer, BANK_SECRET, CARD_SECRET, Screens, TERMINAL, Told, now, open, options, post_json, start, submit,
};

const DEPOSIT: &str = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE";

fn claims(screens: &Screens, backend: &SampleBackend) -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let jti = COUNT.fetch_add(1, Ordering::Relaxed).to_string();
    json!({
        "iss": screens.url, "aud": backend.url(), "sub": "501", "jti": jti, "iat": now(), "exp": now() + 60,
        "action": "deposit", "identity": {"userId": 501, "brokerName": "demo<broker>", "tradingLogin": 1_000_501},
        "launch": {"theme": "dark"},
        "deposit": {
            "id": DEPOSIT, "account": 1_000_501, "amount": "250.10", "currency": "EUR", "method": "card",
            "returnUrl": format!("{}/inapp/deposit/{DEPOSIT}", screens.url),
        },
    })
}

/// Sends a trader to pay, and gives what the cashier answers.
async fn come(screens: &Screens, backend: &SampleBackend, path: &str, claims: &Value) -> Answer {
    let assertion = screens.sign(&json!({"alg": "ES256", "typ": "JWT", "kid": "k1"}), claims);
    open(&format!("{}{path}?assertion={assertion}", backend.url())).await
}

/// A trader who is at the payment's page; gives its URL.
async fn arrive(screens: &Screens, backend: &SampleBackend) -> String {
    let answer = come(screens, backend, "/cashier/pay", &claims(screens, backend)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    format!("{}{}", backend.url(), answer.header("location"))
}

async fn look(backend: &SampleBackend) -> Value {
    open(&format!("{}/cashier/deposits/{DEPOSIT}", backend.url()))
        .await
        .json()
}

/// The page's button, and then what the screens were told; the trader is back at the screens.
async fn press(button: &str) -> (Screens, SampleBackend, Vec<Told>) {
    let (screens, backend) = start().await;
    let page = arrive(&screens, &backend).await;
    assert!(
        open(&page).await.text.contains(&format!("id=\"{button}\"")),
        "no {button}"
    );
    let answer = submit(&page, &format!("do={button}")).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(
        answer.header("location"),
        format!("{}/inapp/deposit/{DEPOSIT}", screens.url)
    );
    let told = screens.told();
    (screens, backend, told)
}

fn kinds(told: &[Told]) -> Vec<String> {
    told.iter().map(Told::kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_is_paid_to_whom_and_that_it_is_a_test() {
    let (screens, backend) = start().await;
    let page = open(&arrive(&screens, &backend).await).await;
    assert_eq!(page.status, 200);
    for text in [
        "250.10 EUR",
        "1000501",
        "demo&#60;broker&#62;",
        "Test mode",
        "data-theme=\"dark\"",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(
        !page.text.contains("assertion"),
        "it is in the URL of nobody any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_payment_is_told_exactly_and_signed() {
    let (_screens, backend, told) = press("approve").await;
    assert_eq!(kinds(&told), ["deposit.paid"]);
    assert_eq!(told[0].method, "card");
    assert_eq!(told[0].verify(CARD_SECRET), Ok(()));
    assert_eq!(told[0].verify(BANK_SECRET), Err(VerifyError::Mismatch));
    assert_eq!(told[0].header("content-type"), "application/json");
    let said = told[0].json();
    let reference = look(&backend).await["providerReference"].clone();
    assert_eq!(
        said["data"],
        json!({"depositId": DEPOSIT, "amount": "250.10", "currency": "EUR", "providerReference": reference})
    );
    let at: jiff::Timestamp = said["timestamp"].as_str().unwrap().parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(at).as_secs() < 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_is_told_with_the_reason_and_is_over() {
    let (screens, backend, told) = press("decline").await;
    assert_eq!(kinds(&told), ["deposit.failed"]);
    assert_eq!(told[0].json()["data"]["reason"], "declined by the payer");
    let page = look(&backend).await["page"].as_str().unwrap().to_owned();
    submit(&page, "do=approve").await;
    assert_eq!(screens.told().len(), 1);
    let page = open(&page).await.text;
    assert!(
        page.contains("Nothing was paid") && !page.contains("id=\"approve\""),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_taps_at_once_one_pays() {
    let (screens, backend) = start().await;
    let page = arrive(&screens, &backend).await;
    tokio::join!(submit(&page, "do=approve"), submit(&page, "do=approve"));
    assert_eq!(screens.told().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn to_pay_later_is_pending_until_pay_now() {
    let (screens, backend, told) = press("pay-later").await;
    assert_eq!(kinds(&told), ["deposit.pending"]);
    assert_eq!(look(&backend).await["state"], "pending");
    // The trader opens the deposit again: another assertion, the same payment.
    let page = arrive(&screens, &backend).await;
    assert!(open(&page).await.text.contains("id=\"pay-now\""));
    submit(&page, "do=pay-now").await;
    let told = screens.told();
    assert_eq!(kinds(&told), ["deposit.pending", "deposit.paid"]);
    assert_eq!(
        told[0].json()["data"]["providerReference"],
        told[1].json()["data"]["providerReference"]
    );
    assert_eq!(look(&backend).await["state"], "paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_pays_later_has_paid_after_a_while_and_once() {
    let screens = Screens::start().await;
    let options = Options {
        pay_later: Duration::from_millis(100),
        ..options(&screens)
    };
    let backend = SampleBackend::start(options).await.unwrap();
    let page = arrive(&screens, &backend).await;
    submit(&page, "do=pay-later").await;
    assert_eq!(
        kinds(&screens.told_of(2).await),
        ["deposit.pending", "deposit.paid"]
    );
    submit(&page, "do=pay-now").await;
    assert_eq!(screens.told().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_is_one_more() {
    let (_screens, _backend, told) = press("other-amount").await;
    assert_eq!(told[0].json()["data"]["amount"], "251.10");
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_is_one_message_twice_and_its_news_in_another() {
    let (_screens, _backend, told) = press("twice").await;
    assert_eq!(kinds(&told), ["deposit.paid"; 3]);
    let ids: Vec<_> = told.iter().map(|told| told.header(webhooks::ID)).collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
    assert!(told.iter().all(|each| each.body == told[0].body), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn late_is_after_the_trader_is_back() {
    let (screens, _backend, told) = press("late").await;
    assert!(told.is_empty());
    assert_eq!(kinds(&screens.told_of(1).await), ["deposit.paid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_order_tells_the_past_last() {
    let (_screens, _backend, told) = press("out-of-order").await;
    assert_eq!(
        kinds(&told),
        ["deposit.paid", "deposit.pending", "deposit.failed"]
    );
    let at = |index: usize| -> jiff::Timestamp {
        told[index].json()["timestamp"].as_str().unwrap().parse().unwrap()
    };
    assert!(at(1) < at(0) && at(2) < at(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_signature_is_nobodys_and_the_payment_stays_open() {
    let (screens, backend, told) = press("wrong-signature").await;
    for secret in [CARD_SECRET, BANK_SECRET] {
        assert_eq!(told[0].verify(secret), Err(VerifyError::Mismatch));
    }
    assert_eq!(look(&backend).await["state"], "open");
    let page = arrive(&screens, &backend).await;
    submit(&page, "do=approve").await;
    assert_eq!(screens.told()[1].verify(CARD_SECRET), Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_can_be_given_back_once() {
    for (button, kind) in [
        ("refund", "deposit.refunded"),
        ("charge-back", "deposit.charged_back"),
    ] {
        let (screens, backend) = start().await;
        let page = arrive(&screens, &backend).await;
        submit(&page, &format!("do={button}")).await;
        assert!(screens.told().is_empty(), "nothing is paid yet");
        submit(&page, "do=approve").await;
        assert!(open(&page).await.text.contains(&format!("id=\"{button}\"")));
        submit(&page, &format!("do={button}")).await;
        submit(&page, "do=refund").await;
        assert_eq!(kinds(&screens.told()), ["deposit.paid", kind]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_by_post_is_a_form_that_leads_only_there() {
    let (screens, backend) = start().await;
    let page = arrive(&screens, &backend).await;
    let answer = submit(&page, "do=return-by-post").await;
    assert_eq!((answer.status, kinds(&screens.told()).len()), (200, 1));
    let form = format!(
        "method=\"post\" action=\"{}/inapp/deposit/{DEPOSIT}\"",
        screens.url
    );
    assert!(answer.text.contains(&form), "{}", answer.text);
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains(&format!("form-action 'self' {};", screens.url)),
        "{policy}"
    );
    let nonce = answer
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
async fn an_unframed_cashier_refuses_frames_and_the_other_is_the_terminals() {
    let (screens, backend) = start().await;
    let policy = |answer: &Answer| answer.header("content-security-policy").to_owned();
    let framed = open(&arrive(&screens, &backend).await).await;
    assert!(policy(&framed).ends_with(&format!("frame-ancestors {TERMINAL}")));
    assert!(!framed.headers.contains_key("x-frame-options"));

    let (screens, backend) = start().await;
    let answer = come(
        &screens,
        &backend,
        "/cashier/unframed",
        &claims(&screens, &backend),
    )
    .await;
    let unframed = open(&format!("{}{}", backend.url(), answer.header("location"))).await;
    assert!(policy(&unframed).ends_with("frame-ancestors 'none'"));
    assert_eq!(unframed.header("x-frame-options"), "DENY");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_sent_to_pay_is_turned_away() {
    let (screens, backend) = start().await;
    let good = claims(&screens, &backend);
    let first = come(&screens, &backend, "/cashier/pay", &good).await;
    assert_eq!(first.status, 303);
    assert_eq!(
        come(&screens, &backend, "/cashier/pay", &good).await.status,
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
            come(&screens, &backend, "/cashier/pay", &bad).await.status,
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
            come(&screens, &backend, "/cashier/pay", &bad).await.status,
            403,
            "{name}"
        );
    }
    let nowhere = format!("{}/cashier/payments/pay_unknown", backend.url());
    assert_eq!(open(&nowhere).await.status, 403);
    assert_eq!(submit(&nowhere, "do=approve").await.status, 403);
    assert!(screens.told().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_not_taken_is_sent_again_as_the_same() {
    let (screens, backend) = start().await;
    screens.answer(&[503, 429, 500]);
    let page = arrive(&screens, &backend).await;
    submit(&page, "do=approve").await;
    let told = screens.told_of(4).await;
    let ids: Vec<_> = told.iter().map(|told| told.header(webhooks::ID)).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(told.iter().all(|told| told.verify(CARD_SECRET) == Ok(())));
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(screens.told().len(), 4, "it was taken");
    let statuses: Vec<_> = look(&backend).await["tries"]
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
    screens.answer(&[404]);
    submit(&arrive(&screens, &backend).await, "do=approve").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(screens.told().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_can_drive_it_without_the_page() {
    let (screens, backend) = start().await;
    let url = format!("{}/cashier/deposits/{DEPOSIT}", backend.url());
    assert_eq!(open(&url).await.status, 404, "nobody has come to pay it");
    arrive(&screens, &backend).await;
    let answer = post_json(&url, &json!({"do": "approve"})).await.json();
    assert_eq!(answer["state"], "paid");
    assert_eq!(answer["tries"][0]["type"], "deposit.paid");
    assert_eq!(answer["tries"][0]["status"], 204);
    assert_eq!(screens.told().len(), 1);
}
