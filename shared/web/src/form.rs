//! A screen's form: what can be entered, what was entered, and what is wrong with it.
//!
//! One declaration serves the page, the check of a submit, the record and the confirmation.

use std::collections::BTreeMap;

use jiff::{Zoned, civil::Date};
use rust_decimal::Decimal;

use crate::{AmountError, Failure, Fields, Separators, Texts};

/// A form.
#[derive(Debug)]
pub struct Form {
    /// In the order of the screen.
    pub fields: Vec<Field>,
}

/// One field of a form.
#[derive(Debug)]
pub struct Field {
    /// Name in the form, in JSON and in records.
    pub name: String,
    /// What the trader reads.
    pub label: String,
    /// A sentence below it, or nothing.
    pub help: String,
    /// What can be entered.
    pub kind: Kind,
    /// Whether it must be filled in.
    pub required: bool,
    /// HTML's `autocomplete`, or nothing.
    pub autocomplete: &'static str,
    /// Longest text, in characters.
    pub max_length: usize,
    /// Whether the confirmation lists it.
    pub listed: bool,
    /// What was entered, as entered; until then what is preselected.
    pub value: String,
    /// What is recorded of it, once it has been checked: amounts as plain decimals with a point, dates as `YYYY-MM-DD`.
    pub checked: String,
    /// What is wrong with it, in the trader's language.
    pub problem: Option<String>,
}

/// What can be entered.
#[derive(Debug)]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A calendar date, in the past.
    PastDate,
    /// A calendar date.
    Date,
    /// An amount of money.
    Amount(AmountRule),
    /// One of several.
    Choice(Look, Vec<Choice>),
}

/// Which amounts are accepted. The limits are inclusive.
#[derive(Debug, Default)]
pub struct AmountRule {
    /// Currency code.
    pub currency: String,
    /// Digits after the point, at most.
    pub decimals: u32,
    /// Least amount. Zero is never accepted.
    pub min: Option<Decimal>,
    /// Greatest amount.
    pub max: Option<Decimal>,
}

/// How choices look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Side by side, for two to four short ones.
    Segments,
    /// One below the other, with a note each.
    Cards,
}

impl Look {
    /// Most letters that fit side by side on a small phone, in all the labels together.
    const ONE_LINE: usize = 24;

    /// Of choices without notes: side by side where two to four fit one line.
    pub fn for_choices(choices: &[Choice]) -> Self {
        let letters: usize = choices.iter().map(|choice| choice.label.chars().count()).sum();
        if (2..=4).contains(&choices.len()) && letters <= Self::ONE_LINE {
            Self::Segments
        } else {
            Self::Cards
        }
    }
}

/// Something to choose.
#[derive(Debug)]
pub struct Choice {
    /// What is recorded.
    pub value: String,
    /// What the trader reads.
    pub label: String,
    /// And beside it, smaller.
    pub note: String,
}

/// Longest line, in characters, unless said otherwise.
const LINE: usize = 100;

/// Longest text of several lines, in characters, unless said otherwise.
const PAGE: usize = 4_000;

impl Field {
    /// A required field.
    pub fn new(name: &str, label: impl Into<String>, kind: Kind) -> Self {
        let value = match &kind {
            Kind::Choice(_, choices) => choices.first().map(|choice| choice.value.clone()),
            _ => None,
        };
        let max_length = if matches!(kind, Kind::LongText) {
            PAGE
        } else {
            LINE
        };
        Self {
            name: name.to_owned(),
            label: label.into(),
            help: String::new(),
            kind,
            required: true,
            autocomplete: "",
            max_length,
            listed: true,
            value: value.unwrap_or_default(),
            checked: String::new(),
            problem: None,
        }
    }

    /// May be left empty; of choices none is preselected then.
    pub fn optional(self) -> Self {
        let value = String::new();
        Self {
            required: false,
            value,
            ..self
        }
    }

    /// With a sentence below it.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }

    /// With HTML's `autocomplete`.
    pub fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// Not listed by the confirmation.
    pub fn unlisted(self) -> Self {
        Self {
            listed: false,
            ..self
        }
    }

    /// Takes what was entered and checks it. Browsers count a line break as one character and send two.
    fn fill(&mut self, entered: &str, separators: Separators, texts: Texts) {
        self.value = entered.replace("\r\n", "\n").trim().to_owned();
        match self.check(separators, texts) {
            Ok(checked) => (self.checked, self.problem) = (checked, None),
            Err(problem) => {
                // What a limit is need not be said twice.
                if self.help == problem {
                    self.help.clear();
                }
                self.problem = Some(problem);
            }
        }
    }

