//! Runs `inapp`.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use crate::deployment::{Deployment, Fault};

/// Shell command that prints a new token at each call.
pub const TOKENS: &str = "mktemp -u canaryXXXXXXXXXXXX";

/// The result of a run.
pub struct ProgramRun {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl ProgramRun {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|_| panic!("not JSON: {}{}", self.stdout, self.stderr))
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

    /// Ids of the checks with this outcome.
    pub fn ids(&self, outcome: &str) -> Vec<String> {
        let checks = self.checks();
        let found = checks.iter().filter(|check| check["outcome"] == outcome);
        found
            .map(|check| check["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Runs `inapp check` with these arguments.
pub async fn check(arguments: &[&str]) -> ProgramRun {
    check_trusting(None, arguments).await
}

/// Runs `inapp check` with the certificate authorities of this file as the trusted ones.
pub async fn check_trusting(authorities: Option<&std::path::Path>, arguments: &[&str]) -> ProgramRun {
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
    ProgramRun {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `inapp check` with tokens against a deployment with this fault. Also returns the tokens that were redeemed.
pub async fn check_deployment(fault: Fault, more: &[&str]) -> (ProgramRun, Vec<String>) {
    let deployment = Deployment::new(fault);
    let (port, task) = deployment.clone().listen().await;
    let url = format!("http://127.0.0.1:{port}");
    let run = check(&[&[url.as_str(), "--allow-http", "--token-command", TOKENS], more].concat()).await;
    task.abort();
    (run, deployment.tokens())
}
