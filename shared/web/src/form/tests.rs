//! Which values a form accepts, and what it says about the others.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn texts() -> Texts {
    crate::site::test_site().texts(Some("en"))
}

fn spanish() -> Texts {
    crate::site::test_site().texts(Some("es"))
}

fn problem(kind: InputKind, value: &str) -> Option<String> {
    let mut field = Field::new("f", "F", kind);
    field.fill(value, texts().separators(), texts());
    field.problem
}

fn euros() -> InputKind {
    InputKind::Amount(AmountRule {
        currency: "EUR".into(),
        decimals: 2,
        min: Some(Decimal::from(10)),
        max: Some(Decimal::from(1_000)),
    })
}

#[test]
fn limits_are_inclusive_and_shown_with_their_currency() {
    assert_eq!(problem(euros(), "10"), None);
    assert_eq!(problem(euros(), "1000.00"), None);
    assert_eq!(
        problem(euros(), "9.99").unwrap(),
        "Minimum amount: 10.00\u{a0}EUR."
    );
    assert_eq!(
        problem(euros(), "1000.01").unwrap(),
        "Maximum amount: 1,000.00\u{a0}EUR."
    );
}

#[test]
fn only_the_limits_that_exist_are_shown() {
    let limits = |min: Option<i64>, max: Option<i64>| {
        let rule = AmountRule {
            currency: "EUR".into(),
            decimals: 2,
            min: min.map(Decimal::from),
            max: max.map(Decimal::from),
        };
        rule.limits(texts()).replace('\u{a0}', " ")
    };
    assert_eq!(limits(Some(10), Some(1_000)), "10.00 EUR to 1,000.00 EUR");
    assert_eq!(limits(Some(10), None), "Minimum amount: 10.00 EUR.");
    assert_eq!(limits(None, Some(1_000)), "Maximum amount: 1,000.00 EUR.");
    assert_eq!(limits(None, None), "");
}

#[test]
fn a_problem_replaces_a_help_with_the_same_words() {
    let sentence = "Minimum amount: 10.00\u{a0}EUR.";
    let mut field = Field::new("f", "F", euros()).help(sentence);
    field.fill("much", texts().separators(), texts());
    assert_eq!(field.help, sentence);
    field.fill("9", texts().separators(), texts());
    assert_eq!(
        (field.problem.as_deref(), field.help.as_str()),
        (Some(sentence), "")
    );
}

#[test]
fn zero_is_never_an_amount() {
    let unlimited = || {
        InputKind::Amount(AmountRule {
            currency: "USD".into(),
            decimals: 2,
            min: None,
            max: None,
        })
    };
    assert!(problem(unlimited(), "0").is_some());
    assert!(problem(unlimited(), "0.00").is_some());
    assert_eq!(problem(unlimited(), "0.01"), None);
}

#[test]
fn amounts_are_recorded_as_plain_decimals() {
    let mut form = Form {
        fields: vec![Field::new("amount", "Amount", euros())],
    };
    form.fill(
        &Fields::from(BTreeMap::from([("amount".to_owned(), "250,5".to_owned())])),
        spanish(),
    );
    let record = form.record();
    assert_eq!(record["amount"], "250.50");
    assert_eq!(record["amount_currency"], "EUR");
    assert_eq!(
        form.rows(&record, spanish()),
        [("Amount".into(), "250,50\u{a0}EUR".into())]
    );
}

#[test]
fn a_choice_takes_only_what_it_offers() {
    let choice = |value: &str| Choice {
        value: value.into(),
        label: value.to_uppercase(),
        note: String::new(),
    };
    let kind = || InputKind::Choice(ChoiceLayout::Cards, vec![choice("card"), choice("bank")]);
    assert_eq!(problem(kind(), "bank"), None);
    assert!(problem(kind(), "cash").is_some());
    assert_eq!(
        Field::new("m", "M", kind()).value,
        "card",
        "the first is preselected"
    );
}

#[test]
fn a_few_short_choices_stand_side_by_side() {
    let layout = |labels: &[&str]| {
        let choice = |label: &&str| Choice {
            value: (*label).into(),
            label: (*label).into(),
            note: String::new(),
        };
        ChoiceLayout::for_choices(&labels.iter().map(choice).collect::<Vec<_>>())
    };
    assert_eq!(layout(&["Morning", "Afternoon"]), ChoiceLayout::Segments);
    assert_eq!(layout(&["المدفوعات", "الحساب", "أخرى"]), ChoiceLayout::Segments);
    assert_eq!(
        layout(&["Passport", "Identity card", "Driving licence"]),
        ChoiceLayout::Cards
    );
    assert_eq!(layout(&["One"]), ChoiceLayout::Cards);
    assert_eq!(layout(&["1", "2", "3", "4", "5"]), ChoiceLayout::Cards);
}

