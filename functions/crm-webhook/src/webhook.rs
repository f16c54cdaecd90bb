//! The call to the broker's CRM.

use std::{
    str::FromStr,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use domain::is_https_or_loopback;
use outbound::{Connections, cause};
use reqwest::{Url, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{json, value::RawValue};
use webhooks::Secret;

/// From connecting to the status of the answer. Lambda gives the function 15 s (`template.yaml`).
const DEADLINE: Duration = Duration::from_secs(10);

/// Where the events go.
pub struct Webhook {
    url: WebhookUrl,
    connections: Connections,
}

/// An event as EventBridge passes it on.
#[derive(Deserialize)]
struct Envelope<'a> {
    /// What is announced, to the letter: this is what is signed and sent.
    #[serde(borrow)]
    detail: &'a RawValue,
}

/// What is needed of an event.
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    reference: String,
}

impl Webhook {
    pub fn new(url: WebhookUrl, connections: Connections) -> Self {
        Self { url, connections }
    }

    /// Sends the event of a message, and says whether it was taken: answered 2xx. Logs what came of it.
    pub async fn call(&self, message: &str, secret: &Secret) -> bool {
        let event = serde_json::from_str(message).and_then(|envelope: Envelope| {
            serde_json::from_str(envelope.detail.get()).map(|event: Event| (envelope.detail.get(), event))
        });
        let Ok((body, event)) = event else {
            // What the parser says may quote it.
            println!("{}", json!({ "level": "ERROR", "event": "unreadable" }));
            return false;
        };
        let started = Instant::now();
        let answered = self.post(&event.id, body, secret).await;
        let taken = matches!(answered, Ok(status) if (200..300).contains(&status));
        println!(
            "{}",
            json!({
                "level": if taken { "INFO" } else { "WARN" },
                "event": if taken { "crm_webhook_delivered" } else { "crm_webhook_not_delivered" },
                "type": event.kind,
                "reference": event.data.reference,
                "status": answered.as_ref().ok(),
                "detail": answered.as_ref().err(),
                "ms": started.elapsed().as_millis() as u64,
            })
        );
        taken
    }

    /// The status of the answer, or why there is none.
    async fn post(&self, id: &str, body: &str, secret: &Secret) -> Result<u16, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_err(|_| "the clock is before 1970")?.as_secs() as i64;
        let client = self.connections.client().map_err(|error| error.to_string())?;
        let answer = client
            .post(self.url.0.clone())
            .timeout(DEADLINE)
            .header(CONTENT_TYPE, "application/json")
            .header(webhooks::ID, id)
            .header(webhooks::TIMESTAMP, now)
            .header(webhooks::SIGNATURE, secret.sign(id, now, body.as_bytes()))
            .body(body.to_owned())
            .send()
            .await;
        self.connections.used();
        Ok(answer.map_err(cause)?.status().as_u16())
    }
}

/// `CRM_WEBHOOK_URL`: https, or http on loopback. Cannot be printed, since a broker may have put a key into it.
pub struct WebhookUrl(Url);

impl FromStr for WebhookUrl {
    type Err = BadWebhookUrl;

    fn from_str(text: &str) -> Result<Self, BadWebhookUrl> {
        let url = Url::parse(text).map_err(|_| BadWebhookUrl)?;
        if is_https_or_loopback(&url) {
            Ok(Self(url))
        } else {
            Err(BadWebhookUrl)
        }
    }
}

/// The text is no URL to call back.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a URL with https (http is allowed for loopback only)")]
pub struct BadWebhookUrl;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_goes_over_https_or_stays_on_the_machine() {
        for good in [
            "https://crm.broker.example/events?key=1",
            "http://[::1]:8080/x",
            "http://localhost/",
        ] {
            assert!(good.parse::<WebhookUrl>().is_ok(), "{good}");
        }
        for bad in [
            "crm.broker.example",
            "http://crm.broker.example/",
            "ftp://localhost/",
        ] {
            assert!(bad.parse::<WebhookUrl>().is_err(), "{bad}");
        }
    }
}
