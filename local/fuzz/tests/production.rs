//! No production build has the entrances of the fuzz targets.

use std::process::Command;

/// `sam build` builds each function by its name.
#[test]
fn no_function_is_built_with_the_entrances() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let functions = std::fs::read_dir(format!("{root}/functions")).expect("the functions are there");
    let functions: Vec<String> = functions
        .map(|entry| entry.expect("it can be read").file_name())
        .map(|name| format!("--package={}", name.to_string_lossy()))
        .collect();
    let functions: Vec<&str> = functions.iter().map(String::as_str).collect();
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
        let shipped = features(&functions);
        assert!(!shipped.contains(&entrances), "{shipped}");
    }
}
