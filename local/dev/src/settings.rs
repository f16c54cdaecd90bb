//! Where a stack keeps its files, which ports it takes, and the settings that its functions get.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rand::Rng;
use rand::distr::Alphanumeric;

use crate::cargo::root;
use crate::say::{Context, Problem};

/// Names of the secrets in the local Secrets Manager.
pub(crate) const MANAGER_TOKEN_SECRET: &str = "inapp/manager-token";
pub(crate) const SESSION_KEY_SECRET: &str = "inapp/session-key";
pub(crate) const BACKEND_SECRET: &str = "inapp/backend-secret";
pub(crate) const CRM_WEBHOOK_SECRET: &str = "inapp/crm-webhook-secret";
pub(crate) const PAYMENT_SECRETS: &str = "inapp/payment-secrets";

/// The event bus.
pub(crate) const BUS: &str = "inapp";

/// The ledger's table.
pub(crate) const TABLE: &str = "inapp-ledger";

/// AWS region of all that is local.
pub(crate) const REGION: &str = "eu-central-1";

/// Where a stack is: its directory and its ports. Two stacks at different places do not touch each other.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// `.local/` or under it, where what is installed is shared.
    pub(crate) directory: PathBuf,
    pub(crate) ports: Ports,
    /// What is run there.
    pub(crate) command: &'static str,
}

/// The ports where nobody chooses others: `cargo dev`'s, and those of `cargo e2e`.
const DEV: u16 = 9000;
const E2E: u16 = 9100;

impl Place {
    /// Of `cargo dev`: keeps the ledger and the secrets from run to run.
    pub(crate) fn dev() -> Result<Self, Problem> {
        Self::dev_at(Ports::chosen(DEV)?).made()
    }

    fn dev_at(ports: Ports) -> Self {
        Self::at("cargo dev", ports, DEV, [".local", ".local/"])
    }

    /// Of a stack of `cargo e2e`, the first being number 0: begins afresh each time.
    pub(crate) fn e2e(number: u16) -> Result<Self, Problem> {
        let place = Self::e2e_at(Ports::chosen(E2E)?.of_stack(number));
        // Another `cargo e2e` that runs keeps its files.
        place.check_ports()?;
        let directory = &place.directory;
        if directory.exists() {
            fs::remove_dir_all(directory).context(format!("empty {}", directory.display()))?;
        }
        place.made()
    }

    fn e2e_at(ports: Ports) -> Self {
        Self::at("cargo e2e", ports, E2E, [".local/e2e", ".local/e2e-"])
    }

    /// With the ports that `command` has mostly, in the first directory; with others in one that begins with the second.
    fn at(command: &'static str, ports: Ports, usual: u16, [directory, other]: [&str; 2]) -> Self {
        let directory = match ports.functions {
            base if base == usual => directory.to_owned(),
            base => format!("{other}{base}"),
        };
        Self {
            directory: root().join(directory),
            ports,
            command,
        }
    }

    fn made(self) -> Result<Self, Problem> {
        let directory = &self.directory;
        fs::create_dir_all(directory).context(format!("make {}", directory.display()))?;
        Ok(self)
    }

