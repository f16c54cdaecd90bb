//! Finds values of the demo broker in a file that a broker wants to deploy.

use toml::de::{DeTable, DeValue};

use crate::{ConfigError, read::Position};

/// Words of the demo broker and of docs/white-labels.toml, in lower case.
const WORDS: [&str; 6] = [
    "demobroker",
    "demo broker",
    "northwind",
    "exampleland",
    "000/00",
    "111/11",
];

/// Details of their bank accounts, in lower case and without spaces.
const ACCOUNTS: [&str; 5] = [
    "gb33bukb20201555555555",
    "ch9300762011623852957",
    "demogb00xxx",
    "000123456789",
    "000000000",
];

/// The arrow in the demo broker's logo.
const LOGO: &str = "m5 15l4-4 3 3 7-7";

/// Values of the demo broker in a `broker.toml`: name, bank account, licence, logo, hosts below `.example`. Each is
/// a mistake, in the order of their lines. Comments are ignored.
pub fn find_demo_values(source: &str) -> Vec<ConfigError> {
    let (file, _) = DeTable::parse_recoverable(source);
    let mut found = Vec::new();
    search_table(file.get_ref(), "", &mut |path, text, position| {
        if let Some(value) = demo_value(text) {
            found.push(ConfigError {
                line: Some(position.line(source)),
                message: format!("`{path}` still has {value} of the demo"),
            });
        }
    });
    found.sort_by_key(|mistake| mistake.line);
    found
}

/// Visits each text of a table, with its path.
pub(crate) fn search_table(table: &DeTable<'_>, path: &str, visit: &mut dyn FnMut(&str, &str, Position)) {
    for (key, value) in table {
        let key: &str = key.get_ref();
        let path = if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        };
        search(value.get_ref(), &path, Position::new(value.span().start), visit);
    }
}

fn search(value: &DeValue<'_>, path: &str, position: Position, visit: &mut dyn FnMut(&str, &str, Position)) {
    match value {
        DeValue::String(text) => visit(path, text, position),
        DeValue::Array(items) => {
            for item in items.iter() {
                search(item.get_ref(), path, Position::new(item.span().start), visit);
            }
        }
        DeValue::Table(table) => search_table(table, path, visit),
        _ => {}
    }
}

/// The value of the demo broker that a text contains.
fn demo_value(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.contains(LOGO) {
        return Some("the logo".to_owned());
    }
    if let Some(account) = ACCOUNTS.iter().find(|account| compact == **account) {
        return Some(format!("the bank details {account}"));
    }
    let word = WORDS.iter().find(|word| text.contains(**word));
    word.map(|word| format!("\"{word}\""))
        .or_else(|| has_example_host(&text).then(|| "a host below .example".to_owned()))
}

/// Whether a text contains a host below `.example`, a domain that nobody can register.
fn has_example_host(text: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || "-.".contains(next));
    text.split(".example").skip(1).any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str) -> Vec<(usize, String)> {
        let found = find_demo_values(source);
        found
            .into_iter()
            .map(|mistake| (mistake.line.unwrap(), mistake.message))
            .collect()
    }

    #[test]
    fn values_of_the_demo_are_reported_with_line_and_key() {
        let found = keys(include_str!("../../../tests/fixtures/demo.toml"));
        for key in [
            "`brokers.name` still has \"demobroker\"",
            "`brokers.display_name` still has \"demo broker\"",
            "`brokers.logo` still has the logo",
            "`brokers.legal.es` still has \"demo broker\"",
            "`deposit.methods.hosted.to` still has \"demobroker\"",
            "`deposit.methods.bank_transfer.details.value` still has the bank details gb33",
            "`actions.backend.redirects` still has \"demobroker\"",
        ] {
            assert!(
                found.iter().any(|(_, message)| message.starts_with(key)),
                "{key}: {found:#?}"
            );
        }
        let sorted = found.windows(2).all(|pair| pair[0].0 <= pair[1].0);
        assert!(sorted);
    }

    #[test]
    fn a_brokers_own_file_has_no_values_of_the_demo() {
        let own = "frame_ancestors = [\"https://a.example.com\"]\n[[brokers]]\nname = \"acme\"\nlegal = \"For example.\"";
        assert_eq!(keys(own), []);
        for (source, expected) in [
            ("x = \"https://pay.acme.example/p\"", "a host below .example"),
            ("x = \"regulated in Exampleland\"", "\"exampleland\""),
            ("x = [\"GB33BUKB20201555555555\"]", "the bank details"),
        ] {
            let found = keys(source);
            assert!(found[0].1.contains(expected), "{found:?}");
        }
    }
}
