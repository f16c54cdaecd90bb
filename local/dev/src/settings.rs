//! The settings of the functions: the environment variables that template.yaml sets, for the local services.

use crate::stack_dir::StackDir;

// Names of the secrets in the local Secrets Manager.
pub(crate) const MANAGER_TOKEN_SECRET: &str = "inapp/manager-token";
pub(crate) const SESSION_KEY_SECRET: &str = "inapp/session-key";
pub(crate) const BACKEND_SECRET: &str = "inapp/backend-secret";
pub(crate) const CRM_WEBHOOK_SECRET: &str = "inapp/crm-webhook-secret";
pub(crate) const PAYMENT_SECRETS: &str = "inapp/payment-secrets";

/// The name of the event bus.
pub(crate) const EVENT_BUS: &str = "inapp";

/// The name of the table.
pub(crate) const TABLE: &str = "inapp-ledger";

/// The AWS region of the local services.
pub(crate) const REGION: &str = "eu-central-1";

/// The developer's AWS credentials, for the local services only.
pub(crate) const ACCESS_KEY_ID: &str = "local";
pub(crate) const SECRET_ACCESS_KEY: &str = "local";

/// The variables of a stack's functions, and of `inapp`. They contain no secret: `assertion_key` is the id of a key.
pub(crate) fn variables(dir: &StackDir, assertion_key: &str) -> Vec<(&'static str, String)> {
    let ports = &dir.ports;
    let local = |port: u16| format!("http://127.0.0.1:{port}");
    vec![
        ("CTRADER_ACCOUNT_ID_IS", "login".to_owned()),
        ("CTRADER_BASE_URL", local(ports.backend)),
        ("CTRADER_REDEEM_API", "data".to_owned()),
        ("MANAGER_TOKEN_SECRET_ID", MANAGER_TOKEN_SECRET.to_owned()),
        ("SESSION_KEY_SECRET_ID", SESSION_KEY_SECRET.to_owned()),
        ("BACKEND_SECRET_ID", BACKEND_SECRET.to_owned()),
        ("PAYMENT_SECRETS_ID", PAYMENT_SECRETS.to_owned()),
        ("LEDGER_TABLE", TABLE.to_owned()),
        ("EVENT_BUS", EVENT_BUS.to_owned()),
        ("CRM_WEBHOOK_URL", format!("{}/inapp/events", local(ports.sample))),
        ("CRM_WEBHOOK_SECRET_ID", CRM_WEBHOOK_SECRET.to_owned()),
        ("ASSERTION_KEY_IDS", assertion_key.to_owned()),
        ("INAPP_API", ports.staff_url()),
        ("PUBLIC_URL", local(ports.functions)),
        ("BROKER_CONFIG", dir.file("broker.toml").display().to_string()),
        ("AWS_ENDPOINT_URL_DYNAMODB", local(ports.dynamodb)),
        ("AWS_ENDPOINT_URL_EVENTBRIDGE", local(ports.moto)),
        ("AWS_ENDPOINT_URL_KMS", local(ports.moto)),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", local(ports.moto)),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
    ]
}

/// Formats variables as `NAME=value` lines, quoted where a shell needs quotes.
pub(crate) fn env_file(variables: &[(&str, String)]) -> String {
    let mut text = String::from("# Written by `cargo dev` at each start.\n");
    for (name, value) in variables {
        let is_plain = value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c));
        let line = if is_plain {
            format!("{name}={value}\n")
        } else {
            format!(
                "{name}=\"{}\"\n",
                value.replace('\\', "\\\\").replace('"', "\\\"")
            )
        };
        text.push_str(&line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_spaces_are_quoted() {
        let text = env_file(&[
            ("A", "http://127.0.0.1:9000".to_owned()),
            ("B", "/home/a b/c".to_owned()),
        ]);
        assert!(text.ends_with("A=http://127.0.0.1:9000\nB=\"/home/a b/c\"\n"));
    }
}
