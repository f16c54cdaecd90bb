//! Records of payments in the table: `pk` is `payment#<deposit id>#<the provider's reference>`, `sk` is `payment`.

use deposits::{DepositId, PaymentRecord, PaymentRecords, StoreError};

use crate::{Table, item, schema::RecordKind, table::store_error};

impl PaymentRecords for Table {
    async fn record_payment(&self, record: &PaymentRecord) -> Result<(), StoreError> {
        let mut item = key(&record.deposit, &record.payment.reference);
        item.extend(item::write(record).map_err(store_error)?);
        // A record that exists stays as it is: a payment does not change.
        self.put_new(item).await.map(drop).map_err(store_error)
    }

    async fn recorded_payment(
        &self,
        deposit: &DepositId,
        reference: &str,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        let found = self.get(key(deposit, reference)).await.map_err(store_error)?;
        found.map(item::read).transpose().map_err(store_error)
    }
}

fn key(deposit: &DepositId, reference: &str) -> item::Item {
    RecordKind::Payment.key_of(format_args!("{deposit}#{reference}"))
}
