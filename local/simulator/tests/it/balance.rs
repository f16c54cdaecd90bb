//! `GET /traders/{login}` and changebalance.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use simulator::{Account, BalanceChange, ChangeType, Endpoint, Event, Fault, Simulator};

use crate::support::{HttpResponse, MANAGER_TOKEN, get, send, send_with, start, until};

const ADA: u64 = 1_000_501;
/// In yen, which have no decimals.
const KENJI: u64 = 1_000_506;
const JSON: &str = "accept: application/json\r\ncontent-type: application/json\r\n";

async fn trader(ctrader: &Simulator, login: &str, manager_token: &str) -> HttpResponse {
    let path = format!("/v2/webserv/traders/{login}?token={manager_token}");
    get(&ctrader.backend_url(), &path).await.unwrap()
}

fn path(login: u64) -> String {
    format!("/v2/webserv/traders/{login}/changebalance?token={MANAGER_TOKEN}")
}

/// The body of a deposit. `amount` is the JSON text of the amount.
fn deposit(login: u64, amount: &str) -> String {
    format!(r#"{{"login":{login},"preciseAmount":{amount},"type":"DEPOSIT","externalId":"D-1"}}"#)
}

async fn change(ctrader: &Simulator, login: u64, body: &str) -> std::io::Result<HttpResponse> {
    send(&ctrader.backend_url(), "POST", &path(login), Some(body)).await
}

fn account(ctrader: &Simulator, login: u64) -> Account {
    let users = ctrader.users();
    let mut accounts = users.into_iter().flat_map(|user| user.accounts);
    accounts.find(|account| account.login == login).unwrap()
}

fn history(ctrader: &Simulator, login: u64) -> Vec<BalanceChange> {
    account(ctrader, login).history
}

fn refusal(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_trader_is_looked_up_by_login() {
    let ctrader = start().await;
    let response = trader(&ctrader, "1000501", MANAGER_TOKEN).await;
    let expected = json!({
        "login": ADA, "brokerName": "demobroker", "accessRights": "FULL_ACCESS", "depositCurrency": "EUR",
        "moneyDigits": 2, "balance": 1_248_050, "nonWithdrawableBonus": 0,
    });
    assert_eq!(response.status, 200);
    let record = response.json();
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(record[member], *value, "{member}");
    }
    let yen = trader(&ctrader, "1000506", MANAGER_TOKEN).await.json();
    assert_eq!(
        (&yen["depositCurrency"], &yen["moneyDigits"]),
        (&json!("JPY"), &json!(0))
    );
    let other = trader(&ctrader, "2000905", MANAGER_TOKEN).await.json();
    assert_eq!(other["brokerName"], "not-demobroker");
}

#[tokio::test]
async fn each_lookup_is_an_event_without_the_manager_token() {
    let ctrader = start().await;
    trader(&ctrader, "1000501", MANAGER_TOKEN).await;
    trader(&ctrader, "1000501", MANAGER_TOKEN).await;
    trader(&ctrader, "1", MANAGER_TOKEN).await;
    let lookups = |wanted: u16| {
        let events = ctrader.events();
        let lookups = events.iter().filter(|event| {
            matches!(event, Event::Called { method, path, status, .. }
                if method == "GET" && path.starts_with("/v2/webserv/traders/") && *status == wanted)
        });
        lookups.count()
    };
    assert_eq!((lookups(200), lookups(404)), (2, 1));
    assert!(
        !serde_json::to_string(&ctrader.log())
            .unwrap()
            .contains(MANAGER_TOKEN)
    );
}

#[tokio::test]
async fn without_the_manager_token_nothing_is_returned_or_changed() {
    let ctrader = start().await;
    let auth = "CH_CLIENT_AUTH_FAILURE";
    assert_eq!(
        trader(&ctrader, "1000501", "wrong").await.error(),
        refusal(403, auth)
    );
    let base = ctrader.backend_url();
    let bare = get(&base, "/v2/webserv/traders/1000501").await.unwrap();
    assert_eq!(bare.error(), refusal(401, auth));
    for (token, status) in [("?token=wrong", 403), ("", 401)] {
        let path = format!("/v2/webserv/traders/{ADA}/changebalance{token}");
        let response = send(&base, "POST", &path, Some(&deposit(ADA, "1")))
            .await
            .unwrap();
        assert_eq!(response.error(), refusal(status, auth));
    }
    let twice = format!("/v2/webserv/traders/{ADA}?token={MANAGER_TOKEN}&token=x");
    assert_eq!(
        get(&base, &twice).await.unwrap().error(),
        refusal(400, "INVALID_REQUEST")
    );
    assert_eq!(history(&ctrader, ADA), []);
}

#[tokio::test]
async fn a_deposit_changes_the_balance_and_is_in_the_history() {
    let ctrader = start().await;
    let body = json!({
        "login": ADA, "preciseAmount": 250.5, "type": "DEPOSIT", "externalId": "D-1",
        "externalNote": "Card", "comment": "by the deposit screen", "source": "inapp",
    });
    let response = change(&ctrader, ADA, &body.to_string()).await.unwrap();
    assert_eq!(response.status, 200);
    let id = response.json()["balanceHistoryId"].as_i64().unwrap();
    assert_eq!(response.json(), json!({ "balanceHistoryId": id }));
    assert_eq!(account(&ctrader, ADA).balance, 1_248_050 + 25_050);
    assert_eq!(
        trader(&ctrader, "1000501", MANAGER_TOKEN).await.json()["balance"],
        1_273_100
    );
    let change = BalanceChange {
        id,
        kind: ChangeType::Deposit,
        amount: "250.50".to_owned(),
        external_id: Some("D-1".to_owned()),
        external_note: Some("Card".to_owned()),
        comment: Some("by the deposit screen".to_owned()),
    };
    assert_eq!(history(&ctrader, ADA), [change]);

    let terminal = ctrader.terminal_url().replace("localhost", "127.0.0.1");
    let state = get(&terminal, "/sim/state").await.unwrap().json();
    let shown = &state["users"][0]["accounts"][0];
    assert_eq!(shown["balance"], 1_273_100);
    assert_eq!(
        shown["history"],
        json!([{"id": id, "type": "DEPOSIT", "amount": "250.50", "externalId": "D-1", "externalNote": "Card",
            "comment": "by the deposit screen"}])
    );
}

#[tokio::test]
async fn the_timeline_has_the_new_balance_and_then_the_response() {
    let ctrader = start().await;
    change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap();
    let log = ctrader.log();
    let id = history(&ctrader, ADA)[0].id;
    let entry = serde_json::to_value(&log[0]).unwrap();
    assert_eq!(
        (&entry["id"], &entry["balanceHistoryId"]),
        (&json!(1), &json!(id))
    );
    assert_eq!(
        log[0].sentence,
        format!(
            "cTrader credited 250.00 EUR to account 1000501, as change {id}: the balance is 12730.50 EUR."
        )
    );
    assert!(
        matches!(&log[1].event, Event::Called { method, status: 200, code: None, .. } if method == "POST")
    );
}

#[tokio::test]
async fn the_same_call_again_credits_again() {
    let ctrader = start().await;
    for _ in 0..2 {
        assert_eq!(
            change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap().status,
            200
        );
    }
    let changes = history(&ctrader, ADA);
    assert_eq!(account(&ctrader, ADA).balance, 1_248_050 + 50_000);
    assert_eq!(changes[0].external_id, changes[1].external_id);
    assert_ne!(changes[0].id, changes[1].id);
    let again: Vec<bool> = ctrader
        .events()
        .iter()
        .filter_map(|event| match event {
            Event::BalanceChanged { again, .. } => Some(*again),
            _ => None,
        })
        .collect();
    assert_eq!(again, [false, true]);
}

#[tokio::test]
async fn amounts_are_exact() {
    let ctrader = start().await;
    // 0.1 + 0.2 and a number that no float holds.
    for amount in ["0.1", "0.2", "9007199254740993.01", "1e2", "2.5000"] {
        let response = change(&ctrader, ADA, &deposit(ADA, amount)).await.unwrap();
        assert_eq!(response.status, 200, "{amount}");
    }
    let amounts: Vec<String> = history(&ctrader, ADA)
        .into_iter()
        .map(|change| change.amount)
        .collect();
    assert_eq!(amounts, ["0.10", "0.20", "9007199254740993.01", "100.00", "2.50"]);
    assert_eq!(
        account(&ctrader, ADA).balance,
        1_248_050 + 30 + 900_719_925_474_099_301 + 10_000 + 250
    );
}

#[tokio::test]
async fn a_bad_amount_is_refused_and_changes_nothing() {
    let ctrader = start().await;
    let bad = refusal(400, "CHANGE_BALANCE_BAD_AMOUNT");
    for amount in ["0", "-250", "0.001", "250.505", "0.000000001", "1e30", "1e-3"] {
        let response = change(&ctrader, ADA, &deposit(ADA, amount)).await.unwrap();
        assert_eq!(response.error(), bad, "{amount}");
    }
    assert_eq!(
        change(&ctrader, KENJI, &deposit(KENJI, "0.5"))
            .await
            .unwrap()
            .error(),
        bad
    );
    assert_eq!(
        change(&ctrader, KENJI, &deposit(KENJI, "500"))
            .await
            .unwrap()
            .status,
        200
    );
    assert_eq!(history(&ctrader, KENJI)[0].amount, "500");
    assert_eq!(history(&ctrader, ADA), []);
    assert_eq!(account(&ctrader, ADA).balance, 1_248_050);
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    let ctrader = start().await;
    let unknown = refusal(404, "TRADER_NOT_FOUND");
    assert_eq!(
        change(&ctrader, 9_999_999, &deposit(9_999_999, "1"))
            .await
            .unwrap()
            .error(),
        unknown
    );
    assert_eq!(trader(&ctrader, "9999999", MANAGER_TOKEN).await.error(), unknown);
    assert_eq!(
        trader(&ctrader, "ada", MANAGER_TOKEN).await.error(),
        refusal(400, "INVALID_REQUEST")
    );
}

#[tokio::test]
async fn an_undocumented_call_is_refused() {
    let ctrader = start().await;
    let good: Value = serde_json::from_str(&deposit(ADA, "1")).unwrap();
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body.to_string()
    };
    let without = |name: &str| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().remove(name);
        body.to_string()
    };
    for body in [
        with("login", json!(KENJI)),
        with("login", json!("1000501")),
        with("preciseAmount", json!("1")),
        with("preciseAmount", Value::Null),
        with("type", json!("deposit")),
        with("externalID", json!("D-1")),
        without("login"),
        without("preciseAmount"),
        without("type"),
        "[]".to_owned(),
        String::new(),
    ] {
        let response = change(&ctrader, ADA, &body).await.unwrap();
        assert_eq!(response.error(), refusal(400, "INVALID_REQUEST"), "{body}");
    }
    let base = ctrader.backend_url();
    let form = "accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let response = send_with(&base, "POST", &path(ADA), form, "x").await.unwrap();
    assert_eq!(response.error(), refusal(415, "INVALID_REQUEST"));
    let response = send_with(&base, "PUT", &path(ADA), JSON, &good.to_string())
        .await
        .unwrap();
    assert_eq!(response.error(), refusal(405, "INVALID_REQUEST"));
    assert_eq!(history(&ctrader, ADA), []);
}

