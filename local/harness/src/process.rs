//! The processes of a function, and what they write.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{locked, unique};

/// The processes that serve one function, as Lambda scales out; killed when dropped.
pub(crate) struct Processes {
    children: Mutex<Vec<Child>>,
    scratch: PathBuf,
}

/// How a process ended.
#[derive(Clone, Debug)]
pub struct Exit {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// All that it wrote to stdout and stderr.
    pub log: String,
}

/// Variables of this process that a function's process shall have too; it has no others but those of the stage.
const INHERITED: [&str; 4] = ["LLVM_PROFILE_FILE", "PATH", "RUST_BACKTRACE", "SystemRoot"];

impl Processes {
    /// With a directory of their own under the system's temporary one.
    pub(crate) fn new() -> Self {
        let scratch = std::env::temp_dir().join(format!("inapp-stage-{}", unique()));
        fs::create_dir(&scratch).unwrap();
        Self {
            children: Mutex::default(),
            scratch,
        }
    }

    /// Writes a file for the processes to read. It is there as a whole or not at all: another process may be reading it.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.scratch.join(name);
        let unfinished = self.scratch.join(unique());
        fs::write(&unfinished, content).unwrap();
        fs::rename(&unfinished, &path).unwrap();
        path
    }

    pub(crate) fn spawn(&self, binary: &str, env: &[(String, String)]) {
        let name = Path::new(binary).file_stem().unwrap_or_default();
        let mut command = Command::new(binary);
        command
            .env_clear()
            .envs(
                INHERITED
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .envs(env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(self.log_file())
            .stderr(self.log_file());
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{binary} does not start: {error}"));
        locked(&self.children).push(child);
    }

    /// A file and not a pipe: what a process wrote before it answered is there when the answer is.
    fn log_file(&self) -> File {
        let path = self.scratch.join("log");
        OpenOptions::new().create(true).append(true).open(path).unwrap()
    }

    /// All that they have written.
    pub(crate) fn log(&self) -> String {
        let bytes = fs::read(self.scratch.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The code of one that has ended, if one has.
    pub(crate) fn ended(&self) -> Option<Option<i32>> {
        let mut children = locked(&self.children);
        children
            .iter_mut()
            .find_map(|child| Some(child.try_wait().unwrap()?.code()))
    }

    /// Waits for one to end.
    pub(crate) async fn exit(&self, patience: Duration) -> Exit {
        let start = Instant::now();
        loop {
            if let Some(code) = self.ended() {
                return Exit {
                    code,
                    log: self.log(),
                };
            }
            assert!(
                start.elapsed() < patience,
                "it runs on, after it wrote:\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends them; others may follow.
    pub(crate) fn end(&self) {
        self.kill();
        locked(&self.children).clear();
    }

    pub(crate) fn kill(&self) {
        for child in locked(&self.children).iter_mut() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

impl Exit {
    /// The lines that are JSON.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        json_lines(&self.log)
    }
}

/// The lines of a log that are JSON objects.
pub(crate) fn json_lines(log: &str) -> Vec<Value> {
    log.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(Value::is_object)
        .collect()
}
