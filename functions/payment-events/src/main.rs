//! `POST /payments/{method}/events`: signed notifications of a payment provider, or of the broker's back
//! office, about deposits. `docs/MONEY.md` has the contract.
//!
//! The function acknowledges a notification once the table holds what it reports. A paid deposit is credited
//! before the answer is sent. If crediting fails, the acknowledgement stands and `reconcile` tries again.

mod refusal;
mod report;
mod senders;

use std::{error::Error, process::ExitCode, sync::Arc, time::SystemTime};

use crediting::{Crediting, log_transition};
use deposits::{
    AppliedEvent, ApplyError, Deposit, DepositBody, Notification, PaymentSource, Sender, Status, Store,
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
const MAX_BODY_SIZE: usize = 64 * 1024;

/// Time for recording a notification. Where it is not enough, the provider sends the notification again.
const RECORDING_TIME: Duration = Duration::from_secs(7);

/// Time that is kept back at the end of the invocation for the answer.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// A notification that the provider need not send again.
struct Received {
    /// The deposit as the table holds it; `None` if the notification changes no deposit.
    applied: Option<AppliedEvent>,
    /// The provider's form of an acknowledgement.
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
            secrets: Secret::new(client.clone(), secrets_id, PaymentSecrets::parse)
                .keeping_failures(senders::MIN_AGE),
            crediting: Crediting::from_env(tls, table, client)?,
        };
        tokio::join!(this.crediting.warm_up(), this.secrets.warm_up());
        Ok(this)
    }

    /// Checks the request and records the payment event in it.
    async fn receive(&self, request: &Request, deadline: Instant) -> Result<Received, Refusal> {
        let method = &method(&request.path).ok_or(Refusal::NoSuchPath)?;
        if request.method != Method::POST {
            return Err(Refusal::NotPost);
        }
        if request.body.len() > MAX_BODY_SIZE {
            return Err(Refusal::TooLarge);
        }
        let provider = self.provider(method);
        let raw = raw_notification(request);
        let senders = self.senders(method, provider, &raw, deadline).await?;
        match report::notification(provider.read(&raw)?)? {
            Some(notification) => self.apply(method, senders, &notification, deadline).await,
            None => {
                let signed_by = senders.into_iter().next().ok_or(Refusal::NoSuchDeposit)?;
                Ok(Received {
                    applied: None,
                    acknowledgement: signed_by.acknowledgement,
                })
            }
        }
    }

    /// Records the notification for the sender whose deposit it names. Brokers may share a secret, so there can
    /// be several possible senders.
    async fn apply(
        &self,
        method: &MethodId,
        senders: Vec<SignedBy>,
        notification: &Notification,
        deadline: Instant,
    ) -> Result<Received, Refusal> {
        for SignedBy {
            broker,
            acknowledgement,
        } in senders
        {
            let sender = Sender {
                method: method.clone(),
                broker,
                source: PaymentSource::Notification,
            };
            match self.record(&sender, notification, deadline).await {
                Err(Refusal::NoSuchDeposit) => {}
                recorded => {
                    return Ok(Received {
                        applied: Some(recorded?),
                        acknowledgement,
                    });
                }
            }
        }
        Err(Refusal::NoSuchDeposit)
    }

    /// The provider of a payment method. A payment may still be under way for a method that was removed from
    /// `broker.toml`: the two built-in providers report in the same way, so either can read it.
    fn provider(&self, method: &MethodId) -> &'static dyn PaymentProvider {
        let configured = self.site.config.deposit.method(method.as_str());
        configured.map_or(payments::HOSTED, payments::provider)
    }

    /// The brokers under whose secret for this method the notification is genuine: one, unless brokers share a
    /// secret.
    async fn senders(
        &self,
        method: &MethodId,
        provider: &dyn PaymentProvider,
        notification: &RawNotification<'_>,
        deadline: Instant,
    ) -> Result<Vec<SignedBy>, Refusal> {
        let is_configured = self.site.config.deposit.method(method.as_str()).is_some();
        let looks_signed = provider.looks_signed(notification);
        if is_configured && !looks_signed {
            return Err(Refusal::NotSigned);
        }
        let now = SystemTime::now();
        let kept = match self.secrets_not_older_than(senders::MAX_AGE, deadline).await {
            // This deployment takes no such payments, so it needs no secret.
            Err(error) if error.has_no_value() && !is_configured => return Err(Refusal::NoSuchPath),
            read => read.map_err(Refusal::without_secrets)?,
        };
        let first = senders::verify(&kept, method, provider, notification, now);
        if !matches!(first, Err(Refusal::Unsigned { .. } | Refusal::NoSuchPath)) {
            return first;
        }
        if matches!(first, Err(Refusal::Unsigned { .. })) && !looks_signed {
            return Err(Refusal::NotSigned);
        }
        // The secret may be newer than those that were kept.
        let fresh = self.secrets_not_older_than(senders::MIN_AGE, deadline).await;
        let fresh = fresh.map_err(Refusal::without_secrets)?;
        match senders::verify(&fresh, method, provider, notification, now) {
            Err(Refusal::NoSuchPath) if is_configured => Err(Refusal::Unsigned {
                why: "PAYMENT_SECRETS_ID has no secret for this method".into(),
                misconfigured: true,
            }),
            second => second,
        }
    }

    async fn secrets_not_older_than(
        &self,
        age: Duration,
        deadline: Instant,
    ) -> Result<Arc<PaymentSecrets>, SecretError> {
        self.secrets.not_older_than(age, deadline).await
    }

    /// Records what the sender reports.
    async fn record(
        &self,
        sender: &Sender,
        notification: &Notification,
        deadline: Instant,
    ) -> Result<AppliedEvent, Refusal> {
        let applying = apply_payment_event(&self.crediting.table, &System, sender, notification);
        let Ok(applied) = timeout_at(deadline, applying).await else {
            return Err(Refusal::unavailable("no answer before the deadline"));
        };
        applied.map_err(|error| match error {
            ApplyError::Unknown => Refusal::NoSuchDeposit,
            ApplyError::Busy => Refusal::unavailable(ApplyError::Busy),
            ApplyError::Store(error) => Refusal::unavailable(error),
        })
    }

    /// The deposit that a rejected notification names. Ids cannot be guessed, so a match means a wrong secret, a
    /// wrong clock, a wrong URL, or a trader who fakes a payment.
    async fn named_deposit(
        &self,
        request: &Request,
        refusal: &Refusal,
        deadline: Instant,
    ) -> Option<Deposit> {
        let rejected = matches!(
            refusal,
            Refusal::NotSigned | Refusal::Unsigned { .. } | Refusal::NoSuchPath
        );
        if !rejected || request.body.len() > MAX_BODY_SIZE {
            return None;
        }
        let provider = method(&request.path).map_or(payments::HOSTED, |method| self.provider(&method));
        let id = match provider.read(&raw_notification(request)).ok()? {
            Report::Event(notification) => notification.deposit,
            Report::Ask(attempt) => attempt.deposit,
            Report::Nothing => return None,
        };
        let loading = Store::<DepositBody>::load(&self.crediting.table, &id);
        let loaded = timeout_at(deadline, loading).await.ok()?;
        loaded.ok()?
    }

    /// Counts the doubt about an unpaid deposit, once: its trader knows the id, too. The path names the deposit's
    /// method, or none that there is.
    async fn count_doubt(&self, request: &Request, deposit: &Deposit, deadline: Instant) {
        let named = method(&request.path);
        let of_another = named
            .filter(|named| *named != deposit.order.method)
            .is_some_and(|named| self.site.config.deposit.method(named.as_str()).is_some());
        if of_another || !matches!(deposit.status, Status::Created | Status::Pending) {
            return;
        }
        let flagging = self.crediting.table.flag_doubt(&deposit.id, Timestamp::now());
        // Without an answer of the table the doubt is counted: better twice than never.
        if !matches!(timeout_at(deadline, flagging).await, Ok(Ok(false))) {
            refusal::count_doubt();
        }
    }

    /// Credits a paid deposit, if enough of the invocation is left. The outcome is in the table and in the log.
    async fn credit(&self, deposit: Deposit, invocation_end: Instant) {
        let (reference, version) = (deposit.id.reference(), deposit.version);
        let gateway = self.crediting.gateway(invocation_end);
        if gateway.begin_until() < Instant::now() {
            let detail = format!("{reference}: too little time was left, `reconcile` credits it");
            return log::warn("not_credited", &detail);
        }
        match credit(&self.crediting.table, &gateway, &System, deposit).await {
            Ok(now) if now.version != version => log_transition(NAME, &now),
            Ok(_) => {}
            Err(error) => log::warn("not_credited", &format!("{reference}: {error}")),
        }
    }
}

