//! Words that no screen may say.

use crate::check::{
    report::{Check, Group, Problem, Rule},
    survey::Survey,
};

/// Ways to write "cTrader ID".
const CTRADER_ID: [&str; 3] = ["ctrader id", "ctraderid", "ctid"];

/// Other trading platforms.
const PLATFORMS: [&str; 18] = [
    "activtrader",
    "acttrader",
    "dxtrade",
    "jforex",
    "match trader",
    "matchtrader",
    "metaquotes",
    "metatrader",
    "mt4",
    "mt5",
    "ninjatrader",
    "prorealtime",
    "sirix",
    "thinkorswim",
    "tradelocker",
    "tradestation",
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

/// Small letters and digits, one space for everything between them.
fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the plain text has the phrase as whole words.
fn says(plain: &str, phrase: &str) -> bool {
    format!(" {plain} ").contains(&format!(" {phrase} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_however_it_is_written_and_only_as_whole_words() {
        let said = |text: &str, phrase: &str| says(&plain(text), phrase);
        assert!(said("Your cTrader\u{a0}ID.", "ctrader id"));
        assert!(said("(cTrader-ID)", "ctrader id"));
        assert!(said("Better than MT5!", "mt5"));
        assert!(!said("cTrader identifies you", "ctrader id"));
        assert!(!said("Form MT50", "mt5"));
    }
}
