//! Everything that reads bytes of strangers, as functions from bytes to nothing. A function panics if its reader panics,
//! or accepts what its contract does not allow.
//!
//! `cargo run -p fuzz` searches for such bytes with libFuzzer, guided by coverage. The tests of this crate run the same
//! functions on the seeds, and on seeds that are changed at random.

mod bodies;
mod launches;
mod requests;
mod webhook;

use std::{fs, path::PathBuf};

/// One reader of strangers' bytes.
pub struct Target {
    /// Its name. `seeds/NAME` holds inputs to start from, and inputs that once failed.
    pub name: &'static str,
    /// Reads one input.
    pub run: fn(&[u8]),
    /// The share of this target in all executions, in percent.
    pub percent: u64,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    target("events", requests::event, 6),
    target("requests", requests::request, 3),
    target("forms", bodies::form, 8),
    target("json", bodies::json, 14),
    target("launch-urls", launches::url, 13),
    target("sessions", launches::session, 10),
    target("webhook-signatures", webhook::signature, 13),
    target("payment-notifications", webhook::payment_notification, 14),
    target("ctrader-answers", ctrader::fuzzing::answer, 6),
    target("backend-answers", backend::fuzzing::answer, 13),
];

const fn target(name: &'static str, run: fn(&[u8]), percent: u64) -> Target {
    Target { name, run, percent }
}

/// The directory with the seeds of a target.
pub fn seeds(target: &Target) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target.name)
}

/// The seeds of a target.
///
/// # Errors
/// The directory cannot be read.
pub fn read_seeds(target: &Target) -> std::io::Result<Vec<Vec<u8>>> {
    let mut files = fs::read_dir(seeds(target))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    files.sort();
    files.iter().map(fs::read).collect()
}
