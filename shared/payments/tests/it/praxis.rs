//! Praxis Cashier: SHA-384 over some fields, not over the status; each order id once; an answer that is signed.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::{constant_time, digest};
use deposits::{Notification, PaymentEvent, PaymentEventKind};
use domain::Money;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use payments::{
    Acknowledgement, AttemptId, Malformed, PayPage, PaymentProvider, PaymentRequest, ProviderCall,
    ProviderError, ProviderResponse, ProviderSecret, RawNotification, ReferrerPolicy, Report, Start,
    Unverified,
};
use rust_decimal::Decimal;
use serde_json::{Value, json, value::RawValue};

use crate::{ID, at, header, hex, received};

struct Praxis {
    base: &'static str,
    merchant: &'static str,
    application: &'static str,
}

const SANDBOX: Praxis = Praxis {
    base: "https://pci-gw-test.praxispay.com",
    merchant: "API-Test",
    application: "TestApp",
};

const SIGNATURE: &str = "gt-authentication";

/// SHA-384 of the concatenated fields and the secret.
fn sign(fields: &[&str], secret: &str) -> String {
    let text = [fields.concat().as_str(), secret].concat();
    hex(digest::digest(&digest::SHA384, text.as_bytes()).as_ref())
}

fn seconds(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn merchant_secret(secret: &ProviderSecret) -> Option<&str> {
    secret.member("merchantSecret")
}

impl Praxis {
    fn call(&self, path: &str, signature: &str, body: &Value) -> ProviderCall {
        let signature = HeaderValue::from_str(signature).unwrap();
        ProviderCall {
            method: Method::POST,
            url: format!("{}{path}", self.base),
            headers: HeaderMap::from_iter([(HeaderName::from_static(SIGNATURE), signature)]),
            body: body.to_string().into_bytes(),
        }
    }

    /// The text of each signed field, as written in the body, without null fields.
    fn signed_fields(body: &Value, rate: Option<&str>) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let transaction = &body["transaction"];
        let before = [
            &body["merchant_id"],
            &body["application_key"],
            &body["timestamp"],
            &body["customer"]["customer_token"],
            &body["session"]["order_id"],
            &transaction["tid"],
            &transaction["currency"],
            &transaction["amount"],
        ];
        let after = [
            &transaction["processed_currency"],
            &transaction["processed_amount"],
        ];
        let mut fields: Vec<String> = before.into_iter().filter_map(text).collect();
        fields.extend(rate.map(str::to_owned));
        fields.extend(after.into_iter().filter_map(text));
        fields
    }
}

impl PaymentProvider for Praxis {
    fn start(&self, request: &PaymentRequest<'_>) -> Result<Start, ProviderError> {
        let secret = request.secret.and_then(merchant_secret);
        let secret = secret.ok_or(ProviderError::Settings("has a secret without `merchantSecret`"))?;
        let (time, user, order) = (
            seconds(request.now).to_string(),
            request.user.to_string(),
            request.attempt.to_string(),
        );
        let fields = [self.merchant, self.application, &time, "payment", &user, &order];
        let minor = request.money.amount * Decimal::ONE_HUNDRED;
        let body = json!({
            "merchant_id": self.merchant,
            "application_key": self.application,
            "intent": "payment",
            "currency": request.money.currency,
            "amount": minor.normalize().to_string().parse::<u64>().unwrap(),
            "cid": user,
            "locale": request.language,
            "notification_url": request.notification_url,
            "return_url": request.return_url,
            "order_id": order,
            "version": "1.3",
            "timestamp": seconds(request.now),
        });
        Ok(Start::Call(self.call(
            "/cashier/cashier",
            &sign(&fields, secret),
            &body,
        )))
    }

    fn started(&self, response: &ProviderResponse) -> Result<PayPage, ProviderError> {
        let body: Value =
            inbound::from_json(&response.body).map_err(|_| ProviderError::Contract("no JSON"))?;
        if body["status"] != 0 {
            return Err(ProviderError::Refused(body["status"].to_string()));
        }
        let url = body["redirect_url"].as_str();
        Ok(PayPage {
            url: url.ok_or(ProviderError::Contract("no redirect_url"))?.to_owned(),
            // Praxis admits the origins that the merchant has named.
            referrer: ReferrerPolicy::StrictOrigin,
        })
    }

    /// Praxis does not document whether the rate is signed as written or as a number, so either is accepted.
    fn verify(
        &self,
        notification: &RawNotification<'_>,
        secret: &ProviderSecret,
        _: SystemTime,
    ) -> Result<(), Unverified> {
        let secret = merchant_secret(secret).ok_or(Unverified::Secret("lacks `merchantSecret`"))?;
        let signature = notification.header(SIGNATURE).as_bytes();
        let mismatch = || Unverified::Signature("no signature matches".into());
        let body: Value = inbound::from_json(notification.body).map_err(|_| mismatch())?;
        let raw = raw_rate(notification.body);
        let short = raw
            .as_deref()
            .and_then(|rate| rate.parse::<Decimal>().ok())
            .map(|rate| rate.normalize().to_string());
        let matches = [raw.as_deref(), short.as_deref()].map(|rate| {
            let fields = Self::signed_fields(&body, rate);
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let expected = sign(&fields, secret);
            constant_time::verify_slices_are_equal(expected.as_bytes(), signature).is_ok()
        });
        matches.contains(&true).then_some(()).ok_or_else(mismatch)
    }

