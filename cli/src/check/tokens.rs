//! One-time tokens, printed by the operator's command. Tokens are never shown.

use std::{process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};

use domain::ScreenKind;

use super::CheckError;

/// Maximum length of a token, in bytes.
const MAX_LENGTH: usize = 2_048;

/// Timeout of the command.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Gets tokens. Remembers them, so that they can be removed from the report.
pub struct Tokens {
    command: Option<String>,
    used: Vec<String>,
    timeout: Duration,
}

impl Tokens {
    /// `command` prints tokens. Without a command there are none.
    pub fn new(command: Option<String>) -> Self {
        Self {
            command,
            used: Vec::new(),
            timeout: TIMEOUT,
        }
    }

    /// A fresh token for a screen. `None` if there is no command.
    pub async fn fresh(&mut self, screen: ScreenKind) -> Result<Option<String>, CheckError> {
        let Some(command) = &self.command else {
            return Ok(None);
        };
        // Its stderr is not shown either, because it may contain the token.
        let run = Command::new("sh")
            .args(["-c", command])
            .env("INAPP_SCREEN", screen.as_str())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .output();
        let result = timeout(self.timeout, run).await.map_err(|_| {
            CheckError::TokenCommand(format!(
                "did not end within {} s; run it by hand to see why",
                self.timeout.as_secs_f64()
            ))
        })?;
        let output = result.map_err(|error| CheckError::TokenCommand(format!("cannot be run: {error}")))?;
        if !output.status.success() {
            let status = output.status;
            return Err(CheckError::TokenCommand(format!(
                "failed ({status}); run it by hand to see why"
            )));
        }
        let token = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !is_token(&token) {
            return Err(CheckError::TokenCommand(
                "must print one one-time token and nothing else".to_owned(),
            ));
        }
        if self.used.contains(&token) {
            return Err(CheckError::TokenCommand(
                "printed the same token twice; each token works only once".to_owned(),
            ));
        }
        self.used.push(token.clone());
        Ok(Some(token))
    }

    /// All tokens that were printed so far.
    pub fn used(&self) -> &[String] {
        &self.used
    }
}

fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._~+/=-".contains(&byte);
    !text.is_empty() && text.len() <= MAX_LENGTH && text.bytes().all(is_allowed)
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
        tokens.timeout = Duration::from_secs(3);
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
        // The process disappears when the runtime has reaped it.
        while alive.status().unwrap().success() {
            assert!(started.elapsed() < Duration::from_secs(30));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
