//! Programs that are run, and never left running.

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use crate::say::{Context, Problem};

/// How long a program may take to end once it was asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// A program that runs. When dropped it is asked to end (SIGTERM), so that it ends its own children, and made to if
/// it does not. Of one that ran in the background nothing is left.
pub(crate) struct Process {
    pub(crate) name: &'static str,
    child: Child,
    /// Its process group, if it has one of its own.
    group: Option<Pid>,
}

impl Process {
    /// Runs a program that shares the terminal with this one.
    pub(crate) fn run(name: &'static str, command: &mut Command) -> Result<Self, Problem> {
        let child = command
            .kill_on_drop(true)
            .spawn()
            .context(format!("run {name}"))?;
        Ok(Self {
            name,
            child,
            group: None,
        })
    }

    /// Runs a program in the background: in a process group of its own, so that Ctrl-C reaches only this process,
    /// which then stops it in order. The lines that it writes go to `lines`.
    pub(crate) fn background(
        name: &'static str,
        command: &mut Command,
        lines: &UnboundedSender<Line>,
    ) -> Result<Self, Problem> {
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = Self::run(name, command)?;
        process.group = process.pid();
        forward(name, process.child.stdout.take(), lines);
        forward(name, process.child.stderr.take(), lines);
        Ok(process)
    }

    /// Waits until it ends by itself.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus, Problem> {
        self.child.wait().await.context(format!("wait for {}", self.name))
    }

    /// Waits until it ends by itself, and gives its exit code, that of a shell if a signal ended it.
    pub(crate) async fn code(&mut self) -> Result<u8, Problem> {
        let status = self.ended().await?;
        Ok(status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1))
    }

    /// `None` once it has ended.
    fn pid(&self) -> Option<Pid> {
        self.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?))
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(pid) = self.pid() {
            // It may be ending already.
            let _ = kill_process(pid, Signal::TERM);
            let asked = Instant::now();
            while !self.has_ended() && asked.elapsed() < PATIENCE {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let Some(group) = self.group else { return };
        // cargo-lambda gives each function a group of its own, which it cannot end any more.
        let of_children = if self.has_ended() {
            Vec::new()
        } else {
            children(group)
        };
        for group in of_children.into_iter().chain([group]) {
            // Mostly nobody is left in it.
            let _ = kill_process_group(group, Signal::KILL);
        }
        // Here `kill_on_drop` kills what still runs.
    }
}

/// The processes that this one has started and that run.
fn children(parent: Pid) -> Vec<Pid> {
    let listed = std::process::Command::new("ps")
        .args(["-A", "-o", "ppid=", "-o", "pid="])
        .output();
    let listed = listed.map(|output| output.stdout).unwrap_or_default();
    let pid = |number: &str| Pid::from_raw(number.parse().ok()?);
    String::from_utf8_lossy(&listed)
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter(|(of, _)| pid(of) == Some(parent))
        .filter_map(|(_, child)| pid(child.trim()))
        .collect()
}

/// A line that a background program wrote.
pub(crate) struct Line {
    /// The program's name.
    pub(crate) from: &'static str,
    pub(crate) text: String,
}

fn forward(
    from: &'static str,
    stream: Option<impl AsyncRead + Unpin + Send + 'static>,
    lines: &UnboundedSender<Line>,
) {
    let Some(stream) = stream else { return };
    let lines = lines.clone();
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream
            .read_until(b'\n', &mut line)
            .await
            .is_ok_and(|length| length > 0)
        {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']).to_owned();
            let _ = lines.send(Line { from, text });
            line.clear();
        }
    });
}

/// The signals that end this program: Ctrl-C, `kill`, the terminal's window being closed.
pub(crate) struct StopSignals {
    interrupt: Signals,
    terminate: Signals,
    hangup: Signals,
}

impl StopSignals {
    pub(crate) fn listen() -> Result<Self, Problem> {
        let listen = |kind| signal(kind).context("listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for the first, and gives the exit code that is usual after it.
    pub(crate) async fn received(mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
            _ = self.hangup.recv() => 129,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    /// Runs a script until it says something, stops it, and sees whether anybody still has its output open.
    async fn leaves_nobody_behind(script: &str) -> bool {
        let (lines, mut said) = unbounded_channel();
        let mut command = Command::new("bash");
        let process = Process::background("bash", command.args(["-c", script]), &lines).unwrap();
        drop(lines);
        assert_eq!(said.recv().await.unwrap().text, "up");
        drop(process);
        let rest = tokio::time::timeout(Duration::from_secs(10), said.recv()).await;
        rest.is_ok_and(|line| line.is_none())
    }

    #[tokio::test]
    async fn children_that_do_not_end_with_their_program_are_made_to() {
        let script = "(trap '' TERM; echo up; exec sleep 60) & exec sleep 60";
        assert!(leaves_nobody_behind(script).await);
    }

    #[tokio::test]
    async fn a_program_that_does_not_end_is_made_to_and_its_children_in_groups_of_their_own() {
        let script = "trap '' TERM; set -m; sleep 60 & echo up; wait";
        assert!(leaves_nobody_behind(script).await);
    }
}
