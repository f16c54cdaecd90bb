//! The table's records of payments, with the faults of their writes.

use deposits::{
    Deposit, DepositBody, DepositId, PaymentRecord, PaymentRecords, Status, Store, StoreError, Transition,
};
use jiff::Timestamp;
use workflow::{
    DueRecord, WriteError,
    simulation::{Call, Fault as OfTable, Happening, MINUTE, index},
    trace,
};

use crate::{
    kinds::Fault,
    model::{Function, Own, World},
};

/// The table, as a running function sees it.
pub struct TableClient<'a>(pub &'a Function);

/// Writes a record, unless there is one of its deposit and reference.
pub fn put(world: &mut World, record: &PaymentRecord) {
    let deposit = index(&record.deposit);
    if find(world, &record.deposit, &record.payment.reference).is_none() {
        trace!(
            world,
            "  table: payment {} of {deposit}", record.payment.reference
        );
        world.model.records.push(record.clone());
    }
}

fn find(world: &World, deposit: &DepositId, reference: &str) -> Option<PaymentRecord> {
    let mut records = world.model.records.iter();
    let found = records.find(|record| record.deposit == *deposit && record.payment.reference == reference);
    found.cloned()
}

impl PaymentRecords for TableClient<'_> {
    async fn record_payment(&self, record: &PaymentRecord) -> Result<(), StoreError> {
        let call = Call::Outside("record a payment");
        self.0.sends(call).await;
        let written = {
            let mut world = self.0.world();
            let no_answer = Err(StoreError("no answer".into()));
            if world.strikes(OfTable::Throttled) {
                Err(StoreError("throttled".into()))
            } else if world.strikes_own(Fault::RecordLost) {
                no_answer
            } else if world.strikes_own(Fault::RecordAnswerLost) {
                put(&mut world, record);
                no_answer
            } else if world.strikes_own(Fault::RecordedLater) {
                world.later(MINUTE, Happening::Own(Own::Record(Box::new(record.clone()))));
                no_answer
            } else {
                put(&mut world, record);
                Ok(())
            }
        };
        self.0.waits(call).await;
        written
    }

    async fn recorded_payment(
        &self,
        deposit: &DepositId,
        reference: &str,
    ) -> Result<Option<PaymentRecord>, StoreError> {
        let call = Call::Outside("recorded payment");
        self.0.sends(call).await;
        let found = {
            let mut world = self.0.world();
            if world.strikes(OfTable::Throttled) {
                Err(StoreError("throttled".into()))
            } else {
                Ok(find(&world, deposit, reference))
            }
        };
        self.0.waits(call).await;
        found
    }
}

impl Store<DepositBody> for TableClient<'_> {
    async fn load(&self, id: &DepositId) -> Result<Option<Deposit>, StoreError> {
        self.0.load(id).await
    }

    async fn write(&self, next: &Deposit, transition: &Transition) -> Result<(), WriteError<DepositBody>> {
        self.0.write(next, transition).await
    }

    async fn republish(&self, record: &Deposit, due_at: Timestamp) -> Result<(), WriteError<DepositBody>> {
        self.0.republish(record, due_at).await
    }

    async fn list_due(
        &self,
        status: Status,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueRecord<DepositBody>>, StoreError> {
        self.0.list_due(status, now, limit).await
    }

    async fn count(&self, status: Status, since: Option<Timestamp>) -> Result<u64, StoreError> {
        self.0.count(status, since).await
    }
}
