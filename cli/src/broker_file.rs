//! `inapp config`: a `broker.toml`, checked as the functions check it, and more strictly before a deployment.

use std::{fs, io, path::PathBuf};

use clap::{Args, Subcommand};
use config::{BuiltInTexts, Config, ConfigError, find_demo_values};

/// Codes of the languages that are built into the screens: the files of `shared/web/locales`.
const LANGUAGES: [&str; 23] = [
    "en", "ar", "cs", "de", "el", "es", "fr", "hu", "id", "it", "ja", "ko", "ms", "pl", "pt", "ru", "sk",
    "sl", "th", "tr", "vi", "zh", "zh-Hant",
];

/// The English texts, which have every key.
const ENGLISH: &str = include_str!("../../shared/web/locales/en.ftl");

#[derive(Subcommand)]
pub enum Command {
    /// Says all mistakes in a broker.toml, each with its line and key, and what is left of the demo broker
    Check(Check),
    /// Prints the JSON Schema of broker.toml: what docs/broker.schema.json holds
    Schema,
}

#[derive(Args)]
pub struct Check {
    /// The broker.toml
    file: PathBuf,
    /// The file is the demo broker's: do not look for what is left of the demo
    #[arg(long)]
    demo: bool,
}

/// The file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}: {1}")]
pub struct Unreadable(String, io::Error);

/// Carries out a command. True: there is nothing to put right.
///
/// # Errors
/// [`Unreadable`].
pub fn run(command: Command) -> Result<bool, Unreadable> {
    match command {
        Command::Check(arguments) => check(&arguments),
        Command::Schema => {
            print!("{}", config::schema());
            Ok(true)
        }
    }
}

fn check(arguments: &Check) -> Result<bool, Unreadable> {
    let file = arguments.file.display().to_string();
    let source = fs::read_to_string(&arguments.file).map_err(|error| Unreadable(file.clone(), error))?;
    let mistakes = match Config::parse(&source, &BuiltInTexts::new(LANGUAGES, ENGLISH)) {
        Ok(config) => {
            for advice in config.advice(&source) {
                println!("warning: {}", advice.replacen("broker.toml", &file, 1));
            }
            Vec::new()
        }
        Err(errors) => errors.iter().cloned().collect(),
    };
    let left = if arguments.demo {
        Vec::new()
    } else {
        find_demo_values(&source)
    };
    for error in mistakes.iter().chain(&left) {
        println!("{}", line(&file, error));
    }
    if mistakes.is_empty() && left.is_empty() {
        println!("{file}: no mistakes");
    } else {
        let s = if mistakes.len() == 1 { "" } else { "s" };
        println!(
            "{file}: {} mistake{s}, {} left of the demo",
            mistakes.len(),
            left.len()
        );
    }
    Ok(mistakes.is_empty() && left.is_empty())
}

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
    fn every_built_in_language_is_known() {
        let locales = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/web/locales");
        let files = fs::read_dir(locales).expect("the locales");
        let codes: BTreeSet<String> = files
            .map(|file| file.expect("a file").path())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        assert_eq!(codes, LANGUAGES.map(str::to_owned).into());
    }
}
