//! The binaries to measure: the functions and hello, built as for deployment.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use crate::Problem;
use crate::report::Sizes;

/// The function that the others are compared to.
pub(crate) const HELLO: &str = "hello";

/// A binary, and the event to send to it.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) binary: PathBuf,
    /// An API Gateway event.
    pub(crate) event: &'static str,
    /// The one-time token in the event. Each request gets a new one in its place.
    pub(crate) token: Option<&'static str>,
}

impl Subject {
    /// The binary's size, plain and compressed as in a deployment package.
    pub(crate) fn sizes(&self) -> Result<Sizes, Problem> {
        let content = std::fs::read(&self.binary)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&content)?;
        Ok(Sizes {
            name: self.name,
            binary_bytes: content.len(),
            gzipped_bytes: encoder.finish()?.len(),
        })
    }
}

/// Builds all binaries in the release profile. Cargo shows its progress.
pub(crate) fn build() -> Result<Vec<Subject>, Problem> {
    // Two commands: in one, hello's dependencies would get the features that the functions need. The second one
    // builds the default members, as `sam build` does.
    let mut built = cargo(&["--package", HELLO])?;
    built.extend(cargo(&[])?);
    let hello = (HELLO, include_str!("../../../events/deposit-open.json"), None);
    let functions = [
        (
            "deposit",
            include_str!("../../../events/deposit-open.json"),
            Some("sample-deposit-token"),
        ),
        (
            "kyc",
            include_str!("../../../events/kyc-open.json"),
            Some("sample-kyc-token"),
        ),
        (
            "action",
            include_str!("../../../events/action-open.json"),
            Some("sample-action-token"),
        ),
        (
            "chat",
            include_str!("../../../events/chat-open.json"),
            Some("sample-chat-token"),
        ),
        (
            "screen-end",
            include_str!("../../../events/screen-end-success.json"),
            None,
        ),
    ];
    let subject = |(name, event, token)| {
        let binary = built
            .iter()
            .find(|binary| binary.file_stem() == Some(std::ffi::OsStr::new(name)));
        Ok(Subject {
            name,
            binary: binary
                .ok_or_else(|| format!("cargo did not build `{name}`"))?
                .clone(),
            event,
            token,
        })
    };
    std::iter::once(hello).chain(functions).map(subject).collect()
}

/// Runs `cargo build --release --locked`. Returns the executables.
fn cargo(arguments: &[&str]) -> Result<Vec<PathBuf>, Problem> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args([
            "build",
            "--release",
            "--locked",
            "--message-format=json-render-diagnostics",
        ])
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("could not run cargo: {error}"))?;
    if !output.status.success() {
        return Err("The functions do not build; the compiler's messages are above.".into());
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    Ok(messages.lines().filter_map(executable).collect())
}

/// The executable in one of cargo's messages.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    Some(message["executable"].as_str()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_about_executables_contain_one() {
        let library = r#"{"reason":"compiler-artifact","executable":null}"#;
        assert_eq!(executable(library), None);
        assert_eq!(executable(r#"{"reason":"build-finished"}"#), None);
        let binary = r#"{"reason":"compiler-artifact","executable":"/x/target/release/chat"}"#;
        assert_eq!(executable(binary), Some("/x/target/release/chat".into()));
    }
}