    /// Fails if another program has one of the ports.
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
             Is `{command}` running already? Stop it, or take other ports: INAPP_PORT_BASE={other} {command}\n\
             (One that was killed by force may have left cargo-lambda or moto_server running.)",
            taken.join("\n")
        )
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// A secret that is made up once and kept in a file. As template.yaml makes them: letters and digits, which are base64
    /// too.
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

    /// The secrets that news of payments are signed with, by payment method.
    pub(crate) fn payment_secrets(&self, methods: &[String]) -> Result<Vec<(String, String)>, Problem> {
        let secret = |method: &String| {
            let secret = self.secret(&format!("payment-secret-{method}"))?;
            Ok((method.clone(), format!("whsec_{secret}")))
        };
        methods.iter().map(secret).collect()
    }

    /// What the functions are set to, as in template.yaml. No secret is in it: `assertion_key` is a key's id.
    pub(crate) fn variables(&self, assertion_key: &str) -> Vec<(&'static str, String)> {
        let ports = &self.ports;
        let local = |port: u16| format!("http://127.0.0.1:{port}");
        vec![
            ("CTRADER_BASE_URL", local(ports.backend)),
            ("CTRADER_REDEEM_API", "data".to_owned()),
            ("MANAGER_TOKEN_SECRET_ID", MANAGER_TOKEN_SECRET.to_owned()),
            ("SESSION_KEY_SECRET_ID", SESSION_KEY_SECRET.to_owned()),
            ("BACKEND_SECRET_ID", BACKEND_SECRET.to_owned()),
            ("PAYMENT_SECRETS_ID", PAYMENT_SECRETS.to_owned()),
            ("LEDGER_TABLE", TABLE.to_owned()),
            ("EVENT_BUS", BUS.to_owned()),
            ("CRM_WEBHOOK_URL", format!("{}/inapp/events", local(ports.sample))),
            ("CRM_WEBHOOK_SECRET_ID", CRM_WEBHOOK_SECRET.to_owned()),
            ("ASSERTION_KEY_IDS", assertion_key.to_owned()),
            ("PUBLIC_URL", local(ports.functions)),
            ("BROKER_CONFIG", self.file("broker.toml").display().to_string()),
            ("AWS_ENDPOINT_URL_DYNAMODB", local(ports.dynamodb)),
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", local(ports.moto)),
            ("AWS_ENDPOINT_URL_KMS", local(ports.moto)),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", local(ports.moto)),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ]
    }

    /// The file with the variables, as it is called in the workspace's root.
    pub(crate) fn env_file(&self) -> String {
        let path = self.file("env");
        path.strip_prefix(root()).unwrap_or(&path).display().to_string()
    }

    /// What a developer types to run the functions by hand.
    pub(crate) fn watch_command(&self) -> String {
        let port = match self.ports.functions {
            DEV => String::new(),
            port => format!(" --invoke-port {port}"),
        };
        format!(
            "PATH=\"$PWD/.local/venv/bin:$PATH\" \
             cargo lambda watch --disable-cors -A 127.0.0.1{port} --env-file {}",
            self.env_file()
        )
    }

    /// Writes the variables to the file `env`, for `cargo lambda watch --env-file`.
    pub(crate) fn write_env_file(&self, assertion_key: &str) -> Result<PathBuf, Problem> {
        let path = self.file("env");
        fs::write(&path, env_file(&self.variables(assertion_key)))
            .context(format!("write {}", path.display()))?;
        Ok(path)
    }
}

/// The ports of a stack: seven in a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    /// `cargo lambda watch`
    pub(crate) functions: u16,
    /// The simulated terminal.
    pub(crate) terminal: u16,
    /// The simulated cTrader backend.
    pub(crate) backend: u16,
    pub(crate) dynamodb: u16,
    /// Secrets Manager, KMS, EventBridge and SQS.
    pub(crate) moto: u16,
    /// The sample backend, which stands in for the demo broker's website.
    pub(crate) sample: u16,
    /// A broker's website that the browser tests serve themselves.
    pub(crate) website: u16,
}

impl From<u16> for Ports {
    fn from(base: u16) -> Self {
        Self {
            functions: base,
            terminal: base + 1,
            backend: base + 2,
            dynamodb: base + 3,
            moto: base + 4,
            sample: base + 5,
            website: base + 6,
        }
    }
}

impl Ports {
    /// Those from INAPP_PORT_BASE on, else from `base`.
    fn chosen(base: u16) -> Result<Self, Problem> {
        let Ok(text) = std::env::var("INAPP_PORT_BASE") else {
            return Ok(Self::from(base));
        };
        match text.parse() {
            Ok(base @ 1..=65_000) => Ok(Self::from(base)),
            _ => Err(Problem::new(format!(
                "INAPP_PORT_BASE={text} is no number from 1 to 65000"
            ))),
        }
    }

    /// Those of a stack that runs beside the one with these ports. Ten lie between two stacks.
    fn of_stack(self, number: u16) -> Self {
        Self::from(self.functions + 10 * number)
    }

