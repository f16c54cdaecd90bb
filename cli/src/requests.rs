//! `inapp requests list|show`: what traders asked for, and what became of it.

mod print;

use std::io::{self, Write};

use clap::{Args, Subcommand};
use domain::BrokerName;
use store::{DamagedRecord, Moment, Period, RequestFilter, Status};

use crate::{
    table::{OpenTable, TableError},
    text::plain,
    time,
};

/// Shows requests.
#[derive(Subcommand)]
pub enum Command {
    /// Lists requests, the newest first.
    List(List),
    /// Shows everything about one request.
    Show(Show),
}

/// Where they are, and how they are printed.
#[derive(Args)]
pub struct Common {
    /// The ledger's table: LedgerTableName among the outputs of the stack.
    #[arg(long, env = "LEDGER_TABLE", value_name = "NAME")]
    pub table: String,
    /// Print JSON, one object per line.
    #[arg(long)]
    pub json: bool,
}

/// Which of them `list` shows, of whatever kind.
#[derive(Args)]
pub struct Selection {
    /// The oldest: 7d or 12h ago, a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.
    #[arg(long, value_name = "WHEN", default_value = "7d", value_parser = time::since)]
    since: Moment,
    /// The newest, in the same ways; a date includes its day.
    #[arg(long, value_name = "WHEN", default_value = "0d", value_parser = time::until)]
    until: Moment,
    /// Of this broker's traders only, by the name in broker.toml.
    #[arg(long, value_name = "NAME")]
    pub broker: Option<BrokerName>,
    /// Of this trader only, by cTrader's user id.
    #[arg(long, value_name = "ID")]
    pub user: Option<i64>,
    /// Of this trading account only.
    #[arg(long, value_name = "NUMBER")]
    pub account: Option<i64>,
    /// How many at most.
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

/// What `list` takes.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    selection: Selection,
    /// Of this screen only: deposit, kyc, action or chat.
    #[arg(long, value_name = "SCREEN")]
    action: Option<domain::ScreenKind>,
    /// With this status only: recorded, succeeded, failed or unknown.
    #[arg(long)]
    status: Option<Status>,
}

/// What `show` takes.
#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    common: Common,
    /// The reference that the trader was told, or the request's id.
    #[arg(value_name = "REFERENCE|ID")]
    request: String,
}

/// Why nothing could be shown.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The table does not answer as hoped.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What is to be printed cannot be.
    #[error("cannot print: {0}")]
    Output(#[from] io::Error),
}

/// Prints what was asked for. False: there is no such request, or one of the list cannot be read.
///
/// # Errors
/// [`Unusable`].
pub async fn run(command: Command) -> Result<bool, Unusable> {
    match command {
        Command::List(arguments) => list(arguments).await,
        Command::Show(arguments) => show(arguments).await,
    }
}

async fn list(arguments: List) -> Result<bool, Unusable> {
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
        tell_more(selection.limit);
    }
    Ok(all_readable(&listed.damaged))
}

async fn show(arguments: Show) -> Result<bool, Unusable> {
    let open = OpenTable::open(arguments.common.table).await?;
    let found = open.table.find_requests(&arguments.request).await;
    let records = found.map_err(|error| open.explain(error))?;
    if records.is_empty() {
        eprintln!(
            "inapp: no request has the reference or id {} (deposits have a command of their own: inapp deposits show)",
            plain(&arguments.request)
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

/// Says that there are more than the limit let through.
pub fn tell_more(limit: usize) {
    eprintln!(
        "There are more. Narrow it down, or say --limit {}.",
        limit.saturating_mul(10)
    );
}

/// Names what cannot be read. False: there is such.
pub fn all_readable(damaged: &[DamagedRecord]) -> bool {
    for record in damaged {
        eprintln!("inapp: {}", plain(&record.to_string()));
    }
    damaged.is_empty()
}

/// To the standard output. A reader that has had enough, such as `head`, is no error.
pub fn write(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
