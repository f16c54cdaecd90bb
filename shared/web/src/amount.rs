//! Amounts of money as traders type and read them.

use rust_decimal::Decimal;

use crate::form::typed;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// The text is no number.
    NotANumber,
    /// The number has more decimals than the currency.
    TooPrecise,
    /// The text can be read in two ways, such as `1,000`: one, or a thousand. Has the readings that the currency
    /// allows, the smaller one first.
    Ambiguous(Vec<Decimal>),
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
    /// JSON writes digits and one point. People write digits of any script, and use marks as their language, their
    /// phone or their habit has them:
    ///
    /// - spaces and apostrophes separate thousands;
    /// - of a comma and a point, the last one is the decimal sign, and the other one separates thousands;
    /// - a comma or a point that is there several times separates thousands;
    /// - one comma or point is the decimal sign, unless it could as well separate thousands: `1,000` is a thousand in
    ///   English and one in German. It is the decimal sign then only if the language says so and the currency has
    ///   three decimals, and it separates thousands if the currency has no decimals.
    ///
    /// ```
    /// use web::{AmountError, Separators};
    ///
    /// let english = Separators { decimal: '.', group: ',', grouped_from: 4 };
    /// assert_eq!(english.parse("250,5", 2).map(|amount| amount.to_string()), Ok("250.5".into()));
    /// assert_eq!(english.parse("1,000", 2), Err(AmountError::Ambiguous(vec![1.into(), 1000.into()])));
    /// ```
    ///
    /// # Errors
    /// [`AmountError`] says which problem the text has.
    pub fn parse(self, text: &str, decimals: u32) -> Result<Decimal, AmountError> {
        let text = text.trim();
        if text.chars().count() > MAX_LENGTH {
            return Err(AmountError::NotANumber);
        }
        let written = if self == Self::JSON {
            let mut parts = text.splitn(2, '.');
            let units = parts.next().unwrap_or_default();
            Written::new(units, parts.next())
        } else {
            self.typed(text, decimals)?
        };
        written.ok_or(AmountError::NotANumber)?.amount(decimals)
    }

    /// What a person typed. `None` for no number.
    fn typed(self, text: &str, decimals: u32) -> Result<Option<Written>, AmountError> {
        let Some((parts, marks)) = split(text) else {
            return Ok(None);
        };
        let Some(last) = marks.last().copied() else {
            return Ok(Written::new(&parts[0], None));
        };
        let count = marks.iter().filter(|mark| **mark == last).count();
        let groups = || {
            grouped(&parts, &marks).map(|units| Written {
                units,
                fraction: String::new(),
            })
        };
        let fraction = parts.last().map_or("", String::as_str);
        let decimal = || {
            let (units, unit_marks) = (&parts[..parts.len() - 1], &marks[..marks.len() - 1]);
            grouped(units, unit_marks).map(|units| Written {
                units,
                fraction: fraction.to_owned(),
            })
        };
        if last == Mark::Group || (count > 1 && last != Mark::Decimal) {
            return Ok(groups());
        }
        let could_group = marks.len() == 1 && last != Mark::Decimal && groups().is_some();
        if !could_group || (last.is(self.decimal) && decimals >= 3) {
            return Ok(decimal());
        }
        if decimals == 0 {
            return Ok(groups());
        }
        let readings = [decimal(), groups()].into_iter().flatten();
        let readings = readings
            .filter_map(|written| written.whole_or_exact(decimals))
            .collect();
        Err(AmountError::Ambiguous(readings))
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

/// An amount as it is written: ASCII digits before and after the decimal sign.
struct Written {
    units: String,
    /// Empty if there is no decimal sign.
    fraction: String,
}

impl Written {
    /// `None` if a part has no digits, or something else.
    fn new(units: &str, fraction: Option<&str>) -> Option<Self> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let valid = digits(units) && fraction.is_none_or(digits);
        valid.then(|| Self {
            units: units.to_owned(),
            fraction: fraction.unwrap_or_default().to_owned(),
        })
    }

    fn amount(&self, decimals: u32) -> Result<Decimal, AmountError> {
        if self.fraction.len() > decimals as usize {
            return Err(AmountError::TooPrecise);
        }
        self.value().ok_or(AmountError::NotANumber)
    }

    /// The value, if it has no more decimals than the currency. Zeros at its end do not count.
    fn whole_or_exact(&self, decimals: u32) -> Option<Decimal> {
        let value = self.value()?.normalize();
        (value.scale() <= decimals).then_some(value)
    }

    fn value(&self) -> Option<Decimal> {
        if self.fraction.is_empty() {
            self.units.parse().ok()
        } else {
            format!("{}.{}", self.units, self.fraction).parse().ok()
        }
    }
}

