//! `cargo e2e`: the browser and whole-stack tests.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use futures_util::future::{select_all, try_join_all};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::cargo::{self, root};
use crate::process::Process;
use crate::python::Venv;
use crate::say::{Context, Problem, step};
use crate::settings::Place;
use crate::stack::{Plan, Stack, broker, prepare, website_url};
use crate::{chromium, node};

/// Has pytest run the tests too that take long and guard what seldom changes.
pub(crate) const FULL: &str = "--full";

/// How many stacks there may be. Each takes a browser, the functions and a local AWS.
const MOST_STACKS: u16 = 8;

/// How often `reconcile` runs. The tests wait for several of its rounds.
const ROUND: Duration = Duration::from_secs(3);

/// The file with the secret that calls to a broker's backend are signed with.
const BACKEND_SECRET_FILE: &str = "backend-secret";

/// Exit codes of pytest that do not say that it was broken off.
const PASSED: u8 = 0;
const FAILED: u8 = 1;
const NO_TESTS: u8 = 5;

/// Runs pytest on `e2e/` against fresh stacks, and gives its exit code.
pub(crate) async fn run(arguments: &[&str]) -> Result<ExitCode, Problem> {
    let (count, arguments) = stacks_wanted(arguments)?;
    let places = (0..count).map(Place::e2e).collect::<Result<Vec<_>, Problem>>()?;
    let chromium = chromium::path().await?;
    let directory = root().join(".local/venv-e2e");
    let venv = Venv::install(directory, &root().join("e2e/requirements.txt")).await?;
    let lighthouse = node::install(
        &venv,
        &root().join("e2e/lighthouse"),
        &root().join(".local/lighthouse"),
    )
    .await?;
    let mut forbidden = Vec::new();
    for place in &places {
        forbidden.extend(secrets(place)?);
    }
    let cache = places[0].file("pytest-cache");
    let plans = places
        .into_iter()
        .map(plan)
        .collect::<Result<Vec<_>, Problem>>()?;
    let programs = prepare(true).await?;
    build_inapp().await?;
    let mut stacks = try_join_all(plans.iter().map(|plan| Stack::start(plan, &programs))).await?;

    let command = |more: &[&str]| {
        let mut command = Command::new(venv.program("python"));
        command
            .current_dir(root())
            .args(["-m", "pytest", "e2e"])
            .args(["-o", &format!("cache_dir={}", cache.display())])
            .args(more)
            .args(&arguments)
            // The tree stays as it is: neither git nor `cargo lambda watch` sees a test run.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("CHROMIUM", &chromium)
            .env("NODE", venv.program("node"))
            .env("LIGHTHOUSE", &lighthouse);
        command
    };
    let code = if count == 1 {
        pytest(command(&[]), &mut stacks).await?
    } else {
        let count = count.to_string();
        let together = ["--part=together", "--numprocesses", &count];
        let together = [&together[..], &["--dist=worksteal", "--max-worker-restart=0"]].concat();
        let together = pytest(command(&together), &mut stacks).await?;
        if matches!(together, PASSED | FAILED | NO_TESTS) {
            let alone = pytest(command(&["--part=alone"]), &mut stacks).await?;
            worse(together, alone)
        } else {
            together
        }
    };

    let mut logs = Vec::new();
    for stack in stacks {
        logs.push(stack.log.clone());
        forbidden.extend(stack.emails());
        stack.stop().await;
    }
    for log in &logs {
        check_log(log, &forbidden)?;
    }
    if code != 0 {
        let logs: Vec<_> = logs.iter().map(|log| log.display().to_string()).collect();
        step(
            "Failed",
            &format!("what the functions wrote is in {}", logs.join(" and ")),
        );
    }
    Ok(ExitCode::from(code))
}

/// How many stacks run side by side, and the arguments that are for pytest.
fn stacks_wanted<'a>(arguments: &[&'a str]) -> Result<(u16, Vec<&'a str>), Problem> {
    const OPTION: &str = "--stacks=";
    let (ours, rest): (Vec<&str>, Vec<&str>) = arguments
        .iter()
        .partition(|argument| argument.starts_with(OPTION));
    if let Some(option) = ours.last() {
        return match option[OPTION.len()..].parse() {
            Ok(count @ 1..=MOST_STACKS) => Ok((count, rest)),
            _ => Err(Problem::new(format!(
                "{option} is no number from 1 to {MOST_STACKS}"
            ))),
        };
    }
    // Who chooses tests waits for a few of them only, may want a debugger, and reads what they print.
    let all = rest.iter().all(|argument| *argument == FULL);
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    Ok((if all && cores > 1 { 2 } else { 1 }, rest))
}

/// Builds the command line that test_check.py runs. A build in the midst of the tests would hold up functions that start.
async fn build_inapp() -> Result<(), Problem> {
    step("Building", "inapp");
    match cargo::run(&["build", "--package", "inapp"]).await? {
        0 => Ok(()),
        _ => Err(Problem::new(
            "inapp does not build; the compiler's messages are above.",
        )),
    }
}

/// The secrets of a stack.
fn secrets(place: &Place) -> Result<Vec<String>, Problem> {
    let names = [
        "manager-token",
        "session-key",
        BACKEND_SECRET_FILE,
        "crm-webhook-secret",
    ];
    let mut secrets = names
        .iter()
        .map(|name| place.secret(name))
        .collect::<Result<Vec<_>, _>>()?;
    let of_payments = place.payment_secrets(&broker(&broker_toml()).methods)?;
    secrets.extend(of_payments.into_iter().map(|(_, secret)| secret));
    Ok(secrets)
}