    /// What is recorded of the value, or what is wrong with it.
    fn check(&self, separators: Separators, texts: Texts) -> Result<String, String> {
        let value = self.value.as_str();
        if value.is_empty() {
            return if self.required {
                Err(texts.get("field-required"))
            } else {
                Ok(String::new())
            };
        }
        if value.chars().count() > self.max_length {
            return Err(texts.count("field-too-long", "max", self.max_length));
        }
        let layout = |c: char| self.is_long() && matches!(c, '\n' | '\t');
        if value.chars().any(|c| c.is_control() && !layout(c)) {
            return Err(texts.get("field-invalid"));
        }
        let fine = match &self.kind {
            Kind::Text | Kind::LongText => Ok(()),
            Kind::Email => is_email(value).then_some(()).ok_or("field-email-invalid"),
            Kind::Phone => is_phone(value).then_some(()).ok_or("field-phone-invalid"),
            Kind::Choice(_, choices) => {
                let offered = choices.iter().any(|choice| choice.value == value);
                offered.then_some(()).ok_or("field-choice-invalid")
            }
            Kind::Date => return date(value).map_err(|key| texts.get(key)),
            Kind::PastDate => return past_date(value).map_err(|key| texts.get(key)),
            Kind::Amount(rule) => return rule.check(value, separators, texts),
        };
        fine.map(|()| value.to_owned()).map_err(|key| texts.get(key))
    }

    /// Where the currency of a recorded amount stands in the record.
    fn currency_key(&self) -> String {
        format!("{}_currency", self.name)
    }

    /// What the trader reads of a recorded value: choices by label, amounts with the currency they were recorded with.
    fn display(&self, recorded: &BTreeMap<String, String>, texts: Texts) -> Option<String> {
        let value = recorded.get(&self.name)?;
        let shown = match &self.kind {
            Kind::Amount(_) => {
                let currency = recorded
                    .get(&self.currency_key())
                    .or_else(|| recorded.get("currency"));
                match (value.parse::<Decimal>(), currency) {
                    (Ok(amount), Some(currency)) => money(amount, amount.scale(), currency, texts),
                    _ => value.clone(),
                }
            }
            Kind::Choice(_, choices) => {
                let choice = choices.iter().find(|choice| choice.value == *value);
                choice.map_or(value, |choice| &choice.label).clone()
            }
            _ => value.clone(),
        };
        Some(shown)
    }
}

/// For the templates.
impl Field {
    /// Whether it is a choice.
    pub fn is_choice(&self) -> bool {
        matches!(self.kind, Kind::Choice(..))
    }

    /// Whether it is an amount.
    pub fn is_amount(&self) -> bool {
        matches!(self.kind, Kind::Amount(_))
    }

    /// The currency of an amount.
    pub fn currency(&self) -> Option<&str> {
        match &self.kind {
            Kind::Amount(rule) => Some(&rule.currency),
            _ => None,
        }
    }

    /// Whether it has several lines.
    pub fn is_long(&self) -> bool {
        matches!(self.kind, Kind::LongText)
    }

