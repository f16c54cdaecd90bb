//! Amounts of money as traders type and read them.

use rust_decimal::Decimal;

/// How a language writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    /// Between units and fraction.
    pub decimal: char,
    /// Between thousands.
    pub group: char,
    /// From how many digits before the decimal sign on thousands are set apart: Spanish writes 1000 but 10.000.
    pub grouped_from: usize,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// It is not a number, or not certainly one: thousands separators are not accepted.
    NotANumber,
    /// It has more digits after the point than the currency.
    TooPrecise,
}

/// Longest text that can be an amount, in characters.
const LONGEST: usize = 24;

impl Separators {
    /// JSON's: a point, and nothing between thousands.
    pub const JSON: Self = Self {
        decimal: '.',
        group: '\0',
        grouped_from: usize::MAX,
    };

    /// Reads an amount with at most `decimals` digits after the point.
    ///
    /// Money is not guessed: the fraction is set off by `.` or by the language's own sign; thousands separators are
    /// refused, for `1,000` is a thousand to one reader and one to another. So are more digits after the point than the
    /// currency has, zeros included, and where the decimal sign is a comma, a point before three digits. The digits of
    /// other scripts count as digits.
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
    /// [`AmountError`].
    pub fn parse(self, text: &str, decimals: u32) -> Result<Decimal, AmountError> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
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

    /// ASCII digit and `.` for what the language uses instead.
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

    /// Writes `amount` with `decimals` digits after the point and the language's separators.
    ///
    /// ```
    /// # use web::Separators;
    /// let english = Separators { decimal: '.', group: ',', grouped_from: 4 };
    /// assert_eq!(english.format("1234567.5".parse()?, 2), "1,234,567.50");
    /// # Ok::<(), rust_decimal::Error>(())
    /// ```
    pub fn format(self, amount: Decimal, decimals: u32) -> String {
        let mut amount = amount;
        amount.rescale(decimals.max(amount.normalize().scale()));
        let plain = amount.to_string();
        let (units, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + 4);
        for (index, digit) in units.chars().enumerate() {
            let apart = units.len() >= self.grouped_from && index > 0;
            if apart && (units.len() - index).is_multiple_of(3) {
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
    fn what_could_mean_two_amounts_is_refused() {
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
    fn nothing_else_is_an_amount() {
        for text in [
            "", " ", ".", "5.", ".5", "-5", "+5", "1e3", "0x10", "5 0", "5€", "∞", "NaN", "1.2.3",
        ] {
            assert_eq!(ENGLISH.parse(text, 2), Err(AmountError::NotANumber), "{text}");
        }
        assert_eq!(ENGLISH.parse(&"9".repeat(25), 2), Err(AmountError::NotANumber));
    }

    #[test]
    fn more_digits_than_the_currency_has_are_refused_zeros_included() {
        assert_eq!(ENGLISH.parse("0.001", 2), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("5.000", 2), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("5.000", 3), Ok(amount("5")));
        assert_eq!(ENGLISH.parse("5.5", 0), Err(AmountError::TooPrecise));
    }

    #[test]
    fn spanish_sets_thousands_apart_from_ten_thousand_on() {
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
        fn what_is_read_is_exactly_what_was_written(units in 0..1_000_000_000u64, cents in 0..100u64) {
            let written = format!("{units}.{cents:02}");
            let read = ENGLISH.parse(&written, 2).unwrap();
            prop_assert_eq!(read, amount(&written));
            let shown = SPANISH.format(read, 2);
            let back = shown.replace('.', "").replace(',', ".");
            prop_assert_eq!(amount(&back), read);
        }
    }
}
