//! The state of a build, derived from the output of `cargo lambda watch`.
//!
//! After an edit `cargo lambda watch` builds and restarts every process of every function by its own `cargo run`,
//! and these wait for each other. So one build starts and ends many times, and its errors come several times. The
//! build is over when one
//! `cargo run` has ended and there is no output for a moment.

use std::time::{Duration, Instant};

use simulator::BuildState;

/// The pause in the output that ends a build.
const QUIET: Duration = Duration::from_millis(1000);

/// Recognises builds in lines of output.
#[derive(Default)]
pub(crate) struct BuildTracker {
    /// When the current build began.
    began: Option<Instant>,
    /// When the current build is over if no more output comes.
    quiet_at: Option<Instant>,
    /// When the last part of the current build ended.
    ended: Option<Instant>,
    /// The compiler's messages, each once.
    messages: Vec<Message>,
    /// The message whose lines still come.
    open: Option<Message>,
    /// Whether the last build failed.
    failed: bool,
}

#[derive(PartialEq)]
struct Message {
    is_error: bool,
    text: String,
}

/// The start or the end of a build.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) state: BuildState,
    /// The compiler's errors, or the warnings of a successful build.
    pub(crate) message: Option<String>,
    /// The duration of a successful build.
    pub(crate) took: Option<Duration>,
}

impl BuildTracker {
    /// Processes a line of output.
    pub(crate) fn line(&mut self, line: &str, now: Instant) -> Option<Change> {
        let trimmed = line.trim_start();
        if trimmed.starts_with("error: process didn't exit successfully") {
            // The process itself has logged the reason: see `start_failed`.
            return None;
        }
        if trimmed.starts_with("AWS_LAMBDA_MAX_CONCURRENCY ") {
            // A function that starts prints this in the middle of another function's build.
            return None;
        }
        let error = trimmed.starts_with("error:") || trimmed.starts_with("error[");
        if error || trimmed.starts_with("warning:") {
            self.close();
            self.open = Some(Message {
                is_error: error,
                text: format!("{line}\n"),
            });
            if error {
                // For example, Cargo.toml cannot be read: then nothing is compiled.
                let began = self.begin(now);
                self.end(now);
                return began;
            }
            return None;
        }
        if trimmed.starts_with("Compiling ") {
            self.close();
            self.quiet_at = None;
            return self.begin(now);
        }
        if trimmed.starts_with("Finished `") {
            self.close();
            // Also printed if nothing had to be built, which matters only after a failure.
            if self.failed && self.began.is_none() {
                self.began = Some(now);
            }
            if self.began.is_some() {
                self.end(now);
            }
            return None;
        }
        match &mut self.open {
            Some(_) if trimmed.is_empty() => self.close(),
            Some(message) => {
                message.text.push_str(line);
                message.text.push('\n');
            }
            None => {}
        }
        None
    }

    /// A function was built but does not start, for example because of a mistake in `broker.toml`. Counts as a
    /// failed build.
    pub(crate) fn start_failed(&mut self, reason: &str, now: Instant) -> Option<Change> {
        self.open = Some(Message {
            is_error: true,
            text: format!("{reason}\n"),
        });
        self.close();
        let began = self.begin(now);
        self.end(now);
        began
    }

    /// When to call [`BuildTracker::quiet`] if no line comes before.
    pub(crate) fn quiet_at(&self) -> Option<Instant> {
        self.quiet_at
    }

    /// Ends the build: there was no output until [`BuildTracker::quiet_at`].
    pub(crate) fn quiet(&mut self) -> Option<Change> {
        self.close();
        self.quiet_at = None;
        let began = self.began.take()?;
        let took = self.ended.take().map(|ended| ended - began);
        self.failed = self.messages.iter().any(|message| message.is_error);
        let text: String = std::mem::take(&mut self.messages)
            .into_iter()
            .filter(|message| message.is_error == self.failed)
            .map(|message| message.text + "\n")
            .collect();
        let message = (!text.is_empty()).then(|| text.trim_end().to_owned());
        Some(if self.failed {
            Change {
                state: BuildState::Failed,
                message,
                took: None,
            }
        } else {
            Change {
                state: BuildState::Done,
                message,
                took,
            }
        })
    }

    /// Whether a build runs, or may still run.
    pub(crate) fn running(&self) -> bool {
        self.began.is_some()
    }

    fn begin(&mut self, now: Instant) -> Option<Change> {
        if self.began.is_some() {
            return None;
        }
        self.began = Some(now);
        Some(Change {
            state: BuildState::Running,
            message: None,
            took: None,
        })
    }