#[tokio::test]
async fn withdrawals_need_money_and_bonuses_are_separate() {
    let ctrader = start().await;
    let body =
        |kind: &str, amount: f64| json!({"login": ADA, "preciseAmount": amount, "type": kind}).to_string();
    let too_much = change(&ctrader, ADA, &body("WITHDRAW", 12_480.51)).await.unwrap();
    assert_eq!(too_much.error(), refusal(400, "NOT_ENOUGH_MONEY"));
    let bonus = body("DEPOSIT_NONWITHDRAWABLE_BONUS", 50.0);
    assert_eq!(change(&ctrader, ADA, &bonus).await.unwrap().status, 200);
    assert_eq!(
        change(&ctrader, ADA, &body("WITHDRAW", 12_480.50))
            .await
            .unwrap()
            .status,
        200
    );
    let more = body("WITHDRAW_NONWITHDRAWABLE_BONUS", 50.01);
    assert_eq!(
        change(&ctrader, ADA, &more).await.unwrap().error(),
        refusal(400, "NOT_ENOUGH_MONEY")
    );
    let account = account(&ctrader, ADA);
    assert_eq!(
        (account.balance, account.bonus, account.history.len()),
        (0, 5_000, 2)
    );
}

/// Sets a fault for the next changebalance.
async fn set_credit_fault(ctrader: &Simulator, fault: Fault) {
    let fault = fault.on(Endpoint::ChangeBalance).times(1);
    ctrader.set_fault(Some(fault)).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_has_credited() {
    let ctrader = start().await;
    set_credit_fault(&ctrader, Fault::lose_answer()).await;
    assert_eq!(
        trader(&ctrader, "1000501", MANAGER_TOKEN).await.status,
        200,
        "only changebalance has the fault"
    );
    change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap_err();
    assert_eq!(history(&ctrader, ADA).len(), 1);
    let log = ctrader.log();
    let lost = log
        .iter()
        .find(|entry| matches!(entry.event, Event::Lost { .. }))
        .unwrap();
    assert!(
        matches!(&lost.event, Event::Lost { consumed: true, token: None, call: Some(call), .. }
        if call == "POST /v2/webserv/traders/1000501/changebalance")
    );
    assert!(lost.sentence.contains("It took effect"), "{}", lost.sentence);
}

#[tokio::test]
async fn a_call_that_fails_before_it_applies_has_not_credited() {
    let ctrader = start().await;
    set_credit_fault(&ctrader, Fault::lose_answer_before()).await;
    change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap_err();
    set_credit_fault(&ctrader, Fault::status(500)).await;
    let response = change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap();
    assert_eq!(response.error(), refusal(500, "UNKNOWN_ERROR"));
    assert_eq!(history(&ctrader, ADA), []);
}

#[tokio::test]
async fn a_500_after_it_applied_has_credited() {
    let ctrader = start().await;
    set_credit_fault(&ctrader, Fault::status_after(500)).await;
    let response = change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap();
    assert_eq!(response.error(), refusal(500, "UNKNOWN_ERROR"));
    assert_eq!(history(&ctrader, ADA).len(), 1);
}

#[tokio::test]
async fn a_slow_answer_has_credited_at_once() {
    let ctrader = start().await;
    let body = deposit(ADA, "250");
    set_credit_fault(&ctrader, Fault::delay(Duration::from_secs(60))).await;
    tokio::select! {
        response = change(&ctrader, ADA, &body) => panic!("answered {:?}", response.map(|response| response.status)),
        () = until(async || history(&ctrader, ADA).len() == 1) => {}
    }
    set_credit_fault(&ctrader, Fault::delay(Duration::from_millis(150))).await;
    let start = Instant::now();
    assert_eq!(change(&ctrader, ADA, &body).await.unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_refusal_has_the_code_of_its_fault() {
    let ctrader = start().await;
    for (fault, status, code) in [
        (Fault::refuse(403, "NOT_ENOUGH_RIGHTS"), 403, "NOT_ENOUGH_RIGHTS"),
        (Fault::refuse(400, "UNKNOWN_ERROR"), 400, "UNKNOWN_ERROR"),
        (Fault::status(429), 429, "REQUEST_FREQUENCY_EXCEEDED"),
        (Fault::status(404), 404, "TRADER_NOT_FOUND"),
        (Fault::status(403), 403, "CH_CLIENT_AUTH_FAILURE"),
    ] {
        set_credit_fault(&ctrader, fault).await;
        let response = change(&ctrader, ADA, &deposit(ADA, "250")).await.unwrap();
        assert_eq!(response.error(), refusal(status, code));
    }
    assert_eq!(history(&ctrader, ADA), []);
}

#[tokio::test]
async fn the_sentence_of_a_fault_names_the_call() {
    let ctrader = start().await;
    set_credit_fault(&ctrader, Fault::lose_answer()).await;
    ctrader
        .set_fault(Some(
            Fault::refuse(403, "NOT_ENOUGH_RIGHTS").on(Endpoint::ChangeBalance),
        ))
        .await
        .unwrap();
    let sentences: Vec<String> = ctrader.log().into_iter().map(|entry| entry.sentence).collect();
    assert_eq!(
        sentences,
        [
            "From now on cTrader changes balances but loses its answers, once.",
            "From now on cTrader answers 403 NOT_ENOUGH_RIGHTS to changebalance.",
        ]
    );
}
