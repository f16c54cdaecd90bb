//! Payment providers behind one port, [`PaymentProvider`]: starting a payment, verifying and reading a
//! notification, querying a payment, and acknowledging.
//!
//! A provider does no I/O. If the provider's server has to be called, the adapter makes the request
//! ([`ProviderCall`]) and reads the response ([`ProviderResponse`]). A function sends the request, with its own
//! deadline and its own rules about repetition. So an adapter can be tested with the provider's published
//! messages alone.
//!
//! The crate [`deposits`] knows no provider: adapters turn notifications into its payment events.
//!
//! [`HOSTED`] is the broker's own cashier, and [`BANK_TRANSFER`] the broker's bank account with its back
//! office. Both report the same events, signed after Standard Webhooks. `tests/it/` has doubles of Praxis and
//! Checkout.com, two very different providers, which show that the port fits both. No function performs calls
//! to a provider yet ([`Start::Call`], [`Report::Ask`]).

mod adapters;
mod attempt;
mod port;
mod secrets;
mod standard_events;

pub use adapters::provider;
pub use attempt::{AttemptId, BadAttemptId};
pub use port::{
    Acknowledgement, Malformed, PayPage, PaymentProvider, PaymentRequest, ProviderCall, ProviderError,
    ProviderResponse, RawNotification, ReferrerPolicy, Report, Start, Unverified,
};
pub use secrets::{PaymentSecrets, ProviderSecret};
pub use standard_events::{BANK_TRANSFER, HOSTED};
