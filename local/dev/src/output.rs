//! The output of a stack's programs: everything goes to a file, the important parts to the console and the timeline.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use inbound::printable;
use simulator::{BuildState, Event, Simulator};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep_until;

use crate::build_tracker::{BuildTracker, Change};
use crate::console::{Context, Problem, step};
use crate::function_log::{RequestLine, background_events, start_error};
use crate::process::Line;
use crate::services::FUNCTIONS;

/// Processes the output of all programs, and interprets that of the functions.
pub(crate) struct Output {
    file: File,
    env_file: String,
    echo: bool,
    builds: BuildTracker,
    simulator: Arc<Simulator>,
}

/// Parts of lines that `cargo lambda watch` and its `cargo run`s repeat, sometimes mixed with each other.
const NOISE: [&str; 11] = [
    "Blocking",
    "waiting for file lock",
    "Running `",
    "target(s) in",
    "error: process didn't exit successfully",
    "INFO spawning function instance",
    "INFO starting ",
    "INFO terminating ",
    "ERROR command killed",
    // Follows an error that is shown anyway: a failed build, or a function that does not start.
    "ERROR command exited",
    "concurrency-tokio feature",
];

/// The hint for a deposit that waits for an operator.
fn operator_hint(env_file: &str, reference: &str) -> String {
    format!("until you decide: set -a; . {env_file}; set +a; cargo run -p inapp -- deposits show {reference}")
}

impl Output {
    /// Writes to the file `path`, and if `echo` to the console. `env_file` has the functions' settings.
    pub(crate) fn new(
        path: &Path,
        env_file: &str,
        echo: bool,
        simulator: Arc<Simulator>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            file: File::create(path).context(format!("write {}", path.display()))?,
            env_file: env_file.to_owned(),
            echo,
            builds: BuildTracker::default(),
            simulator,
        })
    }

    /// Processes lines until all programs have ended.
    pub(crate) async fn run(mut self, mut lines: UnboundedReceiver<Line>) {
        loop {
            let quiet_at = self.builds.quiet_at();
            let change = tokio::select! {
                line = lines.recv() => match line {
                    Some(Line { from, text }) => {
                        // Ignores a full disk: the console still works.
                        let _ = writeln!(self.file, "{text}");
                        if from == FUNCTIONS { self.line(&text) } else { None }
                    }
                    None => return,
                },
                () = sleep_until(quiet_at.unwrap_or_else(Instant::now).into()), if quiet_at.is_some() => self.builds.quiet(),
            };
            if let Some(change) = change {
                self.build_changed(change);
            }
        }
    }

    fn line(&mut self, line: &str) -> Option<Change> {
        if let Some(request) = RequestLine::parse(line) {
            if let Some(event) = request.event() {
                self.simulator.emit(event);
                self.print(request.action(), &request.summary());
            }
            return None;
        }
        if let Some(events) = background_events(line) {
            for event in events {
                if let Event::Deposit {
                    reference, status, ..
                } = &event
                {
                    self.print("Deposit", &format!("{reference} is {status}"));
                    if matches!(status.as_str(), "review" | "unknown") {
                        self.print("", &operator_hint(&self.env_file, reference));
                    }
                }
                self.simulator.emit(event);
            }
            return None;
        }
        if let Some(reason) = start_error(line) {
            return self.builds.start_failed(&reason, Instant::now());
        }
        let change = self.builds.line(line, Instant::now());
        // The result of a build is printed at its end.
        let is_build = self.builds.running() || line.trim_start().starts_with("Finished `");
        let is_noise = line.is_empty() || NOISE.iter().any(|noise| line.contains(noise));
        if self.echo && !is_build && !is_noise {
            show(line);
        }
        change
    }

    fn build_changed(&self, change: Change) {
        let took = change.took.map(|took| format!("in {:.1} s", took.as_secs_f32()));
        match change.state {
            BuildState::Running => self.print("Building", "your change"),
            BuildState::Failed => self.print(
                "Failed",
                "to build or to start; the screens wait until you fix it",
            ),
            BuildState::Done => self.print("Built", &took.unwrap_or_default()),
        }
        if let Some(message) = change.message.as_ref().filter(|_| self.echo) {
            show(message);
        }
        let is_failed = change.state == BuildState::Failed;
        self.simulator.emit(Event::Build {
            state: change.state,
            message: change.message.filter(|_| is_failed),
            ms: change.took.and_then(|took| took.as_millis().try_into().ok()),
        });
    }

    fn print(&self, verb: &str, what: &str) {
        if self.echo {
            step(verb, &printable(what));
        }
    }
}

/// Shows what a program wrote. A log line can quote a stranger, whose text the terminal must not obey.
fn show(text: &str) {
    for line in text.lines() {
        eprintln!("{}", printable(line));
    }
}
