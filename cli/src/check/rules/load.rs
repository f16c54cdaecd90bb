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
        let viewport = page.find(r#"meta[name="viewport"]"#);
        let content = viewport.first().and_then(|meta| meta.attr("content"));
        let content = content.unwrap_or_default().replace(' ', "");
        if !content.contains("width=device-width") {
            Some(Problem::fail(
                visit,
                "no <meta name=viewport> with width=device-width",
            ))
        } else if content.contains("user-scalable=no") || content.contains("maximum-scale=1") {
            Some(Problem::fail(visit, "the page cannot be zoomed"))
        } else {
            None
        }
    });
    Rule {
        id: "load.viewport",
        says: "Every page fits the width of a phone, and can be zoomed",
        advice: "Put <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"> into the page's head.",
    }
    .judge(problems)
}
