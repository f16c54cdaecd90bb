//! Spotware requires "the right legal entity" on every page.

use crate::check::{
    page::{Page, collapse_whitespace},
    probe::{Probe, ProbeResults, Subject},
    report::{Check, Group, Problem, Rule},
};

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    Group::new("Legal entity", [is_present(results), is_right(results)])
}

/// The pages that must have a legal line: all pages, or with `--white-labels` those that know their trader.
fn concerned_pages<'a>(results: &'a ProbeResults<'_>) -> Vec<(&'a Probe, &'a Page)> {
    let all = !results.target.white_labels;
    results
        .pages()
        .filter(|(probe, _)| all || is_open(probe))
        .collect()
}

/// Whether the page is a screen that a token opened.
fn is_open(probe: &Probe) -> bool {
    let is_ok = probe
        .response
        .as_ref()
        .is_ok_and(|response| response.status == 200);
    is_ok && matches!(probe.subject, Subject::Opened(_))
}

/// Checks the pages that must have a legal line. Adds a remark if other pages were skipped.
fn judge(
    rule: Rule,
    results: &ProbeResults<'_>,
    problem: impl Fn(&Probe, &Page) -> Option<Problem>,
) -> Check {
    let pages = concerned_pages(results);
    let white_labels = results.target.white_labels;
    if white_labels && pages.is_empty() {
        return rule.skip(
            "needs a screen that a token opens: --token-command (with --white-labels no other pages are checked)",
        );
    }
    let remark = white_labels.then(|| {
        Problem::note(
            "",
            "not checked because of --white-labels: pages without a trader",
        )
    });
    let problems = pages.into_iter().filter_map(|(probe, page)| problem(probe, page));
    rule.judge(problems.chain(remark))
}

fn is_present(results: &ProbeResults<'_>) -> Check {
    let rule = Rule {
        id: "legal.present",
        text: "Every page names the legal entity",
        advice: "Write it into `legal` of broker.toml, in each language. If several brokers share the deployment, use --white-labels.",
    };
    judge(rule, results, |probe, page| {
        let lines = page.find(r#"footer, [role="contentinfo"]"#);
        let has_line = lines
            .iter()
            .any(|line| !collapse_whitespace(&line.text().collect::<String>()).is_empty());
        (!has_line).then(|| Problem::fail(probe, "no legal line in a <footer>"))
    })
}

fn is_right(results: &ProbeResults<'_>) -> Check {
    let rule = Rule {
        id: "legal.entity",
        text: "The legal entity is the right one",
        advice: "Compare `legal` of broker.toml with --legal.",
    };
    let Some(legal) = &results.target.legal else {
        return rule.skip("needs the name of the legal entity: --legal");
    };
    let name = collapse_whitespace(legal);
    judge(rule, results, |probe, page| {
        let is_named = page.text().contains(&name);
        (!is_named).then(|| Problem::fail(probe, format!("does not contain \"{name}\"")))
    })
}
