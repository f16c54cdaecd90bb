//! Tests of the deployed binary of the identity screen. What all screens have in common is tested with the deposit
//! function.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use harness::{
    AccountBehaviour, Behaviour, Endpoint, Event, Fault, Mint, Request, TestEnv, TestEnvOptions, TraderField,
};
use serde_json::json;

const PATH: &str = "/inapp/kyc";

const DETAILS: [(&str, &str); 9] = [
    ("first_name", "Ada"),
    ("last_name", "Lovelace-Canary"),
    ("birth_date", "1990-12-10"),
    ("country", "España"),
    ("address", "Calle Mayor 1"),
    ("city", "Madrid"),
    ("postcode", "28013"),
    ("document", "passport"),
    ("document_number", "X1234567"),
];

async fn opened(query: &str) -> (TestEnv, String) {
    let env = TestEnv::start(env!("CARGO_BIN_EXE_kyc"), TestEnvOptions::default()).await;
    let token = env.mint(Mint::user("ada"));
    let screen = env.get(PATH, &format!("token={token}&{query}")).await;
    assert_eq!(screen.status, 200);
    let session = screen.input("session").unwrap();
    (env, session)
}

fn submit(session: &str, changed: &[(&str, &str)]) -> Request {
    let value = |name, default| {
        changed
            .iter()
            .find(|(other, _)| *other == name)
            .map_or(default, |(_, value)| *value)
    };
    let mut form = vec![("session", session)];
    form.extend(DETAILS.map(|(name, default)| (name, value(name, default))));
    Request::post(PATH).form(&form)
}

