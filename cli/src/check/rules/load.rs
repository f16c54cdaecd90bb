//! Spotware requires that a page "loads in 3 seconds or less on any platform and connection". Checks the time, the
//! size, and that pages fit a phone.

use std::time::Duration;

use crate::check::{
    probe::ProbeResults,
    report::{Check, Group, Problem, Rule},
};

/// Spotware's limit.
const LIMIT: Duration = Duration::from_secs(3);

/// A longer wait is noticed by traders.
const NOTICEABLE: Duration = Duration::from_secs(1);

/// How much data fits into the first round trip of a connection, in bytes.
const ONE_ROUND_TRIP: usize = 10 * 1024;

/// The zoom that a page must allow (WCAG 2.2, 1.4.4).
const MIN_ZOOM: f64 = 2.0;

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new(
        "Load",
        [answers(results), time(results), size(results), viewport(results)],
    )
}

fn answers(results: &ProbeResults<'_>) -> Check {
    let silent = results
        .probes
        .iter()
        .filter_map(|probe| Some((probe, probe.response.as_ref().err()?)));
    Rule {
        id: "load.answers",
        text: "Every request is answered",
        advice: "Look at the logs and alarms of the function, and run the check again.",
    }
    .judge(silent.map(|(probe, error)| Problem::fail(probe, error)))
}

fn time(results: &ProbeResults<'_>) -> Check {
    let problems = results
        .responses()
        .filter_map(|(probe, response)| match response.took {
            took if took > LIMIT => Some(Problem::fail(probe, format!("took {}", seconds(took)))),
            took if took > NOTICEABLE => Some(Problem::warn(probe, format!("took {}", seconds(took)))),
            _ => None,
        });
    Rule {
        id: "load.time",
        text: "Every response is complete within 3 s, with a new connection (better: 1 s)",
        advice: "Deploy near cTrader's servers and your traders, or give the function more memory, which also gives it more CPU. The log says how long cTrader took.",
    }
    .judge(problems)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn size(results: &ProbeResults<'_>) -> Check {
    let large = results.pages().filter_map(|(probe, _)| {
        let size = probe.response.as_ref().ok()?.wire_size;
        (size > ONE_ROUND_TRIP).then(|| Problem::warn(probe, format!("{} KB", size.div_ceil(1024))))
    });
    Rule {
        id: "load.size",
        text: "Every page is at most 10 KB on the wire, gzipped",
        advice: "Serve pages gzipped, and leave out what the first view does not need.",
    }
    .judge(large)
}

fn viewport(results: &ProbeResults<'_>) -> Check {
    let problems = results.pages().filter_map(|(probe, page)| {
        let viewport = page.find(r#"meta[name="viewport" i]"#);
        let content = viewport.last().and_then(|meta| meta.attr("content"));
        let what = viewport_problem(content.unwrap_or_default())?;
        Some(Problem::fail(probe, what))
    });
    Rule {
        id: "load.viewport",
        text: "Every page fits the width of a phone, and can be zoomed",
        advice: "Put <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"> into the page's head.",
    }
    .judge(problems)
}

/// The problem of the content of a `<meta name=viewport>`.
fn viewport_problem(content: &str) -> Option<&'static str> {
    let pairs = pairs(&content.to_ascii_lowercase());
    // In browsers the last value counts.
    let value = |name: &str| {
        let last = pairs.iter().rfind(|(found, _)| found == name);
        last.map(|(_, value)| value.as_str())
    };
    // In browsers `no`, a number between -1 and 1 and an unknown word forbid zooming.
    let is_fixed = value("user-scalable").is_some_and(|value| match value {
        "yes" | "device-width" | "device-height" => false,
        _ => number(value).is_none_or(|number| number.abs() < 1.0),
    });
    let max_zoom = value("maximum-scale").and_then(|value| match value {
        "yes" => Some(1.0),
        "no" => Some(0.0),
        // Browsers ignore a negative number.
        _ => number(value).filter(|number| *number >= 0.0),
    });
    if value("width") != Some("device-width") {
        Some("no <meta name=viewport> with width=device-width")
    } else if is_fixed || max_zoom.is_some_and(|max| max < MIN_ZOOM) {
        Some("the page cannot be zoomed")
    } else {
        None
    }
}

/// The names and values, in order. They are separated by commas, semicolons or white space.
fn pairs(content: &str) -> Vec<(String, String)> {
    let spaced = content.replace('=', " = ");
    let words: Vec<&str> = spaced
        .split(|c: char| c.is_ascii_whitespace() || matches!(c, ',' | ';'))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(3)
        .filter(|words| words[1] == "=")
        .map(|words| (words[0].to_owned(), words[2].to_owned()))
        .collect()
}

/// The number at the beginning of a value.
fn number(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')));
    value[..end.unwrap_or(value.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewport_has_the_width_of_the_device_and_can_be_zoomed() {
        for good in [
            "width=device-width",
            "initial-scale=1, width=device-width",
            "WIDTH = Device-Width;initial-scale=1.0;maximum-scale=10",
            "width=device-width maximum-scale=5.0 user-scalable=yes",
            "width=device-width,user-scalable=1,maximum-scale=-1",
            "width=device-width,maximum-scale=1,maximum-scale=2",
        ] {
            assert_eq!(viewport_problem(good), None, "{good}");
        }
        for fixed in [
            "user-scalable=no",
            "user-scalable=NO",
            "user-scalable = 0",
            "user-scalable=0.5",
            "user-scalable=never",
            "maximum-scale=1",
            "maximum-scale=1.0",
            "maximum-scale=1.5",
            "maximum-scale=0",
            "maximum-scale=yes",
        ] {
            let content = format!("width=device-width, initial-scale=1, {fixed}");
            assert_eq!(
                viewport_problem(&content),
                Some("the page cannot be zoomed"),
                "{fixed}"
            );
        }
        for narrow in [
            "",
            "initial-scale=1",
            "width=1024",
            "min-width=device-width",
            "width device-width",
        ] {
            assert!(viewport_problem(narrow).is_some(), "{narrow}");
        }
    }
}
