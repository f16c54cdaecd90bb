//! Sends payment notifications: signed `POST /payments/{method}/events`, repeated until accepted.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{Timestamp, Unit};
use outbound::{Connections, NoTls};
use rand::Rng;
use rand::distr::Alphanumeric;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde::Serialize;
use serde_json::json;
use tokio::task::JoinSet;
use webhooks::Secret;

use crate::lock;

/// The timeout of one attempt.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum number of attempts. The pause between them doubles, up to [`MAX_PAUSE`].
const MAX_ATTEMPTS: u32 = 20;

const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Something that happened to a payment.
#[derive(Clone, Debug)]
pub(crate) struct PaymentEvent {
    pub(crate) kind: PaymentEventKind,
    pub(crate) at: Timestamp,
    pub(crate) deposit: String,
    /// The payment method that reports it.
    pub(crate) method: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    /// The payment's id at the provider; `None` if nothing was charged.
    pub(crate) reference: Option<String>,
    pub(crate) reason: Option<&'static str>,
}

/// The `type` of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum PaymentEventKind {
    #[serde(rename = "deposit.pending")]
    Pending,
    #[serde(rename = "deposit.paid")]
    Paid,
    #[serde(rename = "deposit.failed")]
    Failed,
    #[serde(rename = "deposit.refunded")]
    Refunded,
    #[serde(rename = "deposit.charged_back")]
    ChargedBack,
}

impl PaymentEvent {
    fn body(&self) -> String {
        let mut data = json!({
            "depositId": self.deposit,
            "amount": self.amount,
            "currency": self.currency,
        });
        if let Some(reference) = &self.reference {
            data["providerReference"] = reference.as_str().into();
        }
        if let Some(reason) = self.reason {
            data["reason"] = reason.into();
        }
        // Other providers send milliseconds too.
        let at = self.at.round(Unit::Millisecond).unwrap_or(self.at);
        json!({"type": self.kind, "timestamp": at.to_string(), "data": data}).to_string()
    }
}

/// A webhook message about a payment event.
#[derive(Clone)]
pub(crate) struct Notification {
    /// `webhook-id`: the same for all attempts.
    id: String,
    event: PaymentEvent,
    /// Whether it is signed with a wrong secret.
    forged: bool,
}

impl Notification {
    pub(crate) fn new(event: PaymentEvent) -> Self {
        Self {
            id: format!("msg_{}", random()),
            event,
            forged: false,
        }
    }

    pub(crate) fn forged(self) -> Self {
        Self { forged: true, ..self }
    }
}

/// An attempt to send a notification, for tests.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    #[serde(skip)]
    deposit: String,
    webhook_id: String,
    #[serde(rename = "type")]
    kind: PaymentEventKind,
    amount: String,
    /// HTTP status of the response, if there was one.
    status: Option<u16>,
}

/// Sends notifications.
pub(crate) struct Notifier {
    connections: Connections,
    screens_url: String,
    secrets: HashMap<String, Secret>,
    /// The pause before the second attempt.
    first_pause: Duration,
    attempts: Mutex<Vec<Attempt>>,
    /// The tasks that will send something later.
    tasks: Mutex<JoinSet<()>>,
}

impl Notifier {
    /// `secrets` has the secret of each payment method.
    pub(crate) fn new(
        screens_url: &str,
        secrets: HashMap<String, Secret>,
        first_pause: Duration,
    ) -> Result<Self, NoTls> {
        Ok(Self {
            connections: Connections::new(outbound::tls()?)?,
            screens_url: screens_url.to_owned(),
            secrets,
            first_pause,
            attempts: Mutex::default(),
            tasks: Mutex::default(),
        })
    }

    /// Whether there is a secret for a payment method.
    pub(crate) fn has_secret(&self, method: &str) -> bool {
        self.secrets.contains_key(method)
    }

    /// Makes the first attempt, and further ones in the background until the notification is accepted or refused for
    /// good.
    pub(crate) async fn send(self: &Arc<Self>, notification: Notification) {
        if self.attempt(&notification).await {
            return;
        }
        let notifier = Arc::clone(self);
        self.spawn(async move {
            let mut pause = notifier.first_pause;
            for _ in 1..MAX_ATTEMPTS {
                tokio::time::sleep(pause).await;
                if notifier.attempt(&notification).await {
                    return;
                }
                pause = (pause * 2).min(MAX_PAUSE);
            }
        });
    }

    /// Sends a notification after a pause.
    pub(crate) fn send_after(self: &Arc<Self>, pause: Duration, notification: Notification) {
        let notifier = Arc::clone(self);
        self.spawn(async move {
            tokio::time::sleep(pause).await;
            notifier.send(notification).await;
        });
    }

    /// Runs a task in the background, until the sample backend stops.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        // Removes finished tasks.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    /// All attempts so far for a deposit.
    pub(crate) fn attempts(&self, deposit: &str) -> Vec<Attempt> {
        let attempts = lock(&self.attempts);
        attempts
            .iter()
            .filter(|each| each.deposit == deposit)
            .cloned()
            .collect()
    }

    pub(crate) fn stop(&self) {
        lock(&self.tasks).abort_all();
    }

    /// Makes one attempt. Returns true if there is nothing to repeat: accepted, or refused for good.
    async fn attempt(&self, notification: &Notification) -> bool {
        let status = self.deliver(notification).await;
        lock(&self.attempts).push(Attempt {
            deposit: notification.event.deposit.clone(),
            webhook_id: notification.id.clone(),
            kind: notification.event.kind,
            amount: notification.event.amount.clone(),
            status: status.map(|status| status.as_u16()),
        });
        let final_statuses = [
            StatusCode::BAD_REQUEST,
            StatusCode::NOT_FOUND,
            StatusCode::PAYLOAD_TOO_LARGE,
        ];
        notification.forged
            || status.is_some_and(|status| status.is_success() || final_statuses.contains(&status))
    }

    /// Sends the notification. Returns the status of the response, if there is one.
    async fn deliver(&self, notification: &Notification) -> Option<StatusCode> {
        let secret = self.secrets.get(&notification.event.method)?;
        let body = notification.event.body();
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let time = i64::try_from(seconds).ok()?;
        let signature = if notification.forged {
            unknown_secret()?.sign(&notification.id, time, body.as_bytes())
        } else {
            secret.sign(&notification.id, time, body.as_bytes())
        };
        let url = format!(
            "{}/payments/{}/events",
            self.screens_url, notification.event.method
        );
        let mut request = reqwest::Request::new(Method::POST, Url::parse(&url).ok()?);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in [
            (webhooks::ID, notification.id.clone()),
            (webhooks::TIMESTAMP, time.to_string()),
            (webhooks::SIGNATURE, signature),
        ] {
            headers.insert(HeaderName::from_static(name), value.try_into().ok()?);
        }
        *request.body_mut() = Some(body.into());
        *request.timeout_mut() = Some(TIMEOUT);
        let client = self.connections.client().ok()?;
        let result = client.execute(request).await;
        self.connections.used();
        Some(result.ok()?.status())
    }
}

fn unknown_secret() -> Option<Secret> {
    // Letters and digits are valid base64.
    format!("whsec_{}", random()).parse().ok()
}

/// 32 letters and digits.
pub(crate) fn random() -> String {
    let random = rand::rng().sample_iter(Alphanumeric).take(32);
    random.map(char::from).collect()
}
