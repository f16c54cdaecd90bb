//! Formats requests as text and as JSON.

use inbound::{printable, printable_json};
use serde::Serialize;
use store::{Moment, RequestRecord, StatusChange};

use crate::text::{section, table, time};

/// One JSON object per line: the `data` of an event, and the fields that only operators see.
pub fn lines(records: &[RequestRecord]) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Line<'a> {
        #[serde(flatten)]
        record: &'a RequestRecord,
        #[serde(skip_serializing_if = "Option::is_none")]
        redirect: &'a Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        concluded_at: &'a Option<Moment>,
        history: &'a [StatusChange],
    }
    let line = |record| Line {
        record,
        redirect: &record.redirect,
        concluded_at: &record.concluded_at,
        history: &record.history,
    };
    let mut text = String::new();
    for record in records {
        // A type with text keys and plain values cannot fail to serialize.
        text += &printable_json(&serde_json::to_string(&line(record)).unwrap_or_default());
        text.push('\n');
    }
    text
}

/// A table with one line per record.
pub fn overview(records: &[RequestRecord]) -> String {
    const HEAD: [&str; 8] = [
        "RECORDED (UTC)",
        "REFERENCE",
        "ACTION",
        "STATUS",
        "BROKER",
        "USER",
        "ACCOUNT",
        "AMOUNT",
    ];
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(records.iter().map(|record| {
        [
            time(&record.recorded_at.to_string()),
            printable(&record.reference),
            action(record),
            record.status.to_string(),
            printable(record.broker.as_str()),
            record.identity.user_id.to_string(),
            account(record),
            amount(record),
        ]
    }));
    table(&rows)
}

/// All details of each record.
pub fn details(records: &[RequestRecord]) -> String {
    let pages: Vec<String> = records.iter().map(page).collect();
    pages.join("\n")
}

fn page(record: &RequestRecord) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let (identity, launch) = (&record.identity, &record.launch);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut rows: Vec<(String, String)> = [
        ("Reference", record.reference.clone()),
        ("Id", record.request_id.to_string()),
        ("Action", action(record)),
        ("Status", record.status.to_string()),
        ("Message", text(&record.message)),
        ("Redirected to", text(&record.redirect)),
        ("Broker", record.broker.to_string()),
        ("User", identity.user_id.to_string()),
        ("E-mail", text(&identity.email)),
        ("Trading login", account(record)),
        ("cTrader accountId", number(identity.account_id)),
        ("Trader", number(identity.trader_id)),
        ("Opened on account", number(launch.account)),
        (
            "Opened in",
            launch
                .source
                .map(|source| source.as_str().to_owned())
                .unwrap_or_default(),
        ),
        ("Language", text(&launch.lang)),
        ("KYC type", text(&launch.kyc_type)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    rows.retain(|(_, value)| !value.is_empty());
    let mut text = section("", rows);
    text += &section("Fields", record.fields.clone());
    text += &section("Attribution", record.attribution.clone());
    let recorded = (time(&record.recorded_at.to_string()), "recorded".to_owned());
    let changes = record.history.iter().map(|change| {
        let message = change.message.as_ref().map(|message| format!(": {message}"));
        (
            time(&change.at.to_string()),
            format!("{}{}", change.status, message.unwrap_or_default()),
        )
    });
    text += &section("History (UTC)", std::iter::once(recorded).chain(changes));
    text
}

fn action(record: &RequestRecord) -> String {
    match &record.action_type {
        Some(kind) => printable(&format!("{} {kind}", record.screen)),
        None => record.screen.to_string(),
    }
}

fn account(record: &RequestRecord) -> String {
    let login = record.identity.trading_login;
    login.map(|login| login.to_string()).unwrap_or_default()
}

/// The amount and its currency. Empty if the request has none.
fn amount(record: &RequestRecord) -> String {
    let field = |name| {
        record
            .fields
            .get(name)
            .map(|value| printable(value))
            .unwrap_or_default()
    };
    let amount = field("amount");
    let currency = field("currency") + &field("amount_currency");
    format!("{amount} {currency}").trim().to_owned()
}
