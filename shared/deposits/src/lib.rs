//! Deposits: a trader pays money at a payment provider, and it is credited to the trading account in cTrader
//! exactly once.
//!
//! ```text
//! created ──> pending ──> paid ──> crediting ──> credited
//!    │           │          │          ├──> unknown   (perhaps credited: an operator finds out)
//!    └───────────┴──> failed, expired  └──> review    (an operator decides)
//! ```
//!
//! Four flows change a deposit. Each is a sequence of conditional writes:
//!
//! * [`apply_payment_event`]: the payment provider reports an event of the payment;
//! * [`credit`]: one attempt to credit a paid deposit in cTrader;
//! * [`reconcile`]: a round continues stuck deposits and expires abandoned ones;
//! * [`resolve`]: an operator decides what no program may decide.
//!
//! The crate [`workflow`] makes the writes safe. This crate has the statuses and the rules, and knows neither
//! HTTP nor AWS: the table is a [`Store`] with [`PaymentRecords`], cTrader a [`CTrader`], and time and randomness come from an
//! [`Environment`]. So `tests/simulation` can run the same flows through crashes, losses and reorderings.
//! `docs/MONEY.md` explains them.

mod apply;
mod credit;
mod deposit;
mod detail;
pub mod guards;
mod payment_event;
mod payment_record;
mod ports;
mod reason;
mod reconcile;
mod resolve;
mod size;

pub use apply::{AppliedEvent, ApplyError, apply_payment_event};
pub use credit::{CALL_WITHIN, STALE_AFTER, credit};
pub use deposit::{Attempt, Credit, Deposit, DepositBody, Order, Payment, Program, Status};
pub use detail::Detail;
pub use domain::RecordId as DepositId;
pub use payment_event::{Notification, PaymentEvent, PaymentEventKind, Sender};
pub use payment_record::{PaymentRecord, PaymentSource};
pub use ports::{Account, AccountError, CTrader, CreditAnswer, CreditCall, PaymentRecords};
pub use reason::Reason;
pub use reconcile::reconcile;
pub use resolve::{Decision, Refusal, ResolveError, resolve};
pub use workflow::{Environment, Operator, Store, StoreError};

/// An [`Actor`](workflow::Actor) that writes deposits.
pub type Actor = workflow::Actor<Program>;

/// A [`Transition`](workflow::Transition) of a deposit's history.
pub type Transition = workflow::Transition<DepositBody>;

/// A [`RoundReport`](workflow::RoundReport) of deposits.
pub type RoundReport = workflow::RoundReport<DepositBody>;

/// The [`Counts`](workflow::Counts) of a round over deposits.
pub type Counts = workflow::Counts<DepositBody>;
