//! `inapp check URL`: sends a deployment all requests that the rules need, judges the responses, and prints a report.

mod client;
mod page;
mod policy;
mod probe;
mod report;
mod rules;
mod target;
mod tokens;

use std::io::{self, IsTerminal};

pub use target::Arguments;

use client::Client;
use probe::ProbeResults;
use report::Report;
use rules::connection;
use target::Target;
use tokens::Tokens;

/// Why the check could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// An argument is not valid.
    #[error("{0}")]
    Argument(String),
    /// Nothing answers at the URL.
    #[error("{0}")]
    Unreachable(String),
    /// The token command did not print a usable token.
    #[error("--token-command {0}")]
    TokenCommand(String),
    /// TLS cannot be set up on this machine.
    #[error("cannot prepare TLS: {0}")]
    Tls(String),
}

/// Checks a deployment and prints the report. Returns whether no rule failed.
///
/// # Errors
/// [`CheckError`] if nothing could be checked.
pub async fn run(arguments: Arguments) -> Result<bool, CheckError> {
    let json = arguments.json;
    let target = Target::new(arguments)?;
    let client = Client::new()?;
    let mut report = Report::new(target.name());

    let connection = connection::check(&target, &client).await?;
    let trusted = !connection.has_failed(connection::CERTIFICATE);
    report.add(connection);
    let mut tokens = Tokens::new(target.token_command.clone());
    if trusted {
        if io::stderr().is_terminal() {
            eprintln!("Checking {}, one page after the other ...", target.name());
        }
        let results = ProbeResults::collect(&target, &client, &mut tokens).await?;
        rules::judge(&results, &mut report);
    }
    report.redact(tokens.used());

    if json {
        println!("{}", report.to_json());
    } else {
        print!("{report}");
    }
    Ok(report.passed())
}