impl Handler for PaymentEvents {
    const NAME: &'static str = NAME;
    const FAILURES: &'static str = "NotificationsFailed";

    fn site(&self) -> &Site {
        &self.site
    }

    async fn respond(&self, request: &Request) -> Result<Response, Failure> {
        let deadline = (Instant::now() + RECORDING_TIME).min(request.invocation_end - ANSWER_TIME);
        let received = match self.receive(request, deadline).await {
            Ok(received) => received,
            Err(refusal) => {
                refusal.count();
                let named = self.named_deposit(request, &refusal, deadline).await;
                if let Some(deposit) = &named {
                    self.count_doubt(request, deposit, deadline).await;
                }
                let mut answer = refusal.answer();
                answer.reference = named.map(|deposit| deposit.id.reference());
                return Ok(answer);
            }
        };
        let acknowledgement = received.acknowledgement;
        let Some(AppliedEvent {
            deposit,
            changed,
            kept,
        }) = received.applied
        else {
            return Ok(acknowledged(acknowledgement, "IGNORED"));
        };
        if changed {
            log_transition(NAME, &deposit);
        }
        let code = match (changed, kept) {
            (true, _) => "TAKEN",
            (false, true) => "KNOWN",
            (false, false) => {
                refusal::count_not_kept(&deposit.id.reference());
                "NOT_KEPT"
            }
        };
        let mut answer = acknowledged(acknowledgement, code);
        answer.reference = Some(deposit.id.reference());
        if deposit.status == Status::Paid {
            self.credit(deposit, request.invocation_end).await;
        }
        Ok(answer)
    }

