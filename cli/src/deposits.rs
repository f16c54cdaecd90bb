//! `inapp deposits list|show|resolve`: shows deposits, and records an operator's decisions about them.

mod print;

use std::io::{self, BufRead, Write};

use clap::{Args, Subcommand};
use deposits::Status;
use domain::RecordId;
use inbound::printable;
use staff_calls::{DecideDeposit, DecidedDeposit, DepositDecision, deposit_decisions_path};
use store::{DepositFilter, DepositRecord};

use crate::{
    aws::AwsAccess,
    requests::{CommandError, Common, Selection, print_more_hint, report_damaged, write},
    staff::{ApiArgument, StaffApi},
    table::{OpenTable, TableError},
};

/// Shows deposits, and records decisions about them.
#[derive(Subcommand)]
pub enum Command {
    /// Lists deposits, newest first.
    List(List),
    /// Shows everything about one deposit, with its history.
    Show(Show),
    /// Records your decision about a deposit in review or unknown.
    Resolve(Resolve),
}

/// Arguments of `list`.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    common: Common,
    /// Only deposits that are not final, whatever their age.
    #[arg(long, conflicts_with_all = ["since", "until"])]
    open: bool,
    #[command(flatten)]
    selection: Selection,
    /// Only deposits with this status: created, pending, paid, crediting, credited, failed, expired, review or
    /// unknown.
    #[arg(long)]
    status: Option<Status>,
    /// Only deposits with this payment method: its id in broker.toml.
    #[arg(long, value_name = "ID")]
    method: Option<String>,
}

/// Arguments of `show`.
#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    common: Common,
    /// The reference that the trader sees, or the deposit's id.
    #[arg(value_name = "REFERENCE|ID")]
    deposit: String,
}

/// Arguments of `resolve`.
#[derive(Args)]
pub struct Resolve {
    /// Name of the table: the output LedgerTableName of the stack.
    #[arg(long, env = "LEDGER_TABLE", value_name = "NAME")]
    table: String,
    #[command(flatten)]
    api: ApiArgument,
    /// The reference that the trader sees, or the deposit's id.
    #[arg(value_name = "REFERENCE|ID")]
    deposit: String,
    #[command(flatten)]
    decision: DecisionFlags,
    /// cTrader's id of the balance operation, with --credited.
    #[arg(long, value_name = "ID", requires = "credited", value_parser = clap::value_parser!(i64).range(1..))]
    balance_history_id: Option<i64>,
    /// You asked the provider, and it has the payment that the deposit names. --retry needs this if no notification
    /// of the payment is recorded. The payment is recorded with your AWS user or role.
    #[arg(long, conflicts_with = "failed")]
    payment_found: bool,
    /// The reason. It stays in the history, with your AWS user or role.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
}

/// The decision.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct DecisionFlags {
    /// The account has been credited: cTrader's records show it, or you credited it by hand.
    #[arg(long)]
    credited: bool,
    /// The account has not been credited: cTrader's records show it. The credit is sent again, unless the deposit
    /// has changed since you looked. VERSION is the version that `show` printed then.
    #[arg(long, value_name = "VERSION")]
    retry: Option<u64>,
    /// Nothing will be credited: the money was returned, or never arrived.
    #[arg(long)]
    failed: bool,
}

/// Runs a command. Returns false if there is no such deposit, if the decision is refused, or if a record cannot be
/// read.
///
/// # Errors
/// [`CommandError`] if the table cannot be read, the decision cannot be sent, or the output cannot be printed.
pub async fn run(command: Command) -> Result<bool, CommandError> {
    match command {
        Command::List(arguments) => list(arguments).await,
        Command::Show(arguments) => show(arguments).await,
        Command::Resolve(arguments) => decide(arguments).await,
    }
}

async fn list(arguments: List) -> Result<bool, CommandError> {
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
        print_more_hint(selection.limit);
    }
    Ok(report_damaged(&listed.damaged))
}

async fn show(arguments: Show) -> Result<bool, CommandError> {
    let open = OpenTable::open(arguments.common.table).await?;
    let records = find(&open, &arguments.deposit).await?;
    if records.is_empty() {
        return Ok(report_missing(&arguments.deposit));
    }
    let text = if arguments.common.json {
        print::lines(&records)
    } else {
        print::details(&records)
    };
    write(&text)?;
    Ok(true)
}

async fn decide(arguments: Resolve) -> Result<bool, CommandError> {
    let aws = AwsAccess::load().await.map_err(TableError::from)?;
    let api = StaffApi::new(&aws, arguments.api.api)?;
    let open = OpenTable::new(&aws, arguments.table);
    let records = find(&open, &arguments.deposit).await?;
    let record = match &records[..] {
        [] => return Ok(report_missing(&arguments.deposit)),
        [record] => record,
        _ => {
            eprintln!(
                "inapp: several deposits have this reference: give the id instead (inapp deposits show prints it)"
            );
            return Ok(false);
        }
    };
    let deposit = &record.record;
    let decision = match &arguments.decision {
        DecisionFlags { retry: Some(_), .. } => DepositDecision::Retry,
        DecisionFlags { failed: true, .. } => DepositDecision::Failed,
        _ => DepositDecision::Credited,
    };
    if !arguments.yes && !confirmed(record, decision)? {
        eprintln!("inapp: nothing was changed");
        return Ok(false);
    }
    let call = DecideDeposit {
        request_id: RecordId::random().map_err(io::Error::other)?,
        // For `--retry` the operator has looked into cTrader. A change since then must stop the decision.
        version: arguments.decision.retry.unwrap_or(deposit.version),
        decision,
        balance_history_id: arguments.balance_history_id,
        payment_found: arguments.payment_found,
        reason: arguments.reason,
    };
    let path = deposit_decisions_path(&deposit.id);
    match api.call::<DecidedDeposit>(&path, &call).await? {
        Ok(decided) => {
            let status = printable(&decided.status);
            let by = decided.recorded.by;
            write(&format!(
                "{} is now {status}. Recorded as decided by {by}.\n",
                record.reference
            ))?;
            Ok(true)
        }
        Err(refused) => {
            eprintln!("inapp: {refused}");
            Ok(false)
        }
    }
}

/// Shows the deposit and the consequence of the decision, and asks for confirmation.
fn confirmed(record: &DepositRecord, decision: DepositDecision) -> io::Result<bool> {
    let order = &record.record.order;
    let money = &order.money;
    let consequence = match decision {
        DepositDecision::Credited => format!(
            "This records that {money} was credited to account {}. Nothing is sent to cTrader.",
            order.login
        ),
        DepositDecision::Retry => format!(
            "{money} will be credited to account {} automatically, within a minute or two. Do this only if cTrader's own records of \
             the account show no balance operation for this deposit: nothing else prevents a second credit.",
            order.login
        ),
        DepositDecision::Failed => format!(
            "This records that nothing is credited to account {}. The deposit page shows this to the trader.",
            order.login
        ),
    };
    let page = print::details(std::slice::from_ref(record));
    eprint!("{page}\n{consequence}\nType yes to continue: ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

async fn find(open: &OpenTable, reference_or_id: &str) -> Result<Vec<DepositRecord>, CommandError> {
    let found = open.table.find_deposits(reference_or_id).await;
    Ok(found.map_err(|error| open.explain(error))?)
}

/// Prints that there is no such deposit. Returns false.
fn report_missing(text: &str) -> bool {
    eprintln!("inapp: no deposit has the reference or id {}", printable(text));
    false
}
