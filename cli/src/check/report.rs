//! The report: groups of checks, as text and as JSON.

use std::{collections::BTreeMap, fmt};

use inbound::{printable, printable_json};
use serde::Serialize;

/// How many places a line of the printed report names before "and 3 more". JSON has all places.
const MAX_PLACES: usize = 3;

/// The outcome of a check. Ordered by severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The rule could not be checked.
    Skip,
    /// The rule is kept.
    Pass,
    /// The rule is kept, but only just, or not quite as Spotware asks.
    Warn,
    /// The rule is broken.
    Fail,
}

impl Outcome {
    fn symbol(self) -> char {
        match self {
            Self::Skip => '–',
            Self::Pass => '✓',
            Self::Warn => '!',
            Self::Fail => '✗',
        }
    }
}

/// A rule.
pub struct Rule {
    /// A stable id: group and rule, such as `headers.hsts`.
    pub id: &'static str,
    /// What must hold.
    pub text: &'static str,
    /// What to do if the rule is broken.
    pub advice: &'static str,
}

/// A deviation from a rule, or a remark on how it is kept.
#[derive(Serialize)]
pub struct Problem {
    /// The request whose response has the problem.
    place: String,
    /// The problem.
    what: String,
    #[serde(skip)]
    outcome: Outcome,
}

impl Problem {
    /// The rule is broken here.
    pub fn fail(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(Outcome::Fail, place, what)
    }

    /// The rule is only just kept here.
    pub fn warn(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(Outcome::Warn, place, what)
    }

    /// A remark: the rule is kept here.
    pub fn note(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(Outcome::Pass, place, what)
    }

    fn new(outcome: Outcome, place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self {
            place: place.to_string(),
            what: what.to_string(),
            outcome,
        }
    }
}

/// A rule and its outcome.
#[derive(Serialize)]
pub struct Check {
    id: &'static str,
    rule: &'static str,
    outcome: Outcome,
    problems: Vec<Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

impl Rule {
    /// The outcome is that of the most severe problem. Without a problem the rule is kept.
    pub fn judge(self, problems: impl IntoIterator<Item = Problem>) -> Check {
        let problems: Vec<Problem> = problems.into_iter().collect();
        let outcome = problems
            .iter()
            .map(|problem| problem.outcome)
            .max()
            .unwrap_or(Outcome::Pass);
        Check {
            id: self.id,
            rule: self.text,
            outcome,
            advice: (outcome > Outcome::Pass).then_some(self.advice),
            problems,
        }
    }

    /// The rule could not be checked, for this reason.
    pub fn skip(self, reason: &str) -> Check {
        Check {
            id: self.id,
            rule: self.text,
            outcome: Outcome::Skip,
            problems: vec![Problem::new(Outcome::Skip, "", reason)],
            advice: None,
        }
    }
}

/// Checks that belong together.
#[derive(Serialize)]
pub struct Group {
    name: &'static str,
    checks: Vec<Check>,
}

impl Group {
    /// A group of checks under a heading.
    pub fn new(name: &'static str, checks: impl IntoIterator<Item = Check>) -> Self {
        Self {
            name,
            checks: checks.into_iter().collect(),
        }
    }

    /// Whether the rule with this id is broken.
    pub fn has_failed(&self, id: &str) -> bool {
        let failed = |check: &Check| check.id == id && check.outcome == Outcome::Fail;
        self.checks.iter().any(failed)
    }
}

/// The report on a deployment.
#[derive(Serialize)]
pub struct Report {
    url: String,
    groups: Vec<Group>,
}

/// The number of checks with each outcome.
#[derive(Serialize)]
struct Counts {
    passed: usize,
    warnings: usize,
    failed: usize,
    skipped: usize,
}

impl Report {
    /// A report without checks.
    pub fn new(url: String) -> Self {
        Self {
            url,
            groups: Vec::new(),
        }
    }

    /// Adds a group of checks.
    pub fn add(&mut self, group: Group) {
        self.groups.push(group);
    }

    /// Whether no rule is broken.
    pub fn passed(&self) -> bool {
        self.counts().failed == 0
    }

    /// Removes secrets from the texts of problems, which may quote the deployment.
    pub fn redact(&mut self, secrets: &[String]) {
        let checks = self.groups.iter_mut().flat_map(|group| &mut group.checks);
        for problem in checks.flat_map(|check| &mut check.problems) {
            for secret in secrets {
                problem.what = redact(&problem.what, secret);
            }
        }
    }

