//! Finds URLs of this machine, which belong into the copy of `broker.toml` that `cargo dev` runs with and into no deployment.

use domain::is_loopback;
use toml::de::DeTable;
use url::Url;

use crate::{ConfigError, ConfigErrors, demo::search_table};

/// How a URL of this machine is written. Only a file that has one of these is searched: a function checks its file each
/// time it starts.
const MARKS: [&str; 3] = ["localhost", "127.", "[::1]"];

/// Checks that no value of a `broker.toml` is a URL of this machine. On a trader's machine any program can listen there, and
/// would get the assertion, with the trader's e-mail address, without TLS.
///
/// # Errors
/// A mistake for each such value.
pub fn check_deployable(source: &str) -> Result<(), ConfigErrors> {
    if !MARKS.iter().any(|mark| source.contains(mark)) {
        return Ok(());
    }
    let (file, _) = DeTable::parse_recoverable(source);
    let mut found = Vec::new();
    search_table(file.get_ref(), "", &mut |path, text, position| {
        let url = Url::parse(&text.replacen("://*.", "://", 1)).ok();
        if url.is_some_and(|url| is_loopback(&url)) {
            found.push(ConfigError {
                line: Some(position.line(source)),
                message: format!("`{path}` is on the trader's own machine: only `cargo dev` may lead there"),
            });
        }
    });
    if found.is_empty() {
        Ok(())
    } else {
        Err(ConfigErrors::new(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_this_machine_are_found_with_line_and_key() {
        let source = "frame_ancestors = [\n'https://a.example',\n'http://localhost:9001']\n[[actions]]\nredirect.to.x = 'https://127.0.0.1/p'\n";
        let errors = check_deployable(source).unwrap_err();
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains("line 3: `frame_ancestors` is on"), "{lines:?}");
        assert!(
            lines[1].contains("line 5: `actions.redirect.to.x` is on"),
            "{lines:?}"
        );
        for fine in [
            "a = 'https://a.example'",
            "# http://localhost:9001",
            "a = 'ask localhost'",
            "a = 'https://localhost.a.example'",
        ] {
            assert_eq!(check_deployable(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn the_demo_leads_to_no_machine_of_a_trader() {
        let demo = include_str!("../../../tests/fixtures/demo.toml");
        assert_eq!(check_deployable(demo), Ok(()));
    }
}
