//! What people type and paste, as it is recorded: without invisible characters at the ends, and digits and signs of
//! other scripts as ASCII where a program reads them.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

/// Zeros of the scripts in which people write numbers. Their digits follow each zero in order.
const ZEROS: [char; 16] = [
    '\u{660}',  // Arabic
    '\u{6f0}',  // Persian and Urdu
    '\u{966}',  // Devanagari
    '\u{9e6}',  // Bengali
    '\u{a66}',  // Gurmukhi
    '\u{ae6}',  // Gujarati
    '\u{be6}',  // Tamil
    '\u{c66}',  // Telugu
    '\u{ce6}',  // Kannada
    '\u{d66}',  // Malayalam
    '\u{e50}',  // Thai
    '\u{ed0}',  // Lao
    '\u{1040}', // Burmese
    '\u{17e0}', // Khmer
    '\u{f20}',  // Tibetan
    '\u{ff10}', // full-width
];

/// The ASCII digit for a digit of another script. Other characters stay.
pub(crate) fn ascii_digit(letter: char) -> char {
    let digit = ZEROS.iter().find_map(|zero| {
        let value = u32::from(letter).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    });
    digit.unwrap_or(letter)
}

/// Whether nothing is seen of a character: joiners, direction marks, zero-width spaces and fillers
/// (`Default_Ignorable_Code_Point` of Unicode), and the empty Braille pattern.
pub(crate) fn is_invisible(letter: char) -> bool {
    letter == '\u{2800}' || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter)
}

/// The text without white space and invisible characters at its ends. Inside the text they stay: Persian words and
/// emoji need joiners. Nothing but invisible characters is nothing.
///
/// A variation selector stays behind the character that it belongs to.
pub(super) fn trim(text: &str) -> &str {
    let unseen = |letter: char| letter.is_whitespace() || is_invisible(letter);
    text.trim_start_matches(unseen)
        .trim_end_matches(|letter| unseen(letter) && !is_variation_selector(letter))
}

fn is_variation_selector(letter: char) -> bool {
    matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The text without invisible characters at any place, for what a program reads: an e-mail address, a number.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|letter| !is_invisible(*letter)).collect()
}

/// A telephone number with ASCII digits, spaces, hyphens and signs.
pub(super) fn phone(text: &str) -> String {
    let plain = |letter| match letter {
        _ if char::is_whitespace(letter) => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff0b}' => '+',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff0e}' => '.',
        '\u{ff0f}' => '/',
        _ => ascii_digit(letter),
    };
    visible(text).chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn invisible_characters_at_the_ends_go_and_joiners_inside_stay() {
        for nothing in [
            "\u{200b}",
            "\u{3164}\u{3164}",
            "\u{2800}",
            " \u{200d}\u{feff} ",
            "\u{115f}\u{ffa0}",
            "\u{ad}",
        ] {
            assert_eq!(trim(nothing), "", "{nothing:?}");
        }
        assert_eq!(trim("\u{200f}ada\u{200b} "), "ada");
        // Persian: a joiner inside the word. Emoji: a family of three, a heart with its variation selector.
        for whole in ["می\u{200c}خواهم", "👩\u{200d}👩\u{200d}👧", "❤\u{fe0f}"] {
            assert_eq!(trim(whole), whole);
        }
    }

    #[test]
    fn digits_of_other_scripts_become_ascii() {
        let digits = "٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ๐๑๒๓๔๕๖๗๘๙ ０１２３４５６７８９ ०१२३४५६७८९";
        let ascii: String = digits.chars().map(ascii_digit).collect();
        assert_eq!(ascii, "0123456789 0123456789 0123456789 0123456789 0123456789");
    }

    proptest! {
        #[test]
        fn what_is_seen_stays(text in "\\PC{0,40}") {
            let seen = |text: &str| visible(text).split_whitespace().collect::<String>();
            prop_assert_eq!(seen(trim(&text)), seen(&text));
        }
    }
}
