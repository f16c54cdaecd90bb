//! Checks `broker.toml` before it is built in, so that a mistake stops the build and not the screen.

use std::{env, fs, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&manifest).join("../../broker.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    let checked = fs::read_to_string(&path)
        .map_err(|error| format!("{}: {error}", path.display()))
        .and_then(|source| broker::Config::parse(&source).map_err(|error| error.to_string()));
    match checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
