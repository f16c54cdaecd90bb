//! The events of the broker's own cashier and back office, signed after Standard Webhooks:
//! `{"type", "timestamp", "data": {"depositId", "amount", "currency", "providerReference", "reason"?}}`. Of a
//! `pending` or `failed` the amount may be 0 and the reference may be left out.
//! docs/INTEGRATE.md has the contract.

use std::time::SystemTime;

use deposits::{DepositId, Notification, PaymentEvent, PaymentEventKind};
use domain::{CurrencyCode, Money};
use inbound::{has_control, without_control};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use webhooks::Secret;

use crate::{
    Malformed, PaymentProvider, PaymentRequest, ProviderError, ProviderSecret, RawNotification, Report,
    Start, Unverified,
};

/// Longest `providerReference` and `reason`, in characters. Both are stored for ever.
const MAX_LENGTH: usize = 200;

/// The broker's own cashier.
pub const HOSTED: &dyn PaymentProvider = &BrokersOwn::Cashier;

/// The broker's bank account.
pub const BANK_TRANSFER: &dyn PaymentProvider = &BrokersOwn::BankAccount;

/// The broker's own ways to take money. Both report the same events.
#[derive(Clone, Copy, Debug)]
enum BrokersOwn {
    /// A cashier, to which the trader is sent with a signed assertion.
    Cashier,
    /// A bank account. The back office reports arrived transfers.
    BankAccount,
}

impl PaymentProvider for BrokersOwn {
    fn start(&self, _: &PaymentRequest<'_>) -> Result<Start, ProviderError> {
        Ok(match self {
            Self::Cashier => Start::Assertion,
            Self::BankAccount => Start::Instructions,
        })
    }

    fn looks_signed(&self, notification: &RawNotification<'_>) -> bool {
        webhooks::looks_signed(
            notification.header(webhooks::ID),
            notification.header(webhooks::TIMESTAMP),
            notification.header(webhooks::SIGNATURE),
        )
    }

    fn verify(
        &self,
        notification: &RawNotification<'_>,
        secret: &ProviderSecret,
        now: SystemTime,
    ) -> Result<(), Unverified> {
        const NEEDED: &str = "must be `whsec_` and base64 of at least 24 bytes";
        let signing_secret = secret
            .text()
            .and_then(|text| text.parse::<Secret>().ok())
            .ok_or(Unverified::Secret(NEEDED))?;
        let verified = signing_secret.verify(
            notification.header(webhooks::ID),
            notification.header(webhooks::TIMESTAMP),
            notification.header(webhooks::SIGNATURE),
            notification.body,
            now,
        );
        verified.map_err(|error| Unverified::Signature(error.to_string()))
    }

    fn read(&self, notification: &RawNotification<'_>) -> Result<Report, Malformed> {
        parse(notification.body).map(Report::Event)
    }
}

/// Reads a signed body. Members that are not in the contract are ignored. No member may be there twice.
fn parse(body: &[u8]) -> Result<Notification, Malformed> {
    let body: Value = inbound::from_json(body).map_err(|_| Malformed::Part("body"))?;
    let data = &body["data"];
    let text = |value: &Value, name| value.as_str().map(str::to_owned).ok_or(Malformed::Part(name));
    let kind = event_kind(&text(&body["type"], "type")?).ok_or(Malformed::Part("type"))?;
    let at: Result<Timestamp, _> = text(&body["timestamp"], "timestamp")?.parse();
    let currency: CurrencyCode = text(&data["currency"], "currency")?
        .parse()
        .map_err(|_| Malformed::Part("currency"))?;
    let amount = amount(&text(&data["amount"], "amount")?).ok_or(Malformed::Part("amount"))?;
    // Nothing was charged, so there may be no payment to name.
    let may_be_uncharged = matches!(kind, PaymentEventKind::Pending | PaymentEventKind::Failed);
    if amount.is_zero() && !may_be_uncharged {
        return Err(Malformed::Part("amount"));
    }
    let reference = match &data["providerReference"] {
        Value::Null if may_be_uncharged => String::new(),
        reference => text(reference, "providerReference")?,
    };
    // Without its control characters a reference could be that of another payment.
    let is_missing = reference.is_empty() && !may_be_uncharged;
    if is_missing || reference.chars().count() > MAX_LENGTH || has_control(&reference) {
        return Err(Malformed::Part("providerReference"));
    }
    let reason = match &data["reason"] {
        Value::Null => None,
        reason => {
            let reason = without_control(&text(reason, "reason")?);
            Some(reason.chars().take(MAX_LENGTH).collect())
        }
    };
    // A text that is no id of ours names no deposit of ours.
    let deposit: Result<DepositId, _> = text(&data["depositId"], "depositId")?.parse();
    Ok(Notification {
        deposit: deposit.map_err(|_| Malformed::NoDeposit)?,
        event: PaymentEvent {
            kind,
            at: at.map_err(|_| Malformed::Part("timestamp"))?,
            money: Money::new(amount, currency),
            reference,
        },
        reason,
    })
}

fn event_kind(kind: &str) -> Option<PaymentEventKind> {
    Some(match kind {
        "deposit.pending" => PaymentEventKind::Pending,
        "deposit.paid" => PaymentEventKind::Paid,
        "deposit.failed" => PaymentEventKind::Failed,
        "deposit.refunded" => PaymentEventKind::Refunded,
        "deposit.charged_back" => PaymentEventKind::ChargedBack,
        _ => return None,
    })
}

