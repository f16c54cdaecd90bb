//! Content-Security-Policy, as browsers read it.

use super::client::Answer;

/// A policy: its directives, in small letters.
pub struct Policy(Vec<(String, Vec<String>)>);

impl Policy {
    /// All policies of an answer. A comma separates those that share a header, as proxies like to write it.
    pub fn all(answer: &Answer) -> Vec<Self> {
        let headers = answer.headers("content-security-policy");
        let policies = headers.iter().flat_map(|header| header.split(','));
        policies
            .map(Self::read)
            .filter(|policy| !policy.0.is_empty())
            .collect()
    }

    /// Of directives with the same name only the first holds.
    pub fn read(policy: &str) -> Self {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in policy.to_ascii_lowercase().split(';') {
            let mut words = directive.split_whitespace().map(str::to_owned);
            if let Some(name) = words.next()
                && !directives.iter().any(|(known, _)| *known == name)
            {
                directives.push((name, words.collect()));
            }
        }
        Self(directives)
    }

    /// What a directive allows, if it is there.
    pub fn sources(&self, name: &str) -> Option<&[String]> {
        let directive = self.0.iter().find(|(known, _)| known == name);
        directive.map(|(_, sources)| sources.as_slice())
    }

    /// Whatever some directive allows.
    pub fn all_sources(&self) -> impl Iterator<Item = &String> {
        self.0.iter().flat_map(|(_, sources)| sources)
    }
}

/// Whether a source is everybody: `*`, `https:`, `https://*:443` and the like.
pub fn is_everybody(source: &str) -> bool {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| source.strip_prefix(scheme));
    let host = rest.unwrap_or(source).split([':', '/']).next();
    matches!(source, "http:" | "https:") || host == Some("*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_two_directives_holds() {
        let policy = Policy::read("Default-Src *; default-src 'none';; base-uri");
        assert_eq!(policy.sources("default-src").unwrap(), ["*"]);
        assert_eq!(policy.sources("base-uri").unwrap(), [""; 0]);
        assert_eq!(policy.sources("script-src"), None);
    }

    #[test]
    fn everybody_is_written_in_many_ways() {
        for source in [
            "*",
            "https:",
            "http:",
            "https://*",
            "*:443",
            "https://*:*",
            "http://*/",
        ] {
            assert!(is_everybody(source), "{source}");
        }
        for source in [
            "'self'",
            "https://*.ctrader.com",
            "*.ctrader.com:*",
            "localhost:*",
            "data:",
        ] {
            assert!(!is_everybody(source), "{source}");
        }
    }
}