    /// Those that another program has, and what they are for.
    fn taken(&self) -> Vec<String> {
        let all = [
            (self.functions, "the functions"),
            (self.terminal, "the simulated terminal"),
            (self.backend, "the simulated cTrader"),
            (self.dynamodb, "the local DynamoDB"),
            (self.moto, "the rest of the local AWS"),
            (self.sample, "the sample backend"),
            (self.website, "the website of the browser tests"),
        ];
        all.iter()
            .filter(|(port, _)| TcpListener::bind(("127.0.0.1", *port)).is_err())
            .map(|(port, purpose)| format!("  {port}, for {purpose}"))
            .collect()
    }
}

/// `NAME=value` lines, quoted where a shell would need it.
fn env_file(variables: &[(&str, String)]) -> String {
    let mut text = String::from("# Written by `cargo dev`, anew at each start.\n");
    for (name, value) in variables {
        let plain = value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c));
        let line = if plain {
            format!("{name}={value}\n")
        } else {
            format!(
                "{name}=\"{}\"\n",
                value.replace('\\', "\\\\").replace('"', "\\\"")
            )
        };
        text.push_str(&line);
    }
    text
}

/// Whether a file under the workspace changed since it was last looked at.
pub(crate) struct Watched {
    path: PathBuf,
    content: String,
}

impl Watched {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            content: String::new(),
        }
    }

    /// The new content, if it changed.
    pub(crate) fn changed(&mut self) -> Option<&str> {
        let content = fs::read_to_string(&self.path).ok()?;
        if content == self.content {
            return None;
        }
        self.content = content;
        Some(&self.content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_env_file_quotes_what_a_shell_would_split() {
        let text = env_file(&[
            ("A", "http://127.0.0.1:9000".to_owned()),
            ("B", "/home/a b/c".to_owned()),
        ]);
        assert!(text.ends_with("A=http://127.0.0.1:9000\nB=\"/home/a b/c\"\n"));
    }

    #[test]
    fn other_ports_have_a_directory_of_their_own() {
        let dev = |base| Place::dev_at(Ports::from(base)).directory;
        let e2e = |base| Place::e2e_at(Ports::from(base)).directory;
        let local = root().join(".local");
        assert_eq!((dev(DEV), e2e(E2E)), (local.clone(), local.join("e2e")));
        assert_eq!(
            (dev(9300), e2e(9400)),
            (local.join("9300"), local.join("e2e-9400"))
        );
        assert_eq!((dev(E2E), e2e(DEV)), (local.join("9100"), local.join("e2e-9000")));
    }

    #[test]
    fn stacks_side_by_side_share_no_port_and_no_directory() {
        let place = |number| Place::e2e_at(Ports::from(E2E).of_stack(number));
        assert_eq!(place(0).directory, Place::e2e_at(Ports::from(E2E)).directory);
        assert_ne!(place(0).directory, place(1).directory);
        assert!(place(0).ports.website < place(1).ports.functions);
    }

    #[test]
    fn functions_by_hand_listen_where_the_stack_calls_them() {
        let command = |base| Place::dev_at(Ports::from(base)).watch_command();
        assert!(command(DEV).ends_with("watch --disable-cors -A 127.0.0.1 --env-file .local/env"));
        assert!(command(9300).ends_with(" -A 127.0.0.1 --invoke-port 9300 --env-file .local/9300/env"));
    }

    #[test]
    fn where_ports_are_taken_the_command_that_was_run_is_named_with_others() {
        let taken = ["  9101, for the simulated terminal".to_owned()];
        let advice = Place::e2e_at(Ports::from(E2E)).advice(&taken);
        assert!(advice.contains(&taken[0]) && advice.contains("Is `cargo e2e` running"));
        assert!(advice.contains("INAPP_PORT_BASE=9400 cargo e2e"));
    }

    #[test]
    fn no_secret_is_among_the_variables() {
        let directory = std::env::temp_dir().join(format!("inapp-dev-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let place = Place {
            directory: directory.clone(),
            ports: Ports::from(DEV),
            command: "cargo dev",
        };
        let secret = place.secret("session-key").unwrap();
        assert_eq!(place.secret("session-key").unwrap(), secret, "it is kept");
        assert!(secret.len() >= 32);
        assert!(!env_file(&place.variables("key")).contains(&secret));
        fs::remove_dir_all(directory).unwrap();
    }
}
