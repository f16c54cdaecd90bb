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
use crate::console::{Context, Problem, step};
use crate::engines::{Engine, Wanted};
use crate::process::Process;
use crate::python::Venv;
use crate::services::StackSecrets;
use crate::stack::{Stack, StackOptions, prepare, read_broker};
use crate::stack_dir::StackDir;
use crate::{chromium, engines, node};

/// Makes pytest run also the slow tests of parts that seldom change.
pub(crate) const FULL: &str = "--full";

/// The maximum number of stacks. Each needs a browser, the functions and a local AWS.
const MAX_STACKS: u16 = 8;

/// The pause between two runs of `reconcile`. Some tests wait for several runs.
const RECONCILE_EVERY: Duration = Duration::from_secs(3);

/// Exit codes of pytest after a complete run.
const PASSED: u8 = 0;
const FAILED: u8 = 1;
const NO_TESTS: u8 = 5;

/// Builds the command line and runs the tests. Returns the exit code of pytest.
pub(crate) async fn run(arguments: &[&str]) -> Result<ExitCode, Problem> {
    build_inapp().await?;
    run_tests(arguments).await
}

/// Runs pytest on `e2e/` against fresh stacks, with `inapp` as it was built last. Returns its exit code.
pub(crate) async fn run_tests(arguments: &[&str]) -> Result<ExitCode, Problem> {
    let choice = Choice::from_arguments(arguments)?;
    let dirs = (0..choice.stacks)
        .map(StackDir::e2e)
        .collect::<Result<Vec<_>, Problem>>()?;
    let tests = Tests::install(choice, dirs[0].file("pytest-cache")).await?;
    let broker = read_broker(&broker_toml());
    let mut confidential = Vec::new();
    for dir in &dirs {
        confidential.extend(StackSecrets::load(dir, &broker)?.values());
    }
    let options = dirs
        .into_iter()
        .map(stack_options)
        .collect::<Result<Vec<_>, Problem>>()?;
    let programs = prepare(true).await?;
    let mut stacks = try_join_all(options.iter().map(|options| Stack::start(options, &programs))).await?;
    let code = tests.run(&mut stacks).await?;

    let mut logs = Vec::new();
    for stack in stacks {
        logs.push(stack.log.clone());
        confidential.extend(stack.emails());
        stack.stop().await;
    }
    for log in &logs {
        check_log(log, &confidential)?;
    }
    if code != 0 {
        let logs: Vec<_> = logs.iter().map(|log| log.display().to_string()).collect();
        step(
            "Failed",
            &format!("the output of the functions is in {}", logs.join(" and ")),
        );
    }
    Ok(ExitCode::from(code))
}

/// The tests in `e2e/`, with the programs that they need.
struct Tests<'a> {
    /// For pytest.
    arguments: Vec<&'a str>,
    cache: PathBuf,
    venv: Venv,
    chromium: PathBuf,
    /// The programs of other browser engines.
    engines: Value,
    /// The directory of Lighthouse's modules.
    lighthouse: PathBuf,
}

impl<'a> Tests<'a> {
    async fn install(choice: Choice<'a>, cache: PathBuf) -> Result<Self, Problem> {
        let chromium = chromium::path().await?;
        let engines = engines::prepare(choice.engines).await?;
        let requirements = root().join("e2e/requirements.txt");
        let venv = Venv::install(root().join(".local/venv-e2e"), &requirements).await?;
        let package = root().join("e2e/lighthouse");
        let lighthouse = node::install(&venv, &package, &root().join(".local/lighthouse")).await?;
        Ok(Self {
            arguments: choice.arguments,
            cache,
            venv,
            chromium,
            engines,
            lighthouse,
        })
    }

    /// Runs all tests. With several stacks it runs the tests in parallel, then those marked `alone`.
    async fn run(&self, stacks: &mut [Stack]) -> Result<u8, Problem> {
        if stacks.len() == 1 {
            return self.run_pytest(&[], stacks).await;
        }
        let count = stacks.len().to_string();
        let parallel = [
            "--part=together",
            "--numprocesses",
            &count,
            "--dist=worksteal",
            "--max-worker-restart=0",
        ];
        let together = self.run_pytest(&parallel, stacks).await?;
        if !matches!(together, PASSED | FAILED | NO_TESTS) {
            return Ok(together);
        }
        let alone = self.run_pytest(&["--part=alone"], stacks).await?;
        Ok(worse(together, alone))
    }

