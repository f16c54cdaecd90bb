//! All that runs on the developer's machine: the local AWS, the simulated cTrader, the functions.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::ScreenKind;
use sample_backend::{SampleBackend, Transfers};
use serde_json::{Map, Value, json};
use simulator::{Options, Simulator};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::broker_toml::{Broker, local_copy};
use crate::output::Output;
use crate::process::{Line, Process};
use crate::python::Venv;
use crate::say::{Context, Problem, step};
use crate::settings::{
    BACKEND_SECRET, CRM_WEBHOOK_SECRET, MANAGER_TOKEN_SECRET, PAYMENT_SECRETS, Place, Ports,
    SESSION_KEY_SECRET, Watched,
};
use crate::wiring::Wiring;
use crate::{aws, cargo, http, transfers};

/// The program that runs the functions.
pub(crate) const FUNCTIONS: &str = "cargo lambda watch";

/// How many processes may serve one function at a time. One that waits for a slow cTrader must not hold up the next
/// tap, but each more costs time at every edit: they all start anew, by a `cargo run` each.
const CONCURRENCY: &str = "2";

/// How long it takes until somebody who pays later has paid.
const PAY_LATER: Duration = Duration::from_secs(90);

/// How late news of a payment are that come late.
const LATE: Duration = Duration::from_secs(20);

/// Until news of a payment that were not taken are sent again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How long the functions may take to start, once they are built.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long it may take to write down what programs wrote that have ended.
const TO_WRITE: Duration = Duration::from_secs(10);

/// What is to run.
pub(crate) struct Plan {
    pub(crate) place: Place,
    /// The functions too, and not only their neighbours.
    pub(crate) functions: bool,
    /// Build and start the functions anew after an edit.
    pub(crate) reload: bool,
    /// Show in the terminal what happens.
    pub(crate) echo: bool,
    /// The broker file: `/broker.toml`, or that of the tests.
    pub(crate) broker_toml: PathBuf,
    /// What the local copy of the broker file has besides.
    pub(crate) more_config: String,
    /// Languages of the screens beside those of `broker.toml`.
    pub(crate) languages: Vec<String>,
    /// How often `reconcile` runs: more often than in the cloud, where a minute is soon enough.
    pub(crate) round: Duration,
}

/// Installs and builds what every stack needs, and gives the environment that the local AWS and `cargo lambda` are in.
pub(crate) async fn prepare(functions: bool) -> Result<Venv, Problem> {
    let requirements = cargo::root().join("local/requirements.txt");
    let (venv, ()) = tokio::try_join!(
        Venv::install(cargo::root().join(".local/venv"), &requirements),
        build_functions(functions),
    )?;
    Ok(venv)
}

/// What the neighbours of the functions have to know of the broker. A change of it takes a new start.
pub(crate) fn broker(broker_toml: &Path) -> Broker {
    Broker::of(&fs::read_to_string(broker_toml).unwrap_or_default())
}

/// All that runs; stops when dropped.
pub(crate) struct Stack {
    functions: Option<Process>,
    moto: Process,
    simulator: Arc<Simulator>,
    sample: SampleBackend,
    broker_toml: JoinHandle<()>,
    wiring: Option<Wiring>,
    pub(crate) place: Place,
    /// Ends once the programs have, and all that they wrote is written.
    output: Option<JoinHandle<()>>,
    /// Where everything is written that the programs write.
    pub(crate) log: PathBuf,
}

