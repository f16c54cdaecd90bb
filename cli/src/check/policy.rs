//! Parses Content-Security-Policy as browsers do.

use super::client::HttpResponse;

/// The directives of a policy, in lower case.
pub struct Policy(Vec<(String, Vec<String>)>);

impl Policy {
    /// All policies of a response. Policies in the same header are separated by commas.
    pub fn all(response: &HttpResponse) -> Vec<Self> {
        let headers = response.headers("content-security-policy");
        let policies = headers.iter().flat_map(|header| header.split(','));
        policies
            .map(Self::parse)
            .filter(|policy| !policy.0.is_empty())
            .collect()
    }

    /// Parses a policy. If a directive is repeated only the first one counts.
    pub fn parse(policy: &str) -> Self {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in policy.to_ascii_lowercase().split(';') {
            let mut parts = directive.split_whitespace().map(str::to_owned);
            if let Some(name) = parts.next()
                && !directives.iter().any(|(known, _)| *known == name)
            {
                directives.push((name, parts.collect()));
            }
        }
        Self(directives)
    }

    /// The sources of a directive. `None` if the policy does not have the directive.
    pub fn sources(&self, name: &str) -> Option<&[String]> {
        let directive = self.0.iter().find(|(known, _)| known == name);
        directive.map(|(_, sources)| sources.as_slice())
    }

    /// The sources of all directives.
    pub fn all_sources(&self) -> impl Iterator<Item = &String> {
        self.0.iter().flat_map(|(_, sources)| sources)
    }
}

/// Whether a source allows any host: `*`, `https:`, `https://*:443` and the like.
pub fn is_unrestricted(source: &str) -> bool {
    let without_scheme = ["https://", "http://"]
        .iter()
        .find_map(|scheme| source.strip_prefix(scheme));
    let host = without_scheme.unwrap_or(source).split([':', '/']).next();
    matches!(source, "http:" | "https:") || host == Some("*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_two_directives_counts() {
        let policy = Policy::parse("Default-Src *; default-src 'none';; base-uri");
        assert_eq!(policy.sources("default-src").unwrap(), ["*"]);
        assert_eq!(policy.sources("base-uri").unwrap(), [""; 0]);
        assert_eq!(policy.sources("script-src"), None);
    }

    #[test]
    fn an_unrestricted_source_is_written_in_many_ways() {
        for source in [
            "*",
            "https:",
            "http:",
            "https://*",
            "*:443",
            "https://*:*",
            "http://*/",
        ] {
            assert!(is_unrestricted(source), "{source}");
        }
        for source in [
            "'self'",
            "https://*.ctrader.com",
            "*.ctrader.com:*",
            "localhost:*",
            "data:",
        ] {
            assert!(!is_unrestricted(source), "{source}");
        }
    }
}
