//! The bodies of a form: the fields, and what is recorded of them.

use std::{collections::BTreeMap, sync::LazyLock};

use http::{HeaderMap, HeaderValue, Method, header};
use rust_decimal::Decimal;
use serde_json::Value;
use web::{AmountRule, Choice, ChoiceLayout, Field, Fields, Form, InputKind, LANGUAGES, Site};

/// The site of the tests.
pub(crate) static SITE: LazyLock<Site> = LazyLock::new(web::fuzzing::site);

/// Reads a form body.
pub(crate) fn form(body: &[u8]) {
    let Some(fields) = read("application/x-www-form-urlencoded", body) else {
        return;
    };
    for (name, value) in fields.iter() {
        let first = form_urlencoded::parse(body).find(|(other, _)| other == name);
        assert_eq!(first.map(|(_, value)| value.into_owned()).as_deref(), Some(value));
    }
    fill(&fields, body);
}

/// Reads a JSON body.
pub(crate) fn json(body: &[u8]) {
    let Some(fields) = read("application/json", body) else {
        return;
    };
    let object: BTreeMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    assert_eq!(
        fields.iter().count(),
        object.values().filter(|value| !value.is_null()).count()
    );
    for (name, value) in fields.iter() {
        match &object[name] {
            Value::String(text) => assert_eq!(text, value),
            other => assert!(other.is_number(), "{other} was taken for a field"),
        }
    }
    fill(&fields, body);
}

fn read(content_type: &'static str, body: &[u8]) -> Option<Fields> {
    let content_type = HeaderValue::from_static(content_type);
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, content_type)]);
    let request = web::fuzzing::request(Method::POST, headers, body.to_vec());
    let fields = Fields::read(&request).ok()?;
    assert!(body.len() <= 64 * 1024 && fields.iter().count() <= 64);
    Some(fields)
}

/// Fills a form that has each kind of field, in one of the languages.
pub(crate) fn fill(fields: &Fields, body: &[u8]) {
    let (language, _) = LANGUAGES[body.len() % LANGUAGES.len()];
    let texts = SITE.texts(Some(language));
    let mut form = Form {
        fields: kinds()
            .into_iter()
            .map(|(name, kind)| Field::new(name, name, kind).optional())
            .collect(),
    };
    form.fill(fields, texts);
    if form.has_problems() {
        assert!(form.failure().is_some());
        return;
    }
    let record = form.record();
    for (name, value) in &record {
        let is_long = name == "long";
        let may_stand = |letter: char| !letter.is_control() || (is_long && "\n\t".contains(letter));
        assert!(value.chars().all(may_stand) && value.chars().count() <= 4_000);
    }
    if let Some(amount) = record.get("amount") {
        let amount: Result<Decimal, _> = amount.parse();
        let is_within =
            |amount: &Decimal| (Decimal::TEN..=Decimal::ONE_THOUSAND).contains(amount) && amount.scale() <= 2;
        assert!(amount.as_ref().is_ok_and(is_within), "{amount:?}");
        assert_eq!(record["amount_currency"], "EUR");
    }
    for name in ["date", "past"] {
        let is_date = |date: &String| date.parse::<jiff::civil::Date>().is_ok();
        assert!(record.get(name).is_none_or(is_date));
    }
    assert!(record.get("choice").is_none_or(|choice| choice == "card"));
    assert!(form.rows(&record, texts).len() <= form.fields.len());
}

/// Each kind of field.
fn kinds() -> [(&'static str, InputKind); 8] {
    let card = Choice {
        value: "card".into(),
        label: "Card".into(),
        note: String::new(),
    };
    let euros = AmountRule {
        currency: "EUR".into(),
        decimals: 2,
        min: Some(Decimal::TEN),
        max: Some(Decimal::ONE_THOUSAND),
    };
    [
        ("text", InputKind::Text),
        ("long", InputKind::LongText),
        ("email", InputKind::Email),
        ("phone", InputKind::Phone),
        ("date", InputKind::Date),
        ("past", InputKind::PastDate),
        ("amount", InputKind::Amount(euros)),
        ("choice", InputKind::Choice(ChoiceLayout::Cards, vec![card])),
    ]
}
