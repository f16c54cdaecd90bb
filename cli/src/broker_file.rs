//! `inapp config`: checks a `broker.toml` as the functions check it, and finds what is left of the demo broker.

use std::{fs, io, path::PathBuf};

use clap::{Args, Subcommand};
use config::{BuiltInTexts, Config, ConfigError, find_demo_values};

/// Codes of the languages with built-in texts: the files in `shared/web/locales`.
const LANGUAGES: [&str; 24] = [
    "en", "ar", "cs", "de", "el", "es", "fr", "hu", "id", "it", "ja", "ko", "ms", "pl", "pt", "ru", "sk",
    "sl", "sr", "th", "tr", "vi", "zh", "zh-Hant",
];

/// The English texts. They have every key.
const ENGLISH: &str = include_str!("../../shared/web/locales/en.ftl");

#[derive(Subcommand)]
pub enum Command {
    /// Lists all mistakes in a broker.toml, each with its line and key, and what is left of the demo broker
    Check(Check),
    /// Prints the JSON Schema of broker.toml: what docs/broker.schema.json holds
    Schema,
}

#[derive(Args)]
pub struct Check {
    /// The broker.toml
    file: PathBuf,
    /// The file is that of the demo broker: do not list what is left of the demo broker
    #[arg(long)]
    demo: bool,
}

/// The file cannot be read: its name and the reason.
#[derive(Debug, thiserror::Error)]
#[error("{0}: {1}")]
pub struct FileError(String, io::Error);

/// Runs a command. Returns whether there is nothing to correct.
///
/// # Errors
/// [`FileError`] if the file cannot be read.
pub fn run(command: Command) -> Result<bool, FileError> {
    match command {
        Command::Check(arguments) => check(&arguments),
        Command::Schema => {
            print!("{}", config::schema());
            Ok(true)
        }
    }
}

fn check(arguments: &Check) -> Result<bool, FileError> {
    let file = arguments.file.display().to_string();
    let source = fs::read_to_string(&arguments.file).map_err(|error| FileError(file.clone(), error))?;
    let mistakes = match Config::parse(&source, &BuiltInTexts::new(LANGUAGES, ENGLISH)) {
        Ok(config) => {
            for advice in config.advice(&source) {
                println!("warning: {}", advice.replacen("broker.toml", &file, 1));
            }
            let deployable = config::check_deployable(&source);
            deployable.map_or_else(|errors| errors.iter().cloned().collect(), |()| Vec::new())
        }
        Err(errors) => errors.iter().cloned().collect(),
    };
    let leftovers = if arguments.demo {
        Vec::new()
    } else {
        find_demo_values(&source)
    };
    for error in mistakes.iter().chain(&leftovers) {
        println!("{}", line(&file, error));
    }
    if mistakes.is_empty() && leftovers.is_empty() {
        println!("{file}: no mistakes");
    } else {
        let s = if mistakes.len() == 1 { "" } else { "s" };
        println!(
            "{file}: {} mistake{s}, {} left of the demo",
            mistakes.len(),
            leftovers.len()
        );
    }
    Ok(mistakes.is_empty() && leftovers.is_empty())
}

/// The line of the report for an error.
fn line(file: &str, error: &ConfigError) -> String {
    match error.line {
        Some(line) => format!("{file} line {line}: {}", error.message),
        None => format!("{file}: {}", error.message),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_built_in_language_is_listed() {
        let locales = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/web/locales");
        let files = fs::read_dir(locales).expect("the locales");
        let codes: BTreeSet<String> = files
            .map(|file| file.expect("a file").path())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        assert_eq!(codes, LANGUAGES.map(str::to_owned).into());
    }
}
