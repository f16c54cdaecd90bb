//! `POST /payments/{method}/events`: what a payment provider, or the broker's back office, says of a deposit, signed after
//! Standard Webhooks. `docs/MONEY.md` has the contract.
//!
//! The answer is 204 once what was said is in the table. Then a paid deposit is credited at once, while the provider waits;
//! should that fail, the 204 stands and `reconcile` goes on.

mod refusal;
mod senders;

use std::{error::Error, process::ExitCode, time::SystemTime};

use crediting::{Crediting, log_transition};
use deposits::{
    Applied, ApplyError, Deposit, DepositBody, Notification, Sender, Status, Store, StoreError,
    apply_payment_event, credit,
};
use domain::MethodId;
use function::{log, settings::required};
use http::Method;
use jiff::Timestamp;
use payments::{Acknowledgement, PaymentProvider, PaymentSecrets, RawNotification, Report};
use secret::{Secret, SecretError};
use store::System;
use tokio::time::{Duration, Instant, timeout_at};
use web::{Assets, Content, Failure, Handler, Request, Response, Site};

use refusal::Refusal;
use senders::SignedBy;

/// For the log.
const NAME: &str = "payment-events";

/// Largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// Time for recording a notification. Where it is not enough, the provider sends the notification again.
const RECORDING_TIME: Duration = Duration::from_secs(7);

/// Time that is kept back at the end of the invocation for the answer.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// A notification that is durable.
struct Taken {
    applied: Applied,
    /// What the provider wants to hear.
    acknowledgement: Acknowledgement,
}

struct PaymentEvents {
    site: Site,
    secrets: Secret<PaymentSecrets>,
    crediting: Crediting,
}

impl PaymentEvents {
    async fn from_env() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let site = Site::from_env(Assets::NONE)?;
        let secrets_id = required("PAYMENT_SECRETS_ID")?;
        let tls = outbound::tls()?;
        let aws = aws::config(tls.clone()).await?;
        let client = aws_sdk_secretsmanager::Client::new(&aws);
        let table = aws_sdk_dynamodb::Client::new(&aws);
        let this = Self {
            site,
            secrets: Secret::new(client.clone(), secrets_id, PaymentSecrets::parse),
            crediting: Crediting::from_env(tls, table, client)?,
        };
        tokio::join!(this.crediting.warm_up(), this.secrets.warm_up());
        Ok(this)
    }

    /// Writes down what the request says, and returns the deposit as it stands then.
    async fn take(&self, request: &Request, deadline: Instant) -> Result<Taken, Refusal> {
        let method = &method(&request.path).ok_or(Refusal::NoSuchPath)?;
        if request.method != Method::POST {
            return Err(Refusal::NotPost);
        }
        if request.body.len() > LARGEST_BODY {
            return Err(Refusal::TooLarge);
        }
        let provider = self.provider(method);
        let raw = raw_notification(request);
        let senders = self.senders(method, provider, &raw, deadline).await?;
        let notification = match provider.read(&raw)? {
            Report::Event(notification) => notification,
            // The signatures of today's providers cover all that they say.
            Report::Ask(_) | Report::Nothing => return Err(Refusal::Malformed("type")),
        };
        let mut answer = Err(Refusal::NoSuchDeposit);
        for SignedBy {
            broker,
            acknowledgement,
        } in senders
        {
            let sender = Sender {
                method: method.clone(),
                broker,
            };
            let applied = self.write_down(&sender, &notification, deadline).await;
            answer = applied.map(|applied| Taken {
                applied,
                acknowledgement,
            });
            // Where brokers share a secret, it may be of another of them.
            if !matches!(answer, Err(Refusal::NoSuchDeposit)) {
                break;
            }
        }
        answer
    }

    /// Who the method is paid at. Payments may be under way by a method that `broker.toml` has no more: all methods of today
    /// report alike.
    fn provider(&self, method: &MethodId) -> &'static dyn PaymentProvider {
        let configured = self.site.config.deposit.method(method.as_str());
        configured.map_or(payments::HOSTED, payments::provider)
    }

    /// The brokers whose secret for this method the request is signed with: nearly always one.
    async fn senders(
        &self,
        method: &MethodId,
        provider: &dyn PaymentProvider,
        notification: &RawNotification<'_>,
        deadline: Instant,
    ) -> Result<Vec<SignedBy>, Refusal> {
        // Payments are not heard of meanwhile: somebody has to look, whatever it is.
        let unavailable = |error: SecretError| Refusal::Unavailable {
            why: error.to_string(),
            misconfigured: true,
        };
        let held = self.secrets.not_older_than(senders::USE_FOR, deadline).await;
        let held = held.map_err(unavailable)?;
        let now = SystemTime::now();
        let first = senders::verify(&held, method, provider, notification, now);
        if !matches!(first, Err(Refusal::Unsigned { .. } | Refusal::NoSuchPath)) {
            return first;
        }
        // It may have been signed with a secret that has just come.
        let fresh = self.secrets.not_older_than(senders::USE_AT_LEAST, deadline).await;
        let known = self.site.config.deposit.method(method.as_str()).is_some();
        let fresh = fresh.map_err(unavailable)?;
        match senders::verify(&fresh, method, provider, notification, now) {
            Err(Refusal::NoSuchPath) if known => Err(Refusal::Unsigned {
                why: "PAYMENT_SECRETS_ID has no secret for this method".into(),
                misconfigured: true,
            }),
            second => second,
        }
    }

    async fn write_down(
        &self,
        sender: &Sender,
        notification: &Notification,
        deadline: Instant,
    ) -> Result<Applied, Refusal> {
        let written = apply_payment_event(&self.crediting.ledger, &System, sender, notification);
        let written = timeout_at(deadline, written).await;
        let late = |_| StoreError("no answer before the deadline".into());
        match written.map_err(late) {
            Ok(Ok(applied)) => Ok(applied),
            Ok(Err(ApplyError::Unknown)) => Err(Refusal::NoSuchDeposit),
            Ok(Err(error @ ApplyError::Busy)) => Err(Refusal::unavailable(error)),
            Ok(Err(ApplyError::Store(error))) | Err(error) => Err(Refusal::unavailable(error)),
        }
    }

    /// The reference of the deposit that a notification names which is not believed, or came to an address of no method.
    /// Nobody can guess one, so it is no stranger's: a secret, a clock or the address is not what it should be, or a trader
    /// makes a payment up.
    async fn names(&self, request: &Request, refusal: &Refusal, deadline: Instant) -> Option<String> {
        let doubted = matches!(refusal, Refusal::Unsigned { .. } | Refusal::NoSuchPath);
        if !doubted || request.body.len() > LARGEST_BODY {
            return None;
        }
        let provider = method(&request.path).map_or(payments::HOSTED, |method| self.provider(&method));
        let Report::Event(notification) = provider.read(&raw_notification(request)).ok()? else {
            return None;
        };
        let held = timeout_at(
            deadline,
            Store::<DepositBody>::load(&self.crediting.ledger, &notification.deposit),
        )
        .await;
        Some(held.ok()?.ok()??.id.reference())
    }

    /// Credits a paid deposit, if enough of the invocation is left. The outcome is in the table and in the log.
    async fn credit(&self, deposit: Deposit, invocation_end: Instant) {
        let (reference, version) = (deposit.id.reference(), deposit.version);
        let gateway = self.crediting.gateway(invocation_end);
        if gateway.begin_until() < Instant::now() {
            let detail = format!("{reference}: too little time was left, `reconcile` credits it");
            return log::warn("not_credited", &detail);
        }
        match credit(&self.crediting.ledger, &gateway, &System, deposit).await {
            Ok(now) if now.version != version => log_transition(NAME, &now),
            Ok(_) => {}
            Err(error) => log::warn("not_credited", &format!("{reference}: {error}")),
        }
    }
}

