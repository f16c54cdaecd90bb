//! Money goes only to an account that is proven: what counts as a proof, and what the trader and the operator see without.

use std::collections::BTreeSet;

use harness::{
    AccountBehaviour, AccountNumber, Behaviour, DEMO_CONFIG, Event, HttpResponse, Mint, Request, TestEnv,
    TestEnvOptions, TraderField,
};

use crate::{PATH, deposit, session, test_env, test_env_with, two_brokers};

const LOGIN: u64 = 1_000_501;

/// With this value of `CTRADER_ACCOUNT_ID_IS`.
async fn env_with(account_id_is: &str) -> TestEnv {
    test_env_with(TestEnvOptions::default().env("CTRADER_ACCOUNT_ID_IS", account_id_is)).await
}

/// cTrader's answer has no `tradingLogin`, and this number as `accountId`.
fn without_login(account_id: AccountNumber) -> Behaviour {
    Behaviour {
        account_id,
        trading_login: false,
        ..Behaviour::default()
    }
}

/// Opens the screen for Ada with this `account` in the URL.
async fn open_on(env: &TestEnv, account: Option<u64>) -> HttpResponse {
    let token = env.mint(Mint::user("ada"));
    let account = account.map_or(String::new(), |account| format!("&account={account}"));
    env.get(PATH, &format!("token={token}&lang=en{account}")).await
}

/// The last line of the log.
fn last_line(env: &TestEnv) -> serde_json::Value {
    env.request_log().pop().expect("a line in the log")
}

/// The paths of the calls about accounts.
fn look_ups(env: &TestEnv) -> Vec<String> {
    let events = env.simulator().events().into_iter();
    events
        .filter_map(|event| match event {
            Event::Called { path, .. } => Some(path),
            _ => None,
        })
        .collect()
}

/// The page or JSON that says that the broker has to finish the set-up, and the alarm that names the setting.
fn assert_unfinished(env: &TestEnv, page: &HttpResponse, case: &str) {
    assert_eq!(page.status, 502, "{case}");
    let text = page.text();
    assert!(text.contains("This screen is not ready yet"), "{case}");
    assert!(text.contains("Your broker has to finish setting it up"), "{case}");
    assert!(
        !text.contains("10005") && page.input("amount").is_none(),
        "{case}: it shows no account"
    );
    let line = last_line(env);
    assert_eq!(
        (&line["code"], &line["AccountsUnreadable"]),
        (&"UPSTREAM_CONTRACT".into(), &1.into()),
        "{line}"
    );
    assert!(
        line["detail"].as_str().unwrap().contains("CTRADER_ACCOUNT_ID_IS"),
        "{line}"
    );
}

