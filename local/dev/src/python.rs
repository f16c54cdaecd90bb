//! Python packages, in virtual environments under `.local/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use tokio::process::Command;

use crate::console::{Context, Problem, step};
use crate::process::Process;

/// A virtual environment with the packages of a requirements file, which lists all packages with their hashes.
pub(crate) struct Venv {
    directory: PathBuf,
}

impl Venv {
    /// Installs the packages that `requirements` lists into `directory`, unless they are installed.
    pub(crate) async fn install(directory: PathBuf, requirements: &Path) -> Result<Self, Problem> {
        let venv = Self { directory };
        let read = |file: &Path| fs::read_to_string(file).context(format!("read {}", file.display()));
        let list = read(requirements)?;
        // A virtual environment cannot be moved, so the stamp includes its path.
        let wanted = format!("# {}\n{list}", venv.directory.display());
        // Written last, so that an interrupted installation starts again.
        let stamp = venv.directory.join("installed.txt");
        let installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
        if installed && venv.program("python").exists() {
            return Ok(venv);
        }
        let python = find_python().await?;
        let start = Instant::now();
        // The packages that somebody chose. The requirements file is made from them: .ci/lock_python.
        let names = packages(&read(&requirements.with_extension("in"))?);
        let path = venv.directory.display();
        step(
            "Installing",
            &format!("{names} into {path} (once; takes about a minute)"),
        );
        run_quietly(
            "python3 -m venv",
            Command::new(python)
                .args(["-m", "venv", "--clear"])
                .arg(&venv.directory),
        )
        .await?;
        run_quietly(
            "pip",
            Command::new(venv.program("python"))
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--require-hashes",
                    // The list is complete.
                    "--no-deps",
                    "--requirement",
                ])
                .arg(requirements),
        )
        .await?;
        fs::write(&stamp, wanted).context(format!("write {}", stamp.display()))?;
        step(
            "Installed",
            &format!("{names} in {} s", start.elapsed().as_secs()),
        );
        Ok(venv)
    }

    /// The path of one of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join("bin").join(name)
    }
}

/// The names of the packages in a list of requirements, for a message.
fn packages(requirements: &str) -> String {
    let names: Vec<&str> = requirements
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['=', '[', ' ']).next())
        .filter(|name| !name.is_empty())
        .collect();
    names.join(", ")
}

/// Runs a program that prints something only if it fails.
pub(crate) async fn run_quietly(name: &'static str, command: &mut Command) -> Result<(), Problem> {
    match Process::run(name, command)?.code().await? {
        0 => Ok(()),
        code => Err(Problem::new(format!(
            "{name} failed with code {code}; its messages are above. Is the network available? Run the command again to retry."
        ))),
    }
}

/// The exit code of a Python that is too old.
const TOO_OLD: i32 = 3;

/// Finds a Python that can make virtual environments.
async fn find_python() -> Result<&'static str, Problem> {
    let check =
        format!("import sys; sys.version_info < (3, 10) and sys.exit({TOO_OLD}); import ensurepip, venv");
    let mut codes = Vec::new();
    for name in ["python3", "python"] {
        let mut command = Command::new(name);
        command.args(["-c", &check]).stderr(Stdio::null());
        match command.status().await {
            Ok(status) if status.success() => return Ok(name),
            Ok(status) => codes.push(status.code()),
            Err(_) => {}
        }
    }
    Err(Problem::new(python_advice(&codes)))
}

/// What the developer can do. `codes` are the exit codes of the Pythons that were found.
fn python_advice(codes: &[Option<i32>]) -> &'static str {
    if codes.is_empty() {
        "There is no python3 on this machine, which the local AWS needs. Install Python 3.10 or later.\n\
         On Debian and Ubuntu: apt install python3 python3-venv; on macOS: brew install python"
    } else if codes.iter().all(|code| *code == Some(TOO_OLD)) {
        "The Python of this machine is too old. Install Python 3.10 or later, as python3 on the PATH.\n\
         Debian has it from 12 on, Ubuntu from 22.04 on; on macOS: brew install python"
    } else {
        "The Python 3 of this machine cannot make virtual environments.\n\
         On Debian and Ubuntu: apt install python3-venv; on macOS: brew install python"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_depends_on_what_python_lacks() {
        assert!(python_advice(&[]).contains("no python3"));
        assert!(python_advice(&[Some(TOO_OLD), Some(TOO_OLD)]).contains("too old"));
        assert!(python_advice(&[Some(1), Some(TOO_OLD)]).contains("python3-venv"));
    }

    #[test]
    fn packages_are_named_without_versions() {
        assert_eq!(
            packages("# x\ncargo-lambda==1.9.2\nmoto[server]==5.2.5\n"),
            "cargo-lambda, moto"
        );
    }
}
