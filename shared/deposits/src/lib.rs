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
//! * [`reconcile`]: what got stuck is driven on, what was abandoned expires;
//! * [`resolve`]: an operator decides where no program may.
//!
//! Knows neither HTTP nor AWS: the table is a [`Store`], cTrader a [`CTrader`], time and chance an [`Environment`]. That is
//! what lets `tests/simulation` run these very flows through any number of crashes, losses and reorderings.
//! `docs/MONEY.md` says all of it in words.

mod apply;
mod commit;
mod credit;
mod deposit;
mod environment;
pub mod guards;
mod payment_event;
mod ports;
mod reason;
mod reconcile;
mod resolve;
mod transition;

pub use apply::{Applied, ApplyError, apply_payment_event};
pub use credit::{CALL_WITHIN, STALE_AFTER, credit};
pub use deposit::{Attempt, Credit, Deposit, Order, Payment, Status, UnknownStatus};
pub use domain::RecordId as DepositId;
pub use environment::{Environment, NoRandomness};
pub use payment_event::{Notification, PaymentEvent, PaymentEventKind, Sender};
pub use ports::{
    Account, AccountError, CTrader, CreditAnswer, CreditCall, Open, Store, StoreError, WriteError,
};
pub use reason::Reason;
pub use reconcile::{Round, reconcile};
pub use resolve::{Decision, ResolveError, resolve};
pub use transition::{Actor, Detail, Transition, UnknownActor};