/// Reads a decimal: digits and at most one point. No digit is lost.
fn amount(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ID: &str = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE";

    fn body() -> Value {
        json!({
            "type": "deposit.paid",
            "timestamp": "2026-11-22T23:59:59.123Z",
            "data": {
                "depositId": ID,
                "amount": "250.50",
                "currency": "EUR",
                "providerReference": "psp-1",
                "more": [1],
            },
        })
    }

    fn read(body: &Value) -> Result<Notification, Malformed> {
        parse(body.to_string().as_bytes())
    }

    #[test]
    fn a_notification_is_read_without_losing_a_digit() {
        let expected = Notification {
            deposit: ID.parse().unwrap(),
            event: PaymentEvent {
                kind: PaymentEventKind::Paid,
                at: "2026-11-22T23:59:59.123Z".parse().unwrap(),
                money: Money::new(Decimal::new(25_050, 2), "EUR".parse().unwrap()),
                reference: "psp-1".into(),
            },
            reason: None,
        };
        assert_eq!(read(&body()), Ok(expected));
        let mut failed = body();
        failed["type"] = json!("deposit.failed");
        failed["data"]["reason"] = json!("x".repeat(300));
        assert_eq!(read(&failed).unwrap().reason, Some("x".repeat(200)));
        failed["data"]["reason"] = json!("card\u{1b}[31m \u{9b}declined\n");
        assert_eq!(
            read(&failed).unwrap().reason.as_deref(),
            Some("card[31m declined")
        );
    }

    #[test]
    fn a_part_that_is_not_in_the_contract_is_named() {
        for (pointer, value, name) in [
            ("/type", json!("deposit.credited"), "type"),
            ("/type", Value::Null, "type"),
            ("/timestamp", json!(1_700_000_000), "timestamp"),
            ("/timestamp", json!("yesterday"), "timestamp"),
            ("/data", json!([]), "currency"),
            ("/data/currency", json!("eur"), "currency"),
            ("/data/currency", json!("EU"), "currency"),
            ("/data/amount", json!(250.5), "amount"),
            ("/data/amount", json!("0"), "amount"),
            ("/data/amount", json!("0.00"), "amount"),
            ("/data/amount", json!("-1"), "amount"),
            ("/data/amount", json!("+1"), "amount"),
            ("/data/amount", json!("1e3"), "amount"),
            ("/data/amount", json!("1_000"), "amount"),
            ("/data/amount", json!("1,5"), "amount"),
            ("/data/amount", json!(".5"), "amount"),
            ("/data/amount", json!("5."), "amount"),
            ("/data/amount", json!(" 5"), "amount"),
            ("/data/amount", json!("NaN"), "amount"),
            ("/data/amount", json!("١"), "amount"),
            ("/data/amount", json!("0.12345678901234567890123456789"), "amount"),
            ("/data/amount", json!("100000000000000000000000000000"), "amount"),
            ("/data/providerReference", json!(""), "providerReference"),
            (
                "/data/providerReference",
                json!("x".repeat(201)),
                "providerReference",
            ),
            ("/data/providerReference", json!(7), "providerReference"),
            (
                "/data/providerReference",
                json!("psp\u{9b}1"),
                "providerReference",
            ),
            ("/data/providerReference", json!("psp-1\n"), "providerReference"),
            ("/data/reason", json!({}), "reason"),
            ("/data/depositId", json!(7), "depositId"),
        ] {
            let mut body = body();
            *body.pointer_mut(pointer).unwrap_or(&mut Value::Null) = value.clone();
            if pointer == "/data/reason" {
                body["data"]["reason"] = value.clone();
            }
            assert_eq!(read(&body), Err(Malformed::Part(name)), "{pointer} {value}");
        }
        let twice = body()
            .to_string()
            .replace(r#""amount":"#, r#""amount":"1","amount":"#);
        assert_eq!(parse(twice.as_bytes()), Err(Malformed::Part("body")));
        for body in ["", "{", "[]", "null", "\u{0}"] {
            assert!(
                matches!(parse(body.as_bytes()), Err(Malformed::Part(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn what_was_never_charged_has_no_amount_and_no_reference() {
        for (kind, is_read) in [
            ("deposit.pending", true),
            ("deposit.failed", true),
            ("deposit.paid", false),
            ("deposit.refunded", false),
            ("deposit.charged_back", false),
        ] {
            for (pointer, values) in [
                ("/data/amount", [json!("0"), json!("0.00")]),
                ("/data/providerReference", [Value::Null, json!("")]),
            ] {
                for value in values {
                    let mut body = body();
                    body["type"] = json!(kind);
                    *body.pointer_mut(pointer).unwrap() = value.clone();
                    assert_eq!(read(&body).is_ok(), is_read, "{kind} {pointer} {value}");
                }
            }
            let mut absent = body();
            absent["type"] = json!(kind);
            absent["data"]
                .as_object_mut()
                .unwrap()
                .remove("providerReference");
            assert_eq!(read(&absent).is_ok(), is_read, "{kind}");
        }
        let mut failed = body();
        failed["type"] = json!("deposit.failed");
        failed["data"]["amount"] = json!("0");
        failed["data"]["providerReference"] = Value::Null;
        let event = read(&failed).unwrap().event;
        assert_eq!(
            (event.money.amount, event.reference.as_str()),
            (Decimal::ZERO, "")
        );
    }

    #[test]
    fn a_text_that_is_no_id_names_no_deposit() {
        for id in ["", "42", "7q0m4t9zk3xh8vw2c5rn6yb1de", "../../etc/passwd"] {
            let mut body = body();
            body["data"]["depositId"] = json!(id);
            assert_eq!(read(&body), Err(Malformed::NoDeposit), "{id}");
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&body);
        }

        #[test]
        fn every_amount_is_exact(whole in 0_u64.., fraction in "[0-9]{1,8}") {
            let text = format!("{whole}.{fraction}");
            if let Some(amount) = amount(&text) {
                prop_assert_eq!(amount.to_string(), text);
            }
        }
    }
}
