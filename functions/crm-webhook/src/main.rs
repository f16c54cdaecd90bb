//! Calls back the broker's CRM: POSTs each event of the queue to `CRM_WEBHOOK_URL`, signed after Standard Webhooks:
//! `docs/EVENTS.md`. One that is not answered 2xx goes back to the queue, which hands it over again later.

mod webhook;

use std::process::ExitCode;

use aws_sdk_secretsmanager::Client;
use function::{
    batch::{self, Batch, Failures},
    log,
    settings::{parsed, required},
};
use futures_util::future::join_all;
use outbound::Connections;
use secret::Secret;
use serde::Deserialize;
use tokio::time::{Duration, Instant};

use webhook::Webhook;

/// How long the secret is used before it is read again: so long a change of it takes to be everywhere.
const USE_FOR: Duration = Duration::from_secs(5 * 60);

/// How long the read of the secret may take.
const READ: Duration = Duration::from_secs(3);

/// A message of the queue, as far as it matters.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    /// EventBridge's envelope of an event.
    body: String,
}

struct CrmWebhook {
    webhook: Webhook,
    secret: Secret<webhooks::Secret>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    batch::run(start(), deliver).await
}

async fn start() -> Result<CrmWebhook, Box<dyn std::error::Error>> {
    let url = parsed("CRM_WEBHOOK_URL", &required("CRM_WEBHOOK_URL")?)?;
    let secret_id = required("CRM_WEBHOOK_SECRET_ID")?;
    let tls = outbound::tls()?;
    let aws = aws::config(tls.clone()).await?;
    Ok(CrmWebhook {
        webhook: Webhook::new(url, Connections::new(tls)?),
        secret: Secret::parsed(Client::new(&aws), secret_id),
    })
}

/// Returns the messages that are to be handed over again.
async fn deliver(function: &CrmWebhook, batch: Batch<Message>) -> Failures {
    let secret = function
        .secret
        .not_older_than(USE_FOR, Instant::now() + READ)
        .await;
    let secret = match secret {
        Ok(secret) => secret,
        Err(problem) => {
            log::warn("secret_unavailable", &problem.to_string());
            return batch
                .records
                .into_iter()
                .map(|message| message.message_id)
                .collect();
        }
    };
    let calls = batch.records.into_iter().map(async |message| {
        let done = function.webhook.call(&message.body, &secret).await;
        (!done).then_some(message.message_id)
    });
    join_all(calls).await.into_iter().flatten().collect()
}
