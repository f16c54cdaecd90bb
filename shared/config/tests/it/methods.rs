//! Payment methods.

use config::Config;

use crate::{DEMO, expect_mistake, line_of, parse};

/// The demo file with only one payment method, `m`, of these lines.
fn with_method(lines: &str) -> String {
    let header = "[[deposit.methods]]\n";
    let (before, methods) = DEMO.split_once(header).unwrap();
    let (_, after) = methods.split_once("[kyc]\n").unwrap();
    format!("{before}{header}id = \"m\"\nlabel = \"M\"\n{lines}\n[kyc]\n{after}")
}

fn method(lines: &str) -> Config {
    parse(&with_method(lines)).unwrap()
}

const HOSTED: &str = "[deposit.methods.hosted]\nto = \"https://a.example/pay?shop=1\"\n";
const TRANSFER: &str = "[deposit.methods.bank_transfer]\ninstructions = \"Send it\"\n";

#[test]
fn mistakes_in_a_method_are_reported_with_line_and_key() {
    let hosted = |lines: &str| format!("{lines}\n{HOSTED}");
    let transfer = |lines: &str| format!("{TRANSFER}{lines}");
    // Lines are counted from the header of the method, which is line 0.
    for (lines, line, expected) in [
        (
            String::new(),
            0,
            "`deposit.methods` needs one of the sections `hosted`, `bank_transfer`",
        ),
        (
            "kind = \"hosted\"\nhosted.to = \"https://a.example\"".into(),
            3,
            "`deposit.methods.kind` is no key",
        ),
        (
            "[deposit.methods.cheque]\n[deposit.methods.hosted]\nto = \"https://a.example\"".into(),
            3,
            "`deposit.methods.cheque` is no key",
        ),
        (
            "[deposit.methods.hosted]".into(),
            3,
            "`deposit.methods.hosted.to` is missing",
        ),
        (
            "hosted.to = \"http://a.example\"".into(),
            3,
            "`deposit.methods.hosted.to` must be a URL",
        ),
        (
            "hosted.to = \"https://a.example/?assertion=x\"".into(),
            3,
            "must not have a parameter `assertion`",
        ),
        (
            "hosted.to = { other = \"https://a.example\", demobroker = \"https://a.example\" }".into(),
            3,
            "`deposit.methods.hosted.to.other` is for a broker",
        ),
        (
            "hosted.to = {}".into(),
            3,
            "has no URL for the broker `demobroker`",
        ),
        (
            format!("{HOSTED}framed = 1"),
            5,
            "`deposit.methods.hosted.framed` must be",
        ),
        (
            format!("{HOSTED}frame = true"),
            5,
            "`deposit.methods.hosted.frame` is no key",
        ),
        (
            format!("{HOSTED}details = []"),
            5,
            "`deposit.methods.hosted.details` is no key",
        ),
        (hosted("currencies = []"), 3, "must list at least one"),
        (
            hosted("currencies = [\"EUR\", \"USD\", \"GBP\"]"),
            3,
            "must list some of deposit.currencies",
        ),
        (
            hosted("currencies = [\"EUR\", \"USD\", \"EUR\"]"),
            3,
            "`deposit.methods.currencies` is listed twice",
        ),
        (
            hosted("limits = { GBP = { min = \"10\" } }"),
            3,
            "`deposit.methods.limits.GBP` is for a currency",
        ),
        (
            hosted("limits = { EUR = { min = \"5\" } }"),
            3,
            "`deposit.methods.limits.EUR.min` must lie within",
        ),
        (
            hosted("limits = { EUR = { max = \"20001\" } }"),
            3,
            "`deposit.methods.limits.EUR.max` must lie within",
        ),
        (
            hosted("limits = { EUR = { min = \"10.005\" } }"),
            3,
            "more digits after the point",
        ),
        (
            hosted("limits = { EUR = { min = \"50\", max = \"40\" } }"),
            3,
            "less than its `min`",
        ),
        (
            hosted("limits = { EUR = { minimum = \"50\" } }"),
            3,
            "`deposit.methods.limits.EUR.minimum` is no key",
        ),
        (
            hosted("expires_hours = 0"),
            3,
            "`deposit.methods.expires_hours` must be",
        ),
        (
            hosted("expires_hours = 8761"),
            3,
            "`deposit.methods.expires_hours` must be",
        ),
        (
            "[deposit.methods.bank_transfer]".into(),
            3,
            "`deposit.methods.bank_transfer.instructions` is missing",
        ),
        (
            transfer("framed = false"),
            5,
            "`deposit.methods.bank_transfer.framed` is no key",
        ),
        (
            "bank_transfer.instructions = { es = \"Envíe\" }".into(),
            3,
            "has no text in `en`",
        ),
        (
            transfer("details = [\n{ label = \"IBAN\", value = \" \" }]"),
            6,
            "`deposit.methods.bank_transfer.details.value` is empty",
        ),
        (
            transfer("details = [{ label = { es = \"IBAN\" }, value = \"x\" }]"),
            5,
            "`deposit.methods.bank_transfer.details.label` has no text",
        ),
        (
            transfer("details = [{ label = \"IBAN\", value = \"x\", currency = \"GBP\" }]"),
            5,
            "`deposit.methods.bank_transfer.details.currency` must be a currency",
        ),
        (
            transfer("details = [{ label = \"IBAN\", value = \"x\", broker = \"other\" }]"),
            5,
            "`deposit.methods.bank_transfer.details.broker` must be one of",
        ),
    ] {
        let header = line_of(DEMO, "[[deposit.methods]]");
        expect_mistake(&with_method(&lines), header + line, expected);
    }
}

