//! Requests, for people and for programs.

use serde::Serialize;
use store::{RequestRecord, Step};

use crate::text::{plain, section, table, time};

/// One JSON object per line: `data` of an event, and what the operator alone is shown.
pub fn lines(entries: &[RequestRecord]) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Line<'a> {
        #[serde(flatten)]
        entry: &'a RequestRecord,
        #[serde(skip_serializing_if = "Option::is_none")]
        redirect: &'a Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        concluded_at: &'a Option<String>,
        history: &'a [Step],
    }
    let line = |entry| Line {
        entry,
        redirect: &entry.redirect,
        concluded_at: &entry.concluded_at,
        history: &entry.history,
    };
    let mut text = String::new();
    for entry in entries {
        // A type with text keys and plain values cannot fail to serialize.
        text += &serde_json::to_string(&line(entry)).unwrap_or_default();
        text.push('\n');
    }
    text
}

/// A table with a line for each.
pub fn overview(entries: &[RequestRecord]) -> String {
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
    rows.extend(entries.iter().map(|entry| {
        [
            time(&entry.recorded_at),
            plain(&entry.reference),
            action(entry),
            entry.status.to_string(),
            plain(entry.broker.as_str()),
            entry.identity.user_id.to_string(),
            account(entry),
            amount(entry),
        ]
    }));
    table(&rows)
}

/// Everything about each.
pub fn details(entries: &[RequestRecord]) -> String {
    let pages: Vec<String> = entries.iter().map(page).collect();
    pages.join("\n")
}

fn page(entry: &RequestRecord) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let (identity, launch) = (&entry.identity, &entry.launch);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut rows: Vec<(String, String)> = [
        ("Reference", entry.reference.clone()),
        ("Id", entry.request_id.clone()),
        ("Action", action(entry)),
        ("Status", entry.status.to_string()),
        ("Message", text(&entry.message)),
        ("Sent on to", text(&entry.redirect)),
        ("Broker", entry.broker.to_string()),
        ("User", identity.user_id.to_string()),
        ("E-mail", text(&identity.email)),
        ("Account", number(identity.account_id)),
        ("Trading login", number(identity.trading_login)),
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
    text += &section("Fields", entry.fields.clone());
    text += &section("Attribution", entry.attribution.clone());
    let recorded = (time(&entry.recorded_at), "recorded".to_owned());
    let steps = entry.history.iter().map(|step| {
        let message = step.message.as_ref().map(|message| format!(": {message}"));
        (
            time(&step.at),
            format!("{}{}", step.status, message.unwrap_or_default()),
        )
    });
    text += &section("History (UTC)", std::iter::once(recorded).chain(steps));
    text
}

fn action(entry: &RequestRecord) -> String {
    match &entry.action_type {
        Some(kind) => plain(&format!("{} {kind}", entry.action)),
        None => plain(&entry.action),
    }
}

fn account(entry: &RequestRecord) -> String {
    let account = entry.identity.trading_login.or(entry.identity.account_id);
    account.map(|account| account.to_string()).unwrap_or_default()
}

/// Of a request that has one.
fn amount(entry: &RequestRecord) -> String {
    let field = |name| {
        entry
            .fields
            .get(name)
            .map(|value| plain(value))
            .unwrap_or_default()
    };
    let amount = field("amount");
    let currency = field("currency") + &field("amount_currency");
    format!("{amount} {currency}").trim().to_owned()
}
