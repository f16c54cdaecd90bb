//! Deposits, for people and for programs.

use deposits::{Status, Transition};
use jiff::Timestamp;
use serde::Serialize;
use store::{DepositData, DepositRecord};

use crate::text::{plain, section, table, time};

/// One JSON object per line: `data` of an event, and what the operator alone is shown.
pub fn lines(records: &[DepositRecord]) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Line<'a> {
        #[serde(flatten)]
        data: DepositData<'a>,
        version: u64,
        history: Vec<Write>,
    }
    let mut text = String::new();
    for record in records {
        let line = Line {
            data: record.data(),
            version: record.record.version,
            history: record.history.iter().map(Write::from).collect(),
        };
        // A type with text keys and plain values cannot fail to serialize.
        text += &serde_json::to_string(&line).unwrap_or_default();
        text.push('\n');
    }
    text
}

/// A write of the history.
#[derive(Serialize)]
struct Write {
    version: u64,
    status: Status,
    at: Timestamp,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<&Transition> for Write {
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

/// A table with a line for each.
pub fn overview(records: &[DepositRecord]) -> String {
    const HEAD: [&str; 8] = [
        "ASKED FOR (UTC)",
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
            plain(&record.reference),
            deposit.status.to_string(),
            time(&deposit.status_since.to_string()),
            plain(&order.broker),
            order.login.to_string(),
            plain(&order.method),
            format!("{} {}", order.amount, plain(&order.currency)),
        ]
    }));
    table(&rows)
}

/// Everything about each.
pub fn details(records: &[DepositRecord]) -> String {
    let pages: Vec<String> = records.iter().map(page).collect();
    pages.join("\n")
}

fn page(record: &DepositRecord) -> String {
    let deposit = &record.record;
    let order = &deposit.order;
    let payment = deposit.payment.as_ref();
    let moment = |moment: &jiff::Timestamp| time(&moment.to_string());
    let mut rows: Vec<(String, String)> = [
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
        ("Why", deposit.reason()),
        ("Amount", Some(format!("{} {}", order.amount, order.currency))),
        ("Method", Some(order.method.clone())),
        ("Broker", Some(order.broker.clone())),
        ("Account", Some(order.login.to_string())),
        ("User", Some(record.identity.user_id.to_string())),
        ("E-mail", record.identity.email.clone()),
        (
            "Paid",
            payment.map(|payment| format!("{} {}", payment.amount, payment.currency)),
        ),
        (
            "Provider's reference",
            payment.map(|payment| payment.reference.clone()),
        ),
        ("Paid at (UTC)", payment.map(|payment| moment(&payment.at))),
        ("Taken back", deposit.reversed.then(|| "yes".to_owned())),
        (
            "Last try at crediting",
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
        ("Looked at again (UTC)", deposit.due_at.as_ref().map(moment)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect();
    rows.retain(|(_, value)| !value.is_empty());
    let mut text = section("", rows);
    text += &section("Attribution", record.attribution.clone());
    let steps = record.history.iter().map(|transition| {
        let detail = transition.detail.as_ref().map(|detail| format!(": {detail}"));
        let told = format!(
            "{} ({}){}",
            transition.status,
            transition.by,
            detail.unwrap_or_default()
        );
        (moment(&transition.at), told)
    });
    text += &section("History (UTC)", steps);
    text
}
