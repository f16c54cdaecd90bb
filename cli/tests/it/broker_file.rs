//! Tests of `inapp config`.

use std::{fs, process::Stdio};

use tokio::process::Command;

use crate::program::ProgramRun;

const DEMO: &str = include_str!("../../../tests/fixtures/demo.toml");

/// A file with this content, deleted when dropped.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("inapp-{}-{name}.toml", std::process::id()));
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

async fn config(arguments: &[&str]) -> ProgramRun {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inapp"));
    command.arg("config").args(arguments).stdin(Stdio::null());
    let output = command.output().await.unwrap();
    ProgramRun {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[tokio::test]
async fn the_demo_file_passes_with_demo_and_fails_without() {
    let file = File::new("demo", DEMO);
    let path = file.0.to_str().unwrap();
    let run = config(&["check", path, "--demo"]).await;
    assert_eq!((run.code, run.stdout), (0, format!("{path}: no mistakes\n")));
    let run = config(&["check", path]).await;
    assert_eq!(run.code, 1);
    let line = 1 + DEMO.lines().position(|line| line.starts_with("name =")).unwrap();
    let expected = format!("{path} line {line}: `brokers.name` still has \"demobroker\" of the demo\n");
    assert!(run.stdout.contains(&expected), "{}", run.stdout);
    assert!(run.stdout.contains(": 0 mistakes, "), "{}", run.stdout);
}

#[tokio::test]
async fn all_mistakes_are_listed_at_once() {
    let mistaken = DEMO
        .replacen("success_url", "success_ur", 1)
        .replacen("decimals = 2", "decimals = 9", 1)
        .replacen(
            "event_name = \"kyc_submitted\"",
            "event_name = \"kyc submitted\"",
            1,
        );
    let file = File::new("mistaken", &mistaken);
    let run = config(&["check", file.0.to_str().unwrap(), "--demo"]).await;
    assert_eq!(run.code, 1);
    for key in [
        "`success_ur`",
        "`deposit.currencies.decimals`",
        "`kyc.event_name`",
    ] {
        assert!(run.stdout.contains(key), "{}", run.stdout);
    }
    assert!(
        run.stdout.ends_with(": 3 mistakes, 0 left of the demo\n"),
        "{}",
        run.stdout
    );
}

#[tokio::test]
async fn a_missing_file_is_exit_code_2() {
    let run = config(&["check", "/nowhere/broker.toml"]).await;
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.starts_with("inapp: /nowhere/broker.toml: "),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn the_schema_equals_the_file_in_docs() {
    let run = config(&["schema"]).await;
    assert_eq!(run.stdout, include_str!("../../../docs/broker.schema.json"));
}
