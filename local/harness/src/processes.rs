//! The processes of a function, and their log.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{lock, unique};

/// The processes that serve one function, like Lambda's execution environments; killed when dropped.
pub(crate) struct Processes {
    children: Mutex<Vec<Child>>,
    scratch: PathBuf,
}

/// The binary `name` of another package, beside `binary`. The tests of the whole workspace build it. If only one
/// package is tested, it is the one that was built last, or it is built now.
///
/// # Panics
/// If it does not build.
#[must_use]
pub fn binary_beside(binary: &str, name: &str) -> String {
    let folder = Path::new(binary).parent().unwrap();
    let beside = folder.join(name);
    if !beside.exists() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--locked", "--package", name]);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
    }
    beside.to_str().unwrap().to_owned()
}

/// How a process ended.
#[derive(Clone, Debug)]
pub struct Exit {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Everything that it wrote to stdout and stderr.
    pub log: String,
}

/// Environment variables that the processes inherit from the test. All others are set by the test environment.
const INHERITED: [&str; 4] = ["LLVM_PROFILE_FILE", "PATH", "RUST_BACKTRACE", "SystemRoot"];

impl Processes {
    /// Makes a scratch directory for the processes' files; starts nothing.
    pub(crate) fn new() -> Self {
        let scratch = std::env::temp_dir().join(format!("inapp-test-{}", unique()));
        fs::create_dir(&scratch).unwrap();
        Self {
            children: Mutex::default(),
            scratch,
        }
    }

    /// Writes a file for the processes to read. The rename is atomic, because another process may be reading the
    /// file.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.scratch.join(name);
        let temporary = self.scratch.join(unique());
        fs::write(&temporary, content).unwrap();
        fs::rename(&temporary, &path).unwrap();
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
        lock(&self.children).push(child);
    }

    /// A file rather than a pipe, so that the log is complete as soon as the process has responded.
    fn log_file(&self) -> File {
        let path = self.scratch.join("log");
        OpenOptions::new().create(true).append(true).open(path).unwrap()
    }

    /// Everything that the processes have written.
    pub(crate) fn log(&self) -> String {
        let bytes = fs::read(self.scratch.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The exit code of the first process that has exited, if any; the inner `None` means a signal.
    pub(crate) fn exit_code(&self) -> Option<Option<i32>> {
        let mut children = lock(&self.children);
        children
            .iter_mut()
            .find_map(|child| Some(child.try_wait().unwrap()?.code()))
    }

    /// Waits until a process exits.
    ///
    /// # Panics
    /// If none exits within `timeout`.
    pub(crate) async fn wait_for_exit(&self, timeout: Duration) -> Exit {
        let start = Instant::now();
        loop {
            if let Some(code) = self.exit_code() {
                return Exit {
                    code,
                    log: self.log(),
                };
            }
            assert!(
                start.elapsed() < timeout,
                "the function did not exit within {timeout:?}; it wrote:\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Kills the processes and forgets them, so that others can be spawned.
    pub(crate) fn clear(&self) {
        self.kill();
        lock(&self.children).clear();
    }

    pub(crate) fn kill(&self) {
        for child in lock(&self.children).iter_mut() {
            // Fails if the process has exited by itself.
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
    /// The lines of the log that are JSON objects.
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
