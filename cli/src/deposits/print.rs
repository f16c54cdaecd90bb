//! Formats deposits as text and as JSON.

use deposits::{Status, Transition};
use inbound::{printable, printable_json};
use jiff::Timestamp;
use serde::Serialize;
use store::{DepositData, DepositRecord};

use crate::text::{section, table, time};

/// One JSON object per line: the `data` of an event, and the fields that only operators see.
pub fn lines(records: &[DepositRecord]) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Line<'a> {
        #[serde(flatten)]
        data: DepositData<'a>,
        version: u64,
        history: Vec<HistoryEntry>,
    }
    let mut text = String::new();
    for record in records {
        let line = Line {
            data: record.data(),
            version: record.record.version,
            history: record.history.iter().map(HistoryEntry::from).collect(),
        };
        // A type with text keys and plain values cannot fail to serialize.
        text += &printable_json(&serde_json::to_string(&line).unwrap_or_default());
        text.push('\n');
    }
    text
}

/// An entry of the history.
#[derive(Serialize)]
struct HistoryEntry {
    version: u64,
    status: Status,
    at: Timestamp,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<&Transition> for HistoryEntry {
    fn from(transition: &Transition) -> Self {
        Self {
            version: transition.version,
            status: transition.status,
            at: transition.at,
            by: transition.by.to_string(),
            detail: transition.detail.as_ref().map(ToString::to_string),
        }
    }
}

/// A table with one line per record.
pub fn overview(records: &[DepositRecord]) -> String {
    const HEAD: [&str; 8] = [
        "CREATED (UTC)",
        "REFERENCE",
        "STATUS",
        "SINCE (UTC)",
        "BROKER",
        "ACCOUNT",
        "METHOD",
        "AMOUNT",
    ];
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(records.iter().map(|record| {
        let deposit = &record.record;
        let order = &deposit.order;
        [
            time(&order.at.to_string()),
            printable(&record.reference),
            deposit.status.to_string(),
            time(&deposit.status_since.to_string()),
            printable(order.broker.as_str()),
            order.login.to_string(),
            printable(order.method.as_str()),
            order.money.to_string(),
        ]
    }));
    table(&rows)
}

/// All details of each record.
pub fn details(records: &[DepositRecord]) -> String {
    let pages: Vec<String> = records.iter().map(page).collect();
    pages.join("\n")
}

fn page(record: &DepositRecord) -> String {
    let mut text = section("", rows(record));
    text += &section("Attribution", record.attribution.clone());
    text += &section("History (UTC)", record.history.iter().map(history_row));
    text
}

/// The names and values of a deposit's details. Absent values are left out.
fn rows(record: &DepositRecord) -> Vec<(String, String)> {
    let deposit = &record.record;
    let order = &deposit.order;
    let payment = deposit.payment.as_ref();
    [
        ("Reference", Some(record.reference.clone())),
        ("Id", Some(deposit.id.to_string())),
        (
            "Status",
            Some(format!(
                "{} since {} (UTC)",
                deposit.status,
                moment(&deposit.status_since)
            )),
        ),
        ("Version", Some(deposit.version.to_string())),
        ("Reason", deposit.reason()),
        ("Amount", Some(order.money.to_string())),
        ("Method", Some(order.method.to_string())),
        ("Broker", Some(order.broker.to_string())),
        ("Account", Some(order.login.to_string())),
        ("User", Some(record.identity.user_id.to_string())),
        ("E-mail", record.identity.email.clone()),
        ("Paid", payment.map(|payment| payment.money.to_string())),
        (
            "Provider's reference",
            payment.map(|payment| payment.reference.clone()),
        ),
        ("Paid at (UTC)", payment.map(|payment| moment(&payment.at))),
        ("Reversed", deposit.reversed.then(|| "yes".to_owned())),
        (
            "Last attempt to credit",
            deposit
                .attempt
                .as_ref()
                .map(|attempt| format!("{} (UTC)", moment(&attempt.at))),
        ),
        (
            "Deferred",
            (deposit.deferrals > 0).then(|| format!("{} times", deposit.deferrals)),
        ),
        ("Credited", deposit.credit.as_ref().map(ToString::to_string)),
        ("Next check (UTC)", deposit.due_at.as_ref().map(moment)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// The time of a status change, and the status with who set it and why.
fn history_row(transition: &Transition) -> (String, String) {
    let detail = transition.detail.as_ref().map(|detail| format!(": {detail}"));
    let text = format!(
        "{} ({}){}",
        transition.status,
        transition.by,
        detail.unwrap_or_default()
    );
    (moment(&transition.at), text)
}

fn moment(moment: &Timestamp) -> String {
    time(&moment.to_string())
}
