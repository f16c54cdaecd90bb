//! What payment providers and back offices send: signature headers, and bodies.

use std::{
    sync::LazyLock,
    time::{Duration, UNIX_EPOCH},
};

use deposits::PaymentEventKind;
use http::HeaderMap;
use inbound::has_control;
use jiff::Timestamp;
use payments::{RawNotification, Report};
use rust_decimal::Decimal;
use webhooks::Secret;

/// A published secret, so that inputs can be genuine: `seeds/webhook-signatures` has one.
static SECRET: LazyLock<Option<Secret>> =
    LazyLock::new(|| "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().ok());

/// The time at which messages arrive, in seconds since 1970.
const NOW: u64 = 1_614_265_330;

/// Verifies a message. The input is the id, the timestamp, the signatures and the body, on a line each.
pub(crate) fn signature(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut lines = input.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (id, timestamp, signatures, body) = (line(), line(), line(), line());
    // The signatures' place can also hold a new secret.
    let _ = signatures.parse::<Secret>();
    let secret = SECRET.as_ref();
    assert!(secret.is_some(), "the published secret is one");
    let Some(secret) = secret else { return };
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let verified = secret.verify(id, timestamp, signatures, body.as_bytes(), now);
    let signed = timestamp
        .parse::<i64>()
        .ok()
        .filter(|timestamp| timestamp.abs_diff(NOW.cast_signed()) <= webhooks::TOLERANCE.as_secs())
        .map(|timestamp| secret.sign(id, timestamp, body.as_bytes()));
    let mut place = signatures.split_whitespace();
    match place.position(|signature| Some(signature) == signed.as_deref()) {
        None => assert!(verified.is_err(), "accepted without our signature"),
        Some(place) => assert!(verified.is_ok() || place >= webhooks::MAX_SIGNATURES),
    }
}

/// Reads the body of a notification whose signature is right.
pub(crate) fn payment_notification(body: &[u8]) {
    let notification = RawNotification {
        headers: &HeaderMap::new(),
        body,
        received_at: Timestamp::UNIX_EPOCH,
    };
    for provider in [payments::HOSTED, payments::BANK_TRANSFER] {
        let Ok(Report::Event(read)) = provider.read(&notification) else {
            continue;
        };
        let event = &read.event;
        // Only what may never have been charged has no amount and names no payment.
        let may_be_uncharged = matches!(event.kind, PaymentEventKind::Pending | PaymentEventKind::Failed);
        let amount = event.money.amount;
        assert!(amount > Decimal::ZERO || may_be_uncharged && amount.is_zero());
        let reference = &event.reference;
        assert!(may_be_uncharged || !reference.is_empty());
        assert!(reference.chars().count() <= 200 && !has_control(reference));
        let reason = read.reason.unwrap_or_default();
        assert!(reason.chars().count() <= 200 && !has_control(&reason));
    }
}
