//! What got stuck is carried on: [`workflow::reconcile`] with credits as its work.

use jiff::Timestamp;
use workflow::{Environment, RoundReport, Store, StoreError};

use crate::{CTrader, DepositBody, credit};

/// One round: what is paid is credited, what was abandoned expires, a credit whose outcome nobody recorded becomes unknown,
/// what was not published is published again, and everything is counted. Two rounds at once do no harm. No deposit is begun
/// after `until`.
///
/// # Errors
/// [`StoreError`] if the table does not even say what is due.
pub async fn reconcile(
    store: &impl Store<DepositBody>,
    ctrader: &impl CTrader,
    environment: &impl Environment,
    until: Timestamp,
) -> Result<RoundReport<DepositBody>, StoreError> {
    let work = async |deposit| credit(store, ctrader, environment, deposit).await;
    workflow::reconcile(store, environment, until, work).await
}
