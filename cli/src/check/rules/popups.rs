//! Spotware requires "no pop-up messages". Windows are forbidden too: an embedded browser cannot show them.

use scraper::ElementRef;

use crate::check::{
    probe::ProbeResults,
    report::{Group, Problem, Rule},
};

/// Functions that open a message or a window.
const FUNCTIONS: [&str; 5] = ["alert", "confirm", "prompt", "open", "showModalDialog"];

/// Objects that have these functions.
const WINDOWS: [&str; 6] = ["window", "self", "top", "parent", "globalThis", "frames"];

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    let problems = results.pages().flat_map(|(probe, page)| {
        let scripts = page.scripts();
        let called = FUNCTIONS
            .into_iter()
            .filter(|function| scripts.iter().any(|script| calls(script, function)))
            .map(|function| format!("a script calls {function}()"));
        let targets: Vec<String> = page
            .find("[target], [formtarget]")
            .iter()
            .filter(|element| !is_safe_form(element))
            .filter_map(|element| element.attr("target").or_else(|| element.attr("formtarget")))
            .filter(|target| !matches!(target.to_ascii_lowercase().as_str(), "" | "_self"))
            .map(|target| format!("a link or form has target=\"{target}\""))
            .collect();
        called
            .chain(targets)
            .map(|what| Problem::fail(probe, what))
            .collect::<Vec<_>>()
    });
    let rule = Rule {
        id: "popups.none",
        text: "No page opens a window or a message",
        advice: "Show messages in the page, and stay in the frame: cTrader's embedded browser shows no other window.",
    };
    Group::new("Pop-ups", [rule.judge(problems)])
}

/// Whether the element is a form that opens a new window without access to this one, when the trader submits it. A
/// page that cannot be framed is opened like this (`framed = false`).
fn is_safe_form(element: &ElementRef<'_>) -> bool {
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

/// Whether a script calls this function of the window.
fn calls(script: &str, function: &str) -> bool {
    let call = format!("{function}(");
    script.match_indices(&call).any(|(at, _)| {
        let before = script[..at].trim_end_matches("?.");
        match before.strip_suffix('.') {
            Some(object) => WINDOWS.iter().any(|window| ends_with_word(object, window)),
            // `open(` may be any function; the other names are those of the window.
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
    fn calls_of_window_functions_are_told_from_others() {
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
