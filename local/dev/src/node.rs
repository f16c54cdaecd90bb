//! Node.js packages, in directories under `.local/`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tokio::process::Command;

use crate::console::{Context, Problem, step};
use crate::python::{Venv, run_quietly};

/// Installs the packages that `package-lock.json` in `package` lists into `directory`, unless they are installed.
/// Returns the directory of the modules. Node.js and npm come from `venv`, so the machine needs neither.
pub(crate) async fn install(venv: &Venv, package: &Path, directory: &Path) -> Result<PathBuf, Problem> {
    let modules = directory.join("node_modules");
    let lock = package.join("package-lock.json");
    let wanted = fs::read(&lock).context(format!("read {}", lock.display()))?;
    // Written last, so that an interrupted installation starts again.
    let stamp = directory.join("installed.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(modules);
    }
    let start = Instant::now();
    let path = directory.display();
    step("Installing", &format!("Lighthouse into {path} (once)"));
    fs::create_dir_all(directory).context(format!("make {path}"))?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(package.join(name), directory.join(name)).context(format!("copy {name} to {path}"))?;
    }
    run_quietly(
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

/// The `PATH` with the programs of `venv` first, because npm looks for Node.js there.
fn with_programs(venv: &Venv) -> OsString {
    let mut path = venv.program("").into_os_string();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    path
}