impl Stack {
    /// Returns once the functions answer. `venv` is from [`prepare`].
    pub(crate) async fn start(plan: &Plan, venv: &Venv) -> Result<Self, Problem> {
        let Plan { place, .. } = plan;
        let ports = place.ports;
        place.check_ports()?;
        step("Starting", "the simulated cTrader and the local AWS");
        let manager_token = place.secret("manager-token")?;
        let session_key = place.secret("session-key")?;
        let backend_secret = place.secret("backend-secret")?;
        let crm_webhook_secret = place.secret("crm-webhook-secret")?;
        let broker = broker(&plan.broker_toml);
        let payment_secrets = place.payment_secrets(&broker.methods)?;
        let database = aws::serve_dynamodb(ports.dynamodb, &place.file("ledger.sqlite")).await?;
        let simulator = start_simulator(place, &broker, &manager_token).await?;
        let (ledger, methods) = (database.clone(), broker.transfers.clone());
        let transfers = Transfers::by(move || transfers::waited_for(&ledger, &methods));
        let secrets = Secrets {
            backend: &backend_secret,
            crm_webhook: &crm_webhook_secret,
            payment: &payment_secrets,
        };
        let sample = start_sample(ports, &simulator, &secrets, transfers).await?;
        let broker_toml = keep_broker_toml(plan, &simulator, &sample)?;

        let (lines, receiver) = unbounded_channel();
        let log = place.file("stack.log");
        let output = Output::new(&log, &place.env_file(), plan.echo, Arc::clone(&simulator))?;
        let output = tokio::spawn(output.run(receiver));

        let mut stack = Self {
            functions: None,
            moto: start_moto(venv, ports.moto, &lines)?,
            simulator,
            sample,
            broker_toml,
            wiring: None,
            place: place.clone(),
            output: Some(output),
            log,
        };
        let made = async {
            aws::create_secret(ports.moto, MANAGER_TOKEN_SECRET, &manager_token).await?;
            aws::create_secret(ports.moto, SESSION_KEY_SECRET, &session_key).await?;
            aws::create_secret(ports.moto, BACKEND_SECRET, &backend_secret).await?;
            aws::create_secret(ports.moto, CRM_WEBHOOK_SECRET, &crm_webhook_secret).await?;
            let payments = by_broker(&broker, &payment_secrets);
            aws::create_secret(ports.moto, PAYMENT_SECRETS, &payments).await?;
            let queue = aws::create_bus(ports.moto).await?;
            Ok((aws::create_assertion_key(ports.moto).await?, queue))
        };
        let (assertion_key, queue) = stack.unless_ended(made).await?;
        stack.wiring = Some(Wiring::start(database, ports, queue, plan.round));
        let env_file = place.write_env_file(&assertion_key)?;
        if plan.functions {
            step("Starting", "the functions");
            stack.functions = Some(start_functions(venv, plan, &env_file, &lines)?);
            stack.unless_ended(functions_answer(ports.functions)).await?;
        }
        Ok(stack)
    }

    /// Waits for what only a stack that runs can bring about.
    async fn unless_ended<T>(
        &mut self,
        hoped: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let log = self.log.clone();
        tokio::select! {
            done = hoped => done.map_err(|problem| {
                Problem::new(format!("{problem}\nWhat the programs wrote is in {}", log.display()))
            }),
            ended = self.ended() => Err(ended),
        }
    }

    /// Says where everything is.
    pub(crate) fn greet(&self) {
        let terminal = self.terminal_url();
        let functions = self.functions_url();
        eprintln!();
        step("Open", &terminal);
        step(
            "Back office",
            &format!("{}/back-office, for bank transfers", self.sample_url()),
        );
        match self.functions {
            Some(_) => step(
                "Functions",
                &format!(
                    "{functions}/inapp/{}",
                    ScreenKind::ALL.map(ScreenKind::as_str).join(", ")
                ),
            ),
            None => {
                step("Functions", &format!("are yours to run, on {functions}:"));
                eprintln!("{}", self.place.watch_command());
            }
        }
        step("Stop", "with Ctrl-C");
        eprintln!();
    }

    /// Waits until a part of it ends by itself, and says which.
    pub(crate) async fn ended(&mut self) -> Problem {
        let functions = async {
            match &mut self.functions {
                Some(functions) => (functions.name, functions.ended().await),
                None => std::future::pending().await,
            }
        };
        let (name, status) = tokio::select! {
            ended = functions => ended,
            status = self.moto.ended() => (self.moto.name, status),
        };
        let how = status.map_or_else(|problem| problem.to_string(), |status| status.to_string());
        Problem::new(format!(
            "{name} ended by itself ({how}), so everything was stopped. What it wrote is in {}",
            self.log.display()
        ))
    }

