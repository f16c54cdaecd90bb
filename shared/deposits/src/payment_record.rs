//! Records of payments: that money was paid is written down apart from the deposit.
//!
//! A deposit says itself that it was paid, and every function that may write deposits can say so. A payment
//! record can be written only by who learns of payments. So a credit needs both: see [`credit`](crate::credit()).

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use workflow::{Environment, Principal, StoreError, guard};

use crate::{DepositBody, DepositId, Payment, PaymentRecords};

/// How we learned of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentSource {
    /// A signed notification of the provider or of the broker's back office.
    Notification,
    /// The provider's answer to a status query.
    StatusQuery,
    /// An operator asked the provider.
    Staff,
}

impl fmt::Display for PaymentSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Notification => "notification",
            Self::StatusQuery => "status query",
            Self::Staff => "staff",
        })
    }
}

/// A payment of a deposit. There is at most one for a deposit and a provider's reference. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRecord {
    /// The deposit.
    pub deposit: DepositId,
    /// The payment.
    #[serde(flatten)]
    pub payment: Payment,
    /// How we learned of it.
    pub source: PaymentSource,
    /// The operator who found it out, for [`PaymentSource::Staff`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Principal>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl PaymentRecord {
    /// Whether this is the record of the payment that the deposit names. The time of a payment may differ: the
    /// provider may report it again in other words.
    pub(crate) fn agrees(&self, deposit: &DepositId, payment: &Payment) -> bool {
        let other_money = guard!(RecordOfTheMoney, self.payment.money != payment.money);
        self.deposit == *deposit && self.payment.reference == payment.reference && !other_money
    }
}

/// What is recorded of the payment that a deposit names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// Nothing.
    Nothing,
    /// A payment of the same reference with other money.
    Otherwise,
    /// The payment.
    AsNamed,
}

/// Looks up the record of the payment that the deposit names.
pub(crate) async fn recorded(
    payments: &impl PaymentRecords,
    deposit: &DepositId,
    body: &DepositBody,
) -> Result<Recorded, StoreError> {
    let Some(payment) = &body.payment else {
        return Ok(Recorded::Nothing);
    };
    let record = payments.recorded_payment(deposit, &payment.reference).await?;
    Ok(match record {
        None => Recorded::Nothing,
        Some(record) if record.agrees(deposit, payment) => Recorded::AsNamed,
        Some(_) => Recorded::Otherwise,
    })
}

/// How often a record is sent if its answer does not come.
const MAX_TRIES: u32 = 3;

/// Records a payment, before the deposit that names it is written. Recording it again changes nothing.
///
/// # Errors
/// [`StoreError`]: the record may have been written.
pub(crate) async fn record(
    payments: &impl PaymentRecords,
    environment: &impl Environment,
    deposit: &DepositId,
    payment: &Payment,
    source: PaymentSource,
    by: Option<&Principal>,
) -> Result<(), StoreError> {
    let record = PaymentRecord {
        deposit: deposit.clone(),
        payment: payment.clone(),
        source,
        by: by.cloned(),
        recorded_at: environment.now(),
    };
    let mut tries = 1;
    while let Err(error) = payments.record_payment(&record).await {
        if tries == MAX_TRIES {
            return Err(error);
        }
        tries += 1;
    }
    Ok(())
}
