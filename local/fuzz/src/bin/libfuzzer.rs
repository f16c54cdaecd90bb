//! libFuzzer around one target, which the environment variable `FUZZ_TARGET` names. The binary `fuzz` builds it with
//! coverage counters, and starts it.

#![no_main]

use std::sync::OnceLock;

use fuzz::{TARGETS, Target};

static TARGET: OnceLock<&Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        match TARGETS.iter().find(|target| target.name == name) {
            Some(target) => TARGET.get_or_init(|| target),
            None => {
                eprintln!("FUZZ_TARGET does not name a target: {name:?}");
                std::process::exit(2)
            }
        };
    },
    |data: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(data);
        }
    }
);