/// Deposits, and returns the login that the order names.
async fn ordered_login(env: &TestEnv, screen: &HttpResponse) -> serde_json::Value {
    let before = env.deposit_items().len();
    assert_eq!(env.send(deposit(&session(screen))).await.status, 200);
    let items = env.deposit_items();
    assert_eq!(items.len(), before + 1);
    items
        .into_iter()
        .map(|item| item["data"]["order"]["login"].clone())
        .next_back()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_account_id_is_only_the_login_is_ever_credited() {
    for setting in ["login", "traderId", "ctid", "unknown"] {
        let env = env_with(setting).await;
        for number in [AccountNumber::Login, AccountNumber::TraderId, AccountNumber::Ctid] {
            let right = setting != "login" || number == AccountNumber::Login;
            if !right {
                // A broker who settles on a wrong value is the one mistake that only a tap can tell: next test.
                continue;
            }
            for email in [true, false] {
                for account in [Some(LOGIN), None] {
                    let case = format!("{setting} {number:?} e-mail {email} account {account:?}");
                    let behaviour = Behaviour {
                        email,
                        ..without_login(number)
                    };
                    env.simulator().set_behaviour(behaviour);
                    let screen = open_on(&env, account).await;
                    let by_id = setting == "login";
                    let by_email = email && account.is_some();
                    let by_guess = email && setting == "unknown" && number == AccountNumber::Login;
                    if by_id || by_email || by_guess {
                        assert_eq!(screen.status, 200, "{case}");
                        assert!(screen.text().contains("1000501"), "{case}");
                        assert_eq!(ordered_login(&env, &screen).await, LOGIN, "{case}");
                    } else {
                        assert_unfinished(&env, &screen, &case);
                    }
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_id_that_is_wrongly_called_a_login_meets_no_account() {
    let env = env_with("login").await;
    env.simulator().set_behaviour(without_login(AccountNumber::Ctid));
    let screen = open_on(&env, None).await;
    assert_eq!(
        (screen.status, crate::logged_code(&env).as_str()),
        (403, "ACCOUNT_MISMATCH")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_account_proves_nothing() {
    for (setting, number) in [("unknown", AccountNumber::Login), ("ctid", AccountNumber::Ctid)] {
        let env = env_with(setting).await;
        env.simulator().set_behaviour(without_login(number));
        // Bruno's account, one that does not exist, and Ada's other numbers.
        for account in [1_000_502, 9_999_999, 70_501, 90_000_501] {
            let screen = open_on(&env, Some(account)).await;
            if setting == "unknown" {
                assert_unfinished(&env, &screen, &account.to_string());
            } else {
                // The set-up is finished: the URL is wrong, and nobody is alarmed.
                assert_eq!(screen.status, 403, "{account}");
                let line = last_line(&env);
                assert_eq!(line["code"], "ACCOUNT_MISMATCH");
                assert_eq!(line.get("AccountsUnreadable"), None, "{line}");
            }
            for text in [&screen.text(), &env.log_text()] {
                assert!(!text.contains("USD") && !text.contains("bruno"), "{account}");
            }
        }
        assert!(env.deposit_items().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_url_chooses_among_known_logins_and_adds_none() {
    let env = env_with("traderId").await;
    env.simulator().set_behaviour(Behaviour {
        account_id: AccountNumber::TraderId,
        ..Behaviour::default()
    });
    assert_eq!(open_on(&env, Some(LOGIN)).await.status, 200);
    assert_eq!(
        open_on(&env, Some(70_501)).await.status,
        403,
        "accountId is no login"
    );
    assert_eq!(open_on(&env, Some(1_000_502)).await.status, 403);
    assert_eq!(crate::logged_code(&env), "ACCOUNT_MISMATCH");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_needs_the_tokens_email_address() {
    let env = env_with("ctid").await;
    let record_email = |email: Option<&str>, left_out: &[TraderField]| {
        let account = AccountBehaviour {
            email: email.map(str::to_owned),
            left_out: left_out.iter().copied().collect(),
            ..AccountBehaviour::default()
        };
        without_login(AccountNumber::Ctid).account(LOGIN, account)
    };
    env.simulator()
        .set_behaviour(record_email(Some(" ADA.Marlow@Example.COM"), &[]));
    let screen = open_on(&env, Some(LOGIN)).await;
    assert_eq!(ordered_login(&env, &screen).await, LOGIN);
    env.simulator()
        .set_behaviour(record_email(Some("ada.marlow@example.org"), &[]));
    assert_eq!(open_on(&env, Some(LOGIN)).await.status, 403);
    env.simulator()
        .set_behaviour(record_email(None, &[TraderField::ContactDetails]));
    let screen = open_on(&env, Some(LOGIN)).await;
    assert_unfinished(&env, &screen, "contactDetails {}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_takes_no_call_more_than_the_currency_does() {
    let env = env_with("unknown").await;
    let proven = open_on(&env, Some(LOGIN)).await;
    assert_eq!(look_ups(&env).len(), 1, "the currency");
    env.simulator().set_behaviour(without_login(AccountNumber::Ctid));
    let by_email = open_on(&env, Some(LOGIN)).await;
    assert_eq!(look_ups(&env).len(), 2, "the currency and the proof are one call");
    for screen in [proven, by_email] {
        env.send(deposit(&session(&screen))).await;
    }
    assert_eq!(look_ups(&env).len(), 2, "the session remembers both");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_the_proven_login_or_the_code_of_the_table() {
    let env = env_with("unknown").await;
    let opened = async |account: u64| {
        let token = env.mint(Mint::user("ada"));
        let query = format!("token={token}&account={account}");
        env.send(Request::get(PATH).query(&query).accept_json()).await
    };
    env.simulator()
        .set_behaviour(without_login(AccountNumber::TraderId));
    let proven = opened(LOGIN).await.json();
    assert_eq!(proven["identity"]["tradingLogin"], LOGIN);
    assert_eq!(proven["identity"]["accountId"], 70_501);
    let unproven = opened(1_000_502).await;
    assert_eq!(unproven.status, 502);
    let body = unproven.json();
    assert_eq!(body["code"], "UPSTREAM_CONTRACT");
    assert_eq!(
        body["message"],
        "The broker has to finish the set-up of this screen"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_ctraders_answer_the_form_opens_without_an_account_and_the_submit_proves_it() {
    let env = env_with("unknown").await;
    env.simulator().set_behaviour(without_login(AccountNumber::Ctid));
    let unavailable = serde_json::json!({"kind": "status", "status": 503, "on": "trader"});
    let unavailable = serde_json::from_value(unavailable).unwrap();
    env.simulator().set_fault(Some(unavailable)).await.unwrap();
    let screen = open_on(&env, Some(LOGIN)).await;
    assert_eq!(screen.status, 200, "the token is spent");
    assert!(!screen.text().contains("1000501"), "no account is proven yet");
    assert_eq!(env.send(deposit(&session(&screen))).await.status, 503);
    env.simulator().set_fault(None).await.unwrap();
    assert_eq!(ordered_login(&env, &screen).await, LOGIN);
}

/// Leaves these fields out of the record of Ada's account.
fn left_out(fields: &[TraderField]) -> Behaviour {
    let left_out: BTreeSet<_> = fields.iter().copied().collect();
    let account = AccountBehaviour {
        left_out,
        ..AccountBehaviour::default()
    };
    Behaviour::default().account(LOGIN, account)
}

#[tokio::test(flavor = "multi_thread")]
async fn digits_that_ctrader_leaves_out_come_from_broker_toml_or_from_nowhere() {
    let env = test_env().await;
    env.simulator()
        .set_behaviour(left_out(&[TraderField::MoneyDigits]));
    let screen = open_on(&env, None).await;
    assert_eq!(screen.status, 502);
    assert!(screen.text().contains("This screen is not ready yet"));
    let line = last_line(&env);
    assert_eq!(line["AccountsUnreadable"], 1, "{line}");
    let detail = line["detail"].as_str().unwrap();
    assert!(detail.contains("`money_digits` of EUR"), "{detail}");

    let config = DEMO_CONFIG.replacen("code = \"EUR\"\n", "code = \"EUR\"\nmoney_digits = 1\n", 1);
    let env = test_env_with(TestEnvOptions {
        broker_config: Some(config),
        ..TestEnvOptions::default()
    })
    .await;
    env.simulator()
        .set_behaviour(left_out(&[TraderField::MoneyDigits]));
    let screen = open_on(&env, None).await;
    assert_eq!(screen.status, 200);
    let session = session(&screen);
    let with_amount = |amount: &str| {
        let form = [
            ("amount", amount),
            ("currency", "EUR"),
            ("method", "bank_transfer"),
        ];
        crate::fields(&session, &form)
    };
    assert_eq!(
        env.send(with_amount("50.25")).await.status,
        400,
        "one digit after the point"
    );
    assert_eq!(env.send(with_amount("50.5")).await.status, 200);
    assert_eq!(env.deposit_items()[0]["data"]["order"]["account_digits"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_broker_needs_a_single_broker() {
    let one = test_env().await;
    one.simulator()
        .set_behaviour(left_out(&[TraderField::BrokerName]));
    let screen = open_on(&one, None).await;
    assert_eq!(ordered_login(&one, &screen).await, LOGIN);
    assert_eq!(one.deposit_items()[0]["data"]["order"]["unnamed_broker"], true);

    let two = test_env_with(TestEnvOptions {
        broker_config: Some(two_brokers()),
        ..TestEnvOptions::default()
    })
    .await;
    two.simulator()
        .set_behaviour(left_out(&[TraderField::BrokerName]));
    assert_eq!(open_on(&two, None).await.status, 403);
    let line = last_line(&two);
    assert_eq!(
        (&line["code"], &line["BrokerUnknown"]),
        (&"BROKER_MISMATCH".into(), &1.into()),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_on_the_plant_is_a_plain_refusal() {
    let env = test_env().await;
    let account = AccountBehaviour {
        broker_not_found: true,
        ..AccountBehaviour::default()
    };
    env.simulator()
        .set_behaviour(Behaviour::default().account(LOGIN, account));
    assert_eq!(open_on(&env, None).await.status, 403);
    assert_eq!(crate::logged_code(&env), "BROKER_MISMATCH");

    env.simulator().set_behaviour(Behaviour::default());
    let refused = harness::Fault::refuse(400, "CH_BROKER_NOT_FOUND");
    env.simulator().set_fault(Some(refused)).await.unwrap();
    let screen = open_on(&env, None).await;
    assert_eq!(
        (screen.status, crate::logged_code(&env).as_str()),
        (403, "BROKER_MISMATCH")
    );
    assert_eq!(last_line(&env)["BrokerUnknown"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_redemption_may_have_another_base_url_than_the_accounts() {
    for redeem_api in ["data", "redeem"] {
        let env = test_env_with(TestEnvOptions {
            ctid2_under_cid: true,
            redeem_api,
            ..TestEnvOptions::default()
        })
        .await;
        let screen = open_on(&env, None).await;
        assert_eq!(ordered_login(&env, &screen).await, LOGIN, "{redeem_api}");
    }
}
