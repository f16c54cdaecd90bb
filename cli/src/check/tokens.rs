//! One-time tokens from the command that the caller gives. They are never shown.

use std::{process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

use domain::ScreenKind;

use super::Unusable;

/// Longest text that can be a token, in bytes.
const LONGEST: usize = 2_048;

/// How long the command may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Gets tokens, and remembers them, so that the report can be cleared of them.
pub struct Tokens {
    command: Option<String>,
    used: Vec<String>,
    patience: Duration,
}

impl Tokens {
    /// Tokens are printed by `command`, if there is one.
    pub fn new(command: Option<String>) -> Self {
        Self {
            command,
            used: Vec::new(),
            patience: PATIENCE,
        }
    }

    /// A fresh token for a screen; none where there is no command.
    pub async fn fresh(&mut self, screen: ScreenKind) -> Result<Option<String>, Unusable> {
        let Some(command) = &self.command else {
            return Ok(None);
        };
        // What it writes may hold the token, also what it writes to stderr.
        let run = Command::new("sh")
            .args(["-c", command])
            .env("INAPP_SCREEN", screen.as_str())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output();
        let ended = timeout(self.patience, run).await.map_err(|_| {
            Unusable::TokenCommand(format!(
                "did not end within {} s; run it by hand to see why",
                self.patience.as_secs_f64()
            ))
        })?;
        let output = ended.map_err(|error| Unusable::TokenCommand(format!("cannot be run: {error}")))?;
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

#[cfg(test)]
mod tests {
    use std::{process, time::Instant};

    use super::*;

    #[tokio::test]
    async fn a_command_that_hangs_is_killed() {
        let file = std::env::temp_dir().join(format!("inapp-token-command-{}", process::id()));
        let command = format!("echo $$ > '{}'; exec sleep 60", file.display());
        let mut tokens = Tokens::new(Some(command));
        tokens.patience = Duration::from_secs(3);
        let started = Instant::now();
        let error = tokens.fresh(ScreenKind::Deposit).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(30));
        assert_eq!(
            error.to_string(),
            "--token-command did not end within 3 s; run it by hand to see why"
        );
        let id = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let mut alive = process::Command::new("sh");
        alive.args(["-c", &format!("kill -0 {id}")]).stderr(Stdio::null());
        // Killed at once, and gone once the runtime has taken note of it.
        while alive.status().unwrap().success() {
            assert!(started.elapsed() < Duration::from_secs(30));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
