//! Which amounts a field accepts.

use rust_decimal::Decimal;

use super::Choice;
use crate::{AmountError, Separators, Texts};

/// Which amounts a field accepts. Both limits are inclusive.
#[derive(Debug, Default)]
pub struct AmountRule {
    /// Currency code.
    pub currency: String,
    /// Maximum number of digits after the decimal point.
    pub decimals: u32,
    /// Minimum amount. Zero is never accepted.
    pub min: Option<Decimal>,
    /// Maximum amount.
    pub max: Option<Decimal>,
}

impl AmountRule {
    /// The amount to record, with all decimals of the currency, or what is wrong with the entered one.
    pub(super) fn check(
        &self,
        text: &str,
        separators: Separators,
        texts: Texts,
    ) -> Result<String, BadAmount> {
        let mut amount = separators
            .parse(text, self.decimals)
            .map_err(|error| self.problem(error, texts))?;
        if let Some(limit) = self.exceeded_limit(amount, texts) {
            return Err(limit.into());
        }
        amount.rescale(self.decimals);
        Ok(amount.to_string())
    }

    fn problem(&self, error: AmountError, texts: Texts) -> BadAmount {
        let readings = match error {
            AmountError::TooPrecise => {
                let problem = texts.count("amount-too-precise", "decimals", self.decimals as usize);
                return problem.into();
            }
            AmountError::NotANumber => Vec::new(),
            AmountError::Ambiguous(readings) => readings,
        };
        let possible = readings
            .into_iter()
            .filter(|amount| self.exceeded_limit(*amount, texts).is_none());
        let readings: Vec<Choice> = possible.map(|amount| self.reading(amount, texts)).collect();
        if readings.is_empty() {
            let example = texts.separators().format(Decimal::from(250), self.decimals);
            return texts.one("amount-invalid", "example", &example).into();
        }
        BadAmount {
            problem: texts.get("amount-ambiguous"),
            readings,
        }
    }

    /// One of two amounts that the trader may have meant. The value is as in JSON.
    fn reading(&self, mut amount: Decimal, texts: Texts) -> Choice {
        amount.rescale(self.decimals);
        Choice {
            value: amount.to_string(),
            label: self.display(amount, texts),
            note: String::new(),
        }
    }

    /// The sentence about the limit that the amount exceeds.
    fn exceeded_limit(&self, amount: Decimal, texts: Texts) -> Option<String> {
        let min = self.min.unwrap_or(Decimal::new(1, self.decimals));
        if amount < min {
            return Some(texts.one("amount-min", "amount", &self.display(min, texts)));
        }
        let max = self.max.filter(|max| amount > *max)?;
        Some(texts.one("amount-max", "amount", &self.display(max, texts)))
    }

    /// The limits as a sentence. Empty if there are none.
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

/// What is wrong with an entered amount.
pub(super) struct BadAmount {
    /// In the trader's language.
    pub(super) problem: String,
    /// The amounts that the trader may have meant. Empty if the text is not ambiguous.
    pub(super) readings: Vec<Choice>,
}

impl From<String> for BadAmount {
    fn from(problem: String) -> Self {
        Self {
            problem,
            readings: Vec::new(),
        }
    }
}

/// An amount as the language writes it, with its currency. Never breaks over two lines.
pub fn money(amount: Decimal, decimals: u32, currency: &str, texts: Texts) -> String {
    format!("{}\u{a0}{currency}", texts.separators().format(amount, decimals))
}
