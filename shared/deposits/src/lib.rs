//! Deposits: money that a trader pays at the broker's payment provider, and that is credited to the trading account in
//! cTrader, once.
//!
//! ```text
//! created ──> pending ──> paid ──> crediting ──> credited
//!    │           │          │          ├──> unknown   (may have been credited: an operator finds out)
//!    └───────────┴──> failed, expired  └──> review    (an operator decides)
//! ```
//!
//! Everything that may happen to a deposit is one of four flows, each a sequence of conditional writes:
//!
//! * [`apply_payment_event`]: the payment provider reports what became of the payment;
//! * [`credit`]: one try at crediting a paid deposit in cTrader;
//! * [`reconcile`]: what got stuck is carried on, what was abandoned expires;
//! * [`resolve`]: an operator decides where no program may.
//!
//! What makes them safe is the crate [`workflow`]; here are the states, the rules and what cTrader has to offer. Knows neither
//! HTTP nor AWS: the table is a [`Store`], cTrader a [`CTrader`], time and chance an [`Environment`]. That is what lets
//! `tests/simulation` run these very flows through any number of crashes, losses and reorderings. `docs/MONEY.md` says all of
//! it in words.

mod apply;
mod credit;
mod deposit;
mod detail;
pub mod guards;
mod payment_event;
mod ports;
mod reason;
mod reconcile;
mod resolve;

pub use apply::{Applied, ApplyError, apply_payment_event};
pub use credit::{CALL_WITHIN, STALE_AFTER, credit};
pub use deposit::{Attempt, Credit, Deposit, DepositBody, Order, Payment, Program, Status};
pub use detail::Detail;
pub use domain::RecordId as DepositId;
pub use payment_event::{Notification, PaymentEvent, PaymentEventKind, Sender};
pub use ports::{Account, AccountError, CTrader, CreditAnswer, CreditCall};
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
