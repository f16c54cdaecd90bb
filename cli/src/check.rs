//! `inapp check URL`: asks a deployment for everything that the rules are about, judges it, reports.

mod client;
mod page;
mod policy;
mod report;
mod rules;
mod survey;
mod target;
mod tokens;

use std::io::{self, IsTerminal};

pub use target::Arguments;

use client::Client;
use report::Report;
use rules::connection;
use survey::Survey;
use target::Target;
use tokens::Tokens;

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// An argument makes no sense.
    #[error("{0}")]
    Argument(String),
    /// There is nobody at the URL.
    #[error("{0}")]
    Unreachable(String),
    /// The command that prints tokens does not.
    #[error("--token-command {0}")]
    TokenCommand(String),
    /// This machine has no usable TLS.
    #[error("cannot prepare TLS: {0}")]
    Tls(String),
}

/// Checks a deployment and prints the report. True: nothing failed.
///
/// # Errors
/// [`Unusable`].
pub async fn run(arguments: Arguments) -> Result<bool, Unusable> {
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
            eprintln!("Visiting {}, one page after the other ...", target.name());
        }
        let survey = Survey::take(&target, &client, &mut tokens).await?;
        rules::judge(&survey, &mut report);
    }
    report.redact(tokens.used());

    if json {
        println!("{}", report.to_json());
    } else {
        print!("{report}");
    }
    Ok(report.passed())
}