    /// Errors are JSON whatever the `Accept` header says: only programs call this function.
    fn failed(&self, _: &Request, failure: Failure) -> Response {
        Response::failed(failure, "POST")
    }
}

/// The acknowledgement as an answer, with a code for the log.
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

/// The payment method in the path of a notification.
fn method(path: &str) -> Option<MethodId> {
    let method = path.strip_prefix("/payments/")?.strip_suffix("/events")?;
    method.parse().ok()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    web::run(PaymentEvents::from_env()).await
}

#[cfg(test)]
mod tests {
    use http::{StatusCode, header};

    use super::*;

    #[test]
    fn a_provider_hears_its_own_acknowledgement() {
        let acknowledgement = Acknowledgement {
            status: StatusCode::OK,
            headers: vec![(header::ETAG, "signature".into())],
            body: r#"{"status":0}"#.into(),
        };
        let answer = acknowledged(acknowledgement, "IGNORED");
        assert_eq!((answer.status, answer.code), (200, "IGNORED"));
        assert_eq!(answer.headers, [(header::ETAG, "signature".into())]);
        assert!(matches!(answer.content, Content::Json(body) if body == r#"{"status":0}"#));
        let plain = acknowledged(Acknowledgement::NO_CONTENT, "KNOWN");
        assert!(matches!(plain.content, Content::Empty));
    }
}
