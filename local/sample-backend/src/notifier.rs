//! Tells the screens what became of a payment: `POST /payments/{method}/events`, signed, again and again until it is taken.

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

use crate::locked;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Most tries of one message; the pause before the next doubles, up to [`LONGEST_PAUSE`].
const MOST_TRIES: u32 = 20;

const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What happened to a payment.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) kind: Kind,
    pub(crate) at: Timestamp,
    pub(crate) deposit: String,
    /// Of the payment method that sends it.
    pub(crate) method: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    /// The payment's id at the provider.
    pub(crate) reference: String,
    pub(crate) reason: Option<&'static str>,
}

/// What a notice is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Kind {
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

impl Notice {
    fn body(&self) -> String {
        let mut data = json!({
            "depositId": self.deposit,
            "amount": self.amount,
            "currency": self.currency,
            "providerReference": self.reference,
        });
        if let Some(reason) = self.reason {
            data["reason"] = reason.into();
        }
        // Milliseconds will do, and are what others send.
        let at = self.at.round(Unit::Millisecond).unwrap_or(self.at);
        json!({"type": self.kind, "timestamp": at.to_string(), "data": data}).to_string()
    }
}

/// A notice on its way.
#[derive(Clone)]
pub(crate) struct Message {
    /// `webhook-id`: the same for each try.
    id: String,
    notice: Notice,
    /// Signed by somebody who does not know the secret.
    forged: bool,
}

impl Message {
    pub(crate) fn new(notice: Notice) -> Self {
        Self {
            id: format!("msg_{}", random()),
            notice,
            forged: false,
        }
    }

    pub(crate) fn forged(self) -> Self {
        Self { forged: true, ..self }
    }
}

/// A try to send a message, for the tests to look at.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Try {
    #[serde(skip)]
    deposit: String,
    webhook_id: String,
    #[serde(rename = "type")]
    kind: Kind,
    amount: String,
    /// HTTP status of the answer; absent: there was none.
    status: Option<u16>,
}

/// Sends messages.
pub(crate) struct Notifier {
    connections: Connections,
    screens_url: String,
    secrets: HashMap<String, Secret>,
    /// Pause before the second try.
    first_pause: Duration,
    tries: Mutex<Vec<Try>>,
    /// What is still to be sent, or sent again.
    under_way: Mutex<JoinSet<()>>,
}

impl Notifier {
    /// `secrets` are by payment method.
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
            tries: Mutex::default(),
            under_way: Mutex::default(),
        })
    }

    /// Whether there is a secret to sign a method's messages with.
    pub(crate) fn knows(&self, method: &str) -> bool {
        self.secrets.contains_key(method)
    }

    /// Tries once, and in the background again, each time signed anew, for as long as it is not taken, and may yet be.
    pub(crate) async fn send(self: &Arc<Self>, message: Message) {
        if self.is_taken(&message).await {
            return;
        }
        let notifier = Arc::clone(self);
        self.later(async move {
            let mut pause = notifier.first_pause;
            for _ in 1..MOST_TRIES {
                tokio::time::sleep(pause).await;
                if notifier.is_taken(&message).await {
                    return;
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        });
    }

    /// Sends a message after a while.
    pub(crate) fn send_after(self: &Arc<Self>, pause: Duration, message: Message) {
        let notifier = Arc::clone(self);
        self.later(async move {
            tokio::time::sleep(pause).await;
            notifier.send(message).await;
        });
    }

    /// Does something in the background, until the sample backend stops.
    pub(crate) fn later(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut under_way = locked(&self.under_way);
        // Those that are done take no room.
        while under_way.try_join_next().is_some() {}
        under_way.spawn(task);
    }

    /// All tries of a deposit's messages so far.
    pub(crate) fn tries(&self, deposit: &str) -> Vec<Try> {
        let tries = locked(&self.tries);
        tries
            .iter()
            .filter(|each| each.deposit == deposit)
            .cloned()
            .collect()
    }

    pub(crate) fn stop(&self) {
        locked(&self.under_way).abort_all();
    }

    /// One try. A refusal is an answer too: trying again would not change it.
    async fn is_taken(&self, message: &Message) -> bool {
        let status = self.deliver(message).await;
        locked(&self.tries).push(Try {
            deposit: message.notice.deposit.clone(),
            webhook_id: message.id.clone(),
            kind: message.notice.kind,
            amount: message.notice.amount.clone(),
            status: status.map(|status| status.as_u16()),
        });
        let for_good = [
            StatusCode::BAD_REQUEST,
            StatusCode::NOT_FOUND,
            StatusCode::PAYLOAD_TOO_LARGE,
        ];
        message.forged || status.is_some_and(|status| status.is_success() || for_good.contains(&status))
    }

    /// The status of the answer, if there is one.
    async fn deliver(&self, message: &Message) -> Option<StatusCode> {
        let secret = self.secrets.get(&message.notice.method)?;
        let body = message.notice.body();
        let time = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let time = i64::try_from(time).ok()?;
        let signature = if message.forged {
            somebodys_secret()?.sign(&message.id, time, body.as_bytes())
        } else {
            secret.sign(&message.id, time, body.as_bytes())
        };
        let path = format!("{}/payments/{}/events", self.screens_url, message.notice.method);
        let mut request = reqwest::Request::new(Method::POST, Url::parse(&path).ok()?);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in [
            (webhooks::ID, message.id.clone()),
            (webhooks::TIMESTAMP, time.to_string()),
            (webhooks::SIGNATURE, signature),
        ] {
            headers.insert(HeaderName::from_static(name), value.try_into().ok()?);
        }
        *request.body_mut() = Some(body.into());
        *request.timeout_mut() = Some(PATIENCE);
        let client = self.connections.client().ok()?;
        let sent = client.execute(request).await;
        self.connections.used();
        Some(sent.ok()?.status())
    }
}

fn somebodys_secret() -> Option<Secret> {
    // Letters and digits are base64 too.
    format!("whsec_{}", random()).parse().ok()
}

/// 32 letters and digits.
pub(crate) fn random() -> String {
    let random = rand::rng().sample_iter(Alphanumeric).take(32);
    random.map(char::from).collect()
}
