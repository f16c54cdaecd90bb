//! The commands of the README: `cargo dev`, `cargo e2e`, `cargo verify`.
//!
//! [`stack`] is everything that runs on the developer's machine. [`e2e`] runs the tests that need it.

#[cfg(not(unix))]
compile_error!("cargo dev runs on Linux and macOS; on Windows use it in WSL");

mod aws;
mod broker_toml;
mod build_tracker;
mod cargo;
mod chromium;
mod console;
mod debian;
mod e2e;
mod engines;
mod event_sources;
mod function_log;
mod http;
mod node;
mod output;
mod ports;
mod process;
mod python;
mod services;
mod settings;
mod stack;
mod stack_dir;
mod staff_front;
mod transfers;

use std::process::ExitCode;
use std::time::Duration;

use console::{Problem, step};
use process::StopSignals;
use stack::{Stack, StackOptions, prepare};
use stack_dir::StackDir;

const HELP: &str = "\
cargo dev                        run everything on this machine: http://localhost:9001
cargo dev --without-functions    run everything but the functions, so that you can run or debug them yourself:
                                 PATH=\"$PWD/.local/venv/bin:$PATH\" cargo lambda watch --disable-cors -A 127.0.0.1 --env-file .local/env
cargo e2e [PYTEST ARGUMENT...]   run the browser and whole-stack tests in e2e/: all tests in two stacks in parallel (in one on
                                 a machine with one core), or with arguments such as -k arabic the chosen tests in one stack
    --full                       run also the slow tests of parts that seldom change
    --stacks=N                   run the tests in N stacks
    --engine NAME                run only the tests in another browser engine, firefox or webkit, and all of them
cargo verify                     run all tests: cargo test --workspace, then cargo e2e
cargo verify --full              run them at length: also the slow browser tests, a million schedules of each simulation,
                                 more inputs of each property test, and a million of the fuzz targets; list what the
                                 functions are made of

INAPP_PORT_BASE=9300             use the ports from 9300 on, and the directory .local/9300/ or .local/e2e-9300/.
                                 By default cargo dev uses 9000 to 9007, and cargo e2e 9100 to 9107; each further stack
                                 of cargo e2e uses the ports ten higher: 9110 to 9116
CHROMIUM=/path/to/chromium       the browser of cargo e2e
";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let signals = match StopSignals::listen() {
        Ok(signals) => signals,
        Err(problem) => return failed(&problem),
    };
    let command = async {
        match arguments.as_slice() {
            [] => dev(true).await,
            ["--without-functions"] => dev(false).await,
            ["e2e", rest @ ..] => e2e::run(rest).await,
            ["verify"] => verify(false).await,
            ["verify", e2e::FULL] => verify(true).await,
            ["-h" | "--help" | "help"] => {
                print!("{HELP}");
                Ok(ExitCode::SUCCESS)
            }
            _ => Err(Problem::new(format!("unknown command\n\n{HELP}"))),
        }
    };
    // In both cases the command's future is dropped here, which stops everything that it started.
    let outcome = tokio::select! {
        outcome = command => outcome,
        code = signals.received() => {
            step("Stopped", "everything that was running");
            // Ctrl-C is the normal end of `cargo dev`. An interrupted test run has not passed.
            let is_normal = matches!(arguments.as_slice(), [] | ["--without-functions"]);
            Ok(if is_normal { ExitCode::SUCCESS } else { ExitCode::from(code) })
        }
    };
    outcome.unwrap_or_else(|problem| failed(&problem))
}

fn failed(problem: &Problem) -> ExitCode {
    eprintln!("\n{problem}");
    ExitCode::FAILURE
}

/// Runs a stack until Ctrl-C, or until one of its programs ends.
async fn dev(functions: bool) -> Result<ExitCode, Problem> {
    let dir = StackDir::dev()?;
    dir.check_ports()?;
    let venv = prepare(functions).await?;
    let options = StackOptions {
        broker_toml: cargo::root().join("broker.toml"),
        functions,
        echo: true,
        reload: true,
        more_config: String::new(),
        languages: Vec::new(),
        reconcile_every: Duration::from_secs(10),
        dir,
    };
    let mut stack = Stack::start(&options, &venv).await?;
    stack.greet();
    Err(stack.ended().await)
}

/// What `cargo verify --full` asks of the Rust tests, by environment variable: schedules of the simulations, schedules
/// of the chaos test, inputs of each property test.
const FULL_TESTS: [(&str, &str); 3] = [
    ("SCHEDULES", "1000000"),
    ("CHAOS_SCHEDULES", "50"),
    ("PROPTEST_CASES", "2000"),
];

/// The executions of all fuzz targets together in `cargo verify --full`.
const FUZZ_RUNS: &str = "--runs=1000000";

/// Runs all tests.
async fn verify(full: bool) -> Result<ExitCode, Problem> {
    let (variables, arguments): (&[_], &[_]) = if full {
        (&FULL_TESTS, &[e2e::FULL])
    } else {
        (&[], &[])
    };
    let extent = variables.iter().map(|(name, value)| format!("{name}={value} "));
    step(
        "Running",
        &format!("{}cargo test --workspace", extent.collect::<String>()),
    );
    let code = cargo::run(&["test", "--locked", "--workspace"], variables).await?;
    if code != 0 {
        return Ok(ExitCode::from(code));
    }
    if full {
        step(
            "Running",
            "the fuzz targets (the first time their build takes some minutes)",
        );
        let code = cargo::run(&["run", "--locked", "--package", "fuzz", "--", FUZZ_RUNS], &[]).await?;
        if code != 0 {
            return Ok(ExitCode::from(code));
        }
        step(
            "Listing",
            "what the functions are made of (the first time the tool's build takes some minutes)",
        );
        let code = cargo::run_script(".ci/sbom", &[".local/ci/sbom"]).await?;
        if code != 0 {
            return Ok(ExitCode::from(code));
        }
    }
    // `cargo test` has just built `inapp`.
    e2e::run_tests(arguments).await
}
