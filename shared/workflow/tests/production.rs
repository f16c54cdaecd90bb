//! No production build has removable guards.

#![allow(clippy::expect_used)]

use std::process::Command;

/// The features with which `cargo build` builds the packages of the workspace, without those that only tests enable.
#[test]
fn nothing_but_tests_enables_the_simulation() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = |edges: &str| {
        let tree = Command::new(&cargo)
            .args(["tree", "--offline", "--locked", "--workspace"])
            .args(["--edges", edges, "--invert", "workflow"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        String::from_utf8_lossy(&tree.stdout).into_owned()
    };
    let simulation = "workflow feature \"simulation\"";
    assert!(tree("features,all").contains(simulation), "the tests do");
    let shipped = tree("features,no-dev");
    assert!(shipped.contains("workflow feature \"default\""), "{shipped}");
    assert!(!shipped.contains(simulation), "{shipped}");
}
