//! The rules, one group per file. They judge the results of the probes; [`connection`] also connects by itself.

mod assets;
mod banned_words;
pub mod connection;
mod errors;
mod exit_link;
mod framing;
mod headers;
mod language;
mod legal;
mod load;
mod popups;
mod screen_end;
mod screens;
mod theme;

use super::{probe::ProbeResults, report::Report};

/// Judges the results by all rules, and adds the checks to the report.
pub fn judge(results: &ProbeResults<'_>, report: &mut Report) {
    let groups = [
        load::check,
        headers::check,
        framing::check,
        screens::check,
        language::check,
        theme::check,
        banned_words::check,
        popups::check,
        assets::check,
        exit_link::check,
        legal::check,
        errors::check,
        screen_end::check,
    ];
    for group in groups {
        report.add(group(results));
    }
}
