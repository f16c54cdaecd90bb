//! Words that no screen may contain.

use crate::check::{
    probe::ProbeResults,
    report::{Check, Group, Problem, Rule},
};

/// Ways to write "cTrader ID".
const CTRADER_ID: [&str; 4] = ["c trader id", "ctrader id", "ctraderid", "ctid"];

/// Other trading platforms.
const PLATFORMS: [&str; 30] = [
    "activ trader",
    "activtrader",
    "act trader",
    "acttrader",
    "dx trade",
    "dxtrade",
    "jforex",
    "match trader",
    "matchtrader",
    "meta quotes",
    "metaquotes",
    "meta trader",
    "metatrader",
    "mt 4",
    "mt4",
    "mt 5",
    "mt5",
    "ninja trader",
    "ninjatrader",
    "prorealtime",
    "sirix",
    "think or swim",
    "thinkorswim",
    "trade locker",
    "tradelocker",
    "trade station",
    "tradestation",
    "trading view",
    "tradingview",
    "xstation",
];

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Words",
        [
            not_mentioned(
                results,
                &CTRADER_ID,
                Rule {
                    id: "words.ctrader-id",
                    text: "No page mentions \"cTrader ID\"",
                    advice: "Write \"your account\", or nothing: the trader is known. Look through the texts of broker.toml.",
                },
            ),
            not_mentioned(
                results,
                &PLATFORMS,
                Rule {
                    id: "words.platforms",
                    text: "No page mentions another trading platform",
                    advice: "Look through the texts of broker.toml: actions, methods, topics, legal line.",
                },
            ),
        ],
    )
}

fn not_mentioned(results: &ProbeResults<'_>, banned: &[&str], rule: Rule) -> Check {
    let problems = results.pages().flat_map(|(probe, page)| {
        let text = normalize(&page.text());
        let found = banned.iter().filter(move |phrase| contains(&text, phrase));
        found.map(move |word| Problem::fail(probe, format!("contains \"{word}\"")))
    });
    rule.judge(problems)
}

/// The text in lower case, with Latin letters, digits and single spaces only. Letters of other scripts become ` | `:
/// they may follow a word without a space, and they separate the words around them.
fn normalize(text: &str) -> String {
    let mut normal = String::new();
    let visible = text.chars().filter(|c| !is_invisible(*c)).map(narrow);
    for c in visible.flat_map(char::to_lowercase) {
        if is_latin(c) {
            normal.push(c);
        } else if c.is_alphanumeric() {
            normal.push_str(" | ");
        } else {
            normal.push(' ');
        }
    }
    normal
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the character is invisible and may stand inside a word: soft hyphens, joiners and the like.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The ASCII character of a full-width character.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Whether the character is a Latin letter, with or without an accent, or a digit. Next to such a character a banned
/// word is a part of another word.
fn is_latin(c: char) -> bool {
    let is_accented = matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    c.is_ascii_alphanumeric() || is_accented && c.is_alphabetic()
}

/// Whether the normalized text contains the phrase as whole words, also in the plural or with the digit of a
/// version.
fn contains(normal: &str, phrase: &str) -> bool {
    let text = format!(" {normal} ");
    let start = format!(" {phrase}");
    text.match_indices(&start)
        .any(|(at, start)| is_complete(phrase, &text[at + start.len()..]))
}

/// Whether the phrase ends before `rest`, and `rest` does not change its meaning.
fn is_complete(phrase: &str, rest: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let after_version = if phrase.ends_with(is_digit) {
        rest
    } else {
        rest.strip_prefix(is_digit).unwrap_or(rest)
    };
    let after_plural = after_version.strip_prefix('s').unwrap_or(after_version);
    let Some(after) = after_plural.strip_prefix(' ') else {
        return false;
    };
    // "MT 5,000.00" is an amount: MT stands for the metical of Mozambique.
    let next = after.split(' ').next().unwrap_or_default();
    let is_amount = next.len() > 1 && next.bytes().all(|byte| byte.is_ascii_digit());
    !(is_amount && matches!(phrase, "mt 4" | "mt 5"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<&'static str> {
        let normal = normalize(text);
        let banned = CTRADER_ID.iter().chain(&PLATFORMS);
        banned
            .copied()
            .filter(|phrase| contains(&normal, phrase))
            .collect()
    }

    #[test]
    fn a_phrase_is_found_however_it_is_written() {
        for (text, expected) in [
            ("Your cTrader\u{a0}ID.", "ctrader id"),
            ("(cTrader-ID)", "ctrader id"),
            ("Your cTrader IDs", "ctrader id"),
            ("C Trader ID", "c trader id"),
            ("cTIDs", "ctid"),
            ("cTrader\u{200b}ID", "ctraderid"),
            ("Better than MT5!", "mt5"),
            ("MT4/5", "mt4"),
            ("MT\u{ad}5", "mt5"),
            ("MT 5", "mt 5"),
            ("MT-4/5", "mt 4"),
            ("MetaTrader5", "metatrader"),
            ("Meta Trader 5", "meta trader"),
            ("Trading View", "trading view"),
            ("Ninja Traders", "ninja trader"),
        ] {
            assert_eq!(found_in(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_phrase_is_found_between_letters_of_other_scripts() {
        for (text, expected) in [
            ("请使用您的cTrader ID登录", "ctrader id"),
            ("从MT5转账", "mt5"),
            ("ＭＴ５から", "mt5"),
            ("cTrader ID로", "ctrader id"),
            ("MT5에서", "mt5"),
            ("MT5から", "mt5"),
            ("โอนจากMT5ไปยังบัญชี", "mt5"),
            ("بMT5", "mt5"),
            ("с MetaTraderа", "metatrader"),
        ] {
            assert_eq!(found_in(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_text_with_only_the_letters_of_a_phrase_does_not_contain_it() {
        for text in [
            "cTrader identifies you",
            "cTrader账户ID",
            "cTrader 的 ID",
            "Form MT50",
            "COMT5, SMT4, MT5X, mt512",
            "Mont-Mt5é",
            "MT 5,000.00",
            "MT 5 000",
            "MT第5",
            "Metatraders2go, actidé, ctidal",
            "the trading viewer, a trade stationed",
        ] {
            assert_eq!(found_in(text), [""; 0], "{text}");
        }
    }
}
