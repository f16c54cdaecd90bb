//! Every guard is removed once, and the simulation must find the harm.

use std::fmt;

use deposits::guards::Guard as Of;

use crate::run;

workflow::guards! {
    WriteIsConditional: "a write is conditional on the version before it",
    MarkIsConditional: "what was published is marked only while the table holds it",
    FunctionsAreKilled: "functions are killed long before a credit is stale",
    OperatorsWork: "operators",
    WritesHaveForm: "form",
}

/// How many schedules it may take to find that a guard is removed: fewer than are asked what they have met.
const WITHIN: u64 = 80_000;

/// How many schedules must find nothing where nothing is to be found.
const NOTHING_IN: u64 = 10_000;

/// The guards of the simulated world: of the table, and of the time that functions may run. Not among them: `OperatorsWork`,
/// without which operators do nothing, and `WritesHaveForm`, the check whether a write is one that the diagram of states has.
/// That check is always off here: what is found is harm to money or silence to people, and not the missing guard itself.
const OF_THE_WORLD: [Guard; 3] = [
    Guard::WriteIsConditional,
    Guard::MarkIsConditional,
    Guard::FunctionsAreKilled,
];

/// The guards that another guard stands behind: with one alone removed nothing happens. So these are removed as well, and
/// the harm must differ from what their removal alone does.
fn behind(guard: Of) -> Vec<&'static str> {
    match guard {
        Of::CreditedIsNotCredited => vec![Of::NoRetryOfCredited.name()],
        Of::OnlyPaidAsAskedIsCredited => vec![Of::PaidOtherwiseIsReviewed.name()],
        Of::PaidAfterReversalIsReviewed => vec![Of::ReversedIsNotPaid.name(), Guard::OperatorsWork.name()],
        Of::AttemptGoesStale => vec![Of::CreditingIsDueLater.name()],
        Of::CreditingIsDueLater => vec![Of::AttemptGoesStale.name()],
        _ => Vec::new(),
    }
}

#[test]
fn each_guard_that_is_removed_is_found_by_its_harm() {
    assert_eq!(
        found(&[], NOTHING_IN),
        None,
        "with all guards in place nothing is found"
    );
    let of_world = OF_THE_WORLD.iter().map(|guard| (guard.name(), Vec::new()));
    let guards = Of::ALL.iter().map(|guard| (guard.name(), behind(*guard)));
    let mut missed = Vec::new();
    for (guard, behind) in of_world.chain(guards) {
        let removed = [&behind[..], &[guard]].concat();
        let harm = found(&removed, WITHIN);
        let harm_without_it = if behind.is_empty() {
            None
        } else {
            found(&behind, NOTHING_IN)
        };
        match &harm {
            Some(harm)
                if harm_without_it
                    .as_ref()
                    .is_none_or(|other| other.broken != harm.broken) =>
            {
                println!("{harm} without: {guard}");
            }
            _ => {
                println!("MISSED: {guard}: {harm:?}, without the others alone: {harm_without_it:?}");
                missed.push(guard);
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{WITHIN} schedules do not find that these are removed: {missed:?}"
    );
}

/// What the simulation finds without these guards.
fn found(removed: &[&'static str], schedules: u64) -> Option<Harm> {
    let removed = [removed, &[Guard::WritesHaveForm.name()]].concat();
    let (seed, broken) = run(0..schedules, &removed).err()?;
    Some(Harm {
        schedules: seed + 1,
        broken: broken.replace(|letter: char| letter.is_ascii_digit(), ""),
    })
}

/// What the simulation finds.
#[derive(Debug, PartialEq, Eq)]
struct Harm {
    /// After so many schedules.
    schedules: u64,
    /// The invariant that does not hold, without numbers.
    broken: String,
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7} schedules: {},", self.schedules, self.broken)
    }
}
