//! The system's Chromium; installed if root can do so with apt-get.

use std::path::PathBuf;

use tokio::process::Command;

use crate::console::{Problem, step};
use crate::process::Process;

const NO_CHROMIUM: &str = "\
There is no Chromium on this machine, which the browser tests need. Install it:
  Debian: sudo apt install chromium    Fedora: sudo dnf install chromium
  Ubuntu, where chromium is a snap: the .deb of Google Chrome, from https://www.google.com/chrome/
  macOS: brew install --cask chromium
or set its path: CHROMIUM=/path/to/chromium cargo e2e";

/// The path of Chromium.
pub(crate) async fn path() -> Result<PathBuf, Problem> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    if let Some(path) = find_chromium() {
        return Ok(path);
    }
    let is_root = rustix::process::geteuid().is_root();
    if is_root && find("apt-get").is_some() {
        step("Installing", "Chromium with apt-get");
        let installed = async {
            apt_get(&["update", "--quiet=2"]).await?;
            apt_get(&[
                "install",
                "--quiet=2",
                "--yes",
                "--no-install-recommends",
                "chromium",
            ])
            .await
        };
        if let Err(problem) = installed.await {
            return Err(Problem::new(format!("{problem}\n{NO_CHROMIUM}")));
        }
        if let Some(path) = find_chromium() {
            return Ok(path);
        }
    }
    Err(Problem::new(NO_CHROMIUM))
}

fn find_chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    const MAC_OS: [&str; 2] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let on_mac = MAC_OS.iter().map(PathBuf::from).find(|path| path.is_file());
    NAMES.iter().find_map(|name| find(name)).or(on_mac)
}

/// A program on the `PATH`.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
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
