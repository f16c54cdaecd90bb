//! Words that no screen may say.

use crate::check::{
    report::{Check, Group, Problem, Rule},
    survey::Survey,
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

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "Words",
        [
            unsaid(
                survey,
                &CTRADER_ID,
                Rule {
                    id: "words.ctrader-id",
                    says: "No page mentions \"cTrader ID\"",
                    advice: "Say \"your account\", or ask nothing: the trader is known. Look through the texts of broker.toml.",
                },
            ),
            unsaid(
                survey,
                &PLATFORMS,
                Rule {
                    id: "words.platforms",
                    says: "No page mentions another trading platform",
                    advice: "Look through the texts of broker.toml: actions, methods, topics, legal line.",
                },
            ),
        ],
    )
}

fn unsaid(survey: &Survey<'_>, banned: &[&str], rule: Rule) -> Check {
    let problems = survey.pages().flat_map(|(visit, page)| {
        let text = plain(&page.text());
        let said = banned.iter().filter(move |word| says(&text, word));
        said.map(move |word| Problem::fail(visit, format!("says \"{word}\"")))
    });
    rule.judge(problems)
}

/// Small letters and digits, one space for everything between them, and a mark for letters of other scripts: these may stand
/// beside a word without a space, and what they stand between does not belong together.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let shown = text.chars().filter(|c| !is_invisible(*c)).map(narrow);
    for c in shown.flat_map(char::to_lowercase) {
        if is_of_a_word(c) {
            plain.push(c);
        } else if c.is_alphanumeric() {
            plain.push_str(" | ");
        } else {
            plain.push(' ');
        }
    }
    plain
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What may stand within a word and is not seen: soft hyphens, joiners and the like.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The ASCII character that a full-width one stands for.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Latin letters, with accents too, and digits: next to them a banned word is another word.
fn is_of_a_word(c: char) -> bool {
    let accented = matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    c.is_ascii_alphanumeric() || accented && c.is_alphabetic()
}

/// Whether the plain text has the phrase as whole words, be it in the plural or with the digit of a version.
fn says(plain: &str, phrase: &str) -> bool {
    let text = format!(" {plain} ");
    let found = format!(" {phrase}");
    text.match_indices(&found)
        .any(|(at, found)| ends(phrase, &text[at + found.len()..]))
}

/// Whether the phrase ends where `rest` begins.
fn ends(phrase: &str, rest: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let rest = match phrase.ends_with(digit) {
        true => rest,
        false => rest.strip_prefix(digit).unwrap_or(rest),
    };
    let Some(after) = rest.strip_prefix('s').unwrap_or(rest).strip_prefix(' ') else {
        return false;
    };
    // "MT 5,000.00" is an amount: MT is what is paid with in Mozambique.
    let next = after.split(' ').next().unwrap_or_default();
    let goes_on = next.len() > 1 && next.bytes().all(|byte| byte.is_ascii_digit());
    !(goes_on && matches!(phrase, "mt 4" | "mt 5"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<&'static str> {
        let text = plain(text);
        let banned = CTRADER_ID.iter().chain(&PLATFORMS);
        banned.copied().filter(|phrase| says(&text, phrase)).collect()
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
            assert_eq!(said(text), [expected], "{text}");
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
            assert_eq!(said(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_only_has_its_letters_does_not_say_a_phrase() {
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
            assert_eq!(said(text), [""; 0], "{text}");
        }
    }
}
