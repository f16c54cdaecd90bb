//! Payment providers behind one port, [`PaymentProvider`]: how a payment starts, whether a notification is genuine and what it
//! means, how the provider is asked about a payment, and what it wants to hear back.
//!
//! A provider does no I/O. Where it has to be called it says what to send ([`ProviderCall`]) and reads what came back
//! ([`ProviderAnswer`]); the function sends, once, with its own deadline and its own rules about what may be repeated. So an
//! adapter is tested with the provider's published messages and nothing else.
//!
//! The money core knows no provider: an adapter turns a notification into the payment events of [`deposits`].
//!
//! [`HOSTED`] is the broker's own cashier, [`BANK_TRANSFER`] the broker's bank account with its back office. Both report
//! with the same events, signed after Standard Webhooks. `tests/it/` has Praxis and Checkout.com as doubles, which prove that
//! the port fits opposites.

mod adapters;
mod attempt;
mod port;
mod secrets;
mod standard_events;

pub use adapters::provider;
pub use attempt::{AttemptId, BadAttemptId};
pub use port::{
    Acknowledgement, Malformed, PayPage, PaymentProvider, PaymentRequest, ProviderAnswer, ProviderCall,
    ProviderError, RawNotification, ReferrerPolicy, Report, Start, Unverified,
};
pub use secrets::{PaymentSecrets, ProviderSecret};
pub use standard_events::{BANK_TRANSFER, HOSTED};
