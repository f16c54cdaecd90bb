//! Checks `broker.toml` before it is compiled in. A mistake stops the build instead of the screens.
//!
//! A build for a deployment (`--release`) also says what is left of the demo broker, and stops if `samconfig.toml` would
//! deploy it for another processor.

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::ExitCode,
};

/// The language codes, one for each file.
fn languages(locales: &Path) -> Vec<String> {
    let files = fs::read_dir(locales).into_iter().flatten().flatten();
    let mut languages: Vec<String> = files
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    languages.sort();
    languages
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Advice about the file at `path`, one line each. The error lists its mistakes, one line each.
fn check(path: &Path, locales: &Path) -> Result<Vec<String>, String> {
    let (source, english, languages) = (read(path)?, read(&locales.join("en.ftl"))?, languages(locales));
    let built_in = config::BuiltInTexts::new(languages.iter().map(String::as_str), &english);
    let config = config::Config::parse(&source, &built_in).map_err(|error| error.to_string())?;
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        config::check_deployable(&source).map_err(|error| error.to_string())?;
    }
    Ok(config.advice(&source))
}

/// What is left of the demo broker in the file at `path`, in one line.
fn leftovers(path: &Path) -> Result<Option<String>, String> {
    let found = config::find_demo_values(&read(path)?);
    Ok(found.first().map(|first| {
        format!(
            "broker.toml still has {} values of the demo broker, such as {}. Traders would see them. List them with: \
             cargo run -p inapp -- config check broker.toml",
            found.len(),
            first.message
        )
    }))
}

/// Whether the functions can be deployed as they are built. The error says why not.
fn check_deployment(root: &Path) -> Result<(), String> {
    let samconfig = root.join("samconfig.toml");
    println!("cargo::rerun-if-changed={}", samconfig.display());
    if let Some(warning) = leftovers(&root.join("broker.toml"))? {
        println!("cargo::warning={warning}");
        // `sam build` shows no warnings of cargo, so the line goes to the terminal itself. Where there is none, the
        // warning is all.
        if let Ok(mut terminal) = OpenOptions::new().write(true).open("/dev/tty") {
            let _ = writeln!(terminal, "\nWARNING: {warning}\n");
        }
    }
    let conflicts = config::architecture_conflicts(&read(&samconfig)?);
    if conflicts.is_empty() {
        Ok(())
    } else {
        Err(conflicts.join("\n"))
    }
}

fn main() -> ExitCode {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = Path::new(&manifest).join("../..");
    let path = root.join("broker.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=locales");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let deployable = if is_release {
        check_deployment(&root)
    } else {
        Ok(())
    };
    let advice = deployable.and_then(|()| check(&path, &Path::new(&manifest).join("locales")));
    match advice {
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
