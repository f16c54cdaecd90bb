//! The rules, one group per file. Each looks at the survey; [`connection`] also makes connections of its own.

mod assets;
mod callback;
pub mod connection;
mod errors;
mod framing;
mod headers;
mod language;
mod legal;
mod load;
mod popups;
mod screens;
mod theme;
mod way_out;
mod words;

use super::{report::Report, survey::Survey};

/// Judges a survey.
pub fn judge(survey: &Survey<'_>, report: &mut Report) {
    let groups = [
        load::check,
        headers::check,
        framing::check,
        screens::check,
        language::check,
        theme::check,
        words::check,
        popups::check,
        assets::check,
        way_out::check,
        legal::check,
        errors::check,
        callback::check,
    ];
    for group in groups {
        report.add(group(survey));
    }
}