    /// Runs pytest once. Returns its exit code.
    async fn run_pytest(&self, arguments: &[&str], stacks: &mut [Stack]) -> Result<u8, Problem> {
        step("Running", "pytest e2e/");
        let descriptions = stacks.iter().map(description).collect::<Result<Vec<_>, _>>()?;
        let mut command = Command::new(self.venv.program("python"));
        command
            .current_dir(root())
            .args(["-m", "pytest"])
            .args(["-o", &format!("cache_dir={}", self.cache.display())])
            .args(arguments)
            .args(&self.arguments)
            // Keeps the source tree unchanged, for git and `cargo lambda watch`.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("CHROMIUM", &self.chromium)
            .env("INAPP_ENGINES", self.engines.to_string())
            .env("NODE", self.venv.program("node"))
            .env("LIGHTHOUSE", &self.lighthouse)
            .env("INAPP_STACKS", Value::Array(descriptions).to_string());
        let mut pytest = Process::run("pytest", &mut command)?;
        let ended = select_all(stacks.iter_mut().map(|stack| Box::pin(stack.ended())));
        tokio::select! {
            code = pytest.code() => code,
            (ended, ..) = ended => Err(ended),
        }
    }
}

/// What the arguments of `cargo e2e` choose.
#[derive(Debug, PartialEq, Eq)]
struct Choice<'a> {
    stacks: u16,
    engines: Wanted,
    /// For pytest.
    arguments: Vec<&'a str>,
}

impl<'a> Choice<'a> {
    fn from_arguments(arguments: &[&'a str]) -> Result<Self, Problem> {
        let mut rest = arguments.to_vec();
        let stacks = take_option(&mut rest, "--stacks")?.map(stack_count).transpose()?;
        let engine = take_option(&mut rest, "--engine")?
            .map(Engine::from_name)
            .transpose()?;
        let is_whole_run = engine.is_none() && rest.iter().all(|argument| *argument == FULL);
        // With chosen tests one stack is enough, and it allows a debugger and readable output.
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let default = if is_whole_run && cores > 1 { 2 } else { 1 };
        let engines = match engine {
            Some(engine) => Wanted::Only(engine),
            None if is_whole_run => Wanted::All,
            None => Wanted::Installed,
        };
        let tests: &[&str] = if engine.is_some() {
            &["e2e/test_engines.py", FULL]
        } else {
            &["e2e"]
        };
        Ok(Self {
            stacks: stacks.unwrap_or(default),
            engines,
            arguments: [tests, &rest].concat(),
        })
    }
}

/// Removes an option from the arguments, as `--option VALUE` or `--option=VALUE`. Returns its value.
fn take_option<'a>(arguments: &mut Vec<&'a str>, option: &str) -> Result<Option<&'a str>, Problem> {
    let value_of = |argument: &'a str| argument.strip_prefix(option)?.strip_prefix('=');
    let Some(index) = arguments
        .iter()
        .position(|argument| *argument == option || value_of(argument).is_some())
    else {
        return Ok(None);
    };
    if let Some(value) = value_of(arguments.remove(index)) {
        return Ok(Some(value));
    }
    if index == arguments.len() {
        return Err(Problem::new(format!("{option} needs a value")));
    }
    Ok(Some(arguments.remove(index)))
}

fn stack_count(number: &str) -> Result<u16, Problem> {
    match number.parse() {
        Ok(count @ 1..=MAX_STACKS) => Ok(count),
        _ => Err(Problem::new(format!(
            "--stacks: {number} is not a number from 1 to {MAX_STACKS}"
        ))),
    }
}

/// Builds the command line for test_check.py now, because a build during the tests would delay functions that start.
async fn build_inapp() -> Result<(), Problem> {
    step("Building", "inapp");
    match cargo::run(&["build", "--locked", "--package", "inapp"], &[]).await? {
        0 => Ok(()),
        _ => Err(Problem::new(
            "inapp does not build; the compiler's messages are above.",
        )),
    }
}

/// The tests' own `broker.toml`, because a broker may change the one in the root.
fn broker_toml() -> PathBuf {
    root().join("tests/fixtures/demo.toml")
}

/// The options of a stack for the tests.
fn stack_options(dir: StackDir) -> Result<StackOptions, Problem> {
    Ok(StackOptions {
        broker_toml: broker_toml(),
        more_config: test_actions(&dir.ports.website_url()),
        dir,
        functions: true,
        reload: false,
        echo: false,
        languages: translations()?,
        reconcile_every: RECONCILE_EVERY,
    })
}

