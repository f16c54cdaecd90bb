//! "Loads in 3 seconds or less on any platform and connection": time, size, and a page that fits a phone.

use std::time::Duration;

use crate::check::{
    report::{Check, Group, Problem, Rule},
    survey::Survey,
};

/// Spotware's limit.
const LIMIT: Duration = Duration::from_secs(3);

/// Beyond this a trader notices.
const NOTICED: Duration = Duration::from_secs(1);

/// What fits into the first round trip of a connection, in bytes.
const ONE_ROUND_TRIP: usize = 10 * 1024;

/// How much larger a trader can make a page that can be zoomed (WCAG 2.2, 1.4.4).
const ENOUGH: f64 = 2.0;

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new(
        "Load",
        [answers(survey), time(survey), size(survey), viewport(survey)],
    )
}

fn answers(survey: &Survey<'_>) -> Check {
    let silent = survey
        .visits
        .iter()
        .filter_map(|visit| Some((visit, visit.answer.as_ref().err()?)));
    Rule {
        id: "load.answers",
        says: "Every request is answered",
        advice: "Look into the logs and alarms of the function, and run the check again.",
    }
    .judge(silent.map(|(visit, error)| Problem::fail(visit, error)))
}

fn time(survey: &Survey<'_>) -> Check {
    let problems = survey.answers().filter_map(|(visit, answer)| match answer.took {
        took if took > LIMIT => Some(Problem::fail(visit, format!("took {}", seconds(took)))),
        took if took > NOTICED => Some(Problem::warn(visit, format!("took {}", seconds(took)))),
        _ => None,
    });
    Rule {
        id: "load.time",
        says: "Every answer is complete within 3 s, on a connection of its own (better: 1 s)",
        advice: "Deploy near cTrader's servers and your traders; give the function more memory, which is more CPU too. The log says how long cTrader took.",
    }
    .judge(problems)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn size(survey: &Survey<'_>) -> Check {
    let large = survey.pages().filter_map(|(visit, _)| {
        let size = visit.answer.as_ref().ok()?.wire_size;
        (size > ONE_ROUND_TRIP).then(|| Problem::warn(visit, format!("{} KB", size.div_ceil(1024))))
    });
    Rule {
        id: "load.size",
        says: "Every page is at most 10 KB on the wire, gzipped",
        advice: "Serve pages gzipped, and without what the first sight does not need.",
    }
    .judge(large)
}

fn viewport(survey: &Survey<'_>) -> Check {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let viewport = page.find(r#"meta[name="viewport" i]"#);
        let content = viewport.last().and_then(|meta| meta.attr("content"));
        let what = viewport_problem(content.unwrap_or_default())?;
        Some(Problem::fail(visit, what))
    });
    Rule {
        id: "load.viewport",
        says: "Every page fits the width of a phone, and can be zoomed",
        advice: "Put <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"> into the page's head.",
    }
    .judge(problems)
}

/// What is wrong with the content of a `<meta name=viewport>`.
fn viewport_problem(content: &str) -> Option<&'static str> {
    let pairs = pairs(&content.to_ascii_lowercase());
    // The last one counts, as in browsers.
    let value = |name: &str| {
        let last = pairs.iter().rfind(|(found, _)| found == name);
        last.map(|(_, value)| value.as_str())
    };
    // As browsers read them: `no`, and whatever lies between -1 and 1, forbids it.
    let fixed = value("user-scalable").is_some_and(|value| match value {
        "yes" | "device-width" | "device-height" => false,
        _ => number(value).is_none_or(|number| number.abs() < 1.0),
    });
    let greatest = value("maximum-scale").and_then(|value| match value {
        "yes" => Some(1.0),
        "no" => Some(0.0),
        // A negative one is as good as none.
        _ => number(value).filter(|number| *number >= 0.0),
    });
    if value("width") != Some("device-width") {
        Some("no <meta name=viewport> with width=device-width")
    } else if fixed || greatest.is_some_and(|greatest| greatest < ENOUGH) {
        Some("the page cannot be zoomed")
    } else {
        None
    }
}

/// The names and values, in their order. Commas, semicolons and spaces separate them.
fn pairs(content: &str) -> Vec<(String, String)> {
    let content = content.replace('=', " = ");
    let words: Vec<&str> = content
        .split(|c: char| c.is_ascii_whitespace() || matches!(c, ',' | ';'))
        .filter(|word| !word.is_empty())
        .collect();
    let named = words.windows(3).filter(|words| words[1] == "=");
    named
        .map(|words| (words[0].to_owned(), words[2].to_owned()))
        .collect()
}

/// The number that a value begins with.
fn number(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')));
    value[..end.unwrap_or(value.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewport_is_as_wide_as_the_device_and_can_be_zoomed() {
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
