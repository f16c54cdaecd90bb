//! Text of strangers, in records and on a terminal.

use std::fmt::Write;

/// Whether `text` has a control character: C0, DEL or C1. A terminal, a spreadsheet or a log may obey it.
pub fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// `text` without its control characters. For a text that is only read by people: two different ids could become the
/// same.
pub fn without_control(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// `text` for a terminal: each character that the terminal would obey, or that would hide or reorder others, becomes a
/// space.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|letter| if misleads(letter) { ' ' } else { letter })
        .collect()
}

/// Serialized JSON for a terminal: the same JSON, with such characters as `\uXXXX`. serde_json escapes C0 itself.
pub fn printable_json(json: &str) -> String {
    let mut printable = String::with_capacity(json.len());
    for letter in json.chars() {
        // The line breaks of pretty JSON stand between its texts. All others of these characters stand in a text.
        if letter > '\u{7e}' && misleads(letter) {
            // Writing to a String cannot fail.
            let _ = write!(printable, "\\u{:04x}", u32::from(letter));
        } else {
            printable.push(letter);
        }
    }
    printable
}

/// Control characters, separators of lines, and characters that are invisible or change the direction of writing. All
/// are in the basic multilingual plane.
fn misleads(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// ESC, NUL, DEL, CSI of C1, right-to-left override, zero-width space.
    const BAD: &str = "a\u{1b}[2J\0\u{7f}\u{9b}31m\u{202e}\u{200b}é\n";

    #[test]
    fn control_characters_are_found_and_dropped() {
        assert!(has_control("\u{9b}") && has_control("\u{7f}") && has_control("\t"));
        assert!(!has_control("Zoë 李 🙂"));
        assert_eq!(without_control(BAD), "a[2J31m\u{202e}\u{200b}é");
    }

    #[test]
    fn a_terminal_gets_spaces_or_escapes() {
        assert_eq!(printable(BAD), "a [2J   31m  é ");
        let json = serde_json::to_string(BAD).unwrap();
        assert_eq!(
            printable_json(&json),
            r#""a\u001b[2J\u0000\u007f\u009b31m\u202e\u200bé\n""#
        );
    }

    proptest! {
        #[test]
        fn printable_json_is_the_same_json(text in any::<String>()) {
            let json = serde_json::to_string_pretty(&[&text]).unwrap();
            let printable = printable_json(&json);
            prop_assert!(!printable.chars().any(|letter| letter != '\n' && letter.is_control()));
            prop_assert_eq!(serde_json::from_str::<[String; 1]>(&printable).unwrap(), [text]);
        }
    }
}