#[tokio::test(flavor = "multi_thread")]
async fn details_are_recorded_and_confirmed() {
    let (env, session) = opened("lang=es&kycType=full").await;
    env.mark_confidential("Lovelace-Canary");
    let done = env.send(submit(&session, &[])).await;
    assert_eq!(done.status, 200);
    assert!(
        done.text().contains("Pasaporte"),
        "the document by its name in the trader's language"
    );
    let record = &env.requests()[0];
    assert_eq!(record["action"], "kyc");
    assert_eq!(record["kyc_type"], "full");
    let details: serde_json::Map<_, _> = DETAILS
        .iter()
        .map(|(name, value)| ((*name).into(), json!(value)))
        .collect();
    assert_eq!(record["fields"], json!(details));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_renews_its_session_also_in_a_frame_without_an_origin() {
    let (env, session) = opened("").await;
    let renewal = |session: &str| {
        Request::post("/inapp/kyc/session")
            .form(&[("session", session)])
            .accept_json()
            .fetched("cross-site", "empty")
    };
    let renewed = env.send(renewal(&session)).await;
    assert_eq!(renewed.status, 200);
    assert_eq!(renewed.header("access-control-allow-origin"), "*");
    assert!(renewed.cookies.is_empty());
    let body = renewed.json();
    assert_eq!(body["expiresIn"], 15 * 60);
    let second = body["session"].as_str().unwrap();
    assert_ne!(second, session);
    assert_eq!(env.send(submit(second, &[])).await.status, 200);

    let refused = env.send(renewal("forged")).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (401, &json!("SESSION_EXPIRED"))
    );
    assert_eq!(env.get("/inapp/kyc/session", "").await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_is_required_and_checked() {
    let (env, session) = opened("").await;
    for (name, _) in DETAILS {
        let answer = env.send(submit(&session, &[(name, "")]).accept_json()).await;
        assert_eq!(
            answer.json()["message"],
            format!("Required parameter '{name}' is missing")
        );
    }
    for (name, value) in [
        ("birth_date", "2999-01-01"),
        ("birth_date", "1990-13-01"),
        ("document", "library_card"),
    ] {
        let answer = env.send(submit(&session, &[(name, value)]).accept_json()).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (400, &json!("INVALID_PARAMETER")),
            "{name}={value}"
        );
    }
    assert!(env.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_the_brokers_own_page() {
    let target = "https://crm.broker.example/kyc";
    let section = format!("[kyc.redirect]\nto = \"{target}\"\n\n[kyc]");
    let options = TestEnvOptions {
        broker_config: Some(harness::DEMO_CONFIG.replacen("[kyc]", &section, 1)),
        ..TestEnvOptions::default()
    };
    let env = TestEnv::start(env!("CARGO_BIN_EXE_kyc"), options).await;
    let token = env.mint(Mint::user("ada"));
    let sent_on = env.get("/inapp/kyc", &format!("token={token}")).await;
    assert_eq!(sent_on.status, 303);
    assert!(
        sent_on
            .header("location")
            .starts_with(&format!("{target}?assertion="))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_events_work() {
    let env = TestEnv::start(env!("CARGO_BIN_EXE_kyc"), TestEnvOptions::default()).await;
    env.mint(Mint::user("ada").token("sample-kyc-token"));
    let open = include_str!("../../../events/kyc-open.json");
    let screen = env.invoke(serde_json::from_str(open).unwrap()).await;
    assert!(screen.text().contains("Verifique su identidad"));
    let session = screen.input("session").unwrap();
    let submit = include_str!("../../../events/kyc-submit.json").replace("SESSION", &session);
    assert_eq!(
        env.invoke(serde_json::from_str(&submit).unwrap()).await.status,
        200
    );
    assert_eq!(env.requests()[0]["source"], "Mobile");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_submit_keeps_each_field_of_the_form_and_no_other() {
    let (env, session) = opened("").await;
    env.set_table_available(false);
    let mut form = vec![("session", session.as_str()), ("strange", "canary")];
    form.extend(DETAILS);
    let failed = env.send(Request::post(PATH).form(&form)).await;
    assert_eq!(failed.status, 503);
    for (name, value) in DETAILS {
        assert_eq!(failed.input(name).as_deref(), Some(value));
    }
    assert_eq!(failed.input("strange"), None);
}

/// An environment whose cTrader speaks revision `redeem`: its answer names no broker.
async fn redeem_env() -> TestEnv {
    let options = TestEnvOptions {
        redeem_api: "redeem",
        ..TestEnvOptions::default()
    };
    TestEnv::start(env!("CARGO_BIN_EXE_kyc"), options).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_token_names_no_broker_the_account_does() {
    let env = redeem_env().await;
    let open = async |user: &str| {
        let token = env.mint(Mint::user(user));
        let request = Request::get(PATH).query(&format!("token={token}")).accept_json();
        let answer = env.send(request).await;
        (answer.status, answer.json())
    };
    let (status, ada) = open("ada").await;
    assert_eq!(
        (status, &ada["identity"]["brokerName"]),
        (200, &json!("demobroker"))
    );
    // Of a white label that this deployment does not serve.
    let (status, emil) = open("emil").await;
    assert_eq!((status, &emil["code"]), (403, &json!("BROKER_MISMATCH")));
    // Without an account there is no record that could name one.
    assert_eq!(open("dina").await.0, 200);

    let unnamed = AccountBehaviour {
        left_out: [TraderField::BrokerName].into(),
        ..AccountBehaviour::default()
    };
    let behaviour = Behaviour::default().account(1_000_501, unnamed);
    env.simulator().set_behaviour(behaviour);
    assert_eq!(open("ada").await.0, 200, "the only broker");

    let lost = Fault {
        on: Some(Endpoint::Trader),
        ..Fault::lose_answer()
    };
    env.simulator().set_fault(Some(lost)).await.unwrap();
    let (status, lost) = open("ada").await;
    assert_eq!(
        (status, &lost["code"]),
        (504, &json!("REDEMPTION_UNKNOWN")),
        "the token is spent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_is_looked_up_only_if_the_token_names_no_broker() {
    let env = TestEnv::start(env!("CARGO_BIN_EXE_kyc"), TestEnvOptions::default()).await;
    let token = env.mint(Mint::user("ada"));
    assert_eq!(env.get(PATH, &format!("token={token}")).await.status, 200);
    let events = env.simulator().events();
    assert!(
        !events.iter().any(|event| matches!(event, Event::Called { .. })),
        "{events:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_proven_is_not_shown_and_the_form_works() {
    let options = TestEnvOptions::default().env("CTRADER_ACCOUNT_ID_IS", "unknown");
    let env = TestEnv::start(env!("CARGO_BIN_EXE_kyc"), options).await;
    env.simulator().set_behaviour(Behaviour {
        trading_login: false,
        ..Behaviour::default()
    });
    let token = env.mint(Mint::user("ada"));
    let screen = env.get(PATH, &format!("token={token}&account=1000501")).await;
    assert_eq!(screen.status, 200);
    let done = env.send(submit(&screen.input("session").unwrap(), &[])).await;
    assert_eq!(done.status, 200);
    for page in [&screen, &done] {
        assert!(!page.text().contains("1000501"));
    }
    let record = &env.requests()[0];
    assert_eq!(record.get("trading_login"), None, "{record}");
}
