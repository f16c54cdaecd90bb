//! "No pop-up messages", and no windows: an embedded browser has nowhere to show them.

use scraper::ElementRef;

use crate::check::{
    report::{Group, Problem, Rule},
    survey::Survey,
};

/// Functions that put something in front of the page.
const CALLS: [&str; 5] = ["alert", "confirm", "prompt", "open", "showModalDialog"];

/// Objects that these are functions of.
const WINDOWS: [&str; 6] = ["window", "self", "top", "parent", "globalThis", "frames"];

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    let problems = survey.pages().flat_map(|(visit, page)| {
        let scripts = page.scripts();
        let calls = CALLS
            .into_iter()
            .filter(|call| scripts.iter().any(|script| calls(script, call)))
            .map(|call| format!("a script calls {call}()"));
        let targets: Vec<String> = page
            .find("[target], [formtarget]")
            .iter()
            .filter(|element| !is_asked_for(element))
            .filter_map(|element| element.attr("target").or_else(|| element.attr("formtarget")))
            .filter(|target| !matches!(target.to_ascii_lowercase().as_str(), "" | "_self"))
            .map(|target| format!("a link or form has target=\"{target}\""))
            .collect();
        calls
            .chain(targets)
            .map(|what| Problem::fail(visit, what))
            .collect::<Vec<_>>()
    });
    let rule = Rule {
        id: "popups.none",
        says: "No page opens a window or a message in front of it",
        advice: "Say it in the page, and stay in the frame: cTrader's embedded browser shows no other window.",
    };
    Group::new("Pop-ups", [rule.judge(problems)])
}

/// A form that the trader sends off to a window of its own, which knows nothing of this one: how a page that cannot be
/// framed is opened (`framed = false`).
fn is_asked_for(element: &ElementRef<'_>) -> bool {
    let is = |name, value| {
        let values = element.attr(name).unwrap_or_default();
        values
            .split_ascii_whitespace()
            .any(|one| one.eq_ignore_ascii_case(value))
    };
    element.value().name() == "form"
        && is("method", "post")
        && is("target", "_blank")
        && is("rel", "noopener")
}

/// Whether a script calls that function of the window.
fn calls(script: &str, function: &str) -> bool {
    let call = format!("{function}(");
    script.match_indices(&call).any(|(at, _)| {
        let before = script[..at].trim_end_matches("?.");
        match before.strip_suffix('.') {
            Some(object) => WINDOWS.iter().any(|window| ends_with_word(object, window)),
            // Plain `open(` may be anybody's; the others are the window's.
            None => function != "open" && !before.ends_with(is_word) && !before.ends_with("function "),
        }
    })
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(is_word))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_the_window_are_told_from_others() {
        for script in [
            "alert('x')",
            "if(a)alert(1)",
            "window.alert(1)",
            "top.alert(1)",
            ";self.alert(1)",
        ] {
            assert!(calls(script, "alert"), "{script}");
        }
        for script in [
            "showalert(1)",
            "my.alert(1)",
            "function alert(a){}",
            "role='alert'",
            "mywindow.alert(1)",
        ] {
            assert!(!calls(script, "alert"), "{script}");
        }
        assert!(calls("window.open('/x')", "open"));
        assert!(!calls("request.open('GET')", "open"));
    }
}
