//! A deterministic simulation of deposits. It runs the crate's unchanged flows in the world of
//! [`workflow::simulation`], with a simulated cTrader and payment provider. `docs/MONEY-PROOF.md` describes it.
//!
//! ```sh
//! cargo test -p deposits --test simulation                             # 100,000 schedules, and every guard removed once
//! SCHEDULES=5000000 cargo test -p deposits --test simulation schedules -- --nocapture   # more, with their coverage
//! FIRST=100000 cargo test -p deposits --test simulation schedules -- --nocapture        # others, from that seed on
//! SEED=22346 cargo test -p deposits --test simulation schedules -- --nocapture          # one again, with its trace
//! ```
//!
//! * [`model`]: how a seed makes the outside; [`ctrader`], [`provider`]: the outside; [`functions`]: the functions;
//!   [`payment_records`]: the table's records of payments;
//! * [`invariants`]: the invariants of the money, after each write, at each credit and at the end;
//! * [`kinds`]: the faults, and the events that the schedules have to meet.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used
)]

mod ctrader;
mod functions;
mod invariants;
mod kinds;
mod model;
mod payment_records;
mod provider;

use deposits::guards::Guard;
use workflow::{
    guards::Guard as OfWorkflow,
    simulation::{Schedules, guard_of, prove, prove_guards, prove_replay},
};

use model::Outside;

const SCHEDULES: Schedules = Schedules {
    package: "deposits --test simulation",
    ordinary: 100_000,
    per_guard: 80_000,
};

#[test]
fn schedules_keep_every_invariant_and_meet_every_fault_and_change() {
    prove::<Outside>(SCHEDULES);
}

#[test]
fn a_seed_replays_to_the_letter() {
    prove_replay::<Outside>();
}

#[test]
fn each_guard_that_is_removed_is_found_by_its_harm() {
    let own = Guard::ALL
        .iter()
        .map(|guard| guard_of(guard.name(), &behind(*guard)));
    prove_guards::<Outside>(SCHEDULES, own.collect());
}

/// The guards behind a guard, which prevent the same harm.
fn behind(guard: Guard) -> Vec<&'static str> {
    match guard {
        Guard::CreditedIsNotCredited => vec![Guard::NoRetryOfCredited.name()],
        Guard::OnlyPaidAsAskedIsCredited => vec![Guard::PaidOtherwiseIsReviewed.name()],
        Guard::PaidAfterReversalIsReviewed => {
            vec![Guard::ReversedIsNotPaid.name(), OfWorkflow::OperatorsWork.name()]
        }
        Guard::AttemptGoesStale => vec![Guard::CreditingIsDueLater.name()],
        Guard::CreditingIsDueLater => vec![Guard::AttemptGoesStale.name()],
        _ => Vec::new(),
    }
}
