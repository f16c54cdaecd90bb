//! `inapp traders erase`: erases the personal data of a trader.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, IsTerminal, Write},
};

use clap::{Args, Subcommand};
use domain::{BrokerName, RecordId};
use inbound::printable;
use staff_calls::{ERASURES_PATH, EraseTrader, ErasedRecord, ErasedTrader, MAX_RECORDS, RecordName};
use store::{RecordKind, Trader};

use crate::{
    aws::AwsAccess,
    requests::{CommandError, write},
    staff::{ApiArgument, StaffApi},
    table::{OpenTable, TableError},
};

/// What to do about a trader.
#[derive(Subcommand)]
pub enum Command {
    /// Erases a trader's personal data. Deposits stay, without what is personal in them.
    Erase(Erase),
}

/// Arguments of `erase`.
#[derive(Args)]
pub struct Erase {
    /// Name of the table: the output LedgerTableName of the stack.
    #[arg(long, env = "LEDGER_TABLE", value_name = "NAME")]
    table: String,
    #[command(flatten)]
    api: ApiArgument,
    /// The trader's broker: its name in broker.toml.
    #[arg(long, value_name = "NAME")]
    broker: BrokerName,
    /// The trader: cTrader's user id.
    #[arg(long, value_name = "ID")]
    user: i64,
    /// The reason, such as the number of the trader's letter. It is kept, with your AWS user or role.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
}

/// Runs a command. Returns false if nothing was done, or a call was refused.
///
/// # Errors
/// [`CommandError`] if the table cannot be read, the call cannot be sent, or the output cannot be printed.
pub async fn run(command: Command) -> Result<bool, CommandError> {
    let Command::Erase(arguments) = command;
    let aws = AwsAccess::load().await.map_err(TableError::from)?;
    let api = StaffApi::new(&aws, arguments.api.api)?;
    let open = OpenTable::new(&aws, arguments.table);
    let trader = Trader {
        broker: arguments.broker,
        user_id: arguments.user,
    };
    let records = find(&open, &trader).await?;
    if records.is_empty() {
        eprintln!(
            "inapp: no record is of user {} of {}: nothing to erase",
            trader.user_id,
            printable(trader.broker.as_str())
        );
        return Ok(false);
    }
    if !arguments.yes && !confirmed(&trader, &records)? {
        eprintln!("inapp: nothing was changed");
        return Ok(false);
    }
    erase(&api, trader, &arguments.reason, &records).await
}

/// The trader's records. Reads the whole table, and shows how far it is.
async fn find(open: &OpenTable, trader: &Trader) -> Result<Vec<(RecordKind, RecordId)>, CommandError> {
    let mut line = io::stderr();
    let shows = line.is_terminal();
    let progress = |read: u64| {
        if shows {
            // Nothing depends on this line.
            let _ = write!(line, "\rReading the table: {read} items");
        }
    };
    let found = open.table.records_of(trader, progress).await;
    if shows {
        eprintln!();
    }
    Ok(found.map_err(|error| open.explain(error))?)
}

/// Erases in batches, all under the id of one erasure.
async fn erase(
    api: &StaffApi,
    trader: Trader,
    reason: &str,
    records: &[(RecordKind, RecordId)],
) -> Result<bool, CommandError> {
    let request_id = RecordId::random().map_err(io::Error::other)?;
    let name = |(kind, id): &(RecordKind, RecordId)| RecordName {
        kind: kind.to_string(),
        id: id.clone(),
    };
    let mut changed = 0;
    for batch in records.chunks(MAX_RECORDS) {
        let call = EraseTrader {
            request_id: request_id.clone(),
            broker: trader.broker.clone(),
            user_id: trader.user_id,
            reason: reason.to_owned(),
            records: batch.iter().map(name).collect(),
        };
        match api.call::<ErasedTrader>(ERASURES_PATH, &call).await? {
            Ok(erased) => {
                changed += erased
                    .records
                    .iter()
                    .filter(|record| !record.erased.is_empty())
                    .count();
                write(&erased.records.iter().map(line).collect::<String>())?;
            }
            Err(refused) => {
                eprintln!(
                    "inapp: {refused}. {changed} records were erased. Run the command again for the rest."
                );
                return Ok(false);
            }
        }
    }
    let unchanged = records.len() - changed;
    write(&format!(
        "Erased in {changed} records, nothing left in {unchanged}. Recorded as erasure {request_id}.\n"
    ))?;
    Ok(true)
}

/// What was erased in a record.
fn line(record: &ErasedRecord) -> String {
    let what = match record.erased.as_slice() {
        _ if !record.found => "not there any more".to_owned(),
        [] => "nothing left to erase".to_owned(),
        names => printable(&names.join(", ")),
    };
    let ErasedRecord { kind, id, .. } = record;
    format!("{}  {} {id}: {what}\n", id.reference(), printable(kind))
}

/// Shows what will be erased, and asks for confirmation.
fn confirmed(trader: &Trader, records: &[(RecordKind, RecordId)]) -> io::Result<bool> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for (kind, _) in records {
        *counts.entry(kind.as_str()).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{count} x {kind}"))
        .collect();
    eprint!(
        "User {} of {} has these records: {}.\n\
         Their personal data will be erased, and cannot be brought back. Ids, accounts, amounts, statuses and times stay.\n\
         Type yes to continue: ",
        trader.user_id,
        printable(trader.broker.as_str()),
        counts.join(", ")
    );
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
