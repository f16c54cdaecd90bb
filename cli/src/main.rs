//! `inapp`: the command-line tool for a broker's engineer.
//!
//! `inapp check URL` runs Spotware's conformance rules against a deployment: `docs/CHECK.md`.

mod check;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tools for a deployment of the cTrader screens.
#[derive(Parser)]
#[command(name = "inapp", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks a deployment against Spotware's conformance rules. Needs no browser and no secret.
    Check(check::Arguments),
}

/// The command line cannot be used, or the deployment cannot be reached.
const UNUSABLE: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Command::Check(arguments) = Cli::parse().command;
    match check::run(arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(unusable) => {
            eprintln!("inapp: {unusable}");
            ExitCode::from(UNUSABLE)
        }
    }
}
