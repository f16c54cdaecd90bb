//! What was found: groups of checks, for people and for programs.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// How many places a line of the printed report names before it says "and 3 more". JSON has them all.
const NAMED: usize = 3;

/// How a check came out. Ordered by gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It could not be checked.
    Skip,
    /// The rule is kept.
    Pass,
    /// Kept, but barely; or not quite what Spotware asks for.
    Warn,
    /// The rule is broken.
    Fail,
}

impl Outcome {
    fn mark(self) -> char {
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
    /// For programs: group and rule, such as `headers.hsts`.
    pub id: &'static str,
    /// What must hold.
    pub says: &'static str,
    /// What to do where it does not.
    pub advice: &'static str,
}

/// Something that is not as the rule says, or is to be known where it is kept.
#[derive(Serialize)]
pub struct Problem {
    /// Which answer has it.
    place: String,
    /// What it is.
    what: String,
    #[serde(skip)]
    outcome: Outcome,
}

impl Problem {
    /// The rule is broken here.
    pub fn fail(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(Outcome::Fail, place, what)
    }

    /// The rule is kept here, but barely.
    pub fn warn(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self::new(Outcome::Warn, place, what)
    }

    /// The rule is kept here; this is how.
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

/// A rule and what was found.
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
    /// The check comes out as its gravest problem; without one it passed.
    pub fn judge(self, problems: impl IntoIterator<Item = Problem>) -> Check {
        let problems: Vec<Problem> = problems.into_iter().collect();
        let outcome = problems
            .iter()
            .map(|problem| problem.outcome)
            .max()
            .unwrap_or(Outcome::Pass);
        Check {
            id: self.id,
            rule: self.says,
            outcome,
            advice: (outcome > Outcome::Pass).then_some(self.advice),
            problems,
        }
    }

    /// The rule could not be checked.
    pub fn skip(self, why: &str) -> Check {
        Check {
            id: self.id,
            rule: self.says,
            outcome: Outcome::Skip,
            problems: vec![Problem::new(Outcome::Skip, "", why)],
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
    /// A group.
    pub fn new(name: &'static str, checks: impl IntoIterator<Item = Check>) -> Self {
        Self {
            name,
            checks: checks.into_iter().collect(),
        }
    }

    /// Whether the rule of that id is broken.
    pub fn has_failed(&self, id: &str) -> bool {
        let failed = |check: &Check| check.id == id && check.outcome == Outcome::Fail;
        self.checks.iter().any(failed)
    }
}

/// All that was found.
#[derive(Serialize)]
pub struct Report {
    url: String,
    groups: Vec<Group>,
}

/// How many checks came out in which way.
#[derive(Serialize)]
struct Counts {
    passed: usize,
    warnings: usize,
    failed: usize,
    skipped: usize,
}

impl Report {
    /// Nothing was found yet.
    pub fn new(url: String) -> Self {
        Self {
            url,
            groups: Vec::new(),
        }
    }

    /// Adds a group.
    pub fn add(&mut self, group: Group) {
        self.groups.push(group);
    }

    /// Whether nothing failed.
    pub fn passed(&self) -> bool {
        self.counts().failed == 0
    }

    /// Takes out whatever of `secrets` a deployment may have put into what is quoted of it.
    pub fn redact(&mut self, secrets: &[String]) {
        let checks = self.groups.iter_mut().flat_map(|group| &mut group.checks);
        for problem in checks.flat_map(|check| &mut check.problems) {
            for secret in secrets {
                problem.what = without(&problem.what, secret);
            }
        }
    }

    /// For programs.
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
        serde_json::to_string_pretty(&json).unwrap_or_default()
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

/// For people.
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
        writeln!(f, "  {} {}", self.outcome.mark(), self.rule)?;
        for (what, places) in self.by_problem() {
            let named: Vec<&str> = places
                .iter()
                .copied()
                .filter(|place| !place.is_empty())
                .take(NAMED)
                .collect();
            match (named.is_empty(), places.len().saturating_sub(named.len())) {
                (true, _) => writeln!(f, "      {what}")?,
                (false, 0) => writeln!(f, "      {what}: {}", named.join("; "))?,
                (false, more) => writeln!(f, "      {what}: {}; and {more} more", named.join("; "))?,
            }
        }
        match self.advice {
            Some(advice) => writeln!(f, "      → {advice}"),
            None => Ok(()),
        }
    }
}

/// The text with `…` for a secret, in capitals or not: a host name that is quoted may hold it in small letters.
fn without(text: &str, secret: &str) -> String {
    let secret = secret.to_ascii_lowercase();
    let (mut rest, mut kept) = (text, String::new());
    // Only ASCII letters change, so that places in both texts are the same.
    while let Some(at) = rest.to_ascii_lowercase().find(&secret) {
        kept.push_str(&rest[..at]);
        kept.push('…');
        rest = &rest[at + secret.len()..];
    }
    kept + rest
}

impl Check {
    /// The places of each problem.
    fn by_problem(&self) -> BTreeMap<&str, Vec<&str>> {
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
            says: "It holds",
            advice: "Do this.",
        }
    }

    #[test]
    fn a_check_comes_out_as_its_gravest_problem() {
        assert_eq!(rule().judge([]).outcome, Outcome::Pass);
        assert_eq!(rule().judge([Problem::warn("x", "y")]).outcome, Outcome::Warn);
        let noted = rule().judge([Problem::note("x", "y")]);
        assert_eq!((noted.outcome, noted.advice), (Outcome::Pass, None));
        let both = [Problem::fail("x", "y"), Problem::warn("x", "y")];
        assert_eq!(rule().judge(both).outcome, Outcome::Fail);
    }

    #[test]
    fn a_secret_is_taken_out_in_capitals_or_not() {
        assert_eq!(without("é aBc, ABC; abd", "abC"), "é …, …; abd");
        assert_eq!(without("", "abc"), "");
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
