//! One field of a form.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{AmountRule, amount_rule::BadAmount, checks, money, typed};
use crate::{Separators, Texts};

/// One field of a form.
#[derive(Debug)]
pub struct Field {
    /// Name of the field in the form, in JSON and in records.
    pub name: String,
    /// Label, in the trader's language.
    pub label: String,
    /// Sentence below the input. Empty if there is none.
    pub help: String,
    /// What the trader can enter.
    pub kind: InputKind,
    /// Whether the trader must fill in the field.
    pub required: bool,
    /// HTML's `autocomplete`. Empty means `off`.
    pub autocomplete: &'static str,
    /// Maximum length, in characters.
    pub max_length: usize,
    /// Whether the confirmation lists the field.
    pub listed: bool,
    /// The text as the trader entered it. Before a submit, the preselected choice.
    pub value: String,
    /// The checked value to record: an amount as a decimal with a point, a date as `YYYY-MM-DD`. Empty until
    /// checked.
    pub checked: String,
    /// What is wrong with the value, in the trader's language.
    pub problem: Option<String>,
    /// For an amount that can be read in two ways: the amounts that the trader may have meant.
    pub readings: Vec<Choice>,
}

/// What the trader can enter into a field.
#[derive(Debug)]
pub enum InputKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a bank account, after ISO 13616.
    Iban,
    /// A calendar date in the past.
    PastDate,
    /// A calendar date.
    Date,
    /// An amount of money.
    Amount(AmountRule),
    /// One of several choices.
    Choice(ChoiceLayout, Vec<Choice>),
}

/// How a page arranges the choices of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceLayout {
    /// Side by side, for two to four short labels.
    Segments,
    /// One below the other, each with a note.
    Cards,
}

impl ChoiceLayout {
    /// Maximum length of all labels together, in characters, that fit side by side on a small phone.
    const MAX_SEGMENTS_LENGTH: usize = 24;

    /// The layout for choices without notes: segments if two to four labels fit on one line, else cards.
    pub fn for_choices(choices: &[Choice]) -> Self {
        let length: usize = choices.iter().map(|choice| choice.label.chars().count()).sum();
        if (2..=4).contains(&choices.len()) && length <= Self::MAX_SEGMENTS_LENGTH {
            Self::Segments
        } else {
            Self::Cards
        }
    }
}

/// One choice of a field.
#[derive(Debug)]
pub struct Choice {
    /// The value to record.
    pub value: String,
    /// Label, in the trader's language.
    pub label: String,
    /// Smaller text beside the label. Empty if there is none.
    pub note: String,
}

/// Default maximum length of one line, in characters.
const MAX_LINE_LENGTH: usize = 100;

/// Default maximum length of a text of several lines, in characters.
const MAX_LONG_TEXT_LENGTH: usize = 4_000;

impl Field {
    /// A required field. The first choice is preselected.
    pub fn new(name: &str, label: impl Into<String>, kind: InputKind) -> Self {
        let preselected = match &kind {
            InputKind::Choice(_, choices) => choices.first().map(|choice| choice.value.clone()),
            _ => None,
        };
        let max_length = if matches!(kind, InputKind::LongText) {
            MAX_LONG_TEXT_LENGTH
        } else {
            MAX_LINE_LENGTH
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
            value: preselected.unwrap_or_default(),
            checked: String::new(),
            problem: None,
            readings: Vec::new(),
        }
    }

    /// Makes the field optional. No choice is preselected then.
    pub fn optional(self) -> Self {
        let value = String::new();
        Self {
            required: false,
            value,
            ..self
        }
    }

    /// Adds a sentence below the input.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }

    /// Sets HTML's `autocomplete`.
    pub fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// Leaves the field out of the confirmation.
    pub fn unlisted(self) -> Self {
        Self {
            listed: false,
            ..self
        }
    }

    /// Takes over what the trader entered and checks it.
    ///
    /// Browsers send a line break as two characters, and a trader counts it as one. So it becomes one here.
    pub(super) fn fill(&mut self, entered: &str, separators: Separators, texts: Texts) {
        self.value = typed::trim(&entered.replace("\r\n", "\n")).to_owned();
        match self.check(separators, texts) {
            Ok(checked) => (self.checked, self.problem) = (checked, None),
            Err(BadAmount { problem, readings }) => {
                self.readings = readings;
                // The help may state the same limit as the problem. Say it once.
                if self.help == problem {
                    self.help.clear();
                }
                self.problem = Some(problem);
            }
        }
    }

    /// The value to record, or what is wrong with the entered one.
    fn check(&self, separators: Separators, texts: Texts) -> Result<String, BadAmount> {
        let value = self.value.as_str();
        if value.is_empty() {
            return if self.required {
                Err(texts.get("field-required").into())
            } else {
                Ok(String::new())
            };
        }
        if value.chars().count() > self.max_length {
            return Err(texts.count("field-too-long", "max", self.max_length).into());
        }
        let allowed_control = |c: char| self.is_long() && matches!(c, '\n' | '\t');
        if value.chars().any(|c| c.is_control() && !allowed_control(c)) {
            return Err(texts.get("field-invalid").into());
        }
        let checked = match &self.kind {
            InputKind::Text | InputKind::LongText => Ok(value.to_owned()),
            InputKind::Email => checks::email(value),
            InputKind::Phone => checks::phone(value),
            InputKind::Iban => checks::iban(value),
            InputKind::Date => checks::date(value),
            InputKind::PastDate => checks::past_date(value),
            InputKind::Choice(_, choices) => {
                let offered = choices.iter().any(|choice| choice.value == value);
                offered.then(|| value.to_owned()).ok_or("field-choice-invalid")
            }
            InputKind::Amount(rule) => return rule.check(value, separators, texts),
        };
        checked.map_err(|key| texts.get(key).into())
    }

    /// Name under which a record holds the currency of this amount.
    pub(super) fn currency_key(&self) -> String {
        format!("{}_currency", self.name)
    }

    /// A recorded value for the trader: a choice as its label, an amount with the currency that was recorded with
    /// it.
    pub(super) fn display(&self, recorded: &BTreeMap<String, String>, texts: Texts) -> Option<String> {
        let value = recorded.get(&self.name)?;
        let text = match &self.kind {
            InputKind::Amount(_) => {
                let currency = recorded
                    .get(&self.currency_key())
                    .or_else(|| recorded.get("currency"));
                match (value.parse::<Decimal>(), currency) {
                    (Ok(amount), Some(currency)) => money(amount, amount.scale(), currency, texts),
                    _ => value.clone(),
                }
            }
            InputKind::Choice(_, choices) => {
                let choice = choices.iter().find(|choice| choice.value == *value);
                choice.map_or(value, |choice| &choice.label).clone()
            }
            _ => value.clone(),
        };
        Some(text)
    }
}
