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
use crate::function_log::RequestLine;
use crate::say::{Context, Problem, step};

/// Takes in the lines of all programs.
pub(crate) struct Output {
    file: File,
    echo: bool,
    builds: Builds,
    simulator: Arc<Simulator>,
}

/// What `cargo lambda watch` and `cargo run` say again and again.
const NOISE: [&str; 7] = [
    "Blocking waiting for file lock",
    "Running `",
    "INFO spawning function instance",
    "INFO starting lambda function instance",
    "INFO starting Runtime server",
    "INFO terminating lambda",
    "AWS_LAMBDA_MAX_CONCURRENCY is set",
];

impl Output {
    /// To the file `path`, and if `echo`, to the terminal.
    pub(crate) fn new(path: &Path, echo: bool, simulator: Arc<Simulator>) -> Result<Self, Problem> {
        Ok(Self {
            file: File::create(path).context(format!("write {}", path.display()))?,
            echo,
            builds: Builds::default(),
            simulator,
        })
    }

    /// Takes in lines until there are no more programs to write them.
    pub(crate) async fn run(mut self, mut lines: UnboundedReceiver<String>) {
        loop {
            let over = self.builds.over();
            let change = tokio::select! {
                line = lines.recv() => match line {
                    Some(line) => self.line(&line),
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
        // The terminal matters more than a disk that is full.
        let _ = writeln!(self.file, "{line}");
        if let Some(request) = RequestLine::parse(line) {
            if let Some(event) = request.event() {
                self.simulator.emit(event);
                self.say(request.action(), &request.summary());
            }
            return None;
        }
        let change = self.builds.line(line, Instant::now());
        let said = line.trim_start();
        let of_build = self.builds.in_message()
            || ["Compiling ", "Finished `"]
                .iter()
                .any(|word| said.starts_with(word));
        if self.echo && !of_build && !said.is_empty() && !NOISE.iter().any(|noise| said.starts_with(noise)) {
            eprintln!("{line}");
        }
        change
    }

    fn build(&self, change: Change) {
        let took = change.took.map(|took| format!("in {:.1} s", took.as_secs_f32()));
        match change.state {
            BuildState::Running => self.say("Building", "your change"),
            BuildState::Failed => self.say("Failed", "to build; the screens wait until it is mended"),
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
