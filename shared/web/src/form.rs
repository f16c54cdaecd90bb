//! The form of a screen: its fields, what the trader entered, and what is wrong with it.
//!
//! One declaration serves the page, the check of a submit, the record and the confirmation.

mod amount_rule;
mod checks;
mod field;
mod html;
#[cfg(test)]
mod tests;
pub(crate) mod typed;

use std::collections::BTreeMap;

pub use amount_rule::{AmountRule, money};
pub use field::{Choice, ChoiceLayout, Field, InputKind};

use crate::{Failure, Fields, Separators, Texts};

/// Name of the buttons with which a trader says which of two amounts is meant. Their value has the field's name, the
/// amount as in JSON, and the text that it is a reading of.
pub const READING: &str = "reading";

/// The amount that the trader chose for the field `name`. A text that was changed since is not what was asked about.
fn chosen_reading<'a>(reading: &'a str, name: &str, entered: &str) -> Option<&'a str> {
    let (field, rest) = reading.split_once(' ')?;
    let (amount, text) = rest.split_once(' ')?;
    (field == name && typed::trim(text) == typed::trim(entered)).then_some(amount)
}

/// The form of a screen.
#[derive(Debug)]
pub struct Form {
    /// The fields, in the order in which the screen shows them.
    pub fields: Vec<Field>,
}

impl Form {
    /// Takes over what the trader submitted and checks each field. Amounts are read as `submitted` writes them.
    pub fn fill(&mut self, submitted: &Fields, texts: Texts) {
        let separators = submitted.separators(texts);
        for field in &mut self.fields {
            let entered = submitted.get(&field.name);
            match chosen_reading(submitted.get(READING), &field.name, entered) {
                Some(amount) if field.is_amount() => field.fill(amount, Separators::JSON, texts),
                _ => field.fill(entered, separators, texts),
            }
        }
    }

    /// Whether any field has a problem.
    pub fn has_problems(&self) -> bool {
        self.fields.iter().any(|field| field.problem.is_some())
    }

    /// The first problem, as the failure of the JSON contract. `None` if no field has a problem.
    pub fn failure(&self) -> Option<Failure> {
        let field = self.fields.iter().find(|field| field.problem.is_some())?;
        Some(if field.value.is_empty() {
            Failure::missing(&field.name)
        } else {
            Failure::invalid(&field.name)
        })
    }

    /// The values to record, by field name. For a form without problems.
    ///
    /// Empty optional fields are left out. An amount has its currency beside it, so that the record keeps its
    /// meaning when `broker.toml` changes.
    pub fn record(&self) -> BTreeMap<String, String> {
        let has_currency_field = self.fields.iter().any(|field| field.name == "currency");
        let mut record = BTreeMap::new();
        for field in self.fields.iter().filter(|field| !field.checked.is_empty()) {
            record.insert(field.name.clone(), field.checked.clone());
            if let Some(currency) = field.currency().filter(|_| !has_currency_field) {
                record.insert(field.currency_key(), currency.to_owned());
            }
        }
        record
    }

    /// A record as the confirmation shows it: label and value of each listed field.
    pub fn rows(&self, recorded: &BTreeMap<String, String>, texts: Texts) -> Vec<(String, String)> {
        let listed = self.fields.iter().filter(|field| field.listed);
        listed
            .filter_map(|field| Some((field.label.clone(), field.display(recorded, texts)?)))
            .collect()
    }
}
