//! `inapp deposits list|show|resolve`: what became of the money, and what an operator decides about it.

mod print;

use std::io::{self, BufRead, Write};

use clap::{Args, Subcommand};
use deposits::{Decision, ResolveError, Status, resolve};
use store::{DepositRecord, System};

use crate::{
    requests::{Common, Selection, Unusable, all_readable, tell_more, write},
    table::{Damaged, Filter, Found, Item, Kind, Table, TableError, Which},
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
    let table = Table::open(arguments.common.table.clone()).await?;
    let selection = &arguments.selection;
    let found = if arguments.open {
        open(&table, &arguments).await?
    } else {
        let filter = Filter {
            since: selection.since.clone(),
            until: selection.until.clone(),
            broker: selection.broker.clone(),
            user: selection.user,
            which: Which::Deposits {
                status: arguments.status,
                method: arguments.method.clone(),
                account: selection.account,
            },
        };
        table.list(&filter, selection.limit, read).await?
    };
    let text = if arguments.common.json {
        print::lines(&found.entries)
    } else {
        print::overview(&found.entries)
    };
    write(&text)?;
    if found.more {
        tell_more(selection.limit);
    }
    Ok(all_readable(&found.damaged))
}

/// Those that are not at their end, the newest first. One that cannot be read may be one of those that are wanted.
async fn open(table: &Table, arguments: &List) -> Result<Found<DepositRecord>, Unusable> {
    let selection = &arguments.selection;
    let mut entries = Vec::new();
    let mut damaged = Vec::new();
    for item in table.open_deposits().await? {
        let entry = match read(&item) {
            Ok(entry) => entry,
            Err(error) => {
                damaged.push(Damaged::new(Kind::Deposit, &item, &error));
                continue;
            }
        };
        let deposit = &entry.deposit;
        let order = &deposit.order;
        let is =
            |wanted: &Option<String>, value: &String| wanted.as_ref().is_none_or(|wanted| wanted == value);
        let wanted = !deposit.status.is_final()
            && arguments.status.is_none_or(|status| status == deposit.status)
            && is(&arguments.method, &order.method)
            && is(&selection.broker, &order.broker)
            && selection.user.is_none_or(|user| user == entry.identity.user_id)
            && selection.account.is_none_or(|account| account == order.login);
        if wanted {
            entries.push(entry);
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.deposit.order.at));
    let more = entries.len() > selection.limit;
    entries.truncate(selection.limit);
    Ok(Found {
        entries,
        more,
        damaged,
    })
}

async fn show(arguments: Show) -> Result<bool, Unusable> {
    let table = Table::open(arguments.common.table).await?;
    let entries = find(&table, &arguments.deposit).await?;
    if entries.is_empty() {
        return Ok(none(&arguments.deposit));
    }
    let text = if arguments.common.json {
        print::lines(&entries)
    } else {
        print::details(&entries)
    };
    write(&text)?;
    Ok(true)
}

async fn decide(arguments: Resolve) -> Result<bool, Unusable> {
    let table = Table::open(arguments.table).await?;
    let entries = find(&table, &arguments.deposit).await?;
    let entry = match &entries[..] {
        [] => return Ok(none(&arguments.deposit)),
        [entry] => entry,
        _ => {
            eprintln!(
                "inapp: several deposits have this reference: name the one by its id (inapp deposits show)"
            );
            return Ok(false);
        }
    };
    let deposit = &entry.deposit;
    let decision = match &arguments.decision {
        Choice { retry: Some(_), .. } => Decision::Retry,
        Choice { failed: true, .. } => Decision::Failed,
        _ => Decision::Credited {
            balance_history_id: arguments.balance_history_id,
        },
    };
    if !arguments.yes && !confirmed(entry, decision)? {
        eprintln!("inapp: nothing was changed");
        return Ok(false);
    }
    // Before `--retry` somebody looked into cTrader: what has happened since then, they have not seen.
    let seen = arguments.decision.retry.unwrap_or(deposit.version);
    let (by, reason) = (&arguments.by, &arguments.reason);
    let resolved = resolve(&table.ledger(), &System, &deposit.id, seen, decision, by, reason).await;
    match resolved {
        Ok(now) => {
            write(&format!("{} is {} now.\n", entry.reference, now.status))?;
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
fn confirmed(entry: &DepositRecord, decision: Decision) -> io::Result<bool> {
    let order = &entry.deposit.order;
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
    let page = print::details(std::slice::from_ref(entry));
    eprint!("{page}\n{consequence}\nType yes to go on: ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

async fn find(table: &Table, text: &str) -> Result<Vec<DepositRecord>, Unusable> {
    let items = table.find(Kind::Deposit, text).await?;
    let entries: Result<Vec<_>, _> = items.iter().map(read).collect();
    Ok(entries.map_err(TableError::from)?)
}

fn read(item: &Item) -> Result<DepositRecord, store::TableError> {
    DepositRecord::read(item)?.ok_or(store::TableError::Damaged("sk"))
}

/// Says that there is no such deposit.
fn none(text: &str) -> bool {
    eprintln!("inapp: no deposit has the reference or id {}", plain(text));
    false
}
