//! A stack: everything that `cargo dev` runs on this machine. The local AWS, the simulated cTrader, the sample
//! backend and the functions.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::ScreenKind;
use local_guard::Front;
use sample_backend::{SampleBackend, Transfers};
use simulator::Simulator;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinHandle;

use crate::broker_toml::Broker;
use crate::console::{Problem, step};
use crate::event_sources::EventSources;
use crate::output::Output;
use crate::python::Venv;
use crate::services::{
    Guarded, StackSecrets, keep_broker_toml, start_functions, start_moto, start_sample, start_simulator,
    wait_for_functions,
};
use crate::stack_dir::StackDir;
use crate::{aws, cargo, staff_front, transfers};

/// How long to wait for the rest of the log after the programs have ended.
const LOG_TIMEOUT: Duration = Duration::from_secs(10);

/// The options of a stack.
pub(crate) struct StackOptions {
    pub(crate) dir: StackDir,
    /// Run the functions too, not only the services that they call.
    pub(crate) functions: bool,
    /// Build and restart the functions after an edit.
    pub(crate) reload: bool,
    /// Print the events of the stack.
    pub(crate) echo: bool,
    /// The original `broker.toml`: the one in the root, or the tests' own.
    pub(crate) broker_toml: PathBuf,
    /// Text to append to the local copy of `broker.toml`.
    pub(crate) more_config: String,
    /// Languages to add to those of `broker.toml`.
    pub(crate) languages: Vec<String>,
    /// The pause between two runs of `reconcile`.
    pub(crate) reconcile_every: Duration,
}

/// Installs and builds what every stack needs. The result has the local AWS and `cargo lambda`.
pub(crate) async fn prepare(functions: bool) -> Result<Venv, Problem> {
    let requirements = cargo::root().join("local/requirements.txt");
    let (venv, ()) = tokio::try_join!(
        Venv::install(cargo::root().join(".local/venv"), &requirements),
        build_functions(functions),
    )?;
    Ok(venv)
}

/// Builds the functions in the foreground. `cargo lambda watch` then has nothing to build.
async fn build_functions(wanted: bool) -> Result<(), Problem> {
    if !wanted {
        return Ok(());
    }
    step("Building", "the functions (the first time takes some minutes)");
    match cargo::run(&["build", "--locked"], &[]).await? {
        0 => Ok(()),
        _ => Err(Problem::new(
            "The functions do not build; the compiler's messages are above.",
        )),
    }
}

/// What the other services need to know of the broker. It is read once, at the start.
pub(crate) fn read_broker(broker_toml: &Path) -> Broker {
    Broker::from_toml(&fs::read_to_string(broker_toml).unwrap_or_default())
}

/// A running stack; stops when dropped.
pub(crate) struct Stack {
    functions: Option<Guarded>,
    moto: Guarded,
    _dynamodb: Front,
    simulator: Arc<Simulator>,
    sample: SampleBackend,
    broker_toml: JoinHandle<()>,
    event_sources: Option<EventSources>,
    staff_front: JoinHandle<()>,
    pub(crate) dir: StackDir,
    /// Ends when the programs have ended and their output is in the log.
    output: Option<JoinHandle<()>>,
    /// The file with the output of all programs.
    pub(crate) log: PathBuf,
}