    /// What can be chosen.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::Choice(_, choices) => choices,
            _ => &[],
        }
    }

    /// Class of the box around the choices.
    pub fn look(&self) -> &'static str {
        match &self.kind {
            Kind::Choice(Look::Segments, _) => "segments",
            _ => "cards",
        }
    }

    /// The attributes of the input that follow from what can be entered. Nothing a client sent is among them.
    pub fn attributes(&self) -> String {
        let mut attributes = match self.kind {
            Kind::Email => r#"type="email" inputmode="email""#.to_owned(),
            Kind::Phone => r#"type="tel" inputmode="tel""#.to_owned(),
            Kind::Date | Kind::PastDate => r#"type="date""#.to_owned(),
            Kind::Amount(_) => r#"type="text" inputmode="decimal""#.to_owned(),
            Kind::LongText => r#"rows="4" dir="auto""#.to_owned(),
            Kind::Text | Kind::Choice(..) => r#"type="text" dir="auto""#.to_owned(),
        };
        let mut add = |attribute: &str| {
            attributes.push(' ');
            attributes.push_str(attribute);
        };
        let autocomplete = if self.autocomplete.is_empty() {
            "off"
        } else {
            self.autocomplete
        };
        add(&format!(r#"autocomplete="{autocomplete}""#));
        add(&format!(r#"maxlength="{}""#, self.max_length));
        if self.required {
            add("required");
        }
        let described: Vec<String> = [("e", self.problem.is_some()), ("h", !self.help.is_empty())]
            .iter()
            .filter(|(_, there)| *there)
            .map(|(part, _)| format!("{part}-{}", self.name))
            .collect();
        if !described.is_empty() {
            add(&format!(r#"aria-describedby="{}""#, described.join(" ")));
        }
        if self.problem.is_some() {
            add(r#"aria-invalid="true""#);
        }
        attributes
    }
}

impl AmountRule {
    /// The amount with all the currency's digits, or what is wrong with it.
    fn check(&self, text: &str, separators: Separators, texts: Texts) -> Result<String, String> {
        let mut amount = separators
            .parse(text, self.decimals)
            .map_err(|error| match error {
                AmountError::NotANumber => {
                    let example = texts.separators().format(Decimal::from(250), self.decimals);
                    texts.one("amount-invalid", "example", &example)
                }
                AmountError::TooPrecise => {
                    texts.count("amount-too-precise", "decimals", self.decimals as usize)
                }
            })?;
        let smallest = Decimal::new(1, self.decimals);
        let min = self.min.unwrap_or(smallest);
        if amount < min {
            return Err(texts.one("amount-min", "amount", &self.display(min, texts)));
        }
        if let Some(max) = self.max.filter(|max| amount > *max) {
            return Err(texts.one("amount-max", "amount", &self.display(max, texts)));
        }
        amount.rescale(self.decimals);
        Ok(amount.to_string())
    }

    /// The limits, in words; empty where there are none.
    pub fn limits(&self, texts: Texts) -> String {
        let display = |amount| self.display(amount, texts);
        match (self.min.map(display), self.max.map(display)) {
            (Some(min), Some(max)) => texts.with("amount-limits", &[("min", &min), ("max", &max)]),
            (Some(min), None) => texts.one("amount-min", "amount", &min),
            (None, Some(max)) => texts.one("amount-max", "amount", &max),
            (None, None) => String::new(),
        }
    }

    /// The amount as the language writes it, with the currency.
    pub fn display(&self, amount: Decimal, texts: Texts) -> String {
        money(amount, self.decimals, &self.currency, texts)
    }
}

/// An amount as the language writes it, with its currency, on one line.
pub fn money(amount: Decimal, decimals: u32, currency: &str, texts: Texts) -> String {
    format!("{}\u{a0}{currency}", texts.separators().format(amount, decimals))
}

impl Form {
    /// Takes what was submitted and checks it.
    pub fn fill(&mut self, submitted: &Fields, texts: Texts) {
        let separators = submitted.separators(texts);
        for field in &mut self.fields {
            field.fill(submitted.get(&field.name), separators, texts);
        }
    }

    /// Whether any field has a problem.
    pub fn has_problems(&self) -> bool {
        self.fields.iter().any(|field| field.problem.is_some())
    }

    /// The first problem, as the contract words it.
    pub fn failure(&self) -> Option<Failure> {
        let field = self.fields.iter().find(|field| field.problem.is_some())?;
        Some(if field.value.is_empty() {
            Failure::missing(&field.name)
        } else {
            Failure::invalid(&field.name)
        })
    }

    /// What is recorded of a form without problems. Empty optional fields are left out; an amount has its currency
    /// beside it, so that it means the same whatever becomes of `broker.toml`.
    pub fn record(&self) -> BTreeMap<String, String> {
        let mut record = BTreeMap::new();
        for field in self.fields.iter().filter(|field| !field.checked.is_empty()) {
            record.insert(field.name.clone(), field.checked.clone());
            let chosen_apart = self.fields.iter().any(|other| other.name == "currency");
            if let Some(currency) = field.currency().filter(|_| !chosen_apart) {
                record.insert(field.currency_key(), currency.to_owned());
            }
        }
        record
    }

    /// What the trader reads of a record: labels and values.
    pub fn rows(&self, recorded: &BTreeMap<String, String>, texts: Texts) -> Vec<(String, String)> {
        let listed = self.fields.iter().filter(|field| field.listed);
        listed
            .filter_map(|field| Some((field.label.clone(), field.display(recorded, texts)?)))
            .collect()
    }
}

/// A calendar date as browsers send it, `YYYY-MM-DD`; else the key of what is wrong.
fn parse_date(text: &str) -> Result<Date, &'static str> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "field-date-invalid")
}

fn date(text: &str) -> Result<String, &'static str> {
    parse_date(text).map(|date| date.to_string())
}

/// Nobody alive was born before 1900; and a date that is still tomorrow somewhere else is no reason to turn anyone away.
fn past_date(text: &str) -> Result<String, &'static str> {
    let date = parse_date(text)?;
    let tomorrow = Zoned::now().date().tomorrow().unwrap_or(Date::MAX);
    if date > tomorrow {
        return Err("field-date-future");
    }
    if date.year() < 1900 {
        return Err("field-date-invalid");
    }
    Ok(date.to_string())
}

/// Something before the only `@` and a domain with a dot after it; whether it exists shows when mail arrives.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let clean = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    clean(local)
        && clean(domain)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}

/// 6 to 15 digits (ITU-T E.164 allows 15), perhaps with a leading `+` and the usual signs between them.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (6..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -()./".contains(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts() -> Texts {
        crate::site::of_the_tests().texts(Some("en"))
    }

    fn spanish() -> Texts {
        crate::site::of_the_tests().texts(Some("es"))
    }

    fn problem(kind: Kind, value: &str) -> Option<String> {
        let mut field = Field::new("f", "F", kind);
        field.fill(value, texts().separators(), texts());
        field.problem
    }

    fn euros() -> Kind {
        Kind::Amount(AmountRule {
            currency: "EUR".into(),
            decimals: 2,
            min: Some(Decimal::from(10)),
            max: Some(Decimal::from(1_000)),
        })
    }

    #[test]
    fn limits_are_inclusive_and_said_with_their_currency() {
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
    fn limits_are_said_as_far_as_there_are_any() {
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
    fn a_problem_that_says_what_the_help_does_takes_its_place() {
        let says = "Minimum amount: 10.00\u{a0}EUR.";
        let mut field = Field::new("f", "F", euros()).help(says);
        field.fill("much", texts().separators(), texts());
        assert_eq!(field.help, says);
        field.fill("9", texts().separators(), texts());
        assert_eq!((field.problem.as_deref(), field.help.as_str()), (Some(says), ""));
    }

    #[test]
    fn zero_is_never_an_amount() {
        let unlimited = || {
            Kind::Amount(AmountRule {
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
        let kind = || Kind::Choice(Look::Cards, vec![choice("card"), choice("bank")]);
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
        let look = |labels: &[&str]| {
            let choice = |label: &&str| Choice {
                value: (*label).into(),
                label: (*label).into(),
                note: String::new(),
            };
            Look::for_choices(&labels.iter().map(choice).collect::<Vec<_>>())
        };
        assert_eq!(look(&["Morning", "Afternoon"]), Look::Segments);
        assert_eq!(look(&["المدفوعات", "الحساب", "أخرى"]), Look::Segments);
        assert_eq!(
            look(&["Passport", "Identity card", "Driving licence"]),
            Look::Cards
        );
        assert_eq!(look(&["One"]), Look::Cards);
        assert_eq!(look(&["1", "2", "3", "4", "5"]), Look::Cards);
    }

    #[test]
    fn e_mail_addresses_and_phone_numbers_are_checked_loosely() {
        for fine in ["ada@example.com", "ada+x@mail.example.co", "آدا@مثال.إختبار"] {
            assert_eq!(problem(Kind::Email, fine), None, "{fine}");
        }
        for bad in [
            "ada",
            "ada@example",
            "a b@example.com",
            "a@b@c.d",
            "@example.com",
            "ada@.com",
        ] {
            assert!(problem(Kind::Email, bad).is_some(), "{bad}");
        }
        for fine in ["+44 20 7946 0000", "(020) 7946-0000", "112233"] {
            assert_eq!(problem(Kind::Phone, fine), None, "{fine}");
        }
        for bad in ["12345", "+1234567890123456", "call me", "++123456"] {
            assert!(problem(Kind::Phone, bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_date_of_birth_is_a_real_date_in_the_past() {
        assert_eq!(problem(Kind::PastDate, "1990-02-28"), None);
        for bad in [
            "1990-02-30",
            "28.02.1990",
            "2999-01-01",
            "1890-01-01",
            "19900228",
            "1990-02-28T10:00:00",
            "yesterday",
        ] {
            assert!(problem(Kind::PastDate, bad).is_some(), "{bad}");
        }
        assert_eq!(problem(Kind::Date, "2999-01-01"), None);
    }

    #[test]
    fn control_characters_are_refused_but_lines_in_a_long_text() {
        assert!(problem(Kind::Text, "a\u{0}b").is_some());
        assert!(problem(Kind::Text, "a\nb").is_some());
        assert_eq!(problem(Kind::LongText, "a\r\n\tb"), None);
    }

    #[test]
    fn required_and_length_are_checked() {
        assert!(problem(Kind::Text, "  ").is_some());
        assert!(problem(Kind::Text, &"é".repeat(101)).is_some());
        assert_eq!(problem(Kind::Text, &"é".repeat(100)), None);
        let mut optional = Field::new("f", "F", Kind::Email).optional();
        optional.fill("", texts().separators(), texts());
        assert_eq!(optional.problem, None);
    }

    proptest! {
        #[test]
        fn any_value_is_checked_without_panic(value in "\\PC{0,60}") {
            for kind in [Kind::Text, Kind::LongText, Kind::Email, Kind::Phone, Kind::Date, Kind::PastDate, euros()] {
                let mut field = Field::new("f", "F", kind);
                field.fill(&value, texts().separators(), texts());
            }
        }
    }
}
