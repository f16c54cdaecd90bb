//! Checks `broker.toml` before it is built in, so that a mistake stops the build and not the screen.

use std::{env, fs, path::Path, process::ExitCode};

/// What the screens can say: a language for each file, and the English texts.
fn vocabulary(locales: &Path) -> broker::Vocabulary {
    let files = fs::read_dir(locales).into_iter().flatten().flatten();
    let stems = files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()));
    let mut languages: Vec<String> = stems.collect();
    languages.sort();
    let english = fs::read_to_string(locales.join("en.ftl")).unwrap_or_default();
    broker::Vocabulary::new(languages.iter().map(String::as_str), &english)
}

fn main() -> ExitCode {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&manifest).join("../../broker.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=locales");
    let vocabulary = vocabulary(&Path::new(&manifest).join("locales"));
    let checked = fs::read_to_string(&path)
        .map_err(|error| format!("{}: {error}", path.display()))
        .and_then(|source| broker::Config::parse(&source, &vocabulary).map_err(|error| error.to_string()));
    match checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
