//! The functions that run the flows, like the real ones: `payment-events`, and one that credits at any time.

use deposits::{ApplyError, Deposit, Status, Store, StoreError, apply_payment_event, credit};
use workflow::simulation::{id, index};

use crate::{
    ctrader::CTraderClient,
    invariants::durable,
    kinds::{Event, Fault},
    model::Function,
    payment_records::TableClient,
};

/// `payment-events`: records a notification, credits the deposit if it is paid, and answers.
pub async fn payment_events(function: Function, note: usize) {
    let (sender, notification) = {
        let world = function.world();
        let note = &world.model.provider.notes[note];
        (note.sender.clone(), note.notification.clone())
    };
    function.trace(|| {
        format!(
            "{} of deposit {}, says {} of {}",
            notification.event,
            index(&notification.deposit),
            sender.method,
            sender.broker
        )
    });
    let applied = apply_payment_event(&TableClient(&function), &function, &sender, &notification).await;
    function.trace(|| match &applied {
        Ok(applied) => format!("durable, changed: {}", applied.changed),
        Err(error) => format!("{error}"),
    });
    match applied {
        Ok(applied) => {
            let changed = applied.changed;
            function.met(if changed {
                Event::AppliedChanged
            } else {
                Event::AppliedNothingNew
            });
            function.world().check_claim(&applied.deposit);
            if applied.kept {
                durable(&mut function.world(), note);
            } else {
                function.met(Event::AppliedNotKept);
            }
            if applied.deposit.status == Status::Paid {
                let _ = try_credit(&function, applied.deposit).await;
            }
            answer(&function, note);
        }
        Err(ApplyError::Unknown) => {
            function.met(Event::AppliedUnknown);
            answer(&function, note);
        }
        Err(ApplyError::Busy) => function.met(Event::AppliedBusy),
        Err(ApplyError::Store(_)) => function.met(Event::AppliedStore),
    }
}

/// The provider receives our answer and stops repeating the notification.
fn answer(function: &Function, note: usize) {
    let mut world = function.world();
    if !world.strikes_own(Fault::ReplyLost) {
        world.model.provider.notes[note].answered = true;
    }
}

/// A function that tries to credit a deposit at any time.
pub async fn stray(function: Function, deposit: usize) {
    function.met(Event::CreditStray);
    match function.load(&id(deposit)).await {
        Ok(Some(held)) => drop(try_credit(&function, held).await),
        other => function.trace(|| format!("deposit {deposit} is not there to be credited: {other:?}")),
    }
}

/// One try at crediting.
pub async fn try_credit(function: &Function, deposit: Deposit) -> Result<Deposit, StoreError> {
    let which = index(&deposit.id);
    let credited = credit(
        &TableClient(function),
        &CTraderClient(function),
        function,
        deposit,
    )
    .await;
    function.trace(|| match &credited {
        Ok(held) => format!("credit of deposit {which}: {}", held.status),
        Err(error) => format!("credit of deposit {which}: {error}"),
    });
    match &credited {
        Ok(held) => function.world().check_claim(held),
        Err(_) => {
            function.met(Event::CreditStore);
            function.world().doubt_work();
        }
    }
    credited
}
