//! "The right legal entity" on every page.

use crate::check::{
    page::{Page, words},
    report::{Check, Group, Problem, Rule},
    survey::{Subject, Survey, Visit},
};

/// The group.
pub fn check(survey: &Survey<'_>) -> Group {
    Group::new("Legal entity", [present(survey), right(survey)])
}

/// The pages that must have a legal line: all of them; of several brokers' deployment, those that know their trader.
fn pages<'a>(survey: &'a Survey<'_>) -> Vec<(&'a Visit, &'a Page)> {
    let all = !survey.target.white_labels;
    let pages = survey.pages();
    pages.filter(|(visit, _)| all || is_open(visit)).collect()
}

/// Whether a token opened a screen.
fn is_open(visit: &Visit) -> bool {
    let answered = visit.answer.as_ref().is_ok_and(|answer| answer.status == 200);
    answered && matches!(visit.subject, Subject::Opened(_))
}

/// Judges these pages, and says so where they are not all.
fn judge(rule: Rule, survey: &Survey<'_>, problem: impl Fn(&Visit, &Page) -> Option<Problem>) -> Check {
    let pages = pages(survey);
    let white_labels = survey.target.white_labels;
    if white_labels && pages.is_empty() {
        return rule.skip(
            "needs a screen that a token opens: --token-command (--white-labels leaves out all other pages)",
        );
    }
    let left_out = "left out by --white-labels: pages without a trader";
    let left_out = white_labels.then(|| Problem::note("", left_out));
    let problems = pages.into_iter().filter_map(|(visit, page)| problem(visit, page));
    rule.judge(problems.chain(left_out))
}

fn present(survey: &Survey<'_>) -> Check {
    let rule = Rule {
        id: "legal.present",
        says: "Every page names the legal entity",
        advice: "Write it into `legal` of broker.toml, in each language. Where several brokers share the deployment: --white-labels.",
    };
    judge(rule, survey, |visit, page| {
        let lines = page.find(r#"footer, [role="contentinfo"]"#);
        let said = lines
            .iter()
            .any(|line| !words(&line.text().collect::<String>()).is_empty());
        (!said).then(|| Problem::fail(visit, "no legal line in a <footer>"))
    })
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
    judge(rule, survey, |visit, page| {
        let said = page.text().contains(&legal);
        (!said).then(|| Problem::fail(visit, format!("does not say \"{legal}\"")))
    })
}