impl Stack {
    /// Starts a stack, and waits until the functions respond. `venv` is from [`prepare`].
    pub(crate) async fn start(options: &StackOptions, venv: &Venv) -> Result<Self, Problem> {
        let StackOptions { dir, .. } = options;
        let ports = dir.ports;
        dir.check_ports()?;
        step("Starting", "the simulated cTrader and the local AWS");
        let broker = read_broker(&options.broker_toml);
        let secrets = StackSecrets::load(dir, &broker)?;
        let (database, dynamodb) = aws::serve_dynamodb(ports.dynamodb, &dir.file("ledger.sqlite")).await?;
        let simulator = start_simulator(dir, &broker, &secrets).await?;
        let transfers = {
            let (database, methods) = (database.clone(), broker.transfers.clone());
            Transfers::new(move || transfers::open_transfers(&database, &methods))
        };
        let sample = start_sample(ports, &simulator, &secrets, transfers).await?;
        let broker_toml = keep_broker_toml(options, &simulator, &sample)?;

        let (lines, receiver) = unbounded_channel();
        let log = dir.file("stack.log");
        let output = Output::new(&log, &dir.env_file(), options.echo, Arc::clone(&simulator))?;
        let mut stack = Self {
            functions: None,
            _dynamodb: dynamodb,
            moto: start_moto(venv, ports.moto, &lines).await?,
            simulator,
            sample,
            broker_toml,
            event_sources: None,
            staff_front: staff_front::start(ports).await?,
            dir: dir.clone(),
            output: Some(tokio::spawn(output.run(receiver))),
            log,
        };
        let create_resources = async {
            secrets.upload(ports.moto, &broker).await?;
            let queue = aws::create_bus(ports.moto).await?;
            Ok((aws::create_assertion_key(ports.moto).await?, queue))
        };
        let (assertion_key, queue) = stack.unless_ended(create_resources).await?;
        let sources = EventSources::start(database, ports, queue, options.reconcile_every);
        stack.event_sources = Some(sources);
        let env_file = dir.write_env_file(&assertion_key)?;
        if options.functions {
            step("Starting", "the functions");
            stack.functions = Some(start_functions(venv, options, &env_file, &lines).await?);
            stack.unless_ended(wait_for_functions(ports.functions)).await?;
        }
        Ok(stack)
    }

    /// Awaits `work`. Fails if a program of the stack ends first.
    async fn unless_ended<T>(
        &mut self,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let log = self.log.clone();
        tokio::select! {
            result = work => result.map_err(|problem| {
                Problem::new(format!("{problem}\nThe output of the programs is in {}", log.display()))
            }),
            ended = self.ended() => Err(ended),
        }
    }

    /// Prints the addresses.
    pub(crate) fn greet(&self) {
        eprintln!();
        step("Open", &self.terminal_url());
        step(
            "Back office",
            &format!("{}/back-office, for bank transfers", self.sample_url()),
        );
        let functions = self.functions_url();
        if self.functions.is_some() {
            let screens = ScreenKind::ALL.map(ScreenKind::as_str).join(", ");
            step("Functions", &format!("{functions}/inapp/{screens}"));
        } else {
            step(
                "Functions",
                &format!("not running. Run them yourself, on {functions}:"),
            );
            eprintln!("{}", self.dir.watch_command());
        }
        step(
            "Operators",
            &format!(
                "decide about deposits: set -a; . {}; set +a; cargo run -p inapp -- deposits list --open",
                self.dir.env_file()
            ),
        );
        step("Stop", "with Ctrl-C");
        eprintln!();
    }

    /// Waits until a program of the stack ends by itself, and names it.
    pub(crate) async fn ended(&mut self) -> Problem {
        let functions = async {
            match &mut self.functions {
                Some(functions) => (functions.program.name, functions.program.ended().await),
                None => std::future::pending().await,
            }
        };
        let (name, status) = tokio::select! {
            ended = functions => ended,
            status = self.moto.program.ended() => (self.moto.program.name, status),
        };
        let status = status.map_or_else(|problem| problem.to_string(), |status| status.to_string());
        Problem::new(format!(
            "{name} ended by itself ({status}), so everything was stopped. Its output is in {}",
            self.log.display()
        ))
    }

    /// Stops the stack, and waits until the log is complete.
    pub(crate) async fn stop(mut self) {
        let output = self.output.take();
        drop(self);
        if let Some(output) = output {
            // A timeout, in case a program survived and keeps its output open.
            let _ = tokio::time::timeout(LOG_TIMEOUT, output).await;
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

    pub(crate) fn dynamodb_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.dir.ports.dynamodb)
    }

    pub(crate) fn staff_url(&self) -> String {
        self.dir.ports.staff_url()
    }

    pub(crate) fn functions_url(&self) -> String {
        self.dir.ports.functions_url()
    }

    /// The e-mail addresses of the simulated users.
    pub(crate) fn emails(&self) -> Vec<String> {
        let users = self.simulator.users();
        users
            .iter()
            .filter_map(|user| Some(user.email?.to_owned()))
            .collect()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.broker_toml.abort();
        self.staff_front.abort();
    }
}
