//! The functions that run the flows, as the real ones do: `payment-events`, `reconcile`, and whoever else asks for a credit.

use deposits::{
    ApplyError, Deposit, Environment, Sender, Status, Store, apply_payment_event, credit, reconcile,
};
use jiff::SignedDuration;

use crate::{
    coverage::{Event, Fault},
    table::{id, index},
    world::Function,
};

/// `payment-events`: writes down the notification, credits what is paid by it, answers.
pub async fn payment_events(function: Function, note: usize) {
    let (sender, notification) = {
        let world = function.world();
        let note = &world.provider.notes[note];
        (note.sender.clone(), note.notification.clone())
    };
    let sender = Sender {
        method: &sender.0,
        broker: &sender.1,
    };
    function.tell(|| {
        let said = &notification;
        format!(
            "{} of deposit {}, says {} of {}",
            said.event,
            index(&said.deposit),
            sender.method,
            sender.broker
        )
    });
    let applied = apply_payment_event(&function, &function, sender, &notification).await;
    function.tell(|| match &applied {
        Ok(applied) => format!("durable, changed: {}", applied.changed),
        Err(error) => format!("{error}"),
    });
    match applied {
        Ok(applied) => {
            function.met(if applied.changed {
                Event::AppliedChanged
            } else {
                Event::AppliedNothingNew
            });
            function.world().durable(note);
            if applied.deposit.status == Status::Paid {
                try_credit(&function, applied.deposit).await;
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

/// The provider hears that it need not send the notification again.
fn answer(function: &Function, note: usize) {
    let mut world = function.world();
    if !world.strikes(Fault::ReplyLost) {
        world.provider.notes[note].answered = true;
    }
}

/// Somebody asks for a credit at any time.
pub async fn stray(function: Function, deposit: usize) {
    function.met(Event::CreditStray);
    match function.load(&id(deposit)).await {
        Ok(Some(held)) => try_credit(&function, held).await,
        other => function.tell(|| format!("deposit {deposit} is not there to be credited: {other:?}")),
    }
}

async fn try_credit(function: &Function, deposit: Deposit) {
    let which = index(&deposit.id);
    let credited = credit(function, function, function, deposit).await;
    function.tell(|| match &credited {
        Ok(held) => format!("credit of deposit {which}: {}", held.status),
        Err(error) => format!("credit of deposit {which}: {error}"),
    });
    if credited.is_err() {
        function.met(Event::CreditStore);
        function.world().doubt_crediting();
    }
}

/// `reconcile`: one round.
pub async fn round(function: Function) {
    let short = function.world().strikes(Fault::ShortRound);
    let until = function.now() + SignedDuration::from_secs(if short { 0 } else { 8 });
    let round = reconcile(&function, &function, &function, until).await;
    function.tell(|| match &round {
        Ok(round) => format!(
            "open {:?}, stuck {}, moved {}, announced again {}, left {}, problems {:?}",
            round.open,
            round.stuck,
            round.moved.len(),
            round.announced_again,
            round.left,
            round.problems
        ),
        Err(error) => error.to_string(),
    });
    let Ok(round) = round else {
        function.met(Event::RoundStore);
        return;
    };
    let events = [
        (Event::RoundMoved, !round.moved.is_empty()),
        (Event::RoundAnnouncedAgain, round.announced_again > 0),
        (Event::RoundProblem, !round.problems.is_empty()),
        (Event::RoundLeft, round.left > 0),
        (Event::RoundStuck, round.stuck > 0),
    ];
    for (event, met) in events {
        if met {
            function.met(event);
        }
    }
    let mut world = function.world();
    if !round.problems.is_empty() {
        world.doubt_crediting();
    }
    world.check_silence();
    world.check_counts(function.id, &round);
}
