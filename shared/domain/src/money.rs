//! Amounts with their currency.

use std::{borrow::Borrow, fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The code of a currency: an ISO 4217 code such as `EUR`, or the code of a cryptocurrency. 3 to 8 capital
/// letters or digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CurrencyCode(String);

impl CurrencyCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a [`CurrencyCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a currency code such as EUR")]
pub struct BadCurrencyCode;

impl FromStr for CurrencyCode {
    type Err = BadCurrencyCode;

    fn from_str(text: &str) -> Result<Self, BadCurrencyCode> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for CurrencyCode {
    type Error = BadCurrencyCode;

    fn try_from(text: String) -> Result<Self, BadCurrencyCode> {
        let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if (3..=8).contains(&text.len()) && text.bytes().all(letter) {
            Ok(Self(text))
        } else {
            Err(BadCurrencyCode)
        }
    }
}

impl Borrow<str> for CurrencyCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An amount of money with its currency. Amounts compare by value: `10` equals `10.00`.
///
/// ```
/// use domain::Money;
///
/// let money = Money::new("250.00".parse()?, "EUR".parse()?);
/// assert_eq!(money.to_string(), "250.00 EUR");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The amount, in units of the currency (euros, not cents).
    pub amount: Decimal,
    /// The currency.
    pub currency: CurrencyCode,
}

impl Money {
    /// Money of this amount and currency.
    pub fn new(amount: Decimal, currency: CurrencyCode) -> Self {
        Self { amount, currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_code_has_3_to_8_capitals_or_digits() {
        for fine in ["EUR", "USDT", "1INCH", "ABCDEFGH"] {
            assert_eq!(fine.parse::<CurrencyCode>().unwrap().as_str(), fine);
        }
        for bad in ["", "EU", "eur", "EURO EURO", "E-R", "ABCDEFGHI", "ÉUR"] {
            assert_eq!(bad.parse::<CurrencyCode>(), Err(BadCurrencyCode), "{bad}");
        }
    }

    #[test]
    fn money_in_another_currency_is_other_money() {
        let money =
            |amount: &str, currency: &str| Money::new(amount.parse().unwrap(), currency.parse().unwrap());
        assert_eq!(money("10", "EUR"), money("10.00", "EUR"));
        assert_ne!(money("10", "EUR"), money("10", "USD"));
    }
}
