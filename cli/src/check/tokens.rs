//! One-time tokens from the command that the caller gives. They are never shown.

use std::process::Stdio;

use tokio::process::Command;

use super::{Unusable, survey::Screen};

/// Longest text that can be a token, in bytes.
const LONGEST: usize = 2_048;

/// Gets tokens, and remembers them, so that the report can be cleared of them.
pub struct Tokens {
    command: Option<String>,
    used: Vec<String>,
}

impl Tokens {
    /// Tokens are printed by `command`, if there is one.
    pub fn new(command: Option<String>) -> Self {
        Self {
            command,
            used: Vec::new(),
        }
    }

    /// A fresh token for a screen; none where there is no command.
    pub async fn fresh(&mut self, screen: Screen) -> Result<Option<String>, Unusable> {
        let Some(command) = &self.command else {
            return Ok(None);
        };
        // What it writes may hold the token, also what it writes to stderr.
        let output = Command::new("sh")
            .args(["-c", command])
            .env("INAPP_SCREEN", screen.name())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| Unusable::TokenCommand(format!("cannot be run: {error}")))?;
        if !output.status.success() {
            let status = output.status;
            return Err(Unusable::TokenCommand(format!(
                "failed ({status}); run it by hand to see why"
            )));
        }
        let token = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !is_token(&token) {
            return Err(Unusable::TokenCommand(
                "must print one one-time token and nothing else".to_owned(),
            ));
        }
        if self.used.contains(&token) {
            return Err(Unusable::TokenCommand(
                "printed the same token twice; each one works once".to_owned(),
            ));
        }
        self.used.push(token.clone());
        Ok(Some(token))
    }

    /// All tokens so far.
    pub fn used(&self) -> &[String] {
        &self.used
    }
}

fn is_token(text: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._~+/=-".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST && text.bytes().all(fine)
}
