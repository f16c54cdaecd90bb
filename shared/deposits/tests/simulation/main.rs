//! A deterministic simulation of deposits: the flows of the crate, unchanged, against a simulated table, cTrader, payment
//! provider, announcer, operators and clock. One seed decides everything: what the traders and the provider do, which of the
//! running functions goes on next, how much time goes by, and which fault each call meets. `docs/MONEY.md` says what is
//! simulated and what must hold.
//!
//! ```sh
//! cargo test -p deposits --test simulation                             # 100,000 schedules, and every guard removed once
//! SCHEDULES=5000000 cargo test -p deposits --test simulation schedules -- --nocapture   # more, with what they have met
//! FIRST=100000 cargo test -p deposits --test simulation schedules -- --nocapture        # others, from that seed on
//! SEED=22346 cargo test -p deposits --test simulation schedules -- --nocapture          # one again, with its trace
//! ```
//!
//! * [`schedule`]: a seed's plan, and the scheduler;
//! * [`functions`], [`operator`]: who runs the flows; [`world`], [`table`], [`ctrader`], [`provider`], [`events`]: what they meet;
//! * [`invariants`]: what must hold after each write, at each credit and at the end;
//! * [`coverage`]: what the schedules must have met to prove anything;
//! * [`guards`]: that the simulation finds every guard that is removed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod coverage;
mod ctrader;
mod events;
mod functions;
mod guards;
mod invariants;
mod operator;
mod provider;
mod schedule;
mod table;
mod world;

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use coverage::Coverage;
use workflow::guard;

/// How many schedules an ordinary run has.
const SCHEDULES: u64 = 100_000;

#[test]
fn schedules_keep_every_invariant_and_meet_every_fault_and_transition() {
    if let Some(seed) = number("SEED") {
        let outcome = schedule::run(seed, Box::default(), true);
        println!("{}", outcome.trace.join("\n"));
        assert_eq!(outcome.broken, None, "seed {seed}");
        return;
    }
    let schedules = number("SCHEDULES").unwrap_or(SCHEDULES);
    let begun = Instant::now();
    let first = number("FIRST").unwrap_or(0);
    let seen = match run(first..first + schedules, &[]) {
        Ok(seen) => seen,
        Err((seed, broken)) => panic!("{}", report(seed, &broken)),
    };
    let seconds = begun.elapsed().as_secs_f64();
    let lines = seen.lines();
    for (what, count) in &lines {
        println!("{count:>10} {what}");
    }
    println!(
        "{schedules} schedules in {seconds:.1} s, {:.0} a second; {} steps, {} credits",
        schedules as f64 / seconds,
        seen.polls,
        seen.credits
    );
    let never: Vec<_> = lines.iter().filter(|(_, count)| *count == 0).collect();
    assert!(
        never.is_empty() || schedules < SCHEDULES,
        "never met, so nothing is proved about it: {never:?}"
    );
}

#[test]
fn a_seed_replays_to_the_letter() {
    for seed in 0..100 {
        let first = schedule::run(seed, Box::default(), true);
        let again = schedule::run(seed, Box::default(), true);
        assert_eq!(first.trace, again.trace, "seed {seed}");
        let untraced = schedule::run(seed, Box::default(), false);
        assert_eq!(untraced.seen.polls, first.seen.polls, "seed {seed}");
    }
}

/// Runs the schedules of these seeds on all cores, without these guards. The first that breaks an invariant is the one of the
/// lowest seed.
fn run(seeds: Range<u64>, removed: &[&'static str]) -> Result<Coverage, (u64, String)> {
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let lowest = AtomicU64::new(u64::MAX);
    let share = |first: u64| {
        let mut seen = Box::<Coverage>::default();
        let mut seed = first;
        while seed < seeds.end && seed < lowest.load(Ordering::Relaxed) {
            let outcome = schedule::run(seed, seen, false);
            seen = outcome.seen;
            if let Some(broken) = outcome.broken {
                lowest.fetch_min(seed, Ordering::Relaxed);
                return Err((seed, broken));
            }
            seed += threads;
        }
        Ok(seen)
    };
    let shares = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || guard::without(removed, || share(seeds.start + first))))
            .collect();
        let shares = running
            .into_iter()
            .map(|share| share.join().expect("a thread panicked"));
        shares.collect::<Vec<_>>()
    });
    let mut sum = Coverage::default();
    let mut broken = Vec::new();
    for share in shares {
        match share {
            Ok(seen) => sum.add(&seen),
            Err(found) => broken.push(found),
        }
    }
    broken.into_iter().min().map_or(Ok(sum), Err)
}

/// What a failing seed shows, and how to see it again.
fn report(seed: u64, broken: &str) -> String {
    let trace = schedule::run(seed, Box::default(), true).trace;
    format!(
        "seed {seed}: {broken}\n{}\nseed {seed}: {broken}\nagain: \
         SEED={seed} cargo test -p deposits --test simulation schedules -- --nocapture",
        trace.join("\n")
    )
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let number = text.replace('_', "").parse();
    Some(number.unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")))
}
