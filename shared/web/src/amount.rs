//! Amounts of money as traders type and read them.

use rust_decimal::Decimal;

/// How a language, or JSON, writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Decimal separator.
    pub decimal: char,
    /// Thousands separator.
    pub group: char,
    /// Minimum number of digits before the decimal separator for which thousands are separated. 5 in Spanish, which
    /// writes 1000 but 10.000.
    pub grouped_from: usize,
}

/// Why a text cannot be read as an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// The text is no number, or it can be read in two ways. Thousands separators are not accepted.
    NotANumber,
    /// The number has more decimals than the currency.
    TooPrecise,
}

/// Maximum length of an amount, in characters.
const MAX_LENGTH: usize = 24;

impl Separators {
    /// The separators of JSON: a point, and no thousands separator.
    pub const JSON: Self = Self {
        decimal: '.',
        group: '\0',
        grouped_from: usize::MAX,
    };

    /// Reads an amount with a maximum of `decimals` decimals.
    ///
    /// The decimal separator is a point or that of the language. Digits of other scripts are accepted. An amount
    /// that can be read in two ways is refused:
    ///
    /// - with a thousands separator: `1,000` is a thousand in English and one in German;
    /// - with a point before three digits, if the language's decimal separator is not a point;
    /// - with more decimals than the currency, even if they are zeros.
    ///
    /// ```
    /// use web::{AmountError, Separators};
    ///
    /// let spanish = Separators { decimal: ',', group: '.', grouped_from: 5 };
    /// assert_eq!(spanish.parse("250,5", 2).map(|amount| amount.to_string()), Ok("250.5".into()));
    /// assert_eq!(spanish.parse("1.000", 3), Err(AmountError::NotANumber));
    /// ```
    ///
    /// # Errors
    /// [`AmountError`] says which of the two problems the text has.
    pub fn parse(self, text: &str, decimals: u32) -> Result<Decimal, AmountError> {
        let text = text.trim();
        if text.chars().count() > MAX_LENGTH {
            return Err(AmountError::NotANumber);
        }
        let plain: String = text.chars().map(|c| self.plain(c)).collect();
        let (units, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let unfinished = units.is_empty() || (plain.contains('.') && fraction.is_empty());
        if unfinished || !digits(units) || !digits(fraction) {
            return Err(AmountError::NotANumber);
        }
        let looks_grouped = self.decimal != '.' && text.contains('.') && fraction.len() == 3;
        if looks_grouped {
            return Err(AmountError::NotANumber);
        }
        if fraction.len() > decimals as usize {
            return Err(AmountError::TooPrecise);
        }
        plain.parse().map_err(|_| AmountError::NotANumber)
    }

    /// The ASCII digit for a digit of another script, and `.` for the decimal separator.
    fn plain(self, c: char) -> char {
        // Arabic, Persian, Devanagari, Thai and full-width.
        const ZEROS: [char; 5] = ['٠', '۰', '०', '๐', '０'];
        if c == self.decimal || c == '٫' || c == '．' {
            return '.';
        }
        let digit = ZEROS.iter().find_map(|zero| {
            let value = u32::from(c).checked_sub(u32::from(*zero))?;
            char::from_digit(value, 10)
        });
        digit.unwrap_or(c)
    }

    /// Writes `amount` with `decimals` decimals, or more if the amount has more, and the language's separators.
    ///
    /// ```
    /// # use web::Separators;
    /// let english = Separators { decimal: '.', group: ',', grouped_from: 4 };
    /// assert_eq!(english.format("1234567.5".parse()?, 2), "1,234,567.50");
    /// # Ok::<(), rust_decimal::Error>(())
    /// ```
    pub fn format(self, mut amount: Decimal, decimals: u32) -> String {
        amount.rescale(decimals.max(amount.normalize().scale()));
        let plain = amount.to_string();
        let (units, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + 4);
        for (index, digit) in units.chars().enumerate() {
            let may_separate = units.len() >= self.grouped_from && index > 0;
            if may_separate && (units.len() - index).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimal);
            text.push_str(fraction);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENGLISH: Separators = Separators {
        decimal: '.',
        group: ',',
        grouped_from: 4,
    };
    const SPANISH: Separators = Separators {
        decimal: ',',
        group: '.',
        grouped_from: 5,
    };
    const ARABIC: Separators = Separators {
        decimal: '٫',
        group: '٬',
        grouped_from: 4,
    };
    const RUSSIAN: Separators = Separators {
        decimal: ',',
        group: '\u{a0}',
        grouped_from: 4,
    };

    fn amount(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_read_in_the_language_of_the_screen() {
        assert_eq!(ENGLISH.parse(" 250 ", 2), Ok(amount("250")));
        assert_eq!(ENGLISH.parse("250.50", 2), Ok(amount("250.50")));
        assert_eq!(SPANISH.parse("250,50", 2), Ok(amount("250.50")));
        assert_eq!(SPANISH.parse("250.50", 2), Ok(amount("250.50")));
        assert_eq!(ARABIC.parse("٢٥٠٫٥", 2), Ok(amount("250.5")));
        assert_eq!(ARABIC.parse("۲۵۰", 2), Ok(amount("250")));
        assert_eq!(ENGLISH.parse("๒๕๐.๕", 2), Ok(amount("250.5")));
        assert_eq!(ENGLISH.parse("２５０．５０", 2), Ok(amount("250.50")));
    }

    #[test]
    fn a_text_that_could_mean_two_amounts_is_refused() {
        assert_eq!(ENGLISH.parse("1,000", 2), Err(AmountError::NotANumber));
        assert_eq!(ENGLISH.parse("1,000.00", 2), Err(AmountError::NotANumber));
        assert_eq!(SPANISH.parse("1.000", 2), Err(AmountError::NotANumber));
        assert_eq!(SPANISH.parse("1.000", 3), Err(AmountError::NotANumber));
        assert_eq!(SPANISH.parse("1.000,00", 2), Err(AmountError::NotANumber));
        assert_eq!(RUSSIAN.parse("1.000", 2), Err(AmountError::NotANumber));
        assert_eq!(RUSSIAN.parse("1.500", 3), Err(AmountError::NotANumber));
        assert_eq!(ENGLISH.parse("1.000", 2), Err(AmountError::TooPrecise));
    }

    #[test]
    fn other_texts_are_no_amounts() {
        for text in [
            "", " ", ".", "5.", ".5", "-5", "+5", "1e3", "0x10", "5 0", "5€", "∞", "NaN", "1.2.3",
        ] {
            assert_eq!(ENGLISH.parse(text, 2), Err(AmountError::NotANumber), "{text}");
        }
        assert_eq!(ENGLISH.parse(&"9".repeat(25), 2), Err(AmountError::NotANumber));
    }

    #[test]
    fn more_decimals_than_the_currency_has_are_refused_even_if_they_are_zeros() {
        assert_eq!(ENGLISH.parse("0.001", 2), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("5.000", 2), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("5.000", 3), Ok(amount("5")));
        assert_eq!(ENGLISH.parse("5.5", 0), Err(AmountError::TooPrecise));
    }

    #[test]
    fn spanish_separates_thousands_from_ten_thousand_on() {
        assert_eq!(SPANISH.format(amount("1000.5"), 2), "1000,50");
        assert_eq!(SPANISH.format(amount("10000"), 2), "10.000,00");
        assert_eq!(ENGLISH.format(amount("1000"), 2), "1,000.00");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,30}", decimals in 0..9u32) {
            for separators in [ENGLISH, SPANISH, ARABIC] {
                let _ = separators.parse(&text, decimals);
            }
        }

        #[test]
        fn an_amount_survives_reading_and_writing(units in 0..1_000_000_000u64, cents in 0..100u64) {
            let written = format!("{units}.{cents:02}");
            let read = ENGLISH.parse(&written, 2).unwrap();
            prop_assert_eq!(read, amount(&written));
            let formatted = SPANISH.format(read, 2);
            let plain = formatted.replace('.', "").replace(',', ".");
            prop_assert_eq!(amount(&plain), read);
        }
    }
}