/// A character between digits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
    /// The decimal sign of Arabic, which is nothing else.
    Decimal,
    /// Separates thousands and is never a decimal sign.
    Group,
}

impl Mark {
    fn read(letter: char) -> Option<Self> {
        match letter {
            '.' | '\u{ff0e}' => Some(Self::Point),
            ',' | '\u{ff0c}' | '\u{60c}' => Some(Self::Comma),
            '\u{66b}' => Some(Self::Decimal),
            '\u{66c}' | '\'' | '\u{2019}' | '\u{2bc}' => Some(Self::Group),
            _ if letter.is_whitespace() => Some(Self::Group),
            _ => None,
        }
    }

    fn is(self, letter: char) -> bool {
        Self::read(letter) == Some(self)
    }
}

/// The runs of digits, in ASCII, and the marks between them. `None` for other characters, and for marks that are not
/// between digits.
fn split(text: &str) -> Option<(Vec<String>, Vec<Mark>)> {
    let (mut parts, mut marks) = (vec![String::new()], Vec::new());
    for letter in text.chars().filter(|letter| !typed::is_invisible(*letter)) {
        let digit = typed::ascii_digit(letter);
        if digit.is_ascii_digit() {
            parts.last_mut()?.push(digit);
        } else {
            marks.push(Mark::read(letter)?);
            parts.push(String::new());
        }
    }
    parts
        .iter()
        .all(|part| !part.is_empty())
        .then_some((parts, marks))
}

