//! The delivery of one event to the broker's CRM.

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

/// Timeout of one delivery, from connecting to the status of the response. Lambda gives the function 15 s
/// (`template.yaml`).
const TIMEOUT: Duration = Duration::from_secs(10);

/// Delivers events to the CRM's URL.
pub struct Webhook {
    url: WebhookUrl,
    connections: Connections,
}

/// EventBridge's envelope of an event.
#[derive(Deserialize)]
struct Envelope<'a> {
    /// The event as it was published. Exactly these bytes are signed and sent.
    #[serde(borrow)]
    detail: &'a RawValue,
}

/// The part of an event that the headers and the log line need.
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

    /// Sends the event of a message and logs the result. Returns whether the CRM accepted the event, with a 2xx
    /// status.
    pub async fn deliver(&self, message: &str, secret: &Secret) -> bool {
        let event = serde_json::from_str(message).and_then(|envelope: Envelope| {
            serde_json::from_str(envelope.detail.get()).map(|event: Event| (envelope.detail.get(), event))
        });
        let Ok((body, event)) = event else {
            // The parser's error is not logged: it may quote the event.
            println!("{}", json!({ "level": "ERROR", "event": "unreadable" }));
            return false;
        };
        let started = Instant::now();
        let status = self.post(&event.id, body, secret).await;
        let accepted = matches!(status, Ok(status) if (200..300).contains(&status));
        println!(
            "{}",
            json!({
                "level": if accepted { "INFO" } else { "WARN" },
                "event": if accepted { "crm_webhook_delivered" } else { "crm_webhook_not_delivered" },
                "type": event.kind,
                "reference": event.data.reference,
                "status": status.as_ref().ok(),
                "detail": status.as_ref().err(),
                "ms": started.elapsed().as_millis() as u64,
            })
        );
        accepted
    }

    /// The status of the response, or why there is none.
    async fn post(&self, id: &str, body: &str, secret: &Secret) -> Result<u16, String> {
        let since_1970 = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|_| "the clock is before 1970")?;
        let timestamp = since_1970.as_secs() as i64;
        let client = self.connections.client().map_err(|error| error.to_string())?;
        let response = client
            .post(self.url.0.clone())
            .timeout(TIMEOUT)
            .header(CONTENT_TYPE, "application/json")
            .header(webhooks::ID, id)
            .header(webhooks::TIMESTAMP, timestamp)
            .header(webhooks::SIGNATURE, secret.sign(id, timestamp, body.as_bytes()))
            .body(body.to_owned())
            .send()
            .await;
        self.connections.used();
        Ok(response.map_err(cause)?.status().as_u16())
    }
}

/// `CRM_WEBHOOK_URL`: https, or http on loopback. Cannot be printed, because the URL may contain a key.
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

/// The text is not a URL that events may be sent to.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a URL with https (http is allowed for loopback only)")]
pub struct BadWebhookUrl;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_url_is_https_or_on_this_machine() {
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