impl Handler for PaymentEvents {
    const NAME: &'static str = NAME;

    fn site(&self) -> &Site {
        &self.site
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Failure> {
        let deadline = (Instant::now() + RECORDING_TIME).min(request.invocation_end - ANSWER_TIME);
        let taken = self.take(request, deadline).await;
        let Taken {
            applied: Applied { deposit, changed },
            acknowledgement,
        } = match taken {
            Ok(taken) => taken,
            Err(refusal) => {
                refusal.count();
                let reference = self.names(request, &refusal, deadline).await;
                let mut answer = refusal.answer();
                answer.misconfigured |= reference.is_some();
                answer.reference = reference;
                return Ok(answer);
            }
        };
        if changed {
            log_transition(NAME, &deposit);
        }
        let mut answer = acknowledged(acknowledgement, if changed { "TAKEN" } else { "KNOWN" });
        answer.reference = Some(deposit.id.reference());
        if deposit.status == Status::Paid {
            self.credit(deposit, request.invocation_end).await;
        }
        Ok(answer)
    }

    /// Programs call here, whatever they accept.
    fn failed(&self, _: &Request, failure: Failure) -> Response {
        Response::failed(failure, "POST")
    }
}

/// The answer that a provider wants to hear.
fn acknowledged(acknowledgement: Acknowledgement, code: &'static str) -> Response {
    let Acknowledgement {
        status,
        headers,
        body,
    } = acknowledgement;
    let content = if body.is_empty() {
        Content::Empty
    } else {
        Content::Json(body)
    };
    Response {
        headers,
        ..Response::new(status.as_u16(), code, content)
    }
}

fn raw_notification(request: &Request) -> RawNotification<'_> {
    RawNotification {
        headers: &request.headers,
        body: &request.body,
        received_at: Timestamp::now(),
    }
}

/// The payment method in a path of ours.
fn method(path: &str) -> Option<MethodId> {
    let method = path.strip_prefix("/payments/")?.strip_suffix("/events")?;
    method.parse().ok()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run(PaymentEvents::from_env()).await
}
