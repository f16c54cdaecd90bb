//! Runs each target on its seeds, and on seeds that are changed at random.

use fuzz::{TARGETS, Target, read_seeds};
use proptest::prelude::*;

fn seeds_of(target: &Target) -> Vec<Vec<u8>> {
    let seeds = read_seeds(target);
    assert!(seeds.is_ok(), "seeds of {}: {seeds:?}", target.name);
    seeds.unwrap_or_default()
}

#[test]
fn every_target_reads_its_seeds() {
    for target in TARGETS {
        let seeds = seeds_of(target);
        assert!(!seeds.is_empty(), "{} has no seed", target.name);
        for seed in seeds {
            (target.run)(&seed);
        }
    }
}

#[test]
fn the_shares_are_the_whole() {
    assert_eq!(TARGETS.iter().map(|target| target.percent).sum::<u64>(), 100);
}

proptest! {
    #[test]
    fn every_target_reads_changed_seeds(
        which in any::<prop::sample::Index>(),
        seed in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..12),
    ) {
        let target = which.get(TARGETS);
        let mut input = seed.get(&seeds_of(target)).clone();
        for (place, byte, change) in changes {
            let place = place.index(input.len() + 1);
            match change {
                0 => input.insert(place, byte),
                1 => drop(input.splice(place..input.len().min(place + usize::from(byte)), [])),
                _ => input.get_mut(place).into_iter().for_each(|old| *old = byte),
            }
        }
        (target.run)(&input);
    }

    #[test]
    fn every_target_reads_any_bytes(input in prop::collection::vec(any::<u8>(), 0..300)) {
        for target in TARGETS {
            (target.run)(&input);
        }
    }
}
