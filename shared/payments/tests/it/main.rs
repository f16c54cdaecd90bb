//! Doubles of two very different payment providers, which show that the port fits both. Praxis signs a part of
//! its notifications and wants a signed acknowledgement; Checkout.com signs the whole body and accepts any 2xx.
//! Neither double was tried against the provider's sandbox, so neither is part of the product.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod checkout;
mod praxis;

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue};
use payments::RawNotification;

/// The deposit of the fixtures.
const ID: &str = "7Q0M4T9ZK3XH8VW2C5RN6YB1DE";

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn header(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_str(value).unwrap())])
}

fn received<'a>(headers: &'a HeaderMap, body: &'a str) -> RawNotification<'a> {
    RawNotification {
        headers,
        body: body.as_bytes(),
        received_at: "2026-11-22T10:00:05Z".parse().unwrap(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
