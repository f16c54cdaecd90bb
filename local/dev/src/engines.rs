//! Other browser engines than Chromium: Firefox, and WebKit, on which Safari is built. WebDriver drives them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::cargo::{self, root};
use crate::console::{Problem, step};
use crate::debian::{self, find};

/// The version of Firefox's WebDriver, a package of Cargo.
const GECKODRIVER: &str = "0.37.1";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Firefox,
    WebKit,
}

/// The engines of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// This one. The run fails without it.
    Only(Engine),
    /// All that can be installed.
    All,
    /// Those that the machine has.
    Installed,
}

/// The programs of the engines, by the engine's name, for e2e/engines.py.
pub(crate) async fn prepare(wanted: Wanted) -> Result<Value, Problem> {
    let mut programs = Map::new();
    match wanted {
        Wanted::Only(engine) => {
            programs.insert(engine.name().to_owned(), engine.install().await?);
        }
        Wanted::All => {
            for engine in Engine::ALL {
                match engine.install().await {
                    Ok(found) => _ = programs.insert(engine.name().to_owned(), found),
                    Err(problem) => step("Skipping", &format!("the tests in {}: {problem}", engine.name())),
                }
            }
        }
        Wanted::Installed => programs.extend(
            Engine::ALL
                .iter()
                .filter_map(|engine| Some((engine.name().to_owned(), engine.find()?))),
        ),
    }
    Ok(Value::Object(programs))
}

impl Engine {
    const ALL: [Self; 2] = [Self::Firefox, Self::WebKit];

    /// The engine with this name.
    pub(crate) fn from_name(name: &str) -> Result<Self, Problem> {
        Self::ALL
            .into_iter()
            .find(|engine| engine.name() == name)
            .ok_or_else(|| Problem::new(format!("--engine: {name} is neither firefox nor webkit")))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Its Debian packages. WebKit's browser cannot run without an X display.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Firefox => &["firefox-esr"],
            Self::WebKit => &["webkit2gtk-driver", "xvfb"],
        }
    }

    /// What to do on a machine that lacks it.
    fn advice(self) -> &'static str {
        match self {
            Self::Firefox => {
                "there is no Firefox on this machine. Debian: sudo apt install firefox-esr; \
                 Fedora: sudo dnf install firefox; macOS: brew install --cask firefox"
            }
            Self::WebKit => {
                "there is no WebKit with MiniBrowser on this machine. Debian: sudo apt install webkit2gtk-driver xvfb; \
                 not on macOS"
            }
        }
    }

    /// Installs what the machine lacks of the engine, if it can. Returns its programs.
    async fn install(self) -> Result<Value, Problem> {
        if self.browser().is_none() && debian::can_install() {
            debian::install(self.packages()).await?;
        }
        if self.browser().is_some() && self == Self::Firefox && self.driver().is_none() {
            install_geckodriver().await?;
        }
        self.find().ok_or_else(|| Problem::new(self.advice()))
    }

    /// Its programs, if the machine has all of them.
    fn find(self) -> Option<Value> {
        Some(json!({ "browser": self.browser()?, "driver": self.driver()? }))
    }

    fn browser(self) -> Option<PathBuf> {
        match self {
            Self::Firefox => {
                const MAC_OS: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";
                ["firefox-esr", "firefox"]
                    .iter()
                    .find_map(|name| find(name))
                    .or_else(|| Some(PathBuf::from(MAC_OS)).filter(|path| path.is_file()))
            }
            Self::WebKit => find("Xvfb").and(find("WebKitWebDriver")).and(mini_browser()),
        }
    }

    fn driver(self) -> Option<PathBuf> {
        match self {
            Self::Firefox => Some(geckodriver().join("bin/geckodriver")).filter(|path| path.is_file()),
            Self::WebKit => find("WebKitWebDriver"),
        }
    }
}

/// WebKit's own small browser. Distributions keep it beside the library, in a directory of the system's architecture.
fn mini_browser() -> Option<PathBuf> {
    const VERSIONS: [&str; 3] = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];
    let library = Path::new("/usr/lib");
    let directories = fs::read_dir(library).ok()?.flatten().map(|entry| entry.path());
    [library.to_owned(), PathBuf::from("/usr/libexec")]
        .into_iter()
        .chain(directories)
        .flat_map(|directory| VERSIONS.map(|version| directory.join(version).join("MiniBrowser")))
        .find(|path| path.is_file())
}

/// The directory of this version of geckodriver.
fn geckodriver() -> PathBuf {
    root().join(".local/geckodriver").join(GECKODRIVER)
}

async fn install_geckodriver() -> Result<(), Problem> {
    step(
        "Installing",
        "geckodriver into .local/geckodriver (once; takes about two minutes)",
    );
    let directory = geckodriver();
    let arguments = [
        "install",
        "geckodriver",
        "--locked",
        "--version",
        GECKODRIVER,
        // Builds in half the time, and only passes messages on.
        "--debug",
        "--root",
        &directory.to_string_lossy(),
    ];
    match cargo::run(&arguments, &[]).await? {
        0 => Ok(()),
        code => Err(Problem::new(format!(
            "geckodriver could not be installed: cargo failed with code {code}; its messages are above"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_found_by_its_name_and_no_other() {
        for engine in Engine::ALL {
            assert_eq!(Engine::from_name(engine.name()).unwrap(), engine);
        }
        let problem = Engine::from_name("chromium").unwrap_err().to_string();
        assert!(problem.contains("chromium"), "{problem}");
    }

    #[test]
    fn the_advice_takes_one_line() {
        for engine in Engine::ALL {
            assert_eq!(engine.advice().lines().count(), 1);
        }
    }
}
