//! `POST /staff/erasures`: an operator has a trader's personal data erased.

use domain::Principal;
use jiff::Timestamp;
use staff_calls::{EraseTrader, ErasedRecord, ErasedTrader, MAX_RECORDS};
use store::{Erased, Erasure, RecordKind, Table, TableError, Trader};
use tokio::time::{Instant, timeout_at};
use web::{Content, Response};

use crate::{reason, refusal::Refusal};

/// Records who asked, then erases the trader's data in the records of the call.
pub async fn erase(
    table: &Table,
    caller: &Principal,
    call: &EraseTrader,
    deadline: Instant,
) -> Result<Response, Refusal> {
    let reason = reason(&call.reason)?.to_owned();
    if call.records.is_empty() || call.records.len() > MAX_RECORDS {
        return Err(Refusal::Malformed("records"));
    }
    let trader = Trader {
        broker: call.broker.clone(),
        user_id: call.user_id,
    };
    let erasure = Erasure::new(trader, caller.clone(), reason, Timestamp::now());
    let recorded = within(deadline, table.record_erasure(&call.request_id, &erasure)).await?;
    if recorded.trader != erasure.trader || !recorded.by.is_same_as(caller) {
        return Err(Refusal::Conflict("another erasure has this request id".into()));
    }
    let mut records = Vec::new();
    for name in &call.records {
        let erased = match RecordKind::from_sort_key(&name.kind) {
            Some(kind) => {
                let erasing = table.erase(&call.request_id, &erasure.trader, kind, &name.id);
                within(deadline, erasing).await?
            }
            None => Erased::NotFound,
        };
        let (found, erased) = match erased {
            Erased::Attributes(names) => (true, names),
            Erased::NotFound => (false, Vec::new()),
        };
        records.push(ErasedRecord {
            kind: name.kind.clone(),
            id: name.id.clone(),
            found,
            erased,
        });
    }
    let answer = ErasedTrader {
        request_id: call.request_id.clone(),
        by: recorded.by,
        records,
    };
    Ok(Response::new(200, "ERASED", Content::json(&answer)))
}

async fn within<T>(
    deadline: Instant,
    call: impl Future<Output = Result<T, TableError>>,
) -> Result<T, Refusal> {
    match timeout_at(deadline, call).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Refusal::Unavailable(error.to_string())),
        Err(_) => Err(Refusal::Unavailable("no answer before the deadline".into())),
    }
}
