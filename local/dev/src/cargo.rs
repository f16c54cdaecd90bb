//! Calls of Cargo, and of scripts of the workspace.

use std::path::PathBuf;

use tokio::process::Command;

use crate::console::Problem;
use crate::process::Process;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root.pop();
    root
}

/// Runs cargo in the root of the workspace, with these environment variables and with its output in the terminal.
/// Returns its exit code.
pub(crate) async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Result<u8, Problem> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root());
    Process::run("cargo", &mut command)?.code().await
}

/// Runs a script in the root of the workspace, with its output in the terminal. Returns its exit code.
pub(crate) async fn run_script(script: &'static str, arguments: &[&str]) -> Result<u8, Problem> {
    let mut command = Command::new(root().join(script));
    command.args(arguments).current_dir(root());
    Process::run(script, &mut command)?.code().await
}
