//! The directory of a stack: its files and its ports.

use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use rand::Rng;
use rand::distr::Alphanumeric;

use crate::cargo::root;
use crate::console::{Context, Problem};
use crate::ports::{DEV_BASE, E2E_BASE, Ports};
use crate::settings::{env_file, variables};

/// The directory and the ports of a stack. Stacks with different directories are independent of each other.
#[derive(Clone, Debug)]
pub(crate) struct StackDir {
    /// `.local/` or a directory in it. Installed programs are in `.local/`, and all stacks share them.
    pub(crate) path: PathBuf,
    pub(crate) ports: Ports,
    /// The command that runs the stack.
    command: &'static str,
}

impl StackDir {
    /// The directory of `cargo dev`, which keeps its table and secrets from run to run.
    pub(crate) fn dev() -> Result<Self, Problem> {
        Self::dev_with(Ports::from_env(DEV_BASE)?).create()
    }

    fn dev_with(ports: Ports) -> Self {
        let path = if ports.functions == DEV_BASE {
            ".local".to_owned()
        } else {
            format!(".local/{}", ports.functions)
        };
        Self {
            path: root().join(path),
            ports,
            command: "cargo dev",
        }
    }

    /// The directory of a stack of `cargo e2e`, counted from 0. Removes the files of the previous run.
    pub(crate) fn e2e(number: u16) -> Result<Self, Problem> {
        let dir = Self::e2e_with(Ports::from_env(E2E_BASE)?.for_stack(number));
        // First: a `cargo e2e` that still runs needs its files.
        dir.check_ports()?;
        if dir.path.exists() {
            fs::remove_dir_all(&dir.path).context(format!("empty {}", dir.path.display()))?;
        }
        dir.create()
    }

    fn e2e_with(ports: Ports) -> Self {
        let path = if ports.functions == E2E_BASE {
            ".local/e2e".to_owned()
        } else {
            format!(".local/e2e-{}", ports.functions)
        };
        Self {
            path: root().join(path),
            ports,
            command: "cargo e2e",
        }
    }

    fn create(self) -> Result<Self, Problem> {
        fs::create_dir_all(&self.path).context(format!("make {}", self.path.display()))?;
        Ok(self)
    }

    /// Fails if another program uses one of the ports.
    pub(crate) fn check_ports(&self) -> Result<(), Problem> {
        let taken = self.ports.taken();
        if taken.is_empty() {
            return Ok(());
        }
        Err(Problem::new(self.advice(&taken)))
    }

    fn advice(&self, taken: &[String]) -> String {
        let command = self.command;
        let other = self.ports.functions + 300;
        format!(
            "Another program uses these ports of 127.0.0.1:\n{}\n\
             Does `{command}` already run? Stop it, or choose other ports: INAPP_PORT_BASE={other} {command}\n\
             (If a previous run was killed, cargo-lambda or moto_server may still run.)",
            taken.join("\n")
        )
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a secret from its file; makes it at the first call. Like the secrets of template.yaml it has letters
    /// and digits only, which are also valid base64.
    pub(crate) fn secret(&self, name: &str) -> Result<String, Problem> {
        let path = self.file(name);
        if let Ok(secret) = fs::read_to_string(&path) {
            return Ok(secret);
        }
        let random = rand::rng().sample_iter(Alphanumeric).take(48);
        let secret: String = random.map(char::from).collect();
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options
            .open(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, secret.as_bytes()))
            .context(format!("write {}", path.display()))?;
        Ok(secret)
    }

    /// The secrets that sign payment notifications, by payment method.
    pub(crate) fn payment_secrets(&self, methods: &[String]) -> Result<Vec<(String, String)>, Problem> {
        let secret = |method: &String| {
            let secret = self.secret(&format!("payment-secret-{method}"))?;
            Ok((method.clone(), format!("whsec_{secret}")))
        };
        methods.iter().map(secret).collect()
    }

    /// The path of the file with the functions' variables, relative to the workspace.
    pub(crate) fn env_file(&self) -> String {
        let path = self.file("env");
        path.strip_prefix(root()).unwrap_or(&path).display().to_string()
    }

    /// Writes the functions' variables for `cargo lambda watch --env-file`.
    pub(crate) fn write_env_file(&self, assertion_key: &str) -> Result<PathBuf, Problem> {
        let path = self.file("env");
        fs::write(&path, env_file(&variables(self, assertion_key)))
            .context(format!("write {}", path.display()))?;
        Ok(path)
    }

    /// The command with which a developer runs the functions.
    pub(crate) fn watch_command(&self) -> String {
        let port = match self.ports.functions {
            DEV_BASE => String::new(),
            port => format!(" --invoke-port {port}"),
        };
        format!(
            "PATH=\"$PWD/.local/venv/bin:$PATH\" \
             cargo lambda watch --disable-cors -A 127.0.0.1{port} --env-file {}",
            self.env_file()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_on_other_ports_have_other_directories() {
        let dev = |base| StackDir::dev_with(Ports::from(base)).path;
        let e2e = |base| StackDir::e2e_with(Ports::from(base)).path;
        let local = root().join(".local");
        assert_eq!((dev(DEV_BASE), e2e(E2E_BASE)), (local.clone(), local.join("e2e")));
        assert_eq!(
            (dev(9300), e2e(9400)),
            (local.join("9300"), local.join("e2e-9400"))
        );
        assert_eq!(
            (dev(E2E_BASE), e2e(DEV_BASE)),
            (local.join("9100"), local.join("e2e-9000"))
        );
    }

    #[test]
    fn simultaneous_stacks_share_no_port_and_no_directory() {
        let dir = |number| StackDir::e2e_with(Ports::from(E2E_BASE).for_stack(number));
        assert_eq!(dir(0).path, StackDir::e2e_with(Ports::from(E2E_BASE)).path);
        assert_ne!(dir(0).path, dir(1).path);
        assert!(dir(0).ports.website < dir(1).ports.functions);
    }

    #[test]
    fn the_watch_command_has_the_port_of_the_stack() {
        let command = |base| StackDir::dev_with(Ports::from(base)).watch_command();
        assert!(command(DEV_BASE).ends_with("watch --disable-cors -A 127.0.0.1 --env-file .local/env"));
        assert!(command(9300).ends_with(" -A 127.0.0.1 --invoke-port 9300 --env-file .local/9300/env"));
    }

    #[test]
    fn taken_ports_are_reported_with_the_command_for_others() {
        let taken = ["  9101, for the simulated terminal".to_owned()];
        let advice = StackDir::e2e_with(Ports::from(E2E_BASE)).advice(&taken);
        assert!(advice.contains(&taken[0]) && advice.contains("Does `cargo e2e` already run"));
        assert!(advice.contains("INAPP_PORT_BASE=9400 cargo e2e"));
    }

    #[test]
    fn the_variables_contain_no_secret() {
        let path = std::env::temp_dir().join(format!("inapp-dev-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        let dir = StackDir {
            path: path.clone(),
            ports: Ports::from(DEV_BASE),
            command: "cargo dev",
        };
        let secret = dir.secret("session-key").unwrap();
        assert_eq!(dir.secret("session-key").unwrap(), secret, "the secret is kept");
        assert!(secret.len() >= 32);
        assert!(!env_file(&variables(&dir, "key")).contains(&secret));
        fs::remove_dir_all(path).unwrap();
    }
}
