//! How many records a trader may make.

use crate::{DEMO, line_of, mistakes, parse};

fn with(top: &str, deposit: &str) -> String {
    DEMO.replacen("\nlanguages", &format!("\n{top}\nlanguages"), 1)
        .replacen("[deposit]", &format!("[deposit]\n{deposit}"), 1)
}

#[test]
fn five_open_deposits_and_fifty_records_a_day_unless_the_file_says_otherwise() {
    let config = parse(DEMO).unwrap();
    assert_eq!((config.deposit.open_per_account, config.records_per_day), (5, 50));
    let config = parse(&with("records_per_day = 10000", "open_per_account = 1")).unwrap();
    assert_eq!(
        (config.deposit.open_per_account, config.records_per_day),
        (1, 10_000)
    );
}

#[test]
fn limits_have_bounds() {
    for (top, deposit, key, rule) in [
        (
            "records_per_day = 0",
            "",
            "records_per_day",
            "`records_per_day` must be a whole number from 1 to 10000",
        ),
        (
            "records_per_day = 10001",
            "",
            "records_per_day",
            "`records_per_day` must be a whole number from 1 to 10000",
        ),
        (
            "",
            "open_per_account = 0",
            "open_per_account",
            "`deposit.open_per_account` must be a whole number from 1 to 50",
        ),
        (
            "",
            "open_per_account = 51",
            "open_per_account",
            "`deposit.open_per_account` must be a whole number from 1 to 50",
        ),
    ] {
        let source = with(top, deposit);
        assert_eq!(
            mistakes(&source),
            [(Some(line_of(&source, key)), rule.to_owned())]
        );
    }
}
