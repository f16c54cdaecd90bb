//! Settings: a missing or unusable one stops the function and is named in one log line.

use harness::{TestEnv, TestEnvOptions};

async fn refused(options: TestEnvOptions) -> String {
    let exit = TestEnv::run_to_exit(env!("CARGO_BIN_EXE_deposit"), options).await;
    assert_ne!(exit.code, Some(0));
    assert_eq!(exit.log.lines().count(), 1, "{}", exit.log);
    let line: serde_json::Value = serde_json::from_str(&exit.log).unwrap();
    line["detail"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_setting_stops_the_function_with_its_name() {
    for name in [
        "CTRADER_BASE_URL",
        "MANAGER_TOKEN_SECRET_ID",
        "SESSION_KEY_SECRET_ID",
        "LEDGER_TABLE",
    ] {
        assert_eq!(
            refused(TestEnvOptions::default().without(name)).await,
            format!("{name} is missing")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_stops_the_function_with_its_name() {
    for (name, value) in [
        ("CTRADER_BASE_URL", "http://ctrader.example"),
        ("CTRADER_BASE_URL", "https://ctrader.example/"),
        ("CTRADER_REDEEM_API", "v2"),
        ("PUBLIC_URL", "screens.example.com"),
        ("BROKER_CONFIG", "/nowhere/broker.toml"),
    ] {
        let detail = refused(TestEnvOptions::default().env(name, value)).await;
        assert!(detail.starts_with(name), "{name}={value}: {detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_in_broker_toml_stop_the_function_with_their_lines_and_keys() {
    let config = harness::DEMO_CONFIG.replacen("accent = ", "acent = ", 1);
    let config = config.replacen("decimals = 2", "decimals = 9", 1);
    let line = |start: &str| 1 + config.lines().position(|line| line.starts_with(start)).unwrap();
    let (accent, decimals) = (line("acent"), line("decimals"));
    let detail = refused(TestEnvOptions {
        broker_config: Some(config),
        ..TestEnvOptions::default()
    })
    .await;
    for (line, key) in [
        (accent, "brokers.acent"),
        (decimals, "deposit.currencies.decimals"),
    ] {
        let mistake = format!("broker.toml line {line}: `{key}` ");
        let mut lines = detail.lines();
        assert!(lines.any(|line| line.starts_with(&mistake)), "{detail}");
    }
}
