//! Checkout.com's hosted payments page: HMAC over the raw body, event times, any 2xx.

use std::time::SystemTime;

use aws_lc_rs::{constant_time, hmac};
use deposits::{Notification, PaymentEvent, PaymentEventKind};
use domain::Money;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use payments::{
    Acknowledgement, AttemptId, Malformed, PayPage, PaymentProvider, PaymentRequest, ProviderCall,
    ProviderError, ProviderResponse, ProviderSecret, RawNotification, ReferrerPolicy, Report, Start,
    Unverified,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{ID, at, header, hex, received};

struct Checkout {
    base: &'static str,
    channel: &'static str,
}

const SANDBOX: Checkout = Checkout {
    base: "https://prefix.api.sandbox.checkout.com",
    channel: "pc_1",
};

/// Digits after the point, for the currencies of the tests. Other currencies are refused: no exponent is guessed.
fn exponent(currency: &str) -> Option<u32> {
    match currency {
        "EUR" | "USD" => Some(2),
        "JPY" | "UGX" => Some(0),
        "KWD" => Some(3),
        _ => None,
    }
}

impl PaymentProvider for Checkout {
    fn start(&self, request: &PaymentRequest<'_>) -> Result<Start, ProviderError> {
        let money = request.money;
        let exponent = exponent(money.currency.as_str());
        let exponent = exponent.ok_or(ProviderError::Settings("has no minor unit for this currency"))?;
        let minor = money.amount * Decimal::from(10_u64.pow(exponent));
        if !minor.is_integer() {
            return Err(ProviderError::Settings("cannot charge a part of the minor unit"));
        }
        let secret = request.secret.and_then(|secret| secret.member("secretKey"));
        let key = secret.ok_or(ProviderError::Settings("has a secret without `secretKey`"))?;
        let body = json!({
            "amount": minor.normalize().to_string().parse::<u64>().unwrap(),
            "currency": money.currency,
            "reference": request.attempt.to_string(),
            "processing_channel_id": self.channel,
            "success_url": request.return_url,
            "failure_url": request.return_url,
            "cancel_url": request.return_url,
        });
        Ok(Start::Call(ProviderCall {
            method: Method::POST,
            url: format!("{}/hosted-payments", self.base),
            headers: bearer(key),
            body: body.to_string().into_bytes(),
        }))
    }

    fn started(&self, response: &ProviderResponse) -> Result<PayPage, ProviderError> {
        if response.status != StatusCode::CREATED {
            return Err(ProviderError::Refused(response.status.to_string()));
        }
        let body: Value =
            inbound::from_json(&response.body).map_err(|_| ProviderError::Contract("no JSON"))?;
        let url = body["_links"]["redirect"]["href"].as_str();
        Ok(PayPage {
            url: url.ok_or(ProviderError::Contract("no redirect"))?.to_owned(),
            referrer: ReferrerPolicy::NoReferrer,
        })
    }

    fn verify(
        &self,
        notification: &RawNotification<'_>,
        secret: &ProviderSecret,
        _: SystemTime,
    ) -> Result<(), Unverified> {
        let key = secret.member("signatureKey");
        let key = key.ok_or(Unverified::Secret("lacks `signatureKey`"))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        let expected = hex(hmac::sign(&key, notification.body).as_ref());
        constant_time::verify_slices_are_equal(
            expected.as_bytes(),
            notification.header("cko-signature").as_bytes(),
        )
        .map_err(|_| Unverified::Signature("no signature matches".into()))
    }

    fn read(&self, notification: &RawNotification<'_>) -> Result<Report, Malformed> {
        let body: Value = inbound::from_json(notification.body).map_err(|_| Malformed::Part("body"))?;
        let kind = match body["type"].as_str().ok_or(Malformed::Part("type"))? {
            "payment_pending" => PaymentEventKind::Pending,
            "payment_captured" => PaymentEventKind::Paid,
            "payment_declined" | "payment_expired" => PaymentEventKind::Failed,
            "payment_refunded" => PaymentEventKind::Refunded,
            "dispute_lost" => PaymentEventKind::ChargedBack,
            _ => return Ok(Report::Nothing),
        };
        let data = &body["data"];
        let text = |value: &Value, name| value.as_str().map(str::to_owned).ok_or(Malformed::Part(name));
        let attempt: AttemptId = text(&data["reference"], "reference")?
            .parse()
            .map_err(|_| Malformed::NoDeposit)?;
        let currency = text(&data["currency"], "currency")?;
        let exponent = exponent(&currency).ok_or(Malformed::Part("currency"))?;
        let currency = currency.parse().map_err(|_| Malformed::Part("currency"))?;
        let amount = data["amount"].as_i64().ok_or(Malformed::Part("amount"))?;
        let at = text(&body["created_on"], "created_on")?.parse();
        Ok(Report::Event(Notification {
            deposit: attempt.deposit,
            event: PaymentEvent {
                kind,
                money: Money::new(Decimal::new(amount, exponent), currency),
                at: at.map_err(|_| Malformed::Part("created_on"))?,
                reference: text(&data["id"], "id")?,
            },
            reason: None,
        }))
    }
}

fn bearer(key: &str) -> HeaderMap {
    let mut value = HeaderValue::from_str(&format!("Bearer {key}")).unwrap();
    value.set_sensitive(true);
    HeaderMap::from_iter([(AUTHORIZATION, value)])
}

const CAPTURED: &str = r#"{"id":"evt_az5sblvku4ge3dwpztvyizgcau","type":"payment_captured","created_on":"2026-11-22T10:00:00Z","data":{"id":"pay_mbabizu24mvu3mela5njyhpit4","reference":"7Q0M4T9ZK3XH8VW2C5RN6YB1DE","amount":25050,"currency":"EUR"}}"#;

fn secret() -> ProviderSecret {
    json!({"secretKey": "sk_sbox_1", "signatureKey": "cko-signature-key"}).into()
}

#[test]
fn a_genuine_notification_is_a_payment_event_to_the_cent() {
    let signature = "f9a89e9f1fed9141f4e437d62cc4bd172accce0a4b48583f4c1e3b118ca4a155";
    let headers = header("cko-signature", signature);
    let notification = received(&headers, CAPTURED);
    SANDBOX.verify(&notification, &secret(), at(0)).unwrap();
    let Report::Event(Notification { deposit, event, .. }) = SANDBOX.read(&notification).unwrap() else {
        panic!("no event");
    };
    assert_eq!(deposit.as_str(), ID);
    assert_eq!(event.kind, PaymentEventKind::Paid);
    assert_eq!(event.money.to_string(), "250.50 EUR");
    assert_eq!(event.at, "2026-11-22T10:00:00Z".parse().unwrap(), "its own time");
    assert_eq!(
        SANDBOX.acknowledge(&secret(), at(0)),
        Acknowledgement::NO_CONTENT,
        "any 2xx"
    );
}

#[test]
fn a_changed_body_or_another_key_is_not_verified() {
    let headers = header(
        "cko-signature",
        "f9a89e9f1fed9141f4e437d62cc4bd172accce0a4b48583f4c1e3b118ca4a155",
    );
    let changed = CAPTURED.replace("25050", "95050");
    let verified = SANDBOX.verify(&received(&headers, &changed), &secret(), at(0));
    assert!(matches!(verified, Err(Unverified::Signature(_))));
    let other: ProviderSecret = json!({"signatureKey": "other"}).into();
    assert!(
        SANDBOX
            .verify(&received(&headers, CAPTURED), &other, at(0))
            .is_err()
    );
    let lacking: ProviderSecret = json!("whsec_x").into();
    let verified = SANDBOX.verify(&received(&headers, CAPTURED), &lacking, at(0));
    assert!(matches!(verified, Err(Unverified::Secret(_))));
}

#[test]
fn an_attempt_starts_with_a_call_in_minor_units() {
    let attempt: AttemptId = format!("{ID}-2").parse().unwrap();
    let start = |amount: &str, currency: &str| {
        let money = Money::new(amount.parse().unwrap(), currency.parse().unwrap());
        SANDBOX.start(&PaymentRequest {
            attempt: &attempt,
            money: &money,
            user: 501,
            language: "en",
            return_url: "https://screens.example/inapp/deposit/x?lang=en",
            notification_url: "https://screens.example/payments/cards/events",
            secret: Some(&secret()),
            now: at(0),
        })
    };
    let Start::Call(call) = start("250.50", "EUR").unwrap() else {
        panic!("no call");
    };
    let body: Value = serde_json::from_slice(&call.body).unwrap();
    assert_eq!(body["amount"], 25_050);
    assert_eq!(body["reference"], format!("{ID}-2"));
    assert!(!call.url.contains("sk_sbox_1"));
    assert!(
        !format!("{call:?}").contains("sk_sbox_1"),
        "a sensitive header is not printed"
    );
    assert!(start("250.505", "EUR").is_err(), "no part of a cent");
    assert!(
        matches!(start("1", "XYZ"), Err(ProviderError::Settings(_))),
        "no exponent is guessed"
    );

    let response = ProviderResponse {
        status: StatusCode::CREATED,
        headers: HeaderMap::new(),
        body:
            br#"{"id":"hpp_1","_links":{"redirect":{"href":"https://pay.sandbox.checkout.com/page/hpp_1"}}}"#
                .to_vec(),
    };
    let page = SANDBOX.started(&response).unwrap();
    assert_eq!(page.url, "https://pay.sandbox.checkout.com/page/hpp_1");
    assert_eq!(page.referrer, ReferrerPolicy::NoReferrer);
}
