//! `inapp requests list|show`: shows traders' requests and their outcomes.

mod print;

use std::io::{self, Write};

use clap::{Args, Subcommand};
use domain::BrokerName;
use inbound::printable;
use store::{DamagedRecord, Moment, Period, RequestFilter, Status};

use crate::{
    staff::StaffError,
    table::{OpenTable, TableError},
    time,
};

/// Shows requests.
#[derive(Subcommand)]
pub enum Command {
    /// Lists requests, newest first.
    List(List),
    /// Shows everything about one request.
    Show(Show),
}

/// Arguments of all commands that read records.
#[derive(Args)]
pub struct Common {
    /// Name of the table: the output LedgerTableName of the stack.
    #[arg(long, env = "LEDGER_TABLE", value_name = "NAME")]
    pub table: String,
    /// Print JSON, one object per line.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `list` for every kind of record.
#[derive(Args)]
pub struct Selection {
    /// Start of the period: 7d or 12h ago, a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "WHEN", default_value = "7d", value_parser = time::since)]
    since: Moment,
    /// End of the period, in the same forms. A date includes the whole day.
    #[arg(long, value_name = "WHEN", default_value = "0d", value_parser = time::until)]
    until: Moment,
    /// Only traders of this broker: its name in broker.toml.
    #[arg(long, value_name = "NAME")]
    pub broker: Option<BrokerName>,
    /// Only this trader: cTrader's user id.
    #[arg(long, value_name = "ID")]
    pub user: Option<i64>,
    /// Only this trading account.
    #[arg(long, value_name = "NUMBER")]
    pub account: Option<i64>,
    /// Maximum number of records.
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    pub limit: usize,
}

impl Selection {
    pub fn period(&self) -> Period {
        Period {
            since: self.since,
            until: self.until,
        }
    }
}

/// Arguments of `list`.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    selection: Selection,
    /// Only requests of this screen: deposit, kyc, action or chat.
    #[arg(long, value_name = "SCREEN")]
    action: Option<domain::ScreenKind>,
    /// Only requests with this status: recorded, succeeded, failed or unknown.
    #[arg(long)]
    status: Option<Status>,
}

/// Arguments of `show`.
#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    common: Common,
    /// The reference that the trader sees, or the request's id.
    #[arg(value_name = "REFERENCE|ID")]
    request: String,
}

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The table cannot be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The function `staff` cannot be called.
    #[error(transparent)]
    Staff(#[from] StaffError),
    /// The output cannot be printed.
    #[error("cannot print: {0}")]
    Output(#[from] io::Error),
}

/// Runs a command. Returns false if there is no such request, or if a record cannot be read.
///
/// # Errors
/// [`CommandError`] if the table cannot be read or the output cannot be printed.
pub async fn run(command: Command) -> Result<bool, CommandError> {
    match command {
        Command::List(arguments) => list(arguments).await,
        Command::Show(arguments) => show(arguments).await,
    }
}

async fn list(arguments: List) -> Result<bool, CommandError> {
    let selection = arguments.selection;
    let open = OpenTable::open(arguments.common.table).await?;
    let filter = RequestFilter {
        broker: selection.broker.clone(),
        user: selection.user,
        account: selection.account,
        screen: arguments.action,
        status: arguments.status,
    };
    let listed = open
        .table
        .list_requests(selection.period(), &filter, selection.limit)
        .await
        .map_err(|error| open.explain(error))?;
    let text = if arguments.common.json {
        print::lines(&listed.records)
    } else {
        print::overview(&listed.records)
    };
    write(&text)?;
    if listed.more {
        print_more_hint(selection.limit);
    }
    Ok(report_damaged(&listed.damaged))
}

async fn show(arguments: Show) -> Result<bool, CommandError> {
    let open = OpenTable::open(arguments.common.table).await?;
    let found = open.table.find_requests(&arguments.request).await;
    let records = found.map_err(|error| open.explain(error))?;
    if records.is_empty() {
        eprintln!(
            "inapp: no request has the reference or id {} (for deposits use inapp deposits show)",
            printable(&arguments.request)
        );
        return Ok(false);
    }
    let text = if arguments.common.json {
        print::lines(&records)
    } else {
        print::details(&records)
    };
    write(&text)?;
    Ok(true)
}

/// Prints that there are more records than the limit.
pub fn print_more_hint(limit: usize) {
    eprintln!(
        "There are more records. Narrow the selection, or use --limit {}.",
        limit.saturating_mul(10)
    );
}

/// Prints the records that cannot be read. Returns whether there are none.
pub fn report_damaged(damaged: &[DamagedRecord]) -> bool {
    for record in damaged {
        eprintln!("inapp: {}", printable(&record.to_string()));
    }
    damaged.is_empty()
}

/// Writes to the standard output. A reader that stops early, such as `head`, is not an error.
pub fn write(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
