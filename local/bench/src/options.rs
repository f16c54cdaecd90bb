//! The command line.

use std::path::PathBuf;

/// The parsed command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    pub(crate) warm: usize,
    /// Memory sizes of Lambda, in MB.
    pub(crate) memory: Vec<u32>,
    pub(crate) output: Output,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Tables,
    Json,
    TablesAndJson(PathBuf),
}

impl Options {
    /// Parses the arguments without the program's name.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self {
            rounds: 15,
            warm: 200,
            memory: Vec::new(),
            output: Output::Tables,
        };
        let mut rest = arguments.iter().map(String::as_str).peekable();
        while let Some(option) = rest.next() {
            match option {
                "--json" => {
                    options.output = match rest.next_if(|next| !next.starts_with("--")) {
                        Some(file) => Output::TablesAndJson(file.into()),
                        None => Output::Json,
                    }
                }
                "--rounds" => options.rounds = count(option, rest.next())?,
                "--warm" => options.warm = count(option, rest.next())?,
                "--memory" => {
                    let sizes = rest.next().unwrap_or_default().split(',');
                    options.memory = sizes.map(size).collect::<Result<_, _>>()?;
                }
                other => return Err(format!("unknown option: {other}")),
            }
        }
        Ok(options)
    }
}

fn count(option: &str, text: Option<&str>) -> Result<usize, String> {
    match text.and_then(|text| text.parse().ok()) {
        Some(count) if count > 0 => Ok(count),
        _ => Err(format!("{option} requires a whole number from 1")),
    }
}

fn size(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(megabytes) if (128..=10_240).contains(&megabytes) => Ok(megabytes),
        _ => Err("--memory requires sizes from 128 to 10240, such as 128,256,512".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn all_options_are_parsed() {
        let options = parse("--rounds 3 --warm 50 --memory 128,512 --json out.json").unwrap();
        assert_eq!((options.rounds, options.warm), (3, 50));
        assert_eq!(options.memory, [128, 512]);
        assert_eq!(options.output, Output::TablesAndJson("out.json".into()));
    }

    #[test]
    fn json_without_a_file_replaces_the_tables() {
        assert_eq!(parse("--json --rounds 3").unwrap().output, Output::Json);
    }

    #[test]
    fn invalid_options_are_refused() {
        for line in [
            "--rounds",
            "--rounds 0",
            "--warm x",
            "--memory",
            "--memory 64",
            "--fast",
            "x",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
