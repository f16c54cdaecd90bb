//! The parts of a stack, each with the options that make it fit the others.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::ScreenKind;
use local_guard::{Callers, Front};
use sample_backend::{SampleBackend, Transfers};
use serde_json::{Map, Value, json};
use simulator::{Options, Simulator};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use crate::broker_toml::{Broker, local_copy};
use crate::console::{Context, Problem};
use crate::ports::Ports;
use crate::process::{Line, Process};
use crate::python::Venv;
use crate::settings::{
    BACKEND_SECRET, CRM_WEBHOOK_SECRET, MANAGER_TOKEN_SECRET, PAYMENT_SECRETS, SESSION_KEY_SECRET,
};
use crate::stack::StackOptions;
use crate::stack_dir::StackDir;
use crate::{aws, cargo, http};

/// The name of the program that runs the functions.
pub(crate) const FUNCTIONS: &str = "cargo lambda watch";

/// How many processes may serve one function at a time. Two, so that a request that waits for a slow cTrader does
/// not block the next one. Each process makes every edit slower, because each restarts by its own `cargo run`.
const CONCURRENCY: &str = "2";

/// The delay after which a trader who chose to pay later has paid.
const PAY_LATER: Duration = Duration::from_secs(90);

/// The delay of a payment notification that comes late.
const LATE: Duration = Duration::from_secs(8);

/// The pause before a payment notification that was not accepted is sent again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How long a built function may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// The secrets of a stack.
pub(crate) struct StackSecrets {
    manager_token: String,
    session_key: String,
    backend: String,
    crm_webhook: String,
    /// By payment method.
    payment: Vec<(String, String)>,
}

impl StackSecrets {
    /// Reads them from the stack's directory; makes those that do not exist yet.
    pub(crate) fn load(dir: &StackDir, broker: &Broker) -> Result<Self, Problem> {
        Ok(Self {
            manager_token: dir.secret("manager-token")?,
            session_key: dir.secret("session-key")?,
            backend: dir.secret("backend-secret")?,
            crm_webhook: dir.secret("crm-webhook-secret")?,
            payment: dir.payment_secrets(&broker.methods)?,
        })
    }

    /// All values, which must not be in a log.
    pub(crate) fn values(self) -> Vec<String> {
        let payment = self.payment.into_iter().map(|(_, secret)| secret);
        [
            self.manager_token,
            self.session_key,
            self.backend,
            self.crm_webhook,
        ]
        .into_iter()
        .chain(payment)
        .collect()
    }

    /// Puts the secrets into the Secrets Manager on this port.
    pub(crate) async fn upload(&self, port: u16, broker: &Broker) -> Result<(), Problem> {
        aws::create_secret(port, MANAGER_TOKEN_SECRET, &self.manager_token).await?;
        aws::create_secret(port, SESSION_KEY_SECRET, &self.session_key).await?;
        aws::create_secret(port, BACKEND_SECRET, &self.backend).await?;
        aws::create_secret(port, CRM_WEBHOOK_SECRET, &self.crm_webhook).await?;
        aws::create_secret(port, PAYMENT_SECRETS, &self.payment_json(broker)).await
    }

    /// The value of `PAYMENT_SECRETS_ID`: secrets by method and broker.
    fn payment_json(&self, broker: &Broker) -> String {
        let name = broker.name.clone().unwrap_or_default();
        let entry = |(method, secret): &(String, String)| (method.clone(), json!({ &name: secret }));
        Value::Object(self.payment.iter().map(entry).collect::<Map<_, _>>()).to_string()
    }
}

pub(crate) async fn start_simulator(
    dir: &StackDir,
    broker: &Broker,
    secrets: &StackSecrets,
) -> Result<Arc<Simulator>, Problem> {
    let ports = dir.ports;
    let defaults = Options::default();
    let options = Options {
        manager_token: secrets.manager_token.clone(),
        screens_url: ports.functions_url(),
        screens_command: dir.watch_command(),
        terminal_port: ports.terminal,
        backend_port: ports.backend,
        broker_name: broker.name.clone().unwrap_or(defaults.broker_name),
        actions: broker.actions.clone(),
        revision: defaults.revision,
        ctid2_under_cid: defaults.ctid2_under_cid,
    };
    let simulator = Simulator::start(options).await;
    Ok(Arc::new(simulator.context("start the simulated cTrader")?))
}

pub(crate) async fn start_sample(
    ports: Ports,
    simulator: &Simulator,
    secrets: &StackSecrets,
    transfers: Transfers,
) -> Result<SampleBackend, Problem> {
    let screens_url = ports.functions_url();
    let payment_secrets = secrets.payment.iter().map(|(method, secret)| {
        let secret = secret.parse().context("use the secret of a payment method")?;
        Ok((method.clone(), secret))
    });
    let crm_webhook_secret = secrets.crm_webhook.parse();
    let options = sample_backend::Options {
        port: ports.sample,
        success_url: format!("{screens_url}/callback/success"),
        screens_url,
        frame_ancestor: simulator.terminal_url(),
        secret: secrets.backend.parse().context("use the secret backend-secret")?,
        crm_webhook_secret: crm_webhook_secret.context("use the secret crm-webhook-secret")?,
        payment_secrets: payment_secrets.collect::<Result<_, Problem>>()?,
        transfers,
        pay_later: PAY_LATER,
        late: LATE,
        first_pause: FIRST_PAUSE,
    };
    let sample = SampleBackend::start(options).await;
    sample.context("start the sample backend")
}

