//! An embedded DynamoDB, and `inapp` with its table.

use std::process::Stdio;

use aws_sdk_dynamodb::types::AttributeValue;
use embedded_table::{EmbeddedTable, TABLE, client};
use store::Table;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::program::ProgramRun;

/// A table in an embedded DynamoDB.
pub struct Store {
    pub url: String,
    pub table: Table,
}

impl Store {
    pub async fn new() -> Self {
        let url = EmbeddedTable::start().await.url();
        let table = Table::new(client(&url), TABLE.to_owned());
        Self { url, table }
    }

    /// Damages an attribute of an item, as a manual edit may.
    pub async fn damage(&self, kind: &str, id: &str, attribute: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        client(&self.url)
            .update_item()
            .table_name(TABLE)
            .key("pk", text(&format!("{kind}#{id}")))
            .key("sk", text(kind))
            .update_expression("SET #attribute = :damaged")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":damaged", text("damaged"))
            .send()
            .await
            .unwrap();
    }

    /// Runs `inapp requests`.
    pub async fn requests(&self, arguments: &[&str]) -> ProgramRun {
        inapp(&self.url, "requests", arguments, &[], "").await
    }

    /// Runs `inapp deposits` with this standard input.
    pub async fn deposits(&self, arguments: &[&str], input: &str) -> ProgramRun {
        inapp(&self.url, "deposits", arguments, &[], input).await
    }
}

/// Runs a command of `inapp`. `env` overrides environment variables; an empty value removes a variable.
pub async fn inapp(
    url: &str,
    command: &str,
    arguments: &[&str],
    env: &[(&str, &str)],
    input: &str,
) -> ProgramRun {
    let mut variables = vec![
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ENDPOINT_URL_DYNAMODB", url),
        ("AWS_REGION", "eu-central-1"),
        ("HOME", "/nonexistent"),
        ("LEDGER_TABLE", TABLE),
    ];
    for (name, value) in env {
        variables.retain(|(other, _)| other != name);
        if !value.is_empty() {
            variables.push((name, value));
        }
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_inapp"))
        .arg(command)
        .args(arguments)
        .env_clear()
        .envs(variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // The program may end without reading its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
    let output = child.wait_with_output().await.unwrap();
    ProgramRun {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
