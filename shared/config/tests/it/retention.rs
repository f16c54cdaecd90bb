//! How long records are kept.

use domain::ScreenKind;

use crate::{DEMO, line_of, mistakes, parse};

/// The days of each screen that these lines of `[retention]` give.
fn days(lines: &str) -> [Option<u32>; 4] {
    let config = parse(&format!("{DEMO}\n[retention]\n{lines}\n")).unwrap();
    ScreenKind::ALL.map(|screen| config.retention.days(screen))
}

#[test]
fn each_kind_has_its_days_and_deposits_are_kept_for_ever() {
    let default = [None, Some(1_825), Some(1_825), Some(730)];
    let config = parse(DEMO).unwrap();
    assert_eq!(
        ScreenKind::ALL.map(|screen| config.retention.days(screen)),
        default
    );
    assert_eq!(days(""), default);
    assert_eq!(
        days("kyc_days = 2555\nchat_days = 30\naction_days = 36500"),
        [None, Some(2_555), Some(36_500), Some(30)]
    );
}

#[test]
fn days_are_from_a_month_to_a_century() {
    for line in [
        "kyc_days = 0",
        "chat_days = 29",
        "action_days = 36501",
        "chat_days = \"30\"",
        "chat_days = -1",
    ] {
        let source = format!("{DEMO}\n[retention]\n{line}\n");
        let key = line.split(' ').next().unwrap();
        let expected = format!("`retention.{key}` must be a whole number from 30 to 36500");
        assert_eq!(mistakes(&source), [(Some(line_of(&source, key)), expected)]);
    }
    let source = format!("{DEMO}\n[retention]\ndeposit_days = 100\n");
    assert!(
        mistakes(&source)[0]
            .1
            .contains("`retention.deposit_days` is no key")
    );
}
