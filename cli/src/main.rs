//! `inapp`: the command-line tool for a broker's engineer.
//!
//! - `inapp check URL` checks a deployment against Spotware's conformance rules: `docs/CHECK.md`.
//! - `inapp config check FILE` checks a `broker.toml`: `docs/CONFIGURATION.md`.
//! - `inapp requests` shows traders' requests and their outcomes: `docs/EVENTS.md`.
//! - `inapp deposits` shows deposits, and sends an operator's decisions about them: `docs/OPERATIONS.md`.
//! - `inapp traders` erases a trader's personal data: `docs/OPERATIONS.md`.

mod aws;
mod broker_file;
mod check;
mod deposits;
mod requests;
mod staff;
mod table;
mod text;
mod time;
mod traders;

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
    /// Shows traders' requests and their outcomes. Reads the table with your own AWS credentials.
    #[command(subcommand)]
    Requests(requests::Command),
    /// Shows deposits, and sends your decisions about deposits in review or unknown. Reads the table, and signs the
    /// decisions, with your own AWS credentials.
    #[command(subcommand)]
    Deposits(deposits::Command),
    /// Erases a trader's personal data. Reads the table, and signs the call, with your own AWS credentials.
    #[command(subcommand)]
    Traders(traders::Command),
}

/// Exit code if the command line is not valid, or the deployment or its table cannot be reached.
const EXIT_ERROR: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Check(arguments) => check::run(arguments).await.map_err(|error| error.to_string()),
        Command::Config(command) => broker_file::run(command).map_err(|error| error.to_string()),
        Command::Requests(command) => requests::run(command).await.map_err(|error| error.to_string()),
        Command::Deposits(command) => deposits::run(command).await.map_err(|error| error.to_string()),
        Command::Traders(command) => traders::run(command).await.map_err(|error| error.to_string()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("inapp: {error}");
            ExitCode::from(EXIT_ERROR)
        }
    }
}