    /// Stops it, and returns once all is in the log that the programs wrote.
    pub(crate) async fn stop(mut self) {
        let output = self.output.take();
        drop(self);
        if let Some(output) = output {
            // A program that got away must not hold up this one.
            let _ = tokio::time::timeout(TO_WRITE, output).await;
        }
    }

    pub(crate) fn terminal_url(&self) -> String {
        self.simulator.terminal_url()
    }

    pub(crate) fn backend_url(&self) -> String {
        self.simulator.backend_url()
    }

    pub(crate) fn sample_url(&self) -> &str {
        self.sample.url()
    }

    pub(crate) fn website_url(&self) -> String {
        website_url(self.place.ports)
    }

    pub(crate) fn dynamodb_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.place.ports.dynamodb)
    }

    pub(crate) fn functions_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.place.ports.functions)
    }

    /// E-mail addresses of the simulated users.
    pub(crate) fn emails(&self) -> Vec<String> {
        let users = self.simulator.users();
        users
            .iter()
            .filter_map(|user| Some(user.email?.to_owned()))
            .collect()
    }
}

/// Where the browser tests serve a broker's website.
pub(crate) fn website_url(ports: Ports) -> String {
    format!("http://localhost:{}", ports.website)
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.broker_toml.abort();
    }
}

/// Builds the functions where the developer can watch. What `cargo lambda watch` builds then is up to date.
async fn build_functions(wanted: bool) -> Result<(), Problem> {
    if !wanted {
        return Ok(());
    }
    step("Building", "the functions (the first time takes some minutes)");
    match cargo::run(&["build"]).await? {
        0 => Ok(()),
        _ => Err(Problem::new(
            "The functions do not build; the compiler's messages are above.",
        )),
    }
}

/// The value of PAYMENT_SECRETS_ID: by method and by broker.
fn by_broker(broker: &Broker, secrets: &[(String, String)]) -> String {
    let name = broker.name.clone().unwrap_or_default();
    let of_method = |(method, secret): &(String, String)| (method.clone(), json!({ &name: secret }));
    Value::Object(secrets.iter().map(of_method).collect::<Map<_, _>>()).to_string()
}

async fn start_simulator(
    place: &Place,
    broker: &Broker,
    manager_token: &str,
) -> Result<Arc<Simulator>, Problem> {
    let ports = place.ports;
    let defaults = Options::default();
    let options = Options {
        manager_token: manager_token.to_owned(),
        screens_url: format!("http://127.0.0.1:{}", ports.functions),
        screens_command: place.watch_command(),
        terminal_port: ports.terminal,
        backend_port: ports.backend,
        broker_name: broker.name.clone().unwrap_or(defaults.broker_name),
        actions: broker.actions.clone(),
        revision: defaults.revision,
    };
    let simulator = Simulator::start(options).await;
    Ok(Arc::new(simulator.context("start the simulated cTrader")?))
}

/// What the sample backend signs with, and what is signed for it.
struct Secrets<'a> {
    backend: &'a str,
    crm_webhook: &'a str,
    payment: &'a [(String, String)],
}

async fn start_sample(
    ports: Ports,
    simulator: &Simulator,
    secrets: &Secrets<'_>,
    transfers: Transfers,
) -> Result<SampleBackend, Problem> {
    let screens_url = format!("http://127.0.0.1:{}", ports.functions);
    let payment_secrets = secrets.payment.iter().map(|(method, secret)| {
        let secret = secret.parse().context("use the secret of a payment method")?;
        Ok((method.clone(), secret))
    });
    let options = sample_backend::Options {
        port: ports.sample,
        success_url: format!("{screens_url}/callback/success"),
        screens_url,
        frame_ancestor: simulator.terminal_url(),
        secret: secrets.backend.parse().context("use the secret backend-secret")?,
        crm_webhook_secret: secrets
            .crm_webhook
            .parse()
            .context("use the secret crm-webhook-secret")?,
        payment_secrets: payment_secrets.collect::<Result<_, Problem>>()?,
        transfers,
        pay_later: PAY_LATER,
        late: LATE,
        first_pause: FIRST_PAUSE,
    };
    let sample = SampleBackend::start(options).await;
    sample.context("start the sample backend")
}