/// The tests' own broker file, whatever broker the root's is of.
fn broker_toml() -> PathBuf {
    root().join("tests/fixtures/demo.toml")
}

/// A stack for the tests.
fn plan(place: Place) -> Result<Plan, Problem> {
    Ok(Plan {
        broker_toml: broker_toml(),
        more_config: actions_of_the_tests(&website_url(place.ports)),
        place,
        functions: true,
        reload: false,
        echo: false,
        languages: translations()?,
        round: ROUND,
    })
}

/// Runs pytest with the addresses of the stacks, and gives its exit code.
async fn pytest(mut command: Command, stacks: &mut [Stack]) -> Result<u8, Problem> {
    step("Running", "pytest e2e/");
    let described = stacks.iter().map(described).collect::<Result<Vec<_>, _>>()?;
    command.env("INAPP_STACKS", Value::Array(described).to_string());
    let mut pytest = Process::run("pytest", &mut command)?;
    let ended = select_all(stacks.iter_mut().map(|stack| Box::pin(stack.ended())));
    tokio::select! {
        code = pytest.code() => code,
        (ended, ..) = ended => Err(ended),
    }
}

/// What the tests know of a stack: the class `Stack` of e2e/conftest.py.
fn described(stack: &Stack) -> Result<Value, Problem> {
    Ok(json!({
        "terminal": stack.terminal_url(),
        "functions": stack.functions_url(),
        "backend": stack.backend_url(),
        "sample": stack.sample_url(),
        "website": stack.website_url(),
        "dynamodb": stack.dynamodb_url(),
        "log": stack.log,
        "backend_secret": stack.place.secret(BACKEND_SECRET_FILE)?,
        "round": ROUND.as_secs(),
    }))
}

/// The exit code of two runs of pytest. A part that has none of the tests passes.
fn worse(first: u8, second: u8) -> u8 {
    match (first, second) {
        (NO_TESTS, code) | (code, NO_TESTS) => code,
        (first, second) => first.max(second),
    }
}

/// Custom actions that lead to a website which the tests serve: in the frame, in a window of its own, to a receiver of
/// docs/INTEGRATE.md; and one that such a receiver answers.
fn actions_of_the_tests(website: &str) -> String {
    let redirect = |name: &str, framed: bool, path: &str| {
        format!(
            "\n[[actions]]\ntype = \"{name}\"\ntitle = \"{name}\"\n\n[actions.redirect]\nframed = {framed}\n\
             to = \"{website}/{path}\"\n"
        )
    };
    let backend = format!(
        "\n[[actions]]\ntype = \"e2e-backend\"\ntitle = \"e2e-backend\"\n\
         fields = [{{ name = \"code\", kind = \"text\", label = \"Code\" }}]\n\n\
         [actions.backend]\nurl = \"{website}/inapp/bonus\"\n"
    );
    redirect("e2e-framed", true, "e2e-framed?from=ctrader")
        + &redirect("e2e-unframed", false, "e2e-unframed?from=ctrader")
        + &redirect("e2e-documents", true, "documents")
        + &backend
}

/// Every language that the screens have texts in: the tests look at all of them.
fn translations() -> Result<Vec<String>, Problem> {
    let directory = root().join("shared/web/locales");
    let what = format!("read {}", directory.display());
    let mut languages = Vec::new();
    for entry in fs::read_dir(&directory).context(&what)? {
        let name = entry.context(&what)?.file_name();
        languages.extend(name.to_string_lossy().strip_suffix(".ftl").map(str::to_owned));
    }
    languages.sort();
    Ok(languages)
}

/// The canary of the whole stack: no secret, e-mail address or query string with a token in anything that was written.
fn check_log(log: &Path, forbidden: &[String]) -> Result<(), Problem> {
    let text = fs::read_to_string(log).context(format!("read {}", log.display()))?;
    match leak(&text, forbidden) {
        None => Ok(()),
        Some(line) => Err(Problem::new(format!(
            "A secret, an e-mail address or a token was written to {}:\n{line}",
            log.display()
        ))),
    }
}

/// The first line with something confidential in it.
fn leak<'a>(text: &'a str, forbidden: &[String]) -> Option<&'a str> {
    text.lines().find(|line| {
        line.contains("token=")
            || line.contains("assertion=")
            || forbidden.iter().any(|text| line.contains(text.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_are_chosen_run_in_one_stack_unless_told_otherwise() {
        assert_eq!(
            stacks_wanted(&["-k", "arabic"]).unwrap(),
            (1, vec!["-k", "arabic"])
        );
        assert_eq!(
            stacks_wanted(&[FULL]).unwrap(),
            (stacks_wanted(&[]).unwrap().0, vec![FULL])
        );
        assert_eq!(stacks_wanted(&["-x", "--stacks=3"]).unwrap(), (3, vec!["-x"]));
        assert!(stacks_wanted(&["--stacks=0"]).is_err());
    }

    #[test]
    fn a_part_without_tests_passes_and_a_failure_of_either_counts() {
        assert_eq!(
            [worse(0, 5), worse(5, 0), worse(1, 5), worse(0, 1), worse(5, 5)],
            [0, 0, 1, 1, 5]
        );
    }

    #[test]
    fn a_leak_is_found_by_its_line() {
        let forbidden = ["s3cret".to_owned()];
        assert_eq!(leak("fine\nstill fine", &forbidden), None);
        assert_eq!(leak("fine\nkey s3cret", &forbidden), Some("key s3cret"));
        assert_eq!(
            leak("GET /inapp/deposit?token=abc", &[]),
            Some("GET /inapp/deposit?token=abc")
        );
    }
}
