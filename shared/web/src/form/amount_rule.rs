//! Which amounts a field accepts.

use rust_decimal::Decimal;

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
    pub(super) fn check(&self, text: &str, separators: Separators, texts: Texts) -> Result<String, String> {
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
        let smallest_unit = Decimal::new(1, self.decimals);
        let min = self.min.unwrap_or(smallest_unit);
        if amount < min {
            return Err(texts.one("amount-min", "amount", &self.display(min, texts)));
        }
        if let Some(max) = self.max.filter(|max| amount > *max) {
            return Err(texts.one("amount-max", "amount", &self.display(max, texts)));
        }
        amount.rescale(self.decimals);
        Ok(amount.to_string())
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

/// An amount as the language writes it, with its currency. Never breaks over two lines.
pub fn money(amount: Decimal, decimals: u32, currency: &str, texts: Texts) -> String {
    format!("{}\u{a0}{currency}", texts.separators().format(amount, decimals))
}