/// Keeps the local copy of `broker.toml` up to date, in which the terminal may frame the screens and the
/// sample backend is the demo broker's website.
fn keep_broker_toml(
    plan: &Plan,
    simulator: &Simulator,
    sample: &SampleBackend,
) -> Result<JoinHandle<()>, Problem> {
    let Plan { place, .. } = plan;
    let (more_config, languages) = (plan.more_config.clone(), plan.languages.clone());
    let terminal = simulator.terminal_url();
    let sample = sample.url().to_owned();
    let local_copy =
        move |text: &str| local_copy(&format!("{text}{more_config}"), &terminal, &sample, &languages);
    let copy = place.file("broker.toml");
    let mut watched = Watched::new(&plan.broker_toml);
    let text = watched.changed().unwrap_or_default();
    fs::write(&copy, local_copy(text)).context(format!("write {}", copy.display()))?;
    Ok(tokio::spawn(async move {
        loop {
            // Well within the 3 s after which `cargo lambda watch` starts the functions anew.
            tokio::time::sleep(Duration::from_millis(300)).await;
            if let Some(text) = watched.changed() {
                // If it cannot be written now, it could not at the start.
                let _ = fs::write(&copy, local_copy(text));
            }
        }
    }))
}

fn start_moto(venv: &Venv, port: u16, lines: &UnboundedSender<Line>) -> Result<Process, Problem> {
    let mut command = Command::new(venv.program("moto_server"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    Process::background("moto, the local AWS,", &mut command, lines)
}

fn start_functions(
    venv: &Venv,
    plan: &Plan,
    env_file: &PathBuf,
    lines: &UnboundedSender<Line>,
) -> Result<Process, Problem> {
    let mut command = Command::new(venv.program("cargo-lambda"));
    command
        .current_dir(cargo::root())
        .args([
            "lambda",
            "watch",
            "--disable-cors",
            "--invoke-address",
            "127.0.0.1",
        ])
        .args(["--invoke-port", &plan.place.ports.functions.to_string()])
        .args(["--concurrency", CONCURRENCY])
        .arg("--env-file")
        .arg(env_file);
    if !plan.reload {
        command.arg("--ignore-changes");
    }
    relay_ipv6(plan.place.ports.functions);
    Process::background(FUNCTIONS, &mut command, lines)
}

/// Passes on connections to the port of ::1, which is where `cargo lambda invoke` calls unless told otherwise.
fn relay_ipv6(port: u16) {
    tokio::spawn(async move {
        // A machine without IPv6 can do without.
        let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await else {
            return;
        };
        while let Ok((mut caller, _)) = listener.accept().await {
            tokio::spawn(async move {
                if let Ok(mut functions) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
                    let _ = copy_bidirectional(&mut caller, &mut functions).await;
                }
            });
        }
    });
}

/// Returns once every function has answered: so each is up before its first real request.
async fn functions_answer(port: u16) -> Result<(), Problem> {
    let screens = ScreenKind::ALL.map(|screen| format!("/inapp/{screen}"));
    let others = [
        "/payments/card/events",
        "/.well-known/jwks.json",
        "/callback/success",
    ];
    for path in screens.iter().map(String::as_str).chain(others) {
        let line = format!("HEAD {path} HTTP/1.1");
        let answered = async {
            // Refused until `cargo lambda watch` is up, which then holds the request until the function is.
            while http::send(port, &[&line], "").await.is_err() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, answered).await.is_err() {
            return Err(Problem::new(format!("The function of {path} does not answer.")));
        }
    }
    Ok(())
}
