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

/// Platforms whose names are also words of a sentence: "We match traders with brokers".
const ORDINARY_WORDS: [&str; 7] = [
    "act trader",
    "match trader",
    "meta trader",
    "think or swim",
    "trade locker",
    "trade station",
    "trading view",
];

/// How a text mentions a phrase. Ordered by certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mention {
    /// It may be a name, or words of a sentence.
    Doubtful,
    /// It is the name.
    Name,
}

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
        let text = Text::read(&page.passages());
        banned
            .iter()
            .filter_map(move |phrase| match text.mention(phrase)? {
                Mention::Name => Some(Problem::fail(probe, format!("contains \"{phrase}\""))),
                Mention::Doubtful => Some(Problem::warn(
                    probe,
                    format!("contains \"{phrase}\", which may be the name of a platform"),
                )),
            })
    });
    rule.judge(problems)
}

/// A text as words.
struct Text {
    /// The words as they are written. A [`BREAK`] stands where a phrase ends.
    words: Vec<String>,
    /// The same in lower case, with one space before and after each.
    lower: String,
}

/// Stands between words that nobody reads as one phrase.
const BREAK: &str = "|";

impl Text {
    fn read(passages: &[String]) -> Self {
        let words = passages.iter().map(|passage| spaced(passage));
        let words = words.collect::<Vec<_>>().join(&format!(" {BREAK} "));
        let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
        Self {
            lower: format!(" {} ", words.join(" ").to_lowercase()),
            words,
        }
    }

    /// How the text mentions the phrase, as whole words, also in the plural or with the digit of a version.
    fn mention(&self, phrase: &str) -> Option<Mention> {
        let start = format!(" {phrase}");
        let found = self.lower.match_indices(&start);
        let complete = found.filter(|(at, start)| is_complete(phrase, &self.lower[at + start.len()..]));
        let mentions = complete.map(|(at, _)| {
            let before = self.lower[..at].matches(' ').count();
            let count = phrase.split(' ').count();
            let written = self.words.iter().skip(before).take(count);
            let is_plural = self.words.get(before + count - 1).is_some_and(|last| {
                let last = last.to_lowercase();
                last.ends_with('s') && !phrase.ends_with('s')
            });
            let has_capitals = written
                .into_iter()
                .all(|word| word == "or" || word.starts_with(char::is_uppercase));
            if ORDINARY_WORDS.contains(&phrase) && (is_plural || !has_capitals) {
                Mention::Doubtful
            } else {
                Mention::Name
            }
        });
        mentions.max()
    }
}

/// The text with Latin letters, digits, spaces and breaks only. Letters of other scripts are breaks: they may follow a
/// word without a space, and they separate the words around them. So are the ends of sentences and of their parts.
fn spaced(text: &str) -> String {
    let mut normal = String::new();
    let visible = text.chars().filter(|c| !is_invisible(*c)).map(narrow);
    let mut characters = visible.peekable();
    let mut after_space = true;
    while let Some(c) = characters.next() {
        let before_space = characters.peek().is_none_or(|next| next.is_whitespace());
        if is_latin(c) {
            normal.push(c);
        } else if c.is_alphanumeric() || ends_phrase(c, after_space, before_space) {
            normal.push_str(&format!(" {BREAK} "));
        } else {
            normal.push(' ');
        }
        after_space = c.is_whitespace();
    }
    normal
}

/// Whether a mark ends a phrase: `MT4/5` and `cTrader-ID` are one.
fn ends_phrase(c: char, after_space: bool, before_space: bool) -> bool {
    match c {
        '.' | ',' | ';' | ':' | '!' | '?' | '\u{2026}' => before_space,
        '-' | '\u{2013}' | '\u{2014}' => after_space && before_space,
        '\u{3001}' | '\u{3002}' | '\u{2022}' | '\u{b7}' | '|' => true,
        _ => false,
    }
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
        mentioned_in(text).into_iter().map(|(phrase, _)| phrase).collect()
    }

    fn mentioned_in(text: &str) -> Vec<(&'static str, Mention)> {
        let text = Text::read(&[text.to_owned()]);
        let banned = CTRADER_ID.iter().chain(&PLATFORMS);
        banned
            .filter_map(|phrase| Some((*phrase, text.mention(phrase)?)))
            .collect()
    }

    #[test]
    fn words_are_not_read_across_the_end_of_a_sentence() {
        for text in [
            "Regulated under the Securities Act. Traders may lose money.",
            "Here we act; traders decide",
            "Show the account of cTrader: ID cards are accepted",
            "For the trader of cTrader, ID documents",
            "A ton is 1 MT. 5 days",
            "We act \u{2013} traders decide",
            "This is cTrader\u{3002}ID",
            "Items: act \u{2022} traders",
        ] {
            assert_eq!(found_in(text), [""; 0], "{text}");
        }
        let blocks = ["Ninja".to_owned(), "Trader".to_owned()];
        assert_eq!(Text::read(&blocks).mention("ninja trader"), None);
    }

    #[test]
    fn words_of_a_sentence_that_may_be_a_name_are_doubtful() {
        for (text, expected) in [
            ("We match traders with brokers", Mention::Doubtful),
            ("How we Match Traders", Mention::Doubtful),
            ("from a trading view", Mention::Doubtful),
            ("you act trader to trader", Mention::Doubtful),
            ("like Match-Trader", Mention::Name),
            ("MATCH TRADER accounts", Mention::Name),
            ("we match traders, not Match Trader", Mention::Name),
            ("on TradingView", Mention::Name),
            ("Ninja Traders", Mention::Name),
            ("to Think or Swim", Mention::Name),
        ] {
            let mentions = mentioned_in(text);
            assert_eq!(mentions.len(), 1, "{text}: {mentions:?}");
            assert_eq!(mentions[0].1, expected, "{text}");
        }
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
