//! The deposit function as it is deployed: the real binary under an emulated Lambda, against a simulated cTrader over
//! HTTP and an embedded DynamoDB. What all four screens share is proved here; the others prove what is their own.

// A test may fail loudly.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod cashier;
mod errors;
mod events;
mod headers;
mod json;
mod open;
mod redirect;
mod reload;
mod start;
mod submit;

use harness::{Answer, DEMO_CONFIG, Identity, Mint, Request, Setup, Stage};
use toml_edit::DocumentMut;

const PATH: &str = "/inapp/deposit";
const COOKIE: &str = "__Host-inapp";

async fn stage() -> Stage {
    stage_with(Setup::default()).await
}

async fn stage_with(setup: Setup) -> Stage {
    Stage::start(env!("CARGO_BIN_EXE_deposit"), setup).await
}

/// Opens the screen for Ada, who has one account.
async fn open(stage: &Stage) -> Answer {
    let token = stage.mint(Mint::user("ada"));
    stage.get(PATH, &format!("token={token}&lang=en")).await
}

fn session(screen: &Answer) -> String {
    screen.input("session").expect("a session in the form")
}

/// A submit that is fine.
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

/// A trader of the demo broker of whom everything is known.
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

/// The code that the log says the last request ended with.
fn logged_code(stage: &Stage) -> String {
    let line = stage.request_log().pop().expect("a line in the log");
    line["code"].as_str().unwrap_or_default().to_owned()
}

/// How often cTrader was asked to redeem, whatever it answered.
fn redemptions(stage: &Stage) -> usize {
    let events = stage.simulator().events();
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

/// A broker and its white label, as the documentation shows them.
fn two_brokers() -> String {
    include_str!("../../../../docs/white-labels.toml").to_owned()
}

/// The demo broker without its cashiers: all that is left is the bank transfer.
fn transfers_only() -> String {
    let mut config: DocumentMut = DEMO_CONFIG.parse().expect("TOML");
    let methods = config["deposit"]["methods"].as_array_of_tables_mut();
    methods
        .expect("the methods")
        .retain(|method| method.contains_key("bank_transfer"));
    config.to_string()
}
