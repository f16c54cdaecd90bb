//! Whole files.

use config::Config;
use proptest::prelude::*;

use crate::{DEMO, line_of, parse, replaced};

#[test]
fn the_values_of_the_demo_file_are_read() {
    let config = parse(DEMO).unwrap();
    assert_eq!(config.brokers[0].name, "demobroker");
    assert_eq!(config.languages, ["en", "es", "ar"]);
    assert!(config.action("withdraw").is_some());
    assert_eq!(config.language(Some("xx")), "en");
    assert_eq!(config.language(Some("ar")), "ar");
    assert_eq!(config.deposit.event_name.unwrap(), "deposit_succeeded");
    let eur = &config.deposit.currencies[0];
    assert_eq!(
        (eur.code.as_str(), eur.decimals, eur.presets.len()),
        ("EUR", 2, 4)
    );
}

#[test]
fn missing_keys_have_defaults() {
    let config = parse(
        r##"
        languages = ["en"]
        kyc.documents = [{ id = "passport", label = "Passport" }]
        chat.topics = [{ id = "other", label = "Other" }]
        deposit.redirect.to = "https://a.example"
        [[brokers]]
        name = "a"
        display_name = "A"
        accent = "#1a6cf0"
        legal = "A Ltd"
        "##,
    )
    .unwrap();
    assert_eq!(config.success_url, "/callback/success");
    assert_eq!(config.failure_url, "/callback/failure");
    assert_eq!(config.frame_ancestors.len(), 1);
    assert_eq!(config.frame_ancestors[0], "https://app.ctrader.com");
    assert!(config.onward_origins.is_empty() && config.actions.is_empty());
    assert!(!config.calls_backends());
}

#[test]
fn the_example_with_two_brokers_is_ready_to_deploy() {
    let source = include_str!("../../../../docs/white-labels.toml");
    let config: Config = parse(source).unwrap();
    let cashier = config.deposit.method("card").unwrap().cashier().unwrap();
    let page = |broker| cashier.page(broker).map(|page| page.host().to_owned());
    assert_eq!(page("northwind").as_deref(), Some("pay.northwind.example"));
    assert_eq!(page("demobroker").as_deref(), Some("cashier.demobroker.example"));
    assert_eq!(page("other"), None);
}

#[test]
fn the_advice_names_corrected_accents() {
    let with = |accent: &str| replaced("#1a6cf0", accent);
    let advice = |source: &str| parse(source).unwrap().advice(source);
    assert_eq!(advice(DEMO), Vec::<String>::new());
    let line = line_of(DEMO, "accent");
    let about = format!("broker.toml line {line}: `accent` #ffd400");
    assert_eq!(
        advice(&with("#ffd400")),
        [
            format!("{about} leaves 1.4:1 to white text (4.5 are needed), so its buttons have black text"),
            format!("{about} has 1.4:1 on light pages (3 are needed), so outlines there are #a1880c"),
        ]
    );
    assert!(advice(&with("#101010"))[0].contains("on dark pages"));
}

#[test]
fn the_advice_names_the_parameter_that_redirects_need() {
    let page = "\n[kyc.redirect]\nto = \"https://kyc.acme.com/start\"\nframed = true\n";
    let source = format!("{DEMO}{page}");
    assert_eq!(
        parse(&source).unwrap().advice(&source),
        [
            "broker.toml sends traders on from other screens than `action`: deploy it with RedirectingScreens=kyc,action"
        ]
    );
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(source in "\\PC{0,200}") {
        let _ = parse(&source);
    }

    #[test]
    fn a_damaged_file_never_panics(at in 0..DEMO.len(), junk in "\\PC{0,3}") {
        let at = (at..).find(|at| DEMO.is_char_boundary(*at)).unwrap();
        let _ = parse(&format!("{}{junk}{}", &DEMO[..at], &DEMO[at..]));
    }
}