#[test]
fn e_mail_addresses_and_phone_numbers_are_checked_loosely() {
    for valid in ["ada@example.com", "ada+x@mail.example.co", "آدا@مثال.إختبار"] {
        assert_eq!(problem(InputKind::Email, valid), None, "{valid}");
    }
    for invalid in [
        "ada",
        "ada@example",
        "a b@example.com",
        "a@b@c.d",
        "@example.com",
        "ada@.com",
    ] {
        assert!(problem(InputKind::Email, invalid).is_some(), "{invalid}");
    }
    for valid in ["+44 20 7946 0000", "(020) 7946-0000", "112233"] {
        assert_eq!(problem(InputKind::Phone, valid), None, "{valid}");
    }
    for invalid in ["12345", "+1234567890123456", "call me", "++123456"] {
        assert!(problem(InputKind::Phone, invalid).is_some(), "{invalid}");
    }
}

/// What is recorded of `value`.
fn recorded(kind: InputKind, value: &str) -> String {
    let mut field = Field::new("f", "F", kind);
    field.fill(value, texts().separators(), texts());
    assert_eq!(field.problem, None, "{value}");
    field.checked
}

#[test]
fn telephone_numbers_are_kept_with_ascii_digits() {
    for (typed, kept) in [
        ("\u{200e}+971 4 000 0000", "+971 4 000 0000"),
        ("\u{202a}+٩٧١ ٤ ٠٠٠ ٠٠٠٠\u{202c}", "+971 4 000 0000"),
        ("۰۲۱-۱۲۳۴۵۶۷۸", "021-12345678"),
        ("＋８１　３−１２３４−５６７８", "+81 3-1234-5678"),
        ("+49\u{a0}30\u{202f}23125\u{2011}000", "+49 30 23125-000"),
        ("（０２０）79460000", "(020)79460000"),
    ] {
        assert_eq!(recorded(InputKind::Phone, typed), kept);
    }
}

#[test]
fn what_nobody_sees_fills_in_no_field() {
    for unseen in ["\u{200b}", "\u{3164}", "\u{2800}\u{2800}", "\u{200d}\u{feff}"] {
        for kind in [
            InputKind::Text,
            InputKind::LongText,
            InputKind::Email,
            InputKind::Phone,
            InputKind::Iban,
        ] {
            assert_eq!(
                problem(kind, unseen).as_deref(),
                Some("Please fill this in."),
                "{unseen:?}"
            );
        }
    }
    assert_eq!(
        recorded(InputKind::Email, "ada@example.com\u{200b}"),
        "ada@example.com"
    );
    assert_eq!(
        recorded(InputKind::Email, "ada\u{ad}@example.com"),
        "ada@example.com"
    );
    assert_eq!(
        recorded(InputKind::Text, "\u{feff}می\u{200c}خواهم\u{200f}"),
        "می\u{200c}خواهم"
    );
}

#[test]
fn an_iban_is_checked_and_kept_without_spaces() {
    for typed in [
        "GB33 BUKB 2020 1555 5555 55",
        "gb33bukb20201555555555",
        "GB33\u{a0}BUKB\u{a0}2020-1555-5555-55\u{200b}",
    ] {
        assert_eq!(recorded(InputKind::Iban, typed), "GB33BUKB20201555555555");
    }
    for wrong in [
        "GB33 BUKB 2020 1555 5555 56",
        "GB33 BUKB 2020 1555",
        "1234567890",
        "GB33 BUKB 2020 1555 5555 5Ω",
    ] {
        assert_eq!(
            problem(InputKind::Iban, wrong).as_deref(),
            Some("Enter a valid IBAN, as it stands on your bank statement."),
            "{wrong}"
        );
    }
}

#[test]
fn nothing_is_cut_off_by_the_browser() {
    for kind in [InputKind::Text, InputKind::LongText, InputKind::Iban, euros()] {
        assert!(!Field::new("f", "F", kind).attributes().contains("maxlength"));
    }
}

#[test]
fn a_date_of_birth_is_a_real_date_in_the_past() {
    assert_eq!(problem(InputKind::PastDate, "1990-02-28"), None);
    for invalid in [
        "1990-02-30",
        "28.02.1990",
        "2999-01-01",
        "1890-01-01",
        "19900228",
        "1990-02-28T10:00:00",
        "yesterday",
    ] {
        assert!(problem(InputKind::PastDate, invalid).is_some(), "{invalid}");
    }
    assert_eq!(problem(InputKind::Date, "2999-01-01"), None);
}

#[test]
fn control_characters_are_refused_except_line_breaks_in_a_long_text() {
    assert!(problem(InputKind::Text, "a\u{0}b").is_some());
    assert!(problem(InputKind::Text, "a\nb").is_some());
    assert_eq!(problem(InputKind::LongText, "a\r\n\tb"), None);
}

#[test]
fn required_and_length_are_checked() {
    assert!(problem(InputKind::Text, "  ").is_some());
    assert!(problem(InputKind::Text, &"é".repeat(101)).is_some());
    assert_eq!(problem(InputKind::Text, &"é".repeat(100)), None);
    let mut optional = Field::new("f", "F", InputKind::Email).optional();
    optional.fill("", texts().separators(), texts());
    assert_eq!(optional.problem, None);
}

proptest! {
    #[test]
    fn any_value_is_checked_without_panic(value in "\\PC{0,60}") {
        for kind in [InputKind::Text, InputKind::LongText, InputKind::Email, InputKind::Phone, InputKind::Iban, InputKind::Date, InputKind::PastDate, euros()] {
            let mut field = Field::new("f", "F", kind);
            field.fill(&value, texts().separators(), texts());
        }
    }
}
