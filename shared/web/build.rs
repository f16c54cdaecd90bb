//! Checks `broker.toml` before it is built in, so that a mistake stops the build and not the screen.

use std::{env, fs, path::Path, process::ExitCode};

/// The languages that there are texts in: one file each.
fn spoken(locales: &Path) -> Vec<String> {
    let files = fs::read_dir(locales).into_iter().flatten().flatten();
    let stems = files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()));
    let mut spoken: Vec<String> = stems.collect();
    spoken.sort();
    spoken
}

fn main() -> ExitCode {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&manifest).join("../../broker.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=locales");
    let spoken = spoken(&Path::new(&manifest).join("locales"));
    let spoken: Vec<&str> = spoken.iter().map(String::as_str).collect();
    let checked = fs::read_to_string(&path)
        .map_err(|error| format!("{}: {error}", path.display()))
        .and_then(|source| broker::Config::parse(&source, &spoken).map_err(|error| error.to_string()));
    match checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