    fn end(&mut self, now: Instant) {
        self.ended = Some(now);
        self.quiet_at = Some(now + QUIET);
    }

    fn close(&mut self) {
        if let Some(message) = self.open.take()
            && !self.messages.contains(&message)
        {
            self.messages.push(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds lines a tenth of a second apart; `|` is a pause. Returns the states with their messages.
    fn states(lines: &str) -> Vec<(BuildState, String)> {
        let mut builds = BuildTracker::default();
        let mut now = Instant::now();
        let mut changes = Vec::new();
        for line in lines.lines() {
            now += Duration::from_millis(100);
            changes.extend(if line == "|" {
                builds.quiet_at().and_then(|_| builds.quiet())
            } else {
                builds.line(line, now)
            });
        }
        let pair = |change: Change| (change.state, change.message.unwrap_or_default());
        changes.into_iter().map(pair).collect()
    }

    #[test]
    fn a_start_without_compiling_is_no_build() {
        assert_eq!(
            states("    Finished `dev` profile in 0.1s\n     Running `x`\n|"),
            []
        );
    }

    #[test]
    fn the_builds_of_several_functions_after_an_edit_are_one_build() {
        let lines = "   Compiling web v0.1.0\n   Compiling kyc v0.1.0\n    Finished `dev` profile in 1s\n\
                     \x20  Compiling chat v0.1.0\n    Finished `dev` profile in 1s\n|";
        let expected = [
            (BuildState::Running, String::new()),
            (BuildState::Done, String::new()),
        ];
        assert_eq!(states(lines), expected);
    }

    #[test]
    fn an_error_is_reported_once_without_the_warnings() {
        let failure = "   Compiling web v0.1.0\nwarning: unused\n  --> a.rs\n\nerror[E0308]: mismatched\n  --> b.rs:1\n\n\
                       error: could not compile `web` (lib) due to 1 previous error\n";
        let lines = format!("{failure}{failure}|");
        let expected = [
            (BuildState::Running, String::new()),
            (
                BuildState::Failed,
                "error[E0308]: mismatched\n  --> b.rs:1\n\n\
                 error: could not compile `web` (lib) due to 1 previous error"
                    .to_owned(),
            ),
        ];
        assert_eq!(states(&lines), expected);
    }

    #[test]
    fn the_output_of_a_starting_function_is_no_part_of_an_error() {
        let lines =
            "error: could not compile `deposit`\nAWS_LAMBDA_MAX_CONCURRENCY is set to '1', but ...\n|";
        assert_eq!(
            states(lines)[1],
            (
                BuildState::Failed,
                "error: could not compile `deposit`".to_owned()
            )
        );
    }

    #[test]
    fn after_a_failure_a_build_without_work_is_reported() {
        let lines = "error: failed to parse manifest\n|\n    Finished `dev` profile in 0.1s\n|\n    Finished `dev`\n|";
        let expected = [
            (BuildState::Running, String::new()),
            (BuildState::Failed, "error: failed to parse manifest".to_owned()),
            (BuildState::Done, String::new()),
        ];
        assert_eq!(states(lines), expected);
    }

    #[test]
    fn a_function_that_does_not_start_fails_the_build() {
        let mut builds = BuildTracker::default();
        let now = Instant::now();
        builds.line("   Compiling web v0.1.0", now);
        builds.line("    Finished `dev`", now);
        for _ in 0..2 {
            builds.start_failed("broker.toml, line 7: no such key", now);
            builds.line(
                "error: process didn't exit successfully: `target/debug/kyc` (exit status: 1)",
                now,
            );
        }
        let change = builds.quiet().unwrap();
        assert_eq!(change.state, BuildState::Failed);
        assert_eq!(
            change.message.as_deref(),
            Some("broker.toml, line 7: no such key")
        );
    }

    #[test]
    fn warnings_come_with_a_successful_build() {
        let lines = "   Compiling web v0.1.0\nwarning: unused\n  --> a.rs\n\n    Finished `dev`\n|";
        assert_eq!(
            states(lines)[1],
            (BuildState::Done, "warning: unused\n  --> a.rs".to_owned())
        );
    }

    #[test]
    fn the_duration_is_from_the_first_start_to_the_last_end() {
        let mut builds = BuildTracker::default();
        let start = Instant::now();
        builds.line("   Compiling web v0.1.0", start);
        builds.line("    Finished `dev`", start + Duration::from_secs(3));
        let change = builds.quiet().unwrap();
        assert_eq!(change.took, Some(Duration::from_secs(3)));
    }
}