/// The digits of an integer whose thousands are separated by one and the same mark. `None` for groups of other sizes.
fn grouped(parts: &[String], marks: &[Mark]) -> Option<String> {
    let (first, rest) = parts.split_first()?;
    let same_mark = marks.windows(2).all(|two| two[0] == two[1]);
    let sizes = rest.iter().all(|part| part.len() == 3) && first.len() <= 3 && !first.starts_with('0');
    (rest.is_empty() || (same_mark && sizes)).then(|| parts.concat())
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

    fn ambiguous(readings: &[&str]) -> Result<Decimal, AmountError> {
        Err(AmountError::Ambiguous(
            readings.iter().map(|text| amount(text)).collect(),
        ))
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
    fn a_comma_before_one_or_two_digits_is_a_decimal_sign_where_the_currency_has_so_many() {
        assert_eq!(ENGLISH.parse("250,50", 2), Ok(amount("250.50")));
        assert_eq!(ENGLISH.parse("250,5", 2), Ok(amount("250.5")));
        assert_eq!(ENGLISH.parse("1000,50", 2), Ok(amount("1000.50")));
        assert_eq!(ARABIC.parse("250,50", 2), Ok(amount("250.50")));
        assert_eq!(ARABIC.parse("٢٥٠،٥٠", 2), Ok(amount("250.50")));
        assert_eq!(ENGLISH.parse("250,50", 0), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("250,50", 1), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("0,500", 3), Ok(amount("0.500")));
    }

    #[test]
    fn a_text_that_could_mean_two_amounts_is_asked_about() {
        for language in [ENGLISH, SPANISH, RUSSIAN, ARABIC] {
            assert_eq!(language.parse("1,000", 2), ambiguous(&["1", "1000"]));
            assert_eq!(language.parse("1.000", 2), ambiguous(&["1", "1000"]));
            assert_eq!(language.parse("12,340", 2), ambiguous(&["12.34", "12340"]));
            // A second reading that the currency does not allow is left out. The text is still asked about.
            assert_eq!(language.parse("1.234", 2), ambiguous(&["1234"]));
        }
        assert_eq!(SPANISH.parse("1.500", 3), ambiguous(&["1.5", "1500"]));
        assert_eq!(ENGLISH.parse("1,500", 3), ambiguous(&["1.5", "1500"]));
        assert_eq!(ENGLISH.parse("1.500", 3), Ok(amount("1.500")));
        assert_eq!(SPANISH.parse("1,500", 3), Ok(amount("1.500")));
        assert_eq!(
            ENGLISH.parse("10,000", 0),
            Ok(amount("10000")),
            "yen have no decimals"
        );
    }

    #[test]
    fn separated_thousands_are_understood() {
        for text in [
            "1,234,567.50",
            "1.234.567,50",
            "1 234 567,50",
            "1\u{a0}234\u{a0}567.50",
            "1\u{202f}234\u{202f}567,50",
            "1'234'567.50",
            "1’234’567,50",
            "١٬٢٣٤٬٥٦٧٫٥٠",
        ] {
            for language in [ENGLISH, SPANISH, ARABIC] {
                assert_eq!(language.parse(text, 2), Ok(amount("1234567.50")), "{text}");
            }
        }
        assert_eq!(ENGLISH.parse("1,234,567", 2), Ok(amount("1234567")));
        assert_eq!(ENGLISH.parse("10 000", 2), Ok(amount("10000")));
        for text in [
            "1 00",
            "1 0000",
            "12,34,567.5",
            "1,234.567,8",
            "0 500",
            "1.000 000",
            "1,,000",
        ] {
            assert_eq!(ENGLISH.parse(text, 2), Err(AmountError::NotANumber), "{text}");
        }
    }

    #[test]
    fn marks_that_nobody_sees_do_not_count() {
        assert_eq!(
            ENGLISH.parse("\u{200e}250\u{200b}.50\u{200f}", 2),
            Ok(amount("250.50"))
        );
        assert_eq!(ARABIC.parse("\u{61c}٢٥٠\u{200f}", 2), Ok(amount("250")));
    }

    #[test]
    fn json_has_digits_and_one_point() {
        assert_eq!(Separators::JSON.parse("250.50", 2), Ok(amount("250.50")));
        assert_eq!(Separators::JSON.parse("1.000", 2), Err(AmountError::TooPrecise));
        assert_eq!(Separators::JSON.parse("1.000", 3), Ok(amount("1")));
        for text in [
            "1,000",
            "250,50",
            "1 000",
            "1'000",
            "1.000.000",
            "٢٥٠",
            "2\u{200b}50",
            ".5",
            "5.",
        ] {
            assert_eq!(
                Separators::JSON.parse(text, 2),
                Err(AmountError::NotANumber),
                "{text}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_amounts() {
        for text in [
            "", " ", ".", "5.", ".5", "-5", "+5", "1e3", "0x10", "5 0", "5€", "∞", "NaN", "1.2.3", "5..0",
        ] {
            assert_eq!(ENGLISH.parse(text, 2), Err(AmountError::NotANumber), "{text}");
        }
        assert_eq!(ENGLISH.parse(&"9".repeat(25), 2), Err(AmountError::NotANumber));
    }

    #[test]
    fn more_decimals_than_the_currency_has_are_refused_even_if_they_are_zeros() {
        assert_eq!(ENGLISH.parse("0.001", 2), Err(AmountError::TooPrecise));
        assert_eq!(ENGLISH.parse("5.0000", 2), Err(AmountError::TooPrecise));
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
            for separators in [ENGLISH, SPANISH, ARABIC, Separators::JSON] {
                let _ = separators.parse(&text, decimals);
            }
        }

        #[test]
        fn what_a_language_writes_it_reads(units in 0..1_000_000_000u64, cents in 1..100u64) {
            let written = amount(&format!("{units}.{cents:02}"));
            for separators in [ENGLISH, SPANISH, ARABIC, RUSSIAN] {
                prop_assert_eq!(separators.parse(&separators.format(written, 2), 2), Ok(written));
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
