//! No production build has the entrances of the fuzz targets.

use std::process::Command;

/// `sam build` builds the default members, which are the functions.
#[test]
fn no_function_is_built_with_the_entrances() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for package in ["backend", "ctrader", "web"] {
        let features = |more: &[&str]| {
            let tree = Command::new(&cargo)
                .args(["tree", "--offline", "--locked", "--invert", package])
                .args(["--edges", "features,no-dev"])
                .args(more)
                .current_dir(root)
                .output()
                .expect("cargo runs");
            assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
            String::from_utf8_lossy(&tree.stdout).into_owned()
        };
        let entrances = format!("{package} feature \"fuzzing\"");
        assert!(features(&["--workspace"]).contains(&entrances), "the targets do");
        assert!(!features(&[]).contains(&entrances));
    }
}
