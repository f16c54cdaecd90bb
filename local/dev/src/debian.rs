//! Programs of the system, which root can install with apt-get on Debian.

use std::path::PathBuf;

use tokio::process::Command;

use crate::console::{Problem, step};
use crate::process::Process;

/// A program on the `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
}

/// Whether [`install`] can be tried.
pub(crate) fn can_install() -> bool {
    rustix::process::geteuid().is_root() && find("apt-get").is_some()
}

/// Installs Debian packages.
pub(crate) async fn install(packages: &[&str]) -> Result<(), Problem> {
    step(
        "Installing",
        &format!("{} with apt-get (once)", packages.join(", ")),
    );
    apt_get(&["update", "--quiet=2"]).await?;
    let mut arguments = vec!["install", "--quiet=2", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    apt_get(&arguments).await
}

async fn apt_get(arguments: &[&str]) -> Result<(), Problem> {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    match Process::run("apt-get", &mut command)?.code().await? {
        0 => Ok(()),
        code => Err(Problem::new(format!(
            "apt-get failed with code {code}; its messages are above"
        ))),
    }
}
