//! Checks `broker.toml` before it is compiled in. A mistake stops the build instead of the screens.

use std::{env, fs, path::Path, process::ExitCode};

/// The language codes, one for each file.
fn languages(locales: &Path) -> Vec<String> {
    let files = fs::read_dir(locales).into_iter().flatten().flatten();
    let mut languages: Vec<String> = files
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    languages.sort();
    languages
}

/// Advice about the file at `path`, one line each. The error lists its mistakes, one line each.
fn check(path: &Path, locales: &Path) -> Result<Vec<String>, String> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let (source, english, languages) = (read(path)?, read(&locales.join("en.ftl"))?, languages(locales));
    let built_in = config::BuiltInTexts::new(languages.iter().map(String::as_str), &english);
    let config = config::Config::parse(&source, &built_in).map_err(|error| error.to_string())?;
    Ok(config.advice(&source))
}

fn main() -> ExitCode {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&manifest).join("../../broker.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=locales");
    match check(&path, &Path::new(&manifest).join("locales")) {
        Ok(advice) => {
            for line in advice {
                println!("cargo::warning={line}");
            }
            ExitCode::SUCCESS
        }
        Err(errors) => {
            for error in errors.lines() {
                println!("cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}
