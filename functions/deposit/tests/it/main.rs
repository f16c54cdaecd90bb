//! Tests of the deployed binary of the deposit function, under an emulated Lambda, with a simulated cTrader over
//! HTTP and an embedded DynamoDB. What all screens have in common is tested here; the other screens test only their
//! own parts.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod account;
mod cashier;
mod errors;
mod events;
mod guesses;
mod headers;
mod json;
mod limits;
mod logs;
mod no_request;
mod open;
mod other_sites;
mod redirect;
mod reload;
mod start;
mod submit;

use harness::{
    AccountBehaviour, Behaviour, DEMO_CONFIG, HttpResponse, Identity, Mint, Request, TestEnv, TestEnvOptions,
};
use toml_edit::DocumentMut;

const PATH: &str = "/inapp/deposit";
const COOKIE: &str = "__Host-inapp";

async fn test_env() -> TestEnv {
    test_env_with(TestEnvOptions::default()).await
}

async fn test_env_with(options: TestEnvOptions) -> TestEnv {
    TestEnv::start(env!("CARGO_BIN_EXE_deposit"), options).await
}

/// Opens the screen for Ada, who has one account.
async fn open(env: &TestEnv) -> HttpResponse {
    let token = env.mint(Mint::user("ada"));
    env.get(PATH, &format!("token={token}&lang=en")).await
}

fn session(screen: &HttpResponse) -> String {
    screen.input("session").expect("a session in the form")
}

/// A valid submit.
fn deposit(session: &str) -> Request {
    fields(
        session,
        &[
            ("amount", "250.00"),
            ("currency", "EUR"),
            ("method", "bank_transfer"),
        ],
    )
}

fn fields(session: &str, fields: &[(&str, &str)]) -> Request {
    let mut form = vec![("session", session)];
    form.extend_from_slice(fields);
    Request::post(PATH).form(&form)
}

/// A trader of the demo broker whose identity is complete.
fn known() -> Identity {
    Identity {
        user_id: Some(501),
        trader_id: Some(70_501),
        broker_name: Some("demobroker".into()),
        account_id: Some(1_000_501),
        email: Some("canary.trader@example.com".into()),
        trading_login: Some(1_000_501),
    }
}

/// The code of the last request in the log.
fn logged_code(env: &TestEnv) -> String {
    let line = env.request_log().pop().expect("a line in the log");
    line["code"].as_str().unwrap_or_default().to_owned()
}

/// How often cTrader was asked to redeem a token, with any result.
fn redemptions(env: &TestEnv) -> usize {
    let events = env.simulator().events();
    events
        .iter()
        .filter(|event| {
            matches!(
                event,
                harness::Event::Redeemed { .. }
                    | harness::Event::Refused { .. }
                    | harness::Event::Lost { .. }
            )
        })
        .count()
}

/// Ada's account is the white label's.
fn with_white_label() -> Behaviour {
    let account = AccountBehaviour {
        broker: Some("northwind".into()),
        ..AccountBehaviour::default()
    };
    Behaviour::default().account(1_000_501, account)
}

/// A broker and its white label, as in the documentation.
fn two_brokers() -> String {
    include_str!("../../../../docs/white-labels.toml").to_owned()
}

/// The demo broker with only the bank transfer as payment method.
fn transfers_only() -> String {
    let mut config: DocumentMut = DEMO_CONFIG.parse().expect("TOML");
    let methods = config["deposit"]["methods"].as_array_of_tables_mut();
    methods
        .expect("the methods")
        .retain(|method| method.contains_key("bank_transfer"));
    config.to_string()
}
