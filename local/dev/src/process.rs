//! Programs that this one runs, and that never outlive it.

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use crate::console::{Context, Problem};

/// How long a program may take to end after SIGTERM.
const TERM_TIMEOUT: Duration = Duration::from_secs(5);

/// A running program. When dropped, it gets SIGTERM, so that it can end its children, and after a timeout SIGKILL.
/// Of a background program no process remains.
pub(crate) struct Process {
    pub(crate) name: &'static str,
    child: Child,
    /// Its process group, if it has its own.
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

    /// Runs a program in the background. It has its own process group, so that Ctrl-C reaches only this process,
    /// which then stops the program in order. Its output goes to `lines`.
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

    /// Waits until the program ends by itself.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus, Problem> {
        self.child.wait().await.context(format!("wait for {}", self.name))
    }

    /// Waits until the program ends by itself. Returns its exit code, or 1 if a signal ended it.
    pub(crate) async fn code(&mut self) -> Result<u8, Problem> {
        let status = self.ended().await?;
        Ok(status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1))
    }

    /// The process id; `None` if the program has ended.
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
            // Fails if the program is ending already.
            let _ = kill_process(pid, Signal::TERM);
            let asked = Instant::now();
            while !self.has_ended() && asked.elapsed() < TERM_TIMEOUT {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let Some(group) = self.group else { return };
        // cargo-lambda starts each function in its own group. If it is killed, it cannot end these.
        let child_groups = if self.has_ended() {
            Vec::new()
        } else {
            children(group)
        };
        for group in child_groups.into_iter().chain([group]) {
            // Fails if the group is empty, which is the normal case.
            let _ = kill_process_group(group, Signal::KILL);
        }
        // Now `kill_on_drop` kills the program if it still runs.
    }
}

/// The running child processes of a process.
fn children(parent: Pid) -> Vec<Pid> {
    let listed = std::process::Command::new("ps")
        .args(["-A", "-o", "ppid=", "-o", "pid="])
        .output();
    let output = listed.map(|output| output.stdout).unwrap_or_default();
    let pid = |number: &str| Pid::from_raw(number.parse().ok()?);
    String::from_utf8_lossy(&output)
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter(|(parent_id, _)| pid(parent_id) == Some(parent))
        .filter_map(|(_, child)| pid(child.trim()))
        .collect()
}

/// A line of a background program's output.
pub(crate) struct Line {
    /// The name of the program.
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
            let _ = lines.send(Line {
                from,
                text: text.trim_end_matches(['\r', '\n']).to_owned(),
            });
            line.clear();
        }
    });
}

/// The signals that stop this program: Ctrl-C, `kill`, the end of the terminal.
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

    /// Waits for the first signal. Returns the exit code that is usual for it.
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

    /// Runs a script until it prints something, stops it, and returns whether all processes with its output ended.
    async fn leaves_no_process(script: &str) -> bool {
        let (lines, mut output) = unbounded_channel();
        let mut command = Command::new("bash");
        let process = Process::background("bash", command.args(["-c", script]), &lines).unwrap();
        drop(lines);
        assert_eq!(output.recv().await.unwrap().text, "up");
        drop(process);
        let rest = tokio::time::timeout(Duration::from_secs(10), output.recv()).await;
        rest.is_ok_and(|line| line.is_none())
    }

    #[tokio::test]
    async fn children_that_outlive_their_program_are_killed() {
        let script = "(trap '' TERM; echo up; exec sleep 60) & exec sleep 60";
        assert!(leaves_no_process(script).await);
    }

    #[tokio::test]
    async fn a_program_that_ignores_sigterm_is_killed_with_its_children_in_other_groups() {
        let script = "trap '' TERM; set -m; sleep 60 & echo up; wait";
        assert!(leaves_no_process(script).await);
    }
}