/// A stack for pytest: the class `Stack` in e2e/conftest.py.
fn description(stack: &Stack) -> Result<Value, Problem> {
    Ok(json!({
        "terminal": stack.terminal_url(),
        "functions": stack.functions_url(),
        "backend": stack.backend_url(),
        "sample": stack.sample_url(),
        "staff": stack.staff_url(),
        "website": stack.dir.ports.website_url(),
        "dynamodb": stack.dynamodb_url(),
        "moto": format!("http://127.0.0.1:{}", stack.dir.ports.moto),
        "log": stack.log,
        "backend_secret": stack.dir.secret("backend-secret")?,
        "reconcile_seconds": RECONCILE_EVERY.as_secs(),
    }))
}

/// The exit code of two runs of pytest together. A run without tests counts as passed.
fn worse(first: u8, second: u8) -> u8 {
    match (first, second) {
        (NO_TESTS, code) | (code, NO_TESTS) => code,
        (first, second) => first.max(second),
    }
}

/// Custom actions for the tests. They redirect to a website that the tests serve: in the frame, in a new window, and
/// to a receiver of docs/INTEGRATE.md. The last one calls such a receiver as its backend.
fn test_actions(website: &str) -> String {
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

/// All languages that the screens have texts in.
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

/// The leak check of a stack: its log must not contain a secret, an e-mail address, a token or an assertion.
fn check_log(log: &Path, confidential: &[String]) -> Result<(), Problem> {
    let text = fs::read_to_string(log).context(format!("read {}", log.display()))?;
    match find_leak(&text, confidential) {
        None => Ok(()),
        Some(line) => Err(Problem::new(format!(
            "The log {} contains a secret, an e-mail address, a token or an assertion:\n{line}",
            log.display()
        ))),
    }
}

/// The first line with a confidential text.
fn find_leak<'a>(text: &'a str, confidential: &[String]) -> Option<&'a str> {
    text.lines().find(|line| {
        line.contains("token=")
            || line.contains("assertion=")
            || confidential.iter().any(|text| line.contains(text.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice<'a>(arguments: &[&'a str]) -> Choice<'a> {
        Choice::from_arguments(arguments).unwrap()
    }

    #[test]
    fn chosen_tests_run_in_one_stack_by_default_and_install_no_engine() {
        let arabic = choice(&["-k", "arabic"]);
        assert_eq!((arabic.stacks, arabic.engines), (1, Wanted::Installed));
        assert_eq!(arabic.arguments, ["e2e", "-k", "arabic"]);
        assert_eq!(choice(&["-x", "--stacks=3"]).stacks, 3);
        assert_eq!(choice(&["--stacks", "3", "-x"]).arguments, ["e2e", "-x"]);
        assert!(Choice::from_arguments(&["--stacks=0"]).is_err());
        assert!(Choice::from_arguments(&["--stacks"]).is_err());
    }

    #[test]
    fn a_whole_run_has_all_engines() {
        assert_eq!(choice(&[]).engines, Wanted::All);
        assert_eq!(choice(&[FULL, "--stacks=1"]).engines, Wanted::All);
        assert_eq!(choice(&[FULL]).stacks, choice(&[]).stacks);
        assert_eq!(choice(&[FULL]).arguments, ["e2e", FULL]);
    }

    #[test]
    fn a_chosen_engine_has_all_its_tests_in_one_stack() {
        let webkit = choice(&["--engine", "webkit", "-x"]);
        assert_eq!((webkit.stacks, webkit.engines), (1, Wanted::Only(Engine::WebKit)));
        assert_eq!(webkit.arguments, ["e2e/test_engines.py", FULL, "-x"]);
        assert_eq!(
            choice(&["--engine=firefox"]).engines,
            Wanted::Only(Engine::Firefox)
        );
        assert!(Choice::from_arguments(&["--engine", "opera"]).is_err());
    }

    #[test]
    fn a_run_without_tests_passes_and_any_failure_counts() {
        assert_eq!(
            [worse(0, 5), worse(5, 0), worse(1, 5), worse(0, 1), worse(5, 5)],
            [0, 0, 1, 1, 5]
        );
    }

    #[test]
    fn the_line_of_a_leak_is_found() {
        let confidential = ["s3cret".to_owned()];
        assert_eq!(find_leak("fine\nstill fine", &confidential), None);
        assert_eq!(find_leak("fine\nkey s3cret", &confidential), Some("key s3cret"));
        assert_eq!(
            find_leak("GET /inapp/deposit?token=abc", &[]),
            Some("GET /inapp/deposit?token=abc")
        );
    }
}