/// Keeps the local copy of `broker.toml` up to date. In the copy the terminal may frame the screens, and the sample
/// backend replaces the demo broker's website.
pub(crate) fn keep_broker_toml(
    options: &StackOptions,
    simulator: &Simulator,
    sample: &SampleBackend,
) -> Result<JoinHandle<()>, Problem> {
    let (more_config, languages) = (options.more_config.clone(), options.languages.clone());
    let (terminal, sample) = (simulator.terminal_url(), sample.url().to_owned());
    let local_copy =
        move |text: &str| local_copy(&format!("{text}{more_config}"), &terminal, &sample, &languages);
    let copy = options.dir.file("broker.toml");
    let mut watched = WatchedFile::new(&options.broker_toml);
    let text = watched.new_content().unwrap_or_default();
    fs::write(&copy, local_copy(text)).context(format!("write {}", copy.display()))?;
    Ok(tokio::spawn(async move {
        loop {
            // `cargo lambda watch` restarts the functions 3 s after an edit; the copy must be ready then.
            tokio::time::sleep(Duration::from_millis(300)).await;
            if let Some(text) = watched.new_content() {
                // An error is ignored: the first write succeeded.
                let _ = fs::write(&copy, local_copy(text));
            }
        }
    }))
}

/// A file whose changes matter.
struct WatchedFile {
    path: std::path::PathBuf,
    content: String,
}

impl WatchedFile {
    fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            content: String::new(),
        }
    }

    /// The content, if it has changed since the last call.
    fn new_content(&mut self) -> Option<&str> {
        let content = fs::read_to_string(&self.path).ok()?;
        if content == self.content {
            return None;
        }
        self.content = content;
        Some(&self.content)
    }
}

/// A program of others on its own port, and the guard on the port that everybody uses.
pub(crate) struct Guarded {
    pub(crate) program: Process,
    _front: Front,
}

/// The guard on a port of 127.0.0.1 and, if the machine has IPv6, of ::1, which `cargo lambda invoke` uses by default. Returns
/// the port that the program has to listen on.
pub(crate) async fn front(port: u16, callers: Callers) -> Result<(Front, u16), Problem> {
    let what = format!("listen on port {port}");
    let mut listeners = vec![
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .context(&what)?,
    ];
    listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
    // The system chooses a free port, and gives it to nobody else soon.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context(&what)?;
    let target = free.local_addr().context(&what)?;
    Ok((Front::new(listeners, target, callers), target.port()))
}

pub(crate) async fn start_moto(
    venv: &Venv,
    port: u16,
    lines: &UnboundedSender<Line>,
) -> Result<Guarded, Problem> {
    let (front, own_port) = front(port, Callers::Itself).await?;
    let mut command = Command::new(venv.program("moto_server"));
    command
        .args(["-H", "127.0.0.1", "-p", &own_port.to_string()])
        // The port in the URLs that it makes.
        .env("MOTO_PORT", port.to_string())
        .env("MOTO_DISABLE_GLOBAL_CORS", "1");
    Ok(Guarded {
        program: Process::background("moto, the local AWS,", &mut command, lines)?,
        _front: front,
    })
}

pub(crate) async fn start_functions(
    venv: &Venv,
    options: &StackOptions,
    env_file: &Path,
    lines: &UnboundedSender<Line>,
) -> Result<Guarded, Problem> {
    let (front, own_port) = front(options.dir.ports.functions, Callers::Pages).await?;
    let mut command = Command::new(venv.program("cargo-lambda"));
    command
        .current_dir(cargo::root())
        .args(["lambda", "watch", "--disable-cors"])
        .args(["--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &own_port.to_string()])
        .args(["--concurrency", CONCURRENCY])
        .arg("--env-file")
        .arg(env_file);
    if !options.reload {
        command.arg("--ignore-changes");
    }
    Ok(Guarded {
        program: Process::background(FUNCTIONS, &mut command, lines)?,
        _front: front,
    })
}

/// Waits until every function has responded once, so that each is up before its first real request.
pub(crate) async fn wait_for_functions(port: u16) -> Result<(), Problem> {
    let screens = ScreenKind::ALL.map(|screen| format!("/inapp/{screen}"));
    let others = [
        "/payments/card/events",
        "/.well-known/jwks.json",
        "/callback/success",
        "/staff/deposits",
    ];
    for path in screens.iter().map(String::as_str).chain(others) {
        let line = format!("HEAD {path} HTTP/1.1");
        let response = async {
            // Connections are refused until `cargo lambda watch` is up. Then it holds the request until the function
            // is up.
            while http::send(port, &[&line], "").await.is_err() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(START_TIMEOUT, response).await.is_err() {
            return Err(Problem::new(format!("The function for {path} does not respond.")));
        }
    }
    Ok(())
}
