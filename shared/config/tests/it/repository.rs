//! Tests must pass with any `/broker.toml`, so only the product reads that file.

use std::{fs, path::Path};

/// Files that may read it: the product, its check at build, `cargo dev`, and the test that it fits the schema.
const ALLOWED: [&str; 4] = [
    "e2e/test_config.py",
    "local/dev/src/main.rs",
    "shared/web/build.rs",
    "shared/web/src/site.rs",
];

/// How code names the file at the root of the repository.
const PATTERNS: [&str; 4] = [
    "../broker.toml\"",
    "join(\"broker.toml\")",
    "/ \"broker.toml\"",
    "[\"broker.toml\"",
];

fn search(root: &Path, directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
        if path.is_dir() && !hidden && !path.ends_with("target") && !path.ends_with("node_modules") {
            search(root, &path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "py")
        {
            let text = fs::read_to_string(&path).unwrap();
            if PATTERNS.iter().any(|name| text.contains(name)) {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
}

#[test]
fn no_test_reads_the_brokers_own_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap();
    let mut found = Vec::new();
    for directory in ["cli", "e2e", "functions", "local", "shared"] {
        search(&root, &root.join(directory), &mut found);
    }
    found.sort();
    assert_eq!(found, ALLOWED);
}
