//! Payment methods: what the form offers, how the trader gets to the cashier, and the status page.

use deposits::{
    Decision, DepositBody, DepositId, Notification, Operator, PaymentEvent, PaymentEventKind, PaymentSource,
    Sender, Status, apply_payment_event, resolve,
};
use domain::Money;
use harness::{Fault, HttpResponse, Identity, Mint, Request, TestEnv, TestEnvOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{System, Table};

use crate::{COOKIE, PATH, deposit, fields, known, open, session, test_env};

/// Opens the screen for a user of the simulated cTrader.
async fn open_for(env: &TestEnv, user: &str) -> HttpResponse {
    let token = env.mint(Mint::user(user));
    env.get(PATH, &format!("token={token}&lang=en&theme=dark")).await
}

/// A submit with this payment method.
fn submit_with(method: &str, session: &str) -> Request {
    let form = [("amount", "250.00"), ("currency", "EUR"), ("method", method)];
    fields(session, &form)
}

/// The id and the path of the only deposit.
fn only_deposit(env: &TestEnv) -> (DepositId, String) {
    let deposits = env.deposit_items();
    assert_eq!(deposits.len(), 1);
    let id = deposits[0]["pk"].as_str().unwrap().strip_prefix("deposit#");
    let id: DepositId = id.unwrap().parse().unwrap();
    let path = format!("{PATH}/{id}");
    (id, path)
}

/// A `POST` to the deposit's own page with this `ask`.
fn ask_at(path: &str, session: &str, what: &str) -> Request {
    Request::post(path).form(&[("session", session), ("ask", what)])
}

fn claims(assertion: &str) -> Value {
    use base64::Engine;
    let part = assertion.split('.').nth(1).unwrap();
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .unwrap();
    serde_json::from_slice(&json).unwrap()
}

fn status_of(page: &HttpResponse) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(r#"data-status=""#).expect("a status");
    rest.split_once('"').unwrap().0.to_owned()
}

/// Applies a payment event of the provider to the deposit, as the function `payment-events` does.
async fn apply_event(table: &Table, id: &DepositId, kind: PaymentEventKind) {
    let sender = Sender {
        method: "bank_transfer".parse().unwrap(),
        broker: "demobroker".into(),
        source: PaymentSource::Notification,
    };
    let notification = Notification {
        deposit: id.clone(),
        event: PaymentEvent {
            kind,
            at: Timestamp::now(),
            money: Money::new("250".parse().unwrap(), "EUR".parse().unwrap()),
            reference: "P1".into(),
        },
        reason: None,
    };
    apply_payment_event(table, &System, &sender, &notification)
        .await
        .unwrap();
}

/// An operator decides about the version that is there.
async fn decide(table: &Table, id: &DepositId, seen: u64, decision: Decision) {
    let operator = Operator {
        seen,
        by: &harness::operator(),
        request: &DepositId::random().unwrap(),
        reason: "seen in cTrader",
    };
    resolve(table, &System, id, operator, decision).await.unwrap();
}

/// Whether a page names a currency. The same letters inside a session or a nonce do not count.
fn mentions(page: &str, currency: &str) -> bool {
    page.split(|c: char| !c.is_ascii_alphanumeric() && !"-_+/=".contains(c))
        .any(|word| word == currency)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_offers_only_methods_that_can_charge_the_accounts_currency() {
    let env = test_env().await;
    let euro = open_for(&env, "ada").await.text();
    for method in ["card", "wallet", "bank_transfer"] {
        assert!(euro.contains(&format!(r#"value="{method}""#)), "{method}");
    }
    assert!(!mentions(&euro, "USD"), "nothing is converted");
    assert!(
        euro.contains("20.00\u{a0}EUR to 5,000.00\u{a0}EUR"),
        "the wallet's own limits"
    );

    let dollar = open_for(&env, "bruno").await.text();
    assert!(dollar.contains(r#"value="card""#) && !dollar.contains(r#"value="wallet""#));
    assert!(mentions(&dollar, "USD") && !mentions(&dollar, "EUR"));

    let pound = open_for(&env, "chloe").await;
    assert_eq!(pound.status, 200);
    assert!(
        pound
            .text()
            .contains("We cannot take deposits to an account in GBP here.")
    );
    assert!(pound.input("amount").is_none());
    let form = [("amount", "50"), ("currency", "GBP"), ("method", "card")];
    let refused = env.send(fields(&session(&pound), &form)).await;
    assert_eq!(refused.status, 400);
    assert!(env.deposit_items().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_accounts_currency_the_form_opens_and_no_deposit_is_created() {
    let env = test_env().await;
    let fault: Fault =
        serde_json::from_value(json!({"kind": "status", "status": 503, "on": "trader"})).unwrap();
    env.simulator().set_fault(Some(fault)).await.unwrap();
    let screen = open(&env).await;
    assert_eq!(
        screen.status, 200,
        "the token is spent: the trader sees the screen"
    );
    assert!(screen.text().contains("EUR") && screen.text().contains("USD"));
    let refused = env.send(deposit(&session(&screen))).await;
    assert_eq!(refused.status, 503);
    assert!(refused.text().contains("Try again"));
    assert!(env.deposit_items().is_empty());

    env.simulator().set_fault(None).await.unwrap();
    let dollars = [("amount", "50"), ("currency", "USD"), ("method", "bank_transfer")];
    assert_eq!(env.send(fields(&session(&screen), &dollars)).await.status, 400);
    assert_eq!(env.send(deposit(&session(&screen))).await.status, 200);
    assert_eq!(env.deposit_items().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_or_foreign_account_gets_no_deposit() {
    let env = test_env().await;
    for (identity, code) in [
        (
            Identity {
                trading_login: Some(7),
                account_id: Some(7),
                ..known()
            },
            "ACCOUNT_MISMATCH",
        ),
        (
            Identity {
                trading_login: None,
                account_id: None,
                ..known()
            },
            "ACCOUNT_MISMATCH",
        ),
        // The account of another broker's trader.
        (
            Identity {
                trading_login: Some(2_000_905),
                account_id: None,
                ..known()
            },
            "BROKER_MISMATCH",
        ),
        // The same without a broker name in the identity. cTrader would refuse to credit it too.
        (
            Identity {
                broker_name: None,
                trading_login: Some(2_000_905),
                account_id: None,
                ..known()
            },
            "BROKER_MISMATCH",
        ),
    ] {
        let token = env.mint_for(identity);
        let screen = env.get(PATH, &format!("token={token}")).await;
        assert_eq!(screen.status, 403, "{code}");
        let line = env.request_log().pop().unwrap();
        assert_eq!(line["code"], code);
        assert_eq!(line["BrokerUnknown"] == 1, code == "BROKER_MISMATCH", "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_shows_the_account_that_will_be_credited() {
    let env = test_env().await;
    // Both numbers are logins of the trader. The URL chooses.
    let identity = Identity {
        account_id: Some(1_000_501),
        trading_login: Some(1_000_602),
        ..known()
    };
    let token = env.mint_for(identity);
    let screen = env
        .get(PATH, &format!("token={token}&account=1000501&lang=en"))
        .await;
    let shows_credited = |page: &HttpResponse, what: &str| {
        let page = page.text();
        assert!(page.contains("1000501") && !page.contains("1000602"), "{what}");
    };
    shows_credited(&screen, "the form");
    let session = session(&screen);
    let wrong = fields(
        &session,
        &[("amount", "x"), ("currency", "EUR"), ("method", "card")],
    );
    shows_credited(&env.send(wrong).await, "the form with a problem");
    let done = env.send(submit_with("bank_transfer", &session)).await;
    assert_eq!(done.status, 200);
    shows_credited(&done, "the confirmation");
    assert_eq!(env.deposit_items()[0]["data"]["order"]["login"], 1_000_501);
    let (_, path) = only_deposit(&env);
    let page = Request::post(&path).form(&[("session", &session)]);
    shows_credited(&env.send(page).await, "the deposit's page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_framed_cashier_gets_the_claims_of_the_contract() {
    let env = test_env().await;
    let screen = open_for(&env, "ada").await;
    let answer = env.send(submit_with("card", &session(&screen))).await;
    assert_eq!(answer.status, 303);
    let (cashier, assertion) = answer.header("location").split_once("?assertion=").unwrap();
    assert_eq!(cashier, "https://cashier.demobroker.example/pay");
    let (id, path) = only_deposit(&env);
    let claims = claims(assertion);
    assert_eq!(claims["aud"], "https://cashier.demobroker.example");
    assert_eq!(claims["use"], "cashier");
    assert_eq!(
        claims["deposit"],
        json!({
            "id": id.as_str(), "account": 1_000_501, "amount": "250.00", "currency": "EUR", "method": "card",
            "returnUrl": format!("https://screens.example.com{path}?lang=en&theme=dark"),
        })
    );

    // Back by GET with the cookie: not paid yet, and the button leads to the cashier with a new assertion.
    let cookie = format!("{COOKIE}={}", answer.cookie(COOKIE).unwrap());
    let back = env
        .send(Request::get(&path).query("lang=en").cookie(&cookie))
        .await;
    assert_eq!((back.status, status_of(&back).as_str()), (200, "created"));
    assert!(back.text().contains("250.00\u{a0}EUR") && back.text().contains(r#"id="pay""#));
    let on = ask_at(&path, &session(&back), "go-on");
    let again = env.send(on).await;
    assert_eq!(again.status, 303);
    assert_ne!(again.header("location"), answer.header("location"));
    let forged = Request::post(&path).form(&[("ask", "go-on")]).cookie(&cookie);
    assert_eq!(env.send(forged).await.status, 200, "the cookie alone only shows");
    assert_eq!(env.deposit_items().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cashier_that_refuses_frames_is_opened_by_a_link_while_the_screen_waits() {
    let env = test_env().await;
    let waits = env.send(submit_with("wallet", &session(&open(&env).await))).await;
    assert_eq!((waits.status, status_of(&waits).as_str()), (200, "created"));
    let page = waits.text();
    assert!(page.contains(r#"target="_blank""#) && page.contains("opens in a new window"));
    let (_, path) = only_deposit(&env);
    assert!(
        page.contains(&format!(r#"data-poll="{path}?lang=en""#)),
        "it asks how things stand"
    );
    let policy = waits.header("content-security-policy");
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    let opened = env.send(ask_at(&path, &session(&waits), "go-on")).await;
    assert!(
        opened
            .header("location")
            .starts_with("https://cashier.demobroker.example/unframed?assertion=")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_alone_shows_the_status_and_the_traders_session_shows_all() {
    let env = test_env().await;
    let done = env.send(deposit(&session(&open(&env).await))).await;
    let (_, path) = only_deposit(&env);
    // The digits 250 alone may be part of an id.
    let secrets = ["250.00", "\"250\"", "1000501", "GB33", "ada.marlow"];
    let bare = env.get(&path, "lang=en").await;
    assert_eq!((bare.status, status_of(&bare).as_str()), (200, "pending"));
    // A cashier may redirect the trader by a form of its own.
    let from_cashier = || Request::post(&path).fetched("cross-site", "iframe");
    let posted = env.send(from_cashier().form(&[("result", "ok")])).await;
    assert_eq!(posted.status, 200);
    let of_its_own = from_cashier().form(&[("session", "of the cashier's own")]);
    let known = env.send(of_its_own.clone().cookie(&done.cookies[0])).await;
    assert!(
        known.text().contains("250.00\u{a0}EUR"),
        "the cookie says who it is"
    );
    let of_its_own = env.send(of_its_own).await;
    let strangers = session(&open_for(&env, "bruno").await);
    let stranger = env.send(ask_at(&path, &strangers, "restore")).await;
    let forged = env
        .send(Request::post(&path).form(&[("session", "x"), ("ask", "restore")]))
        .await;
    for page in [&bare, &posted, &of_its_own, &stranger, &forged] {
        assert_eq!(page.status, 200);
        for secret in secrets {
            assert!(!page.text().contains(secret), "{secret}");
        }
        assert!(page.cookies.is_empty());
    }
    for page in [&bare, &of_its_own] {
        assert!(
            page.text().contains(r#"data-state="returned""#),
            "the page may find a stored session"
        );
    }
    assert!(
        !forged.text().contains(r#"data-state="returned""#),
        "and stops looking after one try"
    );
    let json = env.send(Request::get(&path).accept_json()).await.json();
    assert_eq!(
        json.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "status"]
    );

    // The same trader, with a session from another token, sees all of it.
    let later = session(&open(&env).await);
    for session in [session(&done), later] {
        let full = env.send(ask_at(&path, &session, "restore")).await;
        for piece in ["250.00\u{a0}EUR", "1000501", "GB33"] {
            assert!(full.text().contains(piece), "{piece}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_is_shown_after_the_session_has_expired_too() {
    let env = test_env().await;
    env.send(deposit(&session(&open(&env).await))).await;
    let (id, path) = only_deposit(&env);
    let table = env.deposits().table;
    apply_event(&table, &id, PaymentEventKind::Paid).await;
    let credited = Decision::Credited {
        balance_history_id: None,
        payment_found: false,
    };
    apply_event(&table, &id, PaymentEventKind::Refunded).await;
    let seen = table.stored::<DepositBody>(&id).await.unwrap().unwrap().record;
    decide(&table, &id, seen.version, credited).await;
    // The page polls the deposit's own URL with an expired session.
    let over = env
        .send(ask_at(&path, "expired", "restore").query("lang=en"))
        .await;
    assert_eq!((over.status, status_of(&over).as_str()), (200, "credited"));
    assert!(
        over.text()
            .contains("/callback/success?eventName=deposit_succeeded")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_cannot_be_read_is_refused_at_a_deposit_too() {
    let env = test_env().await;
    env.send(deposit(&session(&open(&env).await))).await;
    let (_, path) = only_deposit(&env);
    let large = "x".repeat(256 * 1024);
    let large = Request::post(&path).form(&[("result", large.as_str())]);
    assert_eq!(env.send(large).await.status, 413);
    let json = Request::post(&path).json(&json!({"session": true})).accept_json();
    let refused = env.send(json).await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (400, Some("INVALID_PARAMETER"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_deposit_is_404() {
    let env = test_env().await;
    for id in [
        "0123456789ABCDEFGHJKMNPQRS",
        "x",
        "/",
        "../deposit",
        "0123456789ABCDEFGHJKMNPQRS/x",
    ] {
        let answer = env
            .send(Request::get(&format!("{PATH}/{id}")).accept_json())
            .await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (404, Some("NOT_FOUND")),
            "{id}"
        );
    }
    let put = Request::new("PUT", &format!("{PATH}/0123456789ABCDEFGHJKMNPQRS")).accept_json();
    assert_eq!(env.send(put).await.status, 405);
    assert_eq!(crate::redemptions(&env), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_status_has_its_own_words_and_only_a_credit_is_a_success() {
    let env = test_env().await;
    let deposit_session = session(&env.send(deposit(&session(&open(&env).await))).await);
    let (id, path) = only_deposit(&env);
    let table = env.deposits().table;
    let see = async || {
        let show = ask_at(&path, &deposit_session, "restore");
        env.send(show).await
    };
    let page = see().await;
    assert!(
        page.text().contains("Make your transfer") && page.text().contains("Transfer exactly this amount")
    );

    apply_event(&table, &id, PaymentEventKind::Paid).await;
    let page = see().await;
    assert_eq!(status_of(&page), "paid");
    assert!(page.text().contains("Payment received") && page.text().contains("data-poll="));
    assert!(!page.text().contains("?eventName="));

    // An operator's decision replaces the credit in cTrader here.
    apply_event(&table, &id, PaymentEventKind::Refunded).await;
    let page = see().await;
    assert_eq!(status_of(&page), "review");
    assert!(page.text().contains("We are checking your deposit") && !page.text().contains("refund"));
    let seen = table.stored::<DepositBody>(&id).await.unwrap().unwrap().record;
    assert_eq!(seen.status, Status::Review);
    let word = Decision::Credited {
        balance_history_id: None,
        payment_found: false,
    };
    decide(&table, &id, seen.version, word).await;
    let page = see().await;
    assert_eq!(status_of(&page), "credited");
    assert!(
        page.text()
            .contains("/callback/success?eventName=deposit_succeeded")
    );
    assert!(!page.text().contains("data-poll="), "nothing more to wait for");
    assert!(!page.text().contains("olga") && !page.text().contains("seen in cTrader"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_can_be_tried_again_and_open_deposits_are_listed() {
    let env = test_env().await;
    let deposit_session = session(&env.send(deposit(&session(&open(&env).await))).await);
    let (id, path) = only_deposit(&env);
    let offered = open(&env).await.text();
    assert!(offered.contains("Deposits under way") && offered.contains(&path));

    apply_event(&env.deposits().table, &id, PaymentEventKind::Failed).await;
    let page = env.send(ask_at(&path, &deposit_session, "restore")).await;
    assert_eq!(status_of(&page), "failed");
    assert!(page.text().contains("/callback/failure") && page.text().contains(r#"id="again""#));
    let anew = env.send(fields(&session(&page), &[("ask", "start-over")])).await;
    assert!(anew.input("amount").is_some() && !anew.text().contains("Deposits under way"));
    assert_eq!(env.send(deposit(&session(&anew))).await.status, 200);
    assert_eq!(env.deposit_items().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn if_the_assertion_cannot_be_signed_the_deposit_is_not_lost() {
    let env = crate::test_env_with(TestEnvOptions::default()).await;
    let screen = open(&env).await;
    env.set_kms_available(false);
    let failed = env.send(submit_with("card", &session(&screen))).await;
    assert_eq!(failed.status, 503);
    assert_eq!(env.deposit_items().len(), 1);
    env.set_kms_available(true);
    let again = env.send(fields(&session(&failed), &[("ask", "restore")])).await;
    assert_eq!(status_of(&again), "created");
    assert!(again.text().contains(r#"id="pay""#));
}