    /// The status is not signed, so a notification is only a reason to query it.
    fn read(&self, notification: &RawNotification<'_>) -> Result<Report, Malformed> {
        let body: Value = inbound::from_json(notification.body).map_err(|_| Malformed::Part("body"))?;
        let order = body["session"]["order_id"].as_str();
        let order = order.ok_or(Malformed::Part("order_id"))?;
        order.parse().map(Report::Ask).map_err(|_| Malformed::NoDeposit)
    }

    fn status_query(
        &self,
        attempt: &AttemptId,
        secret: &ProviderSecret,
        now: SystemTime,
    ) -> Result<Option<ProviderCall>, ProviderError> {
        let secret = merchant_secret(secret);
        let secret = secret.ok_or(ProviderError::Settings("has a secret without `merchantSecret`"))?;
        let (time, order) = (seconds(now).to_string(), attempt.to_string());
        let signature = sign(&[self.merchant, self.application, &time, &order], secret);
        let body = json!({
            "merchant_id": self.merchant,
            "application_key": self.application,
            "order_id": order,
            "version": "1.3",
            "timestamp": seconds(now),
        });
        Ok(Some(self.call("/agent/find-order", &signature, &body)))
    }

    fn queried(&self, attempt: &AttemptId, response: &ProviderResponse) -> Result<Report, ProviderError> {
        let body: Value =
            inbound::from_json(&response.body).map_err(|_| ProviderError::Contract("no JSON"))?;
        if body["session"]["order_id"] != attempt.to_string() {
            return Err(ProviderError::Contract("an answer about another order"));
        }
        let transaction = &body["transaction"];
        let kind = match transaction["transaction_status"].as_str() {
            Some("initialized" | "pending" | "authorized") => PaymentEventKind::Pending,
            Some("approved") => PaymentEventKind::Paid,
            Some("chargeback" | "reversed") => PaymentEventKind::ChargedBack,
            Some("refund") => PaymentEventKind::Refunded,
            Some("rejected" | "error" | "canceled" | "cancelled") => PaymentEventKind::Failed,
            _ => return Ok(Report::Nothing),
        };
        let contract = ProviderError::Contract;
        let amount = transaction["amount"].as_i64().ok_or(contract("no amount"))?;
        let currency = transaction["currency"].as_str().ok_or(contract("no currency"))?;
        let currency = currency.parse().map_err(|_| contract("no currency"))?;
        let time = body["timestamp"].as_i64().ok_or(contract("no timestamp"))?;
        Ok(Report::Event(Notification {
            deposit: attempt.deposit.clone(),
            event: PaymentEvent {
                kind,
                money: Money::new(Decimal::new(amount, 2), currency),
                at: jiff::Timestamp::from_second(time).map_err(|_| contract("no timestamp"))?,
                reference: transaction["tid"].to_string(),
            },
            reason: None,
        }))
    }

    fn acknowledge(&self, secret: &ProviderSecret, now: SystemTime) -> Acknowledgement {
        let time = seconds(now);
        let signature = sign(
            &["0", &time.to_string()],
            merchant_secret(secret).unwrap_or_default(),
        );
        let body = json!({"status": 0, "description": "Ok", "version": "1.3", "timestamp": time});
        Acknowledgement {
            status: StatusCode::OK,
            headers: vec![(HeaderName::from_static(SIGNATURE), signature)],
            body: body.to_string(),
        }
    }
}

/// The conversion rate as written. A JSON parser would shorten it.
fn raw_rate(body: &[u8]) -> Option<String> {
    let body: std::collections::BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    let transaction = body.get("transaction")?.get();
    let transaction: std::collections::BTreeMap<String, &RawValue> =
        serde_json::from_str(transaction).ok()?;
    let rate = transaction.get("conversion_rate")?.get();
    (rate != "null").then(|| rate.to_owned())
}

fn secret() -> ProviderSecret {
    json!({"merchantSecret": "MerchantSecretKey"}).into()
}

fn notification(rate: &str) -> String {
    format!(
        r#"{{"merchant_id":"API-Test","application_key":"TestApp","timestamp":1716735660,
            "customer":{{"customer_token":"87cfb23a8f1e68e162c276b754d9c061"}},
            "session":{{"order_id":"{ID}"}},
            "transaction":{{"transaction_type":"sale","transaction_status":"approved","tid":756850,
              "currency":"EUR","amount":25050,"conversion_rate":{rate},
              "processed_currency":"EUR","processed_amount":25050}}}}"#
    )
}

