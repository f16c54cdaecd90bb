//! `inapp`: the command-line tool for a broker's engineer.
//!
//! `inapp check URL` runs Spotware's conformance rules against a deployment: `docs/CHECK.md`. `inapp requests` shows what
//! traders asked for and what became of it: `docs/EVENTS.md`. `inapp deposits` does so for deposits, and takes an operator's
//! decisions about them: `docs/OPERATIONS.md`. `inapp config check FILE` checks a `broker.toml`: `docs/CONFIGURATION.md`.

mod broker_file;
mod check;
mod deposits;
mod requests;
mod table;
mod text;
mod time;

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
    /// Checks a broker.toml, or describes one for editors. Needs no network.
    #[command(subcommand)]
    Config(broker_file::Command),
    /// Shows what traders asked for and what became of it. Reads the table with your own AWS credentials.
    #[command(subcommand)]
    Requests(requests::Command),
    /// Shows deposits and what became of the money, and records what you decide about one that no program may decide about.
    /// Uses the table with your own AWS credentials.
    #[command(subcommand)]
    Deposits(deposits::Command),
}

/// The command line cannot be used, or the deployment or its table cannot be reached.
const UNUSABLE: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Check(arguments) => check::run(arguments).await.map_err(|error| error.to_string()),
        Command::Config(command) => broker_file::run(command).map_err(|error| error.to_string()),
        Command::Requests(command) => requests::run(command).await.map_err(|error| error.to_string()),
        Command::Deposits(command) => deposits::run(command).await.map_err(|error| error.to_string()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(unusable) => {
            eprintln!("inapp: {unusable}");
            ExitCode::from(UNUSABLE)
        }
    }
}
