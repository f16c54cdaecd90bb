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
//! * [`notify`]: the payment provider says what became of the payment;
//! * [`credit`]: one try at crediting a paid deposit in cTrader;
//! * [`reconcile`]: what got stuck is driven on, what was abandoned expires;
//! * [`resolve`]: an operator decides where no program may.
//!
//! Knows neither HTTP nor AWS: the table is a [`Store`], cTrader a [`CTrader`], time and chance an [`Environment`]. That is
//! what lets `tests/simulation` run these very flows through any number of crashes, losses and reorderings.
//! `docs/MONEY.md` says all of it in words.

mod commit;
mod credit;
mod deposit;
mod environment;
pub mod guards;
mod notify;
mod ports;
mod reconcile;
mod resolve;

pub use credit::{CALL_WITHIN, STALE_AFTER, credit};
pub use deposit::{Attempt, Credit, Deposit, Order, Payment, Status, Step, UnknownStatus};
pub use domain::RecordId as DepositId;
pub use environment::{Environment, NoRandomness};
pub use notify::{Fact, Notification, Notified, NotifyError, Sender, notify};
pub use ports::{Account, AccountError, Answer, CTrader, CreditCall, Open, Store, StoreError, WriteError};
pub use reconcile::{Round, reconcile};
pub use resolve::{Decision, ResolveError, resolve};
