//! The commands of the README: `cargo dev`, `cargo e2e`, `cargo verify`.
//!
//! Top-down: [`stack`] is all that runs on the developer's machine, [`e2e`] the tests that need all of it.

#[cfg(not(unix))]
compile_error!("cargo dev runs on Linux and macOS; on Windows use it in WSL");

mod aws;
mod broker_toml;
mod builds;
mod cargo;
mod chromium;
mod e2e;
mod function_log;
mod http;
mod node;
mod output;
mod process;
mod python;
mod say;
mod settings;
mod stack;
mod transfers;
mod wiring;

use std::process::ExitCode;
use std::time::Duration;

use process::StopSignals;
use say::{Problem, step};
use settings::Place;
use stack::{Plan, Stack, prepare};

const HELP: &str = "\
cargo dev                        run everything on this machine: http://localhost:9001
cargo dev --without-functions    all but the functions, to run or debug them yourself. It says how; on the usual ports:
                                 PATH=\"$PWD/.local/venv/bin:$PATH\" cargo lambda watch --disable-cors -A 127.0.0.1 --env-file .local/env
cargo e2e [PYTEST ARGUMENT...]   run the browser and whole-stack tests in e2e/. All of them run side by side, in as many
                                 stacks as there are cores, at most two; with arguments such as -k arabic in one stack
    --full                       the tests too that take long and guard what seldom changes
    --stacks=N                   run them in so many stacks
cargo verify [--full]            run all tests: cargo test --workspace, then cargo e2e

INAPP_PORT_BASE=9300             take the ports from 9300 on; cargo dev takes 9000 to 9006, cargo e2e 9100 to 9106, and for
                                 each stack more ten further on: 9110 to 9116.
                                 The files are in .local/9300/ then, or in .local/e2e-9300/
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
            ["verify"] => verify(&[]).await,
            ["verify", e2e::FULL] => verify(&[e2e::FULL]).await,
            ["-h" | "--help" | "help"] => {
                print!("{HELP}");
                Ok(ExitCode::SUCCESS)
            }
            _ => Err(Problem::new(format!("no such command\n\n{HELP}"))),
        }
    };
    // Whichever way this ends, the command's future is dropped here, and with it all that it started.
    let outcome = tokio::select! {
        outcome = command => outcome,
        code = signals.received() => {
            step("Stopped", "and nothing left running");
            // Ctrl-C is how `cargo dev` is meant to end; a test run that is broken off has not passed.
            let meant = matches!(arguments.as_slice(), [] | ["--without-functions"]);
            Ok(if meant { ExitCode::SUCCESS } else { ExitCode::from(code) })
        }
    };
    outcome.unwrap_or_else(|problem| failed(&problem))
}

fn failed(problem: &Problem) -> ExitCode {
    eprintln!("\n{problem}");
    ExitCode::FAILURE
}

/// Runs everything until it is stopped or a part of it ends.
async fn dev(functions: bool) -> Result<ExitCode, Problem> {
    let place = Place::dev()?;
    place.check_ports()?;
    let venv = prepare(functions).await?;
    let plan = Plan {
        broker_toml: cargo::root().join("broker.toml"),
        functions,
        echo: true,
        reload: true,
        more_config: String::new(),
        languages: Vec::new(),
        round: Duration::from_secs(10),
        place,
    };
    let mut stack = Stack::start(&plan, &venv).await?;
    stack.greet();
    Err(stack.ended().await)
}

/// `arguments` are those of `cargo e2e`.
async fn verify(arguments: &[&str]) -> Result<ExitCode, Problem> {
    step("Running", "cargo test --workspace");
    let code = cargo::run(&["test", "--workspace"]).await?;
    if code != 0 {
        return Ok(ExitCode::from(code));
    }
    e2e::run(arguments).await
}