    /// The report as JSON.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Json<'a> {
            url: &'a str,
            passed: bool,
            counts: Counts,
            groups: &'a [Group],
        }
        let json = Json {
            url: &self.url,
            passed: self.passed(),
            counts: self.counts(),
            groups: &self.groups,
        };
        // A type with text keys and plain values cannot fail to serialize.
        printable_json(&serde_json::to_string_pretty(&json).unwrap_or_default())
    }

    fn counts(&self) -> Counts {
        let count = |outcome| {
            let checks = self.groups.iter().flat_map(|group| &group.checks);
            checks.filter(|check| check.outcome == outcome).count()
        };
        Counts {
            passed: count(Outcome::Pass),
            warnings: count(Outcome::Warn),
            failed: count(Outcome::Fail),
            skipped: count(Outcome::Skip),
        }
    }
}

/// The report as text.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.url)?;
        for group in &self.groups {
            writeln!(f, "\n{}", group.name)?;
            for check in &group.checks {
                write!(f, "{check}")?;
            }
        }
        let Counts {
            passed,
            warnings,
            failed,
            skipped,
        } = self.counts();
        writeln!(
            f,
            "\n{passed} passed, {warnings} to look at, {failed} failed, {skipped} not checked"
        )
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {} {}", self.outcome.symbol(), self.rule)?;
        for (what, places) in self.places_by_problem() {
            // Problems quote the deployment.
            let what = printable(what);
            let named: Vec<&str> = places
                .iter()
                .copied()
                .filter(|place| !place.is_empty())
                .take(MAX_PLACES)
                .collect();
            let more = places.len().saturating_sub(named.len());
            if named.is_empty() {
                writeln!(f, "      {what}")?;
            } else if more == 0 {
                writeln!(f, "      {what}: {}", named.join("; "))?;
            } else {
                writeln!(f, "      {what}: {}; and {more} more", named.join("; "))?;
            }
        }
        match self.advice {
            Some(advice) => writeln!(f, "      → {advice}"),
            None => Ok(()),
        }
    }
}

/// Replaces a secret in the text by `…`, in upper or lower case: a quoted host name is in lower case.
fn redact(text: &str, secret: &str) -> String {
    let secret = secret.to_ascii_lowercase();
    let (mut rest, mut redacted) = (text, String::new());
    // Only ASCII letters change case, so byte offsets are the same in both texts.
    while let Some(at) = rest.to_ascii_lowercase().find(&secret) {
        redacted.push_str(&rest[..at]);
        redacted.push('…');
        rest = &rest[at + secret.len()..];
    }
    redacted + rest
}

impl Check {
    /// The places of each problem.
    fn places_by_problem(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for problem in &self.problems {
            places.entry(&problem.what).or_default().push(&problem.place);
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Rule {
        Rule {
            id: "a.b",
            text: "It holds",
            advice: "Do this.",
        }
    }

    #[test]
    fn the_outcome_of_a_check_is_that_of_its_most_severe_problem() {
        assert_eq!(rule().judge([]).outcome, Outcome::Pass);
        assert_eq!(rule().judge([Problem::warn("x", "y")]).outcome, Outcome::Warn);
        let noted = rule().judge([Problem::note("x", "y")]);
        assert_eq!((noted.outcome, noted.advice), (Outcome::Pass, None));
        let both = [Problem::fail("x", "y"), Problem::warn("x", "y")];
        assert_eq!(rule().judge(both).outcome, Outcome::Fail);
    }

    #[test]
    fn a_secret_is_redacted_in_upper_and_lower_case() {
        assert_eq!(redact("é aBc, ABC; abd", "abC"), "é …, …; abd");
        assert_eq!(redact("", "abc"), "");
    }

    #[test]
    fn one_problem_in_many_places_is_one_line() {
        let problems = ["a", "b", "c", "d", "e"].map(|place| Problem::fail(place, "is wrong"));
        assert_eq!(
            rule().judge(problems).to_string(),
            "  ✗ It holds\n      is wrong: a; b; c; and 2 more\n      → Do this.\n"
        );
        assert_eq!(
            rule().skip("no token").to_string(),
            "  – It holds\n      no token\n"
        );
    }
}
