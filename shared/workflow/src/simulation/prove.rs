//! The tests of a workflow's simulation.

use std::{
    fmt,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

use crate::{
    guard,
    guards::Guard,
    simulation::{Coverage, Model, schedule},
};

/// How many schedules a simulation runs.
#[derive(Clone, Copy, Debug)]
pub struct Schedules {
    /// The package of the tests, for the command that replays a seed.
    pub package: &'static str,
    /// In an ordinary run.
    pub ordinary: u64,
    /// How many it may take to find a removed guard. Too few to expect full coverage.
    pub per_guard: u64,
}

/// How many schedules must find no harm while all guards are in place.
const NOTHING_IN: u64 = 10_000;

/// Runs schedules: [`Schedules::ordinary`], or as many as `SCHEDULES` says, from the seed `FIRST` on. `SEED`
/// runs one schedule and prints its trace.
///
/// # Panics
/// If an invariant is broken, or if an ordinary run never met a fault, an event or a change.
#[expect(clippy::panic, reason = "it is a test")]
pub fn prove<M: Model>(of: Schedules) {
    if let Some(seed) = number("SEED") {
        let outcome = schedule::run::<M>(seed, Box::default(), true);
        println!("{}", outcome.trace.join("\n"));
        assert_eq!(outcome.broken, None, "seed {seed}");
        return;
    }
    let schedules = number("SCHEDULES").unwrap_or(of.ordinary);
    let begun = Instant::now();
    let first = number("FIRST").unwrap_or(0);
    let seen = match run::<M>(first..first + schedules, &[]) {
        Ok(seen) => seen,
        Err((seed, broken)) => panic!("{}", report::<M>(of, seed, &broken)),
    };
    let seconds = begun.elapsed().as_secs_f64();
    let lines = seen.lines();
    for (what, count) in &lines {
        println!("{count:>10} {what}");
    }
    println!(
        "{schedules} schedules in {seconds:.1} s, {:.0} a second; {} steps",
        schedules as f64 / seconds,
        seen.steps
    );
    let never: Vec<_> = lines.iter().filter(|(_, count)| *count == 0).collect();
    assert!(
        never.is_empty() || schedules < of.ordinary,
        "never met, so nothing is proved about it: {never:?}"
    );
}

/// Runs some seeds twice.
///
/// # Panics
/// If a seed does not give the same trace twice.
pub fn prove_replay<M: Model>() {
    for seed in 0..100 {
        let first = schedule::run::<M>(seed, Box::default(), true);
        let again = schedule::run::<M>(seed, Box::default(), true);
        assert_eq!(first.trace, again.trace, "seed {seed}");
        let untraced = schedule::run::<M>(seed, Box::default(), false);
        assert_eq!(untraced.seen.steps, first.seen.steps, "seed {seed}");
    }
}

/// A guard to remove, and the guards behind it, which prevent the same harm. All are removed together, and the
/// harm must differ from the harm without the guards behind it alone.
pub struct GuardOf {
    name: &'static str,
    behind: Vec<&'static str>,
}

/// The guard of this name, with the guards behind it.
pub fn guard_of(name: &'static str, behind: &[&'static str]) -> GuardOf {
    GuardOf {
        name,
        behind: behind.to_vec(),
    }
}

/// The guards of this crate and of the simulated world, which every workflow needs. Two are left out: without
/// `OperatorsWork` operators do nothing, and `WritesHaveForm` is the check of writes against the diagram.
fn guards_of_every_workflow() -> impl Iterator<Item = &'static str> {
    let guards = Guard::ALL
        .iter()
        .filter(|guard| !matches!(guard, Guard::OperatorsWork | Guard::WritesHaveForm));
    guards.map(|guard| guard.name())
}

/// Removes each guard once: those of this crate and of the simulated world, and the workflow's `own`. Meanwhile
/// the check of writes against the diagram is off, so that the simulation finds the harm and not the missing
/// guard itself.
///
/// # Panics
/// If the simulation finds harm with all guards in place, or none without a guard.
pub fn prove_guards<M: Model>(of: Schedules, own: Vec<GuardOf>) {
    let nothing = harm::<M>(&[], NOTHING_IN);
    assert!(nothing.is_none(), "with all guards in place: {nothing:?}");
    let begun = Instant::now();
    let of_all = guards_of_every_workflow().filter(|name| own.iter().all(|own| own.name != *name));
    let mut guards: Vec<_> = of_all.map(|name| guard_of(name, &[])).collect();
    guards.extend(own);
    let mut missed = Vec::new();
    for GuardOf { name, behind } in &guards {
        let removed = [&behind[..], &[name]].concat();
        let found = harm::<M>(&removed, of.per_guard);
        let without_it = if behind.is_empty() {
            None
        } else {
            harm::<M>(behind, NOTHING_IN)
        };
        match &found {
            Some(found)
                if without_it
                    .as_ref()
                    .is_none_or(|other| other.broken != found.broken) =>
            {
                println!("{found} without: {name}");
            }
            _ => {
                println!("MISSED: {name}: {found:?}, without those behind it alone: {without_it:?}");
                missed.push(name);
            }
        }
    }
    println!(
        "{} guards in {:.1} s",
        guards.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(
        missed.is_empty(),
        "{} schedules do not find that these are removed: {missed:?}",
        of.per_guard
    );
}

/// The harm that the simulation finds without these guards.
fn harm<M: Model>(removed: &[&'static str], schedules: u64) -> Option<Harm> {
    let removed = [removed, &[Guard::WritesHaveForm.name()]].concat();
    let (seed, broken) = run::<M>(0..schedules, &removed).err()?;
    Some(Harm {
        schedules: seed + 1,
        broken: broken.replace(|letter: char| letter.is_ascii_digit(), ""),
    })
}

/// A broken invariant.
#[derive(Debug)]
struct Harm {
    /// After how many schedules it was found.
    schedules: u64,
    /// The broken invariant, without numbers.
    broken: String,
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7} schedules: {},", self.schedules, self.broken)
    }
}

/// Runs the schedules of these seeds on all cores, without the `removed` guards.
///
/// # Errors
/// The lowest seed that breaks an invariant, and the invariant.
fn run<M: Model>(seeds: Range<u64>, removed: &[&'static str]) -> Result<Coverage<M>, (u64, String)> {
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let lowest = AtomicU64::new(u64::MAX);
    let share = |first: u64| {
        let mut seen = Box::<Coverage<M>>::default();
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
    let mut sum = Coverage::default();
    let mut broken = Vec::new();
    thread::scope(|scope| {
        let share = &share;
        let running: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || guard::without(removed, || share(seeds.start + first))))
            .collect();
        for running in running {
            match running.join() {
                Ok(Ok(seen)) => sum.add(&seen),
                Ok(Err(found)) => broken.push(found),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    broken.into_iter().min().map_or(Ok(sum), Err)
}

/// The trace of a failing seed, and the command that repeats it.
fn report<M: Model>(of: Schedules, seed: u64, broken: &str) -> String {
    let trace = schedule::run::<M>(seed, Box::default(), true).trace;
    format!(
        "seed {seed}: {broken}\n{}\nseed {seed}: {broken}\nagain: SEED={seed} cargo test -p {} schedules -- --nocapture",
        trace.join("\n"),
        of.package
    )
}

#[expect(clippy::panic, reason = "it is a test")]
fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let number = text.replace('_', "").parse();
    Some(number.unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")))
}
