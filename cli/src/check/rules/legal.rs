//! "The right legal entity" on every page.

use crate::check::{
    page::words,
    report::{Check, Group, Problem, Rule},
    survey::Survey,
};

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new("Legal entity", [present(survey), right(survey)])
}

fn present(survey: &Survey<'_>) -> Check {
    let problems = survey.pages().filter_map(|(visit, page)| {
        let lines = page.find(r#"footer, [role="contentinfo"]"#);
        let said = lines
            .iter()
            .any(|line| !words(&line.text().collect::<String>()).is_empty());
        (!said).then(|| Problem::fail(visit, "no legal line in a <footer>"))
    });
    Rule {
        id: "legal.present",
        says: "Every page names the legal entity",
        advice: "Write it into `legal` of broker.toml, in each language.",
    }
    .judge(problems)
}

fn right(survey: &Survey<'_>) -> Check {
    let rule = Rule {
        id: "legal.entity",
        says: "It is the right one",
        advice: "Compare `legal` of broker.toml with --legal.",
    };
    let Some(legal) = &survey.target.legal else {
        return rule.skip("needs its name: --legal");
    };
    let legal = words(legal);
    let problems = survey
        .pages()
        .filter(|(_, page)| !page.text().contains(&legal))
        .map(|(visit, _)| Problem::fail(visit, format!("does not say \"{legal}\"")));
    rule.judge(problems)
}
