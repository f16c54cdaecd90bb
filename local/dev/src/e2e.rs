//! `cargo e2e`: the browser and whole-stack tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::process::Command;

use crate::cargo::root;
use crate::node;
use crate::process::Process;
use crate::python::Venv;
use crate::say::{Context, Problem, step};
use crate::settings::Place;
use crate::stack::{Plan, Stack, broker, website_url};

/// Runs pytest on `e2e/` against a fresh stack, and gives its exit code.
pub(crate) async fn run(arguments: &[&str]) -> Result<ExitCode, Problem> {
    let chromium = chromium().await?;
    let directory = root().join(".local/venv-e2e");
    let venv = Venv::install(directory, &root().join("e2e/requirements.txt")).await?;
    let lighthouse = node::install(
        &venv,
        &root().join("e2e/lighthouse"),
        &root().join(".local/lighthouse"),
    )
    .await?;
    let place = Place::e2e()?;
    let secrets = [
        "manager-token",
        "session-key",
        "backend-secret",
        "callback-secret",
    ];
    let secrets = secrets.map(|name| place.secret(name));
    let mut secrets = secrets.into_iter().collect::<Result<Vec<_>, _>>()?;
    // Whatever broker /broker.toml is of.
    let broker_toml = root().join("tests/fixtures/demo.toml");
    let of_payments = place.payment_secrets(&broker(&broker_toml).methods)?;
    secrets.extend(of_payments.into_iter().map(|(_, secret)| secret));
    let cache = place.file("pytest-cache");
    let mut stack = Stack::start(&Plan {
        broker_toml,
        more_config: actions_of_the_tests(&website_url(place.ports)),
        place,
        functions: true,
        reload: false,
        echo: false,
        languages: translations()?,
    })
    .await?;

    step("Running", "pytest e2e/");
    let mut command = Command::new(venv.program("python"));
    command
        .current_dir(root())
        .args(["-m", "pytest", "e2e"])
        .args(["-o", &format!("cache_dir={}", cache.display())])
        .args(arguments)
        // The tree stays as it is: neither git nor `cargo lambda watch` sees a test run.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("CHROMIUM", &chromium)
        .env("NODE", venv.program("node"))
        .env("LIGHTHOUSE", lighthouse)
        .env("INAPP_TERMINAL_URL", stack.terminal_url())
        .env("INAPP_FUNCTIONS_URL", stack.functions_url())
        .env("INAPP_BACKEND_URL", stack.backend_url())
        .env("INAPP_SAMPLE_URL", stack.sample_url())
        .env("INAPP_WEBSITE_URL", stack.website_url())
        .env("INAPP_DYNAMODB_URL", stack.dynamodb_url())
        .env("INAPP_STACK_LOG", &stack.log)
        .env("INAPP_BACKEND_SECRET", &secrets[2]);
    let mut pytest = Process::run("pytest", &mut command)?;
    let code = tokio::select! {
        code = pytest.code() => code?,
        ended = stack.ended() => return Err(ended),
    };
    let log = stack.log.clone();
    let mut forbidden = stack.emails();
    stack.stop().await;
    forbidden.extend(secrets);
    check_log(&log, &forbidden)?;
    if code != 0 {
        step(
            "Failed",
            &format!("what the functions wrote is in {}", log.display()),
        );
    }
    Ok(ExitCode::from(code))
}

/// Custom actions that lead to a website which the tests serve: in the frame, in a window of its own, to a receiver of
/// docs/INTEGRATE.md; and one that such a receiver answers.
fn actions_of_the_tests(website: &str) -> String {
    let redirect = |name: &str, framed: bool, path: &str| {
        format!(
            "\n[[actions]]\ntype = \"{name}\"\ntitle = \"{name}\"\n\n[actions.redirect]\nframed = {framed}\n\
             to = \"{website}/{path}\"\n"
        )
    };
    let backend = format!(
        "\n[[actions]]\ntype = \"e2e-backend\"\ntitle = \"e2e-backend\"\n\
         fields = [{{ name = \"code\", kind = \"text\", label = \"Code\" }}]\n\n\
         [actions.backend]\nurl = \"{website}/inapp/bonus\"\n"
    );
    redirect("e2e-framed", true, "e2e-framed?from=ctrader")
        + &redirect("e2e-unframed", false, "e2e-unframed?from=ctrader")
        + &redirect("e2e-documents", true, "documents")
        + &backend
}

/// Every language that the screens have texts in: the tests look at all of them.
fn translations() -> Result<Vec<String>, Problem> {
    let directory = root().join("shared/web/locales");
    let what = format!("read {}", directory.display());
    let mut languages = Vec::new();
    for entry in fs::read_dir(&directory).context(&what)? {
        let name = entry.context(&what)?.file_name();
        languages.extend(name.to_string_lossy().strip_suffix(".ftl").map(str::to_owned));
    }
    languages.sort();
    Ok(languages)
}

/// The canary of the whole stack: no secret, e-mail address or query string with a token in anything that was written.
fn check_log(log: &Path, forbidden: &[String]) -> Result<(), Problem> {
    let text = fs::read_to_string(log).context(format!("read {}", log.display()))?;
    match leak(&text, forbidden) {
        None => Ok(()),
        Some(line) => Err(Problem::new(format!(
            "A secret, an e-mail address or a token was written to {}:\n{line}",
            log.display()
        ))),
    }
}

/// The first line with something confidential in it.
fn leak<'a>(text: &'a str, forbidden: &[String]) -> Option<&'a str> {
    text.lines().find(|line| {
        line.contains("token=")
            || line.contains("assertion=")
            || forbidden.iter().any(|text| line.contains(text.as_str()))
    })
}

const NO_CHROMIUM: &str = "\
There is no Chromium on this machine, which the browser tests run in. Install it:
  Debian: sudo apt install chromium    Fedora: sudo dnf install chromium
  Ubuntu, where chromium is a snap: the .deb of Google Chrome, from https://www.google.com/chrome/
  macOS: brew install --cask chromium
or say where there is one: CHROMIUM=/path/to/chromium cargo e2e";

/// The system's Chromium, installed if that is in our power.
async fn chromium() -> Result<PathBuf, Problem> {
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
            "apt-get failed with code {code}; what it said is above"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leak_is_found_by_its_line() {
        let forbidden = ["s3cret".to_owned()];
        assert_eq!(leak("fine\nstill fine", &forbidden), None);
        assert_eq!(leak("fine\nkey s3cret", &forbidden), Some("key s3cret"));
        assert_eq!(
            leak("GET /inapp/deposit?token=abc", &[]),
            Some("GET /inapp/deposit?token=abc")
        );
    }
}
