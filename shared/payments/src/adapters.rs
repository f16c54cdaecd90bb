//! Which provider a payment method has.

use broker::{Method, MethodKind};

use crate::{BANK_TRANSFER, HOSTED, PaymentProvider};

/// The provider of a payment method of `broker.toml`.
pub fn provider(method: &Method) -> &'static dyn PaymentProvider {
    match method.kind() {
        MethodKind::Hosted => HOSTED,
        MethodKind::BankTransfer => BANK_TRANSFER,
    }
}
