use serde_json::{Value, json};
use simulator::{
    AccountBehaviour, AccountNumber, Behaviour, EMAIL_IN_DESCRIPTIONS, Mint, Options, Simulator, TraderField,
};

use crate::support::{MANAGER_TOKEN, data, get, redeem, send, send_with, start};

const ADA: u64 = 1_000_501;

fn trader_path() -> String {
    format!("/v2/webserv/traders/{ADA}?token={MANAGER_TOKEN}")
}

/// The record of Ada's account.
async fn record(ctrader: &Simulator) -> Value {
    get(&ctrader.backend_url(), &trader_path()).await.unwrap().json()
}

#[tokio::test]
async fn account_id_is_the_number_that_the_switch_says() {
    let ctrader = start().await;
    for (account_id, expected) in [
        (AccountNumber::Login, 1_000_501),
        (AccountNumber::TraderId, 70_501),
        (AccountNumber::Ctid, 90_000_501),
    ] {
        ctrader.set_behaviour(Behaviour {
            account_id,
            trading_login: false,
            email: false,
            ..Behaviour::default()
        });
        let token = ctrader.mint(Mint::user("ada"));
        let answer = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap().json();
        assert_eq!(
            answer,
            json!({"userId": 501, "traderId": 70501, "brokerName": "demobroker", "accountId": expected})
        );
    }
}

#[tokio::test]
async fn a_record_lacks_the_fields_that_the_switch_says() {
    let ctrader = start().await;
    let complete = record(&ctrader).await;
    assert_eq!(complete["contactDetails"]["email"], "ada.marlow@example.com");
    assert_eq!(
        (&complete["brokerName"], &complete["moneyDigits"]),
        (&json!("demobroker"), &json!(2))
    );

    let switch =
        json!({"accounts": {"1000501": {"leftOut": ["brokerName", "moneyDigits", "contactDetails"]}}});
    let switched = send(
        &ctrader.terminal_url(),
        "POST",
        "/sim/behaviour",
        Some(&switch.to_string()),
    )
    .await;
    assert_eq!(switched.unwrap().status, 204);
    let incomplete = record(&ctrader).await;
    assert_eq!(incomplete["contactDetails"], json!({}));
    let members = incomplete.as_object().unwrap();
    assert!(!members.contains_key("brokerName") && !members.contains_key("moneyDigits"));

    let other_email = AccountBehaviour {
        email: Some("else@example.com".into()),
        left_out: [TraderField::MoneyDigits].into(),
        ..AccountBehaviour::default()
    };
    ctrader.set_behaviour(Behaviour::default().account(ADA, other_email));
    assert_eq!(
        record(&ctrader).await["contactDetails"]["email"],
        "else@example.com"
    );
}

#[tokio::test]
async fn a_broker_that_is_not_on_the_plant_is_refused_by_both_calls() {
    let ctrader = start().await;
    let account = AccountBehaviour {
        broker_not_found: true,
        ..AccountBehaviour::default()
    };
    ctrader.set_behaviour(Behaviour::default().account(ADA, account));
    let looked_up = get(&ctrader.backend_url(), &trader_path()).await.unwrap();
    assert_eq!(looked_up.error(), (400, "CH_BROKER_NOT_FOUND".into()));
    let path = format!("/v2/webserv/traders/{ADA}/changebalance?token={MANAGER_TOKEN}");
    let body = json!({"login": ADA, "preciseAmount": 1, "type": "DEPOSIT"}).to_string();
    let changed = send(&ctrader.backend_url(), "POST", &path, Some(&body))
        .await
        .unwrap();
    assert_eq!(changed.error(), (400, "CH_BROKER_NOT_FOUND".into()));
}

#[tokio::test]
async fn without_accept_webserv_answers_xml_errors_included() {
    let ctrader = start().await;
    let base = ctrader.backend_url();
    for (path, status, element) in [
        (trader_path(), 200, "<depositCurrency>EUR</depositCurrency>"),
        (
            trader_path().replace(&ADA.to_string(), "7"),
            404,
            "<errorCode>TRADER_NOT_FOUND</errorCode>",
        ),
        (
            "/v2/webserv/symbols".into(),
            404,
            "<errorCode>INVALID_REQUEST</errorCode>",
        ),
    ] {
        for accept in ["", "accept: */*\r\n", "accept: application/xml\r\n"] {
            let answer = send_with(&base, "GET", &path, accept, "").await.unwrap();
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (status, Some("application/xml"))
            );
            assert!(answer.text().contains(element), "{}", answer.text());
        }
    }
    // The redemption speaks JSON only.
    let refused = data(&ctrader, MANAGER_TOKEN, "nonsense").await.unwrap();
    assert_eq!(refused.error().0, 404);
}

#[tokio::test]
async fn each_description_has_an_e_mail_address() {
    let ctrader = start().await;
    let refused = get(
        &ctrader.backend_url(),
        &trader_path().replace(&ADA.to_string(), "7"),
    )
    .await;
    assert!(refused.unwrap().text().contains(EMAIL_IN_DESCRIPTIONS));
    let refused = redeem(&ctrader, MANAGER_TOKEN, "nonsense").await.unwrap();
    assert!(refused.text().contains(EMAIL_IN_DESCRIPTIONS));
}

#[tokio::test]
async fn the_redemption_can_be_below_cid() {
    let ctrader = Simulator::start(Options {
        manager_token: MANAGER_TOKEN.to_owned(),
        ctid2_under_cid: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let token = ctrader.mint(Mint::user("ada"));
    let elsewhere = data(&ctrader, MANAGER_TOKEN, &token).await.unwrap();
    assert_eq!(
        (elsewhere.status, elsewhere.header("content-type")),
        (404, Some("text/html; charset=utf-8"))
    );
    assert!(ctrader.ctid2_url().ends_with("/cid"));
    let path = format!("/ctid2/inAppOneTimeToken/data?token={MANAGER_TOKEN}&inAppOneTimeToken={token}");
    // The path of the base URL comes before.
    let there = get(&ctrader.backend_url(), &format!("/cid{path}")).await.unwrap();
    assert_eq!(there.status, 200);
    assert_eq!(
        get(&ctrader.backend_url(), &format!("/cid{}", trader_path()))
            .await
            .unwrap()
            .status,
        404
    );
    assert_eq!(record(&ctrader).await["login"], ADA);
}
