//! Rounds over the due deposits: [`workflow::reconcile`], whose work is crediting.

use jiff::Timestamp;
use workflow::{Environment, RoundReport, Store};

use crate::{CTrader, DepositBody, PaymentRecords, credit};

/// One round: credits paid deposits, expires abandoned ones, sets a deposit to `unknown` if the outcome of its
/// credit was not recorded, publishes deposits again whose publication was not confirmed, and counts all. Two
/// rounds at once do no harm. No deposit is begun after `until`.
pub async fn reconcile(
    store: &(impl Store<DepositBody> + PaymentRecords),
    ctrader: &impl CTrader,
    environment: &impl Environment,
    until: Timestamp,
) -> RoundReport<DepositBody> {
    let work = async |deposit| credit(store, ctrader, environment, deposit).await;
    workflow::reconcile(store, environment, until, work).await
}
