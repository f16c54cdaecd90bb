//! `inapp deposits list|show|resolve`: what became of the money, and what an operator decides about it.

mod print;

use std::io::{self, BufRead, Write};

use clap::{Args, Subcommand};
use deposits::{Decision, Operator, ResolveError, Status, resolve};
use store::{DepositFilter, DepositRecord, System};

use crate::{
    requests::{Common, Selection, Unusable, all_readable, tell_more, write},
    table::OpenTable,
    text::plain,
};

/// Shows deposits, and takes decisions about them.
#[derive(Subcommand)]
pub enum Command {
    /// Lists deposits, the newest first.
    List(List),
    /// Shows everything about one deposit, with its history.
    Show(Show),
    /// Records what you found out, or decide, about a deposit in review or unknown.
    Resolve(Resolve),
}

/// What `list` takes.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    common: Common,
    /// All that are not at their end, however old.
    #[arg(long, conflicts_with_all = ["since", "until"])]
    open: bool,
    #[command(flatten)]
    selection: Selection,
    /// With this status only: created, pending, paid, crediting, credited, failed, expired, review or unknown.
    #[arg(long)]
    status: Option<Status>,
    /// By this payment method only, by its id in broker.toml.
    #[arg(long, value_name = "ID")]
    method: Option<String>,
}

/// What `show` takes.
#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    common: Common,
    /// The reference that the trader was told, or the deposit's id.
    #[arg(value_name = "REFERENCE|ID")]
    deposit: String,
}

/// What `resolve` takes.
#[derive(Args)]
pub struct Resolve {
    /// The ledger's table: LedgerTableName among the outputs of the stack.
    #[arg(long, env = "LEDGER_TABLE", value_name = "NAME")]
    table: String,
    /// The reference that the trader was told, or the deposit's id.
    #[arg(value_name = "REFERENCE|ID")]
    deposit: String,
    #[command(flatten)]
    decision: Choice,
    /// cTrader's id of the balance operation, with --credited.
    #[arg(long, value_name = "ID", requires = "credited", value_parser = clap::value_parser!(i64).range(1..))]
    balance_history_id: Option<i64>,
    /// Why. Kept for ever.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who decides. Kept for ever.
    #[arg(long, value_name = "NAME", env = "USER")]
    by: String,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

/// One of the decisions.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Choice {
    /// The account has been credited: cTrader's record shows it, or you did it by hand.
    #[arg(long)]
    credited: bool,
    /// The account has not been credited: cTrader's record shows that. The credit is sent again, unless the deposit has
    /// changed since you looked: VERSION is what `show` said then.
    #[arg(long, value_name = "VERSION")]
    retry: Option<u64>,
    /// Nothing will be credited: the money was given back, or never came.
    #[arg(long)]
    failed: bool,
}

/// Does what was asked for. False: there is no such deposit, it cannot be decided so, or one of the list cannot be read.
///
/// # Errors
/// [`Unusable`].
pub async fn run(command: Command) -> Result<bool, Unusable> {
    match command {
        Command::List(arguments) => list(arguments).await,
        Command::Show(arguments) => show(arguments).await,
        Command::Resolve(arguments) => decide(arguments).await,
    }
}

async fn list(arguments: List) -> Result<bool, Unusable> {
    let open = OpenTable::open(arguments.common.table).await?;
    let selection = arguments.selection;
    let filter = DepositFilter {
        broker: selection.broker.clone(),
        user: selection.user,
        account: selection.account,
        method: arguments.method,
        status: arguments.status,
    };
    let listed = if arguments.open {
        open.table.list_open_deposits(&filter, selection.limit).await
    } else {
        let period = selection.period();
        open.table.list_deposits(period, &filter, selection.limit).await
    };
    let listed = listed.map_err(|error| open.explain(error))?;
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
    let records = find(&open, &arguments.deposit).await?;
    if records.is_empty() {
        return Ok(none(&arguments.deposit));
    }
    let text = if arguments.common.json {
        print::lines(&records)
    } else {
        print::details(&records)
    };
    write(&text)?;
    Ok(true)
}

async fn decide(arguments: Resolve) -> Result<bool, Unusable> {
    let open = OpenTable::open(arguments.table).await?;
    let records = find(&open, &arguments.deposit).await?;
    let record = match &records[..] {
        [] => return Ok(none(&arguments.deposit)),
        [record] => record,
        _ => {
            eprintln!(
                "inapp: several deposits have this reference: name the one by its id (inapp deposits show)"
            );
            return Ok(false);
        }
    };
    let deposit = &record.record;
    let decision = match &arguments.decision {
        Choice { retry: Some(_), .. } => Decision::Retry,
        Choice { failed: true, .. } => Decision::Failed,
        _ => Decision::Credited {
            balance_history_id: arguments.balance_history_id,
        },
    };
    if !arguments.yes && !confirmed(record, decision)? {
        eprintln!("inapp: nothing was changed");
        return Ok(false);
    }
    // Before `--retry` somebody looked into cTrader: what has happened since then, they have not seen.
    let seen = arguments.decision.retry.unwrap_or(deposit.version);
    let operator = Operator {
        seen,
        name: &arguments.by,
        reason: &arguments.reason,
    };
    let resolved = resolve(&open.table, &System, &deposit.id, operator, decision).await;
    match resolved {
        Ok(now) => {
            write(&format!("{} is {} now.\n", record.reference, now.status))?;
            Ok(true)
        }
        Err(ResolveError::Store(error)) => {
            eprintln!(
                "inapp: {error}. It may have been written down: look with inapp deposits show. (It takes dynamodb:UpdateItem.)"
            );
            Ok(false)
        }
        Err(refused) => {
            eprintln!("inapp: {refused}");
            Ok(false)
        }
    }
}

/// Shows what is decided about, and what the decision does, and asks.
fn confirmed(record: &DepositRecord, decision: Decision) -> io::Result<bool> {
    let order = &record.record.order;
    let money = format!("{} {}", order.amount, plain(&order.currency));
    let consequence = match decision {
        Decision::Credited { .. } => format!(
            "It will be recorded that {money} were credited to account {}. Nothing is sent to cTrader.",
            order.login
        ),
        Decision::Retry => format!(
            "{money} will be credited to account {} by a program, within a minute or two. Do this only if cTrader's own record \
             of that account shows no balance operation for it: nothing else keeps it from being credited twice.",
            order.login
        ),
        Decision::Failed => format!(
            "It will be recorded that nothing is credited to account {}, and the trader is told so.",
            order.login
        ),
    };
    let page = print::details(std::slice::from_ref(record));
    eprint!("{page}\n{consequence}\nType yes to go on: ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

async fn find(open: &OpenTable, reference_or_id: &str) -> Result<Vec<DepositRecord>, Unusable> {
    let found = open.table.find_deposits(reference_or_id).await;
    Ok(found.map_err(|error| open.explain(error))?)
}

/// Says that there is no such deposit.
fn none(text: &str) -> bool {
    eprintln!("inapp: no deposit has the reference or id {}", plain(text));
    false
}
