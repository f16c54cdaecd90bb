//! Programs for Node.js, in directories under `.local/`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tokio::process::Command;

use crate::python::{Venv, quiet};
use crate::say::{Context, Problem, step};

/// Installs what `package-lock.json` of `package` lists into `directory`, unless that was done before, and gives the
/// directory of the modules. Node.js and npm are those of `venv`, which has them from PyPI: none has to be on the machine.
pub(crate) async fn install(venv: &Venv, package: &Path, directory: &Path) -> Result<PathBuf, Problem> {
    let modules = directory.join("node_modules");
    let lock = package.join("package-lock.json");
    let wanted = fs::read(&lock).context(format!("read {}", lock.display()))?;
    // Written last: an installation that was broken off is begun anew.
    let stamp = directory.join("installed.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(modules);
    }
    let start = Instant::now();
    let place = directory.display();
    step("Installing", &format!("Lighthouse into {place} (once)"));
    fs::create_dir_all(directory).context(format!("make {place}"))?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(package.join(name), directory.join(name)).context(format!("copy {name} to {place}"))?;
    }
    quiet(
        "npm",
        Command::new(venv.program("npm"))
            .current_dir(directory)
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ])
            .env("PATH", with_programs(venv)),
    )
    .await?;
    fs::write(&stamp, wanted).context(format!("write {}", stamp.display()))?;
    step(
        "Installed",
        &format!("Lighthouse in {} s", start.elapsed().as_secs()),
    );
    Ok(modules)
}

/// The `PATH`, with the programs of `venv` first: npm looks for Node.js there.
fn with_programs(venv: &Venv) -> OsString {
    let mut path = venv.program("").into_os_string();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}
