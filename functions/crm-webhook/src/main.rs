//! Sends each event to the broker's CRM: a `POST` to `CRM_WEBHOOK_URL`, signed after Standard Webhooks
//! (`docs/EVENTS.md`).
//!
//! The events come from a queue. An event that is not answered with 2xx goes back to the queue, which delivers it
//! again later.

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

/// How long the secret is used before it is read again. A replaced secret is in use everywhere after this time.
const MAX_SECRET_AGE: Duration = Duration::from_secs(5 * 60);

/// How long the read of the secret may take.
const SECRET_TIMEOUT: Duration = Duration::from_secs(3);

/// The part of a queue message that this function reads.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    /// EventBridge's envelope with the event in it.
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

/// Sends the events of a batch, all at once. Returns the messages that the queue has to deliver again.
async fn deliver(function: &CrmWebhook, batch: Batch<Message>) -> Failures {
    let deadline = Instant::now() + SECRET_TIMEOUT;
    let secret = match function.secret.not_older_than(MAX_SECRET_AGE, deadline).await {
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
    let deliveries = batch.records.into_iter().map(async |message| {
        let accepted = function.webhook.deliver(&message.body, &secret).await;
        (!accepted).then_some(message.message_id)
    });
    join_all(deliveries).await.into_iter().flatten().collect()
}
