//! The simulated operator: finds out what is true in cTrader, and decides. Believes no more than the table and cTrader show,
//! and leaves it to the core to refuse what must be refused.

use deposits::{Decision, ResolveError, resolve};

use crate::{
    coverage::{Event, Fault},
    ctrader::LANDS_WITHIN,
    events::Happening,
    table::id,
    world::{Function, MINUTE, SECOND, World, since_begin, tell},
};

/// A decision to be given as a command.
#[derive(Clone, Copy)]
pub struct Verdict {
    pub deposit: usize,
    /// Of which version of the deposit.
    pub version: u64,
    pub decision: Decision,
    /// The operator credits the account by hand, once that is written down.
    pub by_hand: bool,
    pub reason: &'static str,
}

impl World {
    /// An operator looks at the deposit.
    pub fn look(&mut self, deposit: usize) {
        let Some(row) = self.table.row(deposit) else {
            return;
        };
        let (status, version, since) = (row.deposit.status, row.deposit.version, row.deposit.since);
        tell!(
            self,
            "operator: looks at deposit {deposit}: {status} (version {version})"
        );
        if self.strikes(Fault::CarelessOperator) {
            return self.decide_carelessly(deposit);
        }
        if !status.needs_operator() {
            return;
        }
        let operators = if self.strikes(Fault::TwoOperators) { 2 } else { 1 };
        let earliest = since_begin(since) + LANDS_WITHIN + 3 * SECOND;
        for _ in 0..operators {
            let at = self.soon(2 * MINUTE).max(earliest);
            self.agenda.add(at, Happening::Decide { deposit, version });
        }
    }

    /// An operator looks at the account's history in cTrader, and decides.
    pub fn decide(&mut self, deposit: usize, version: u64) {
        let effect = self.ctrader.effect(deposit).map(|effect| effect.id);
        let mut by_hand = false;
        let decision = match effect {
            Some(id) => Decision::Credited {
                balance_history_id: self.rng.bool().then_some(id),
            },
            None => match self.rng.u8(..4) {
                0 => Decision::Failed,
                1 => {
                    by_hand = true;
                    Decision::Credited {
                        balance_history_id: None,
                    }
                }
                _ => Decision::Retry,
            },
        };
        let reason = if self.strikes(Fault::NoReason) {
            " "
        } else {
            "looked in cTrader"
        };
        let verdict = Verdict {
            deposit,
            version,
            decision,
            by_hand,
            reason,
        };
        let hesitates = [SECOND, MINUTE, 10 * MINUTE][self.rng.usize(..3)];
        self.later(hesitates, Happening::Resolve(verdict));
    }

    /// Decides without a look at cTrader what the table alone has to refuse.
    fn decide_carelessly(&mut self, deposit: usize) {
        let dice = self.rng.u8(..3);
        let held = &self.table.row(deposit).unwrap().deposit;
        let paid = held.payment.as_ref().is_some_and(|payment| {
            payment.amount == held.order.amount && payment.currency == held.order.currency
        });
        let open = held.status.needs_operator();
        if open && paid && !held.reversed && held.credit.is_none() {
            return;
        }
        let decisions = [
            Decision::Retry,
            Decision::Failed,
            Decision::Credited {
                balance_history_id: None,
            },
        ];
        let verdict = Verdict {
            deposit,
            version: held.version,
            decision: if open {
                Decision::Retry
            } else {
                decisions[usize::from(dice)]
            },
            by_hand: false,
            reason: "careless",
        };
        self.later(5 * SECOND, Happening::Resolve(verdict));
    }
}

/// The command.
pub async fn command(function: Function, verdict: Verdict) {
    function.tell(|| {
        format!(
            "decides about deposit {} (version {}): {:?}",
            verdict.deposit, verdict.version, verdict.decision
        )
    });
    let resolved = resolve(
        &function,
        &function,
        &id(verdict.deposit),
        verdict.version,
        verdict.decision,
        "ann",
        verdict.reason,
    )
    .await;
    function.tell(|| match &resolved {
        Ok(now) => format!("deposit {} is {} now", verdict.deposit, now.status),
        Err(error) => error.to_string(),
    });
    if resolved.is_ok() {
        let mut world = function.world();
        if verdict.decision == Decision::Retry {
            world.later(MINUTE, Happening::Reconcile);
        }
        if verdict.by_hand {
            world.credit_by_hand(verdict.deposit);
        }
    }
    let event = match resolved {
        Ok(_) => Event::Resolved,
        Err(ResolveError::NotOpen(_)) => Event::ResolveNotOpen,
        Err(ResolveError::CreditedAlready(_)) => Event::ResolveCreditedAlready,
        Err(ResolveError::NotPaidAsAsked) => Event::ResolveNotPaidAsAsked,
        Err(ResolveError::NoReason) => Event::ResolveNoReason,
        Err(ResolveError::Changed) => Event::ResolveChanged,
        Err(ResolveError::Store(_)) => Event::ResolveStore,
        Err(ResolveError::NoSuchDeposit) => panic!("the operator looked at it"),
    };
    function.met(event);
}
