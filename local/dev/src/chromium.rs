//! The system's Chromium; installed if root can do so with apt-get.

use std::path::PathBuf;

use crate::console::Problem;
use crate::debian::{self, find};

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
    if debian::can_install() {
        if let Err(problem) = debian::install(&["chromium"]).await {
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
