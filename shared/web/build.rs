//! Checks `broker.toml` before it is built in, so that a mistake stops the build and not the screen.

use std::{env, fs, path::Path, process::ExitCode};

/// The codes of the languages, one for each file.
fn languages(locales: &Path) -> Vec<String> {
    let files = fs::read_dir(locales).into_iter().flatten().flatten();
    let stems = files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()));
    let mut languages: Vec<String> = stems.collect();
    languages.sort();
    languages
}

/// What may surprise in the file at `path`; or what is wrong with it, one line for each mistake.
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