#[test]
fn a_method_has_one_provider() {
    let source = with_method(&format!("{HOSTED}{TRANSFER}"));
    let first = line_of(&source, "[deposit.methods.hosted]");
    let expected = format!("`deposit.methods.bank_transfer` conflicts with `hosted` (line {first})");
    expect_mistake(
        &source,
        line_of(&source, "[deposit.methods.bank_transfer]"),
        &expected,
    );
}

#[test]
fn a_cashier_and_a_transfer_are_read() {
    let hosted = method(&format!(
        "expires_hours = 8760\nlimits = {{ EUR = {{ min = \"11\" }} }}\n{HOSTED}framed = false"
    ));
    let deposit = &hosted.deposit;
    let m = deposit.method("m").unwrap();
    let cashier = m.cashier().unwrap();
    assert!(!cashier.framed && m.bank_transfer().is_none());
    assert_eq!(
        cashier.page("demobroker").unwrap().with_assertion("x"),
        "https://a.example/pay?shop=1&assertion=x"
    );
    assert_eq!(m.expires_after().as_secs(), 8_760 * 3_600);
    let eur = deposit.currency("EUR").unwrap();
    assert_eq!(m.limits(eur), ("11".parse().unwrap(), eur.max));
    assert!(m.has_own_limits(eur) && m.charges("USD"));

    let transfer = method(TRANSFER);
    let m = transfer.deposit.method("m").unwrap();
    assert!(m.cashier().is_none() && m.bank_transfer().is_some());
    assert_eq!(m.expires_after().as_secs(), 336 * 3_600);
    assert!(transfer.deposit.redirects().is_empty());
}

#[test]
fn a_trader_copies_the_details_of_their_currency_and_broker() {
    let config = parse(DEMO).unwrap();
    let method = config.deposit.method("bank_transfer").unwrap();
    let values = |currency| -> Vec<String> {
        let details = method.details("demobroker", currency);
        details.map(|detail| detail.value.clone()).collect()
    };
    assert_eq!(values("EUR").len(), 3);
    assert!(values("EUR").contains(&"Demo Broker Ltd".to_owned()));
    assert!(values("USD").contains(&"Demo Broker Ltd".to_owned()));
    assert_ne!(values("EUR"), values("USD"));
    let two = parse(include_str!("../../../../docs/white-labels.toml")).unwrap();
    let method = two.deposit.method("bank_transfer").unwrap();
    assert_eq!(method.details("northwind", "EUR").count(), 2);
}

#[test]
fn a_currency_that_no_method_charges_is_reported() {
    let source = with_method(&format!("currencies = [\"EUR\"]\n{HOSTED}"));
    let line = line_of(&source, "code = \"USD\"");
    expect_mistake(&source, line, "none of deposit.methods can charge");
    // A page of the broker's own may charge any currency.
    let redirect = "[deposit.redirect]\nto = \"https://a.example\"\n\n[deposit]";
    assert!(parse(&source.replacen("[deposit]", redirect, 1)).is_ok());
}
