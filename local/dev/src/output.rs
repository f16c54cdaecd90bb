//! What the programs of the stack write: all of it to a file, what matters to the terminal and the timeline.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use simulator::{BuildState, Event, Simulator};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep_until;

use crate::builds::{Builds, Change};
use crate::function_log::{RequestLine, refusal, told};
use crate::process::Line;
use crate::say::{Context, Problem, step};
use crate::stack::FUNCTIONS;

/// Takes in the lines of all programs, and makes sense of the functions'.
pub(crate) struct Output {
    file: File,
    env_file: String,
    echo: bool,
    builds: Builds,
    simulator: Arc<Simulator>,
}

/// What `cargo lambda watch` and its many `cargo run`s say again and again, often in one another's lines.
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
    // What came before has been told: a build that failed, a function that refuses to start.
    "ERROR command exited",
    "concurrency-tokio feature",
];

/// What an operator does about a deposit.
fn operators_part(env_file: &str, reference: &str) -> String {
    format!("until you decide: set -a; . {env_file}; set +a; cargo run -p inapp -- deposits show {reference}")
}

impl Output {
    /// To the file `path`, and if `echo`, to the terminal. The functions' settings are in `env_file`.
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
            builds: Builds::default(),
            simulator,
        })
    }

    /// Takes in lines until there are no more programs to write them.
    pub(crate) async fn run(mut self, mut lines: UnboundedReceiver<Line>) {
        loop {
            let over = self.builds.over();
            let change = tokio::select! {
                line = lines.recv() => match line {
                    Some(Line { from, text }) => {
                        // The terminal matters more than a disk that is full.
                        let _ = writeln!(self.file, "{text}");
                        if from == FUNCTIONS { self.line(&text) } else { None }
                    }
                    None => return,
                },
                () = sleep_until(over.unwrap_or_else(Instant::now).into()), if over.is_some() => self.builds.quiet(),
            };
            if let Some(change) = change {
                self.build(change);
            }
        }
    }

    fn line(&mut self, line: &str) -> Option<Change> {
        if let Some(request) = RequestLine::parse(line) {
            if let Some(event) = request.event() {
                self.simulator.emit(event);
                self.say(request.action(), &request.summary());
            }
            return None;
        }
        if let Some(events) = told(line) {
            for event in events {
                if let Event::Deposit {
                    reference, status, ..
                } = &event
                {
                    self.say("Deposit", &format!("{reference} is {status}"));
                    if matches!(status.as_str(), "review" | "unknown") {
                        self.say("", &operators_part(&self.env_file, reference));
                    }
                }
                self.simulator.emit(event);
            }
            return None;
        }
        if let Some(why) = refusal(line) {
            return self.builds.refused(&why, Instant::now());
        }
        let change = self.builds.line(line, Instant::now());
        // A build is summed up at its end.
        let of_build = self.builds.running() || line.trim_start().starts_with("Finished `");
        let noise = line.is_empty() || NOISE.iter().any(|noise| line.contains(noise));
        if self.echo && !of_build && !noise {
            eprintln!("{line}");
        }
        change
    }

    fn build(&self, change: Change) {
        let took = change.took.map(|took| format!("in {:.1} s", took.as_secs_f32()));
        match change.state {
            BuildState::Running => self.say("Building", "your change"),
            BuildState::Failed => self.say(
                "Failed",
                "to build or to start; the screens wait until it is mended",
            ),
            BuildState::Done => self.say("Built", &took.unwrap_or_default()),
        }
        if let Some(message) = change.message.as_ref().filter(|_| self.echo) {
            eprintln!("{message}");
        }
        let failed = change.state == BuildState::Failed;
        self.simulator.emit(Event::Build {
            state: change.state,
            message: change.message.filter(|_| failed),
            ms: change.took.and_then(|took| took.as_millis().try_into().ok()),
        });
    }

    fn say(&self, verb: &str, what: &str) {
        if self.echo {
            step(verb, what);
        }
    }
}
