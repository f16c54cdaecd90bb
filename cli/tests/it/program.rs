//! Runs the program.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use crate::deployment::{Deployment, Spoil};

/// Prints another token at each call.
pub const TOKENS: &str = "mktemp -u canaryXXXXXXXXXXXX";

/// What came of a run.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|_| panic!("no JSON: {}{}", self.stdout, self.stderr))
    }

    /// All checks of the JSON report.
    pub fn checks(&self) -> Vec<Value> {
        let report = self.json();
        let groups = report["groups"].as_array().unwrap();
        let checks = groups
            .iter()
            .flat_map(|group| group["checks"].as_array().unwrap());
        checks.cloned().collect()
    }

    /// Ids of the checks that came out in that way.
    pub fn ids(&self, outcome: &str) -> Vec<String> {
        let checks = self.checks();
        let found = checks.iter().filter(|check| check["outcome"] == outcome);
        found
            .map(|check| check["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// `inapp check` with these arguments.
pub async fn check(arguments: &[&str]) -> Run {
    check_trusting(None, arguments).await
}

/// `inapp check` on a machine that trusts the certificate authorities in a file.
pub async fn check_trusting(authorities: Option<&std::path::Path>, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inapp"));
    command
        .arg("check")
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(file) = authorities {
        command.env("SSL_CERT_FILE", file);
    }
    let output = command.output().await.unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// `inapp check` against a deployment that is spoiled in some way, with tokens. Gives the tokens that it redeemed too.
pub async fn check_deployment(spoil: Spoil, more: &[&str]) -> (Run, Vec<String>) {
    let deployment = Deployment::new(spoil);
    let (port, task) = deployment.clone().listen().await;
    let url = format!("http://127.0.0.1:{port}");
    let run = check(&[&[url.as_str(), "--allow-http", "--token-command", TOKENS], more].concat()).await;
    task.abort();
    (run, deployment.tokens())
}
