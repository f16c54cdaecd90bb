//! A second, small workflow under the same simulation: withdrawals. It shows how much code a workflow takes, and
//! that each guard of the crate matters for other workflows than deposits, too.
#![allow(clippy::unwrap_used)]

mod bank;
mod withdrawal;

use workflow::simulation::{Schedules, guard_of, prove, prove_guards, prove_replay};

use bank::World;
use guards::Guard;

/// The guards of withdrawals.
mod guards {
    workflow::guards! {
        OnlyApprovedIsPaid: "only an approved withdrawal is paid",
        PayingIsWrittenFirst: "paying is written before the payout is sent",
        LoserPaysNothing: "a function whose write of paying was refused sends nothing",
        UnknownIsNotRepeated: "an unknown payout is never repeated",
        StaleIsNotRepeated: "a stale payout is never repeated",
        OnlyUnknownMayBePaid: "an operator can find paid only what may have been sent",
    }
}

const SCHEDULES: Schedules = Schedules {
    package: "workflow",
    ordinary: 20_000,
    per_guard: 20_000,
};

#[test]
fn schedules_keep_every_invariant_and_meet_every_fault_and_change() {
    prove::<World>(SCHEDULES);
}

#[test]
fn a_seed_replays_to_the_letter() {
    prove_replay::<World>();
}

#[test]
fn each_guard_that_is_removed_is_found_by_its_harm() {
    let own = Guard::ALL.iter().map(|guard| guard_of(guard.name(), &[]));
    prove_guards::<World>(SCHEDULES, own.collect());
}