#[test]
fn each_documented_form_of_a_notification_is_verified_and_no_other() {
    for (rate, signature) in [
        (
            "1",
            "db943b8a7d57c947f1361f9d5e0c8bb5d38264dd8353b01385393a6d58b5b6ef9da592ce732c61b7d3ec603b794caff0",
        ),
        (
            "1.000000",
            "fc854facadfc090959b9855b468a208aeabfdd69355f8d1cab4818769627170da2e2723d04bcb54e4d8399489159cca7",
        ),
        // Signed as PHP would write it.
        (
            "1.000000",
            "db943b8a7d57c947f1361f9d5e0c8bb5d38264dd8353b01385393a6d58b5b6ef9da592ce732c61b7d3ec603b794caff0",
        ),
        (
            "null",
            "22f16f4ee0ac9c5717009ea0bd060ac63a38ddc385cce31358ac000d3537912cca7efaa5ecb0083c5e8c0646d3a53bb4",
        ),
    ] {
        let (headers, body) = (header(SIGNATURE, signature), notification(rate));
        SANDBOX
            .verify(&received(&headers, &body), &secret(), at(0))
            .unwrap_or_else(|error| panic!("{rate}: {error}"));
        let changed = body.replace(r#""amount":25050"#, r#""amount":95050"#);
        assert!(
            SANDBOX
                .verify(&received(&headers, &changed), &secret(), at(0))
                .is_err()
        );
    }
}

#[test]
fn a_notification_is_only_a_reason_to_query_the_status() {
    let (headers, body) = (HeaderMap::new(), notification("1"));
    let report = SANDBOX.read(&received(&headers, &body)).unwrap();
    let attempt: AttemptId = ID.parse().unwrap();
    assert_eq!(report, Report::Ask(attempt.clone()));

    let query = SANDBOX
        .status_query(&attempt, &secret(), at(1_716_735_600))
        .unwrap();
    let query = query.expect("Praxis can be asked");
    assert_eq!(
        query.headers[SIGNATURE],
        "6c1b27cb8dc273107c6ab7d99edb1d92cb98a5d6bb273598ffcd721818f69e4cfc0ccbaed56543706af76add99656ed5"
    );
    let response = |body: String| ProviderResponse {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: body.into_bytes(),
    };
    let Report::Event(Notification { event, .. }) =
        SANDBOX.queried(&attempt, &response(body.clone())).unwrap()
    else {
        panic!("no event");
    };
    assert_eq!(
        (event.kind, event.money.amount),
        (PaymentEventKind::Paid, Decimal::new(25_050, 2))
    );
    let others = body.replace(ID, "00000000000000000000000000");
    assert!(
        matches!(
            SANDBOX.queried(&attempt, &response(others)),
            Err(ProviderError::Contract(_))
        ),
        "an answer about another order is not believed"
    );
}

#[test]
fn an_attempt_starts_with_a_signed_call_and_the_redirect_shows_our_origin() {
    let attempt = AttemptId::first(ID.parse().unwrap());
    let money = Money::new("250.50".parse().unwrap(), "EUR".parse().unwrap());
    let start = SANDBOX.start(&PaymentRequest {
        attempt: &attempt,
        money: &money,
        user: 501,
        language: "en",
        return_url: "https://screens.example/inapp/deposit/x?lang=en",
        notification_url: "https://screens.example/payments/praxis/events",
        secret: Some(&secret()),
        now: at(1_716_735_600),
    });
    let Start::Call(call) = start.unwrap() else {
        panic!("no call");
    };
    assert_eq!(
        call.headers[SIGNATURE],
        "e0679c00a14d7fa3e7ab2bcfaa46cd4a2b909e9b94b8d16ba14e606c3cf6dd55b24a03cf207c3c8e147d50ee8febce00"
    );
    let response = |body: &str| ProviderResponse {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    };
    let page = SANDBOX.started(&response(
        r#"{"status":0,"redirect_url":"https://cashier.praxis.example/s"}"#,
    ));
    assert_eq!(page.unwrap().referrer.as_str(), "strict-origin");
    let refused = SANDBOX.started(&response(r#"{"status":1002,"description":"not unique"}"#));
    assert_eq!(refused, Err(ProviderError::Refused("1002".into())));
}

#[test]
fn the_acknowledgement_is_signed() {
    let acknowledgement = SANDBOX.acknowledge(&secret(), at(1_716_735_661));
    assert_eq!(acknowledgement.status, StatusCode::OK);
    assert_eq!(
        acknowledgement.headers[0].1,
        "95c12e2fdfa169f58dd6308d1dbb45fec54cf23b5a9233c92cc0e82a2d200b63ebf29e91d1e5f3309c5f99a35d2f9af6"
    );
    let body: Value = serde_json::from_str(&acknowledgement.body).unwrap();
    assert_eq!(body["status"], 0);
}
