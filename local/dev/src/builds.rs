//! How a build stands, made out from what the many `cargo run`s of `cargo lambda watch` print.
//!
//! After an edit every process of every function is built and started anew, each by a `cargo run` of its own that
//! waits for the others. So one build has many beginnings and ends, and its errors come several times. It is over
//! when one has ended and then all is quiet for a moment.

use std::time::{Duration, Instant};

use simulator::BuildState;

/// How long it must be quiet.
const QUIET: Duration = Duration::from_millis(1000);

/// Makes builds out from lines.
#[derive(Default)]
pub(crate) struct Builds {
    /// When the build that runs began.
    began: Option<Instant>,
    /// When it is over if nothing more comes.
    over: Option<Instant>,
    /// When the last part of it ended.
    ended: Option<Instant>,
    /// The compiler's messages, each once.
    messages: Vec<Message>,
    /// The message whose lines are coming in.
    open: Option<Message>,
    /// The last build failed.
    failed: bool,
}

#[derive(PartialEq)]
struct Message {
    error: bool,
    text: String,
}

/// A build began, or is over.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) state: BuildState,
    /// The compiler's errors or, of a build that is done, its warnings.
    pub(crate) message: Option<String>,
    /// How long it took.
    pub(crate) took: Option<Duration>,
}

impl Builds {
    /// Takes in a line.
    pub(crate) fn line(&mut self, line: &str, now: Instant) -> Option<Change> {
        let said = line.trim_start();
        if said.starts_with("error: process didn't exit successfully") {
            // The process has said why: see `refused`.
            return None;
        }
        if said.starts_with("AWS_LAMBDA_MAX_CONCURRENCY ") {
            // What a function says as it starts, in the midst of another's build.
            return None;
        }
        let error = said.starts_with("error:") || said.starts_with("error[");
        if error || said.starts_with("warning:") {
            self.close();
            self.open = Some(Message {
                error,
                text: format!("{line}\n"),
            });
            if error {
                // Such as a Cargo.toml that cannot be read: then nothing is compiled at all.
                let began = self.begin(now);
                self.end(now);
                return began;
            }
            return None;
        }
        if said.starts_with("Compiling ") {
            self.close();
            self.over = None;
            return self.begin(now);
        }
        if said.starts_with("Finished `") {
            self.close();
            // Also printed where nothing had to be built, which is news only after a failure.
            if self.failed && self.began.is_none() {
                self.began = Some(now);
            }
            if self.began.is_some() {
                self.end(now);
            }
            return None;
        }
        match &mut self.open {
            Some(_) if said.is_empty() => self.close(),
            Some(message) => {
                message.text.push_str(line);
                message.text.push('\n');
            }
            None => {}
        }
        None
    }

    /// A function was built but refuses to start, such as for a mistake in `broker.toml`: that is a failed build too.
    pub(crate) fn refused(&mut self, why: &str, now: Instant) -> Option<Change> {
        self.open = Some(Message {
            error: true,
            text: format!("{why}\n"),
        });
        self.close();
        let began = self.begin(now);
        self.end(now);
        began
    }

    /// When to call [`Builds::quiet`] if no line comes before.
    pub(crate) fn over(&self) -> Option<Instant> {
        self.over
    }

    /// It has been quiet until [`Builds::over`].
    pub(crate) fn quiet(&mut self) -> Option<Change> {
        self.close();
        self.over = None;
        let began = self.began.take()?;
        let took = self.ended.take().map(|ended| ended - began);
        self.failed = self.messages.iter().any(|message| message.error);
        let text: String = std::mem::take(&mut self.messages)
            .into_iter()
            .filter(|message| message.error == self.failed)
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

    /// Whether a build runs, or is not yet known to be over.
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
        self.over = Some(now + QUIET);
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

    /// Feeds lines a tenth of a second apart, lets it be quiet at `|`, and gives the states with their messages.
    fn states(lines: &str) -> Vec<(BuildState, String)> {
        let mut builds = Builds::default();
        let mut now = Instant::now();
        let mut changes = Vec::new();
        for line in lines.lines() {
            now += Duration::from_millis(100);
            changes.extend(if line == "|" {
                builds.over().and_then(|_| builds.quiet())
            } else {
                builds.line(line, now)
            });
        }
        let pair = |change: Change| (change.state, change.message.unwrap_or_default());
        changes.into_iter().map(pair).collect()
    }

    #[test]
    fn functions_that_only_start_are_no_build() {
        assert_eq!(
            states("    Finished `dev` profile in 0.1s\n     Running `x`\n|"),
            []
        );
    }

    #[test]
    fn an_edit_that_is_built_for_several_functions_is_one_build() {
        let lines = "   Compiling web v0.1.0\n   Compiling kyc v0.1.0\n    Finished `dev` profile in 1s\n\
                     \x20  Compiling chat v0.1.0\n    Finished `dev` profile in 1s\n|";
        let expected = [
            (BuildState::Running, String::new()),
            (BuildState::Done, String::new()),
        ];
        assert_eq!(states(lines), expected);
    }

    #[test]
    fn an_error_is_told_once_without_the_warnings() {
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
    fn what_another_function_says_as_it_starts_is_no_part_of_an_error() {
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
    fn after_a_failure_finding_all_fresh_is_news() {
        let lines = "error: failed to parse manifest\n|\n    Finished `dev` profile in 0.1s\n|\n    Finished `dev`\n|";
        let expected = [
            (BuildState::Running, String::new()),
            (BuildState::Failed, "error: failed to parse manifest".to_owned()),
            (BuildState::Done, String::new()),
        ];
        assert_eq!(states(lines), expected);
    }

    #[test]
    fn a_function_that_refuses_to_start_fails_the_build() {
        let mut builds = Builds::default();
        let now = Instant::now();
        builds.line("   Compiling web v0.1.0", now);
        builds.line("    Finished `dev`", now);
        for _ in 0..2 {
            builds.refused("broker.toml, line 7: no such key", now);
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
    fn warnings_come_with_a_build_that_is_done() {
        let lines = "   Compiling web v0.1.0\nwarning: unused\n  --> a.rs\n\n    Finished `dev`\n|";
        assert_eq!(
            states(lines)[1],
            (BuildState::Done, "warning: unused\n  --> a.rs".to_owned())
        );
    }

    #[test]
    fn the_time_runs_from_the_first_beginning_to_the_last_end() {
        let mut builds = Builds::default();
        let start = Instant::now();
        builds.line("   Compiling web v0.1.0", start);
        builds.line("    Finished `dev`", start + Duration::from_secs(3));
        let change = builds.quiet().unwrap();
        assert_eq!(change.took, Some(Duration::from_secs(3)));
    }
}
