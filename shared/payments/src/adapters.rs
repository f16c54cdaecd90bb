//! The providers of the payment methods.

use config::{PaymentMethod, Provider};

use crate::{BANK_TRANSFER, HOSTED, PaymentProvider};

/// The provider of a payment method in `broker.toml`.
pub fn provider(method: &PaymentMethod) -> &'static dyn PaymentProvider {
    match method.provider {
        Provider::Hosted(_) => HOSTED,
        Provider::BankTransfer(_) => BANK_TRANSFER,
    }
}
