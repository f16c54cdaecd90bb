//! The stage: a function's processes among emulated neighbours.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{BalanceChange, Event, Identity, Mint, Options, Revision, Simulator};

use crate::bus::{BUS, Bus, BusFault};
use crate::canary::Canary;
use crate::kms::{ASSERTION_KEYS, Kms};
use crate::process::{Exit, Processes, json_lines};
use crate::runtime_api::{Finished, RuntimeApi, TIMEOUT};
use crate::secrets::Secrets;
use crate::table::Table;
use crate::{Answer, Deposits, Request, unique};

/// Name of the secret that holds the manager token: `MANAGER_TOKEN_SECRET_ID`.
pub const MANAGER_TOKEN_SECRET: &str = "inapp/manager-token";

/// Name of the secret that sessions are sealed with: `SESSION_KEY_SECRET_ID`.
pub const SESSION_KEY_SECRET: &str = "inapp/session-key";

/// Name of the secret that calls to the broker's backend are signed with: `BACKEND_SECRET_ID`.
pub const BACKEND_SECRET: &str = "inapp/backend-secret";

/// Name of the secret with what payment notifications are signed with: `PAYMENT_SECRETS_ID`.
pub const PAYMENT_SECRETS: &str = "inapp/payment-secrets";

/// The broker file of the tests. The one at the root of the repository may be any broker's.
pub const DEMO_CONFIG: &str = include_str!("../../../tests/fixtures/demo.toml");

/// How a stage is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many processes serve the function's requests.
    pub instances: usize,
    /// `CTRADER_REDEEM_API`: `data` or `redeem`.
    pub redeem_api: &'static str,
    /// Content of a `broker.toml` in place of [`DEMO_CONFIG`].
    pub broker_config: Option<String>,
    /// Environment variables on top of the stage's own, which they replace; without a value they are absent.
    pub env: Vec<(&'static str, Option<String>)>,
    /// How long Lambda gives the function for one invocation: `Timeout` of template.yaml.
    pub timeout: Duration,
}

impl Default for Setup {
    /// One process, revision `data`, the broker of the tests.
    fn default() -> Self {
        Self {
            instances: 1,
            redeem_api: "data",
            broker_config: None,
            env: Vec::new(),
            timeout: TIMEOUT,
        }
    }
}

impl Setup {
    /// With this environment variable.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, Some(value.to_owned())));
        self
    }

    /// Without this environment variable.
    #[must_use]
    pub fn without(mut self, name: &'static str) -> Self {
        self.env.push((name, None));
        self
    }
}

/// A function that runs, and all that it calls. Ends when dropped, and then panics if something confidential was
/// written to the log or told in an error.
pub struct Stage {
    // In the order in which they stop: the processes first.
    processes: Processes,
    runtime_api: RuntimeApi,
    secrets: Secrets,
    kms: Kms,
    bus: Bus,
    table: Table,
    simulator: Simulator,
    canary: Canary,
    instances: usize,
    timeout: Duration,
}

impl Stage {
    /// Starts the function whose binary this is, for example `env!("CARGO_BIN_EXE_deposit")`. Requests can be sent at
    /// once: they wait until it is up, as they do in Lambda.
    ///
    /// # Panics
    /// If anything does not start.
    pub async fn start(binary: &str, setup: Setup) -> Self {
        let manager_token = format!("canary-manager-token-{}", unique());
        let session_key = format!("canary-session-key-{}{}", unique(), unique());
        let revision = match setup.redeem_api {
            "redeem" => Revision::Redeem,
            _ => Revision::Data,
        };
        let options = Options {
            manager_token: manager_token.clone(),
            revision,
            ..Options::default()
        };
        let stage = Self {
            processes: Processes::new(),
            runtime_api: RuntimeApi::start(setup.timeout).await,
            secrets: Secrets::start().await,
            kms: Kms::start().await,
            bus: Bus::start().await,
            table: Table::start().await,
            simulator: Simulator::start(options)
                .await
                .expect("the simulated cTrader starts"),
            canary: Canary::default(),
            instances: setup.instances,
            timeout: setup.timeout,
        };
        stage.set_secret(MANAGER_TOKEN_SECRET, Some(&manager_token));
        stage.set_secret(SESSION_KEY_SECRET, Some(&session_key));
        stage.set_secret(BACKEND_SECRET, Some(&backend_secret()));
        for email in stage.simulator.users().iter().filter_map(|user| user.email) {
            stage.canary.forbid("an e-mail address", email);
        }
        let env = stage.environment(&setup);
        for _ in 0..setup.instances {
            stage.processes.spawn(binary, &env);
        }
        stage
    }

    /// Ends the function's processes and starts it anew, as a deployment does, among the same neighbours.
    pub fn restart(&self, binary: &str, setup: &Setup) {
        self.processes.end();
        let env = self.environment(setup);
        for _ in 0..setup.instances {
            self.processes.spawn(binary, &env);
        }
    }

    /// Starts another function among the same neighbours. Its log is looked through by [`Stage::check_beside`].
    pub async fn beside(&self, binary: &str, setup: &Setup) -> Beside {
        let beside = Beside {
            processes: Processes::new(),
            runtime_api: RuntimeApi::start(setup.timeout).await,
            env: Vec::new(),
            binary: binary.to_owned(),
            instances: setup.instances,
        };
        let mut env = self.environment(setup);
        env.retain(|(name, _)| name != "AWS_LAMBDA_RUNTIME_API");
        env.push((
            "AWS_LAMBDA_RUNTIME_API".to_owned(),
            beside.runtime_api.address.clone(),
        ));
        let beside = Beside { env, ..beside };
        beside.restart();
        beside
    }

    /// Looks for confidential texts in the log of a function beside this one.
    ///
    /// # Panics
    /// If there are any.
    pub fn check_beside(&self, beside: &Beside) {
        let report = self.canary.report(&beside.processes.log());
        assert!(report.is_empty(), "the canary found:\n{report}");
    }

    /// Starts the function with settings that it must refuse, and returns how it ended.
    ///
    /// # Panics
    /// If it runs on.
    pub async fn run_to_exit(binary: &str, setup: Setup) -> Exit {
        let stage = Self::start(binary, setup).await;
        stage.processes.exit(TIMEOUT).await
    }

    /// Returns once every process has started and asks for work.
    ///
    /// # Panics
    /// If one ends before.
    pub async fn ready(&self) {
        self.or_ended(self.runtime_api.polled(self.instances)).await;
    }

    /// Sends `GET path?query`, with `query` as it stands in a URL.
    pub async fn get(&self, path: &str, query: &str) -> Answer {
        self.send(Request::get(path).query(query)).await
    }

    /// Sends a request, as API Gateway does.
    pub async fn send(&self, request: Request) -> Answer {
        self.invoke(request.event()).await
    }

    /// Invokes the function with an event.
    ///
    /// # Panics
    /// If a process ends, or there is no answer in the time that Lambda gives.
    pub async fn invoke(&self, event: Value) -> Answer {
        let answer = match self.run(event).await {
            Ok(response) => Answer::of_response(&response),
            Err(failure) => Answer::of_failure(failure),
        };
        self.canary.note(&answer);
        answer
    }

    /// Hands the function a batch of records, of a stream or of a queue, and returns the identifiers of those that are to
    /// be handed over again.
    ///
    /// # Panics
    /// As [`Stage::invoke`]; and if the function fails altogether.
    pub async fn hand_over(&self, records: &[Value]) -> Vec<String> {
        let answer = self.run(json!({ "Records": records })).await;
        let answer = answer.unwrap_or_else(|failure| panic!("the function failed: {failure}"));
        let failures = answer["batchItemFailures"].as_array();
        let failures = failures.unwrap_or_else(|| panic!("no batchItemFailures in {answer}"));
        let identifier = |failure: &Value| failure["itemIdentifier"].as_str().unwrap().to_owned();
        failures.iter().map(identifier).collect()
    }

    /// Invokes a function that answers nobody, as EventBridge does, and returns what it returned.
    ///
    /// # Errors
    /// What the function reported, if it failed.
    pub async fn trigger(&self, event: Value) -> Result<Value, Value> {
        self.run(event).await
    }

    async fn run(&self, event: Value) -> Finished {
        self.canary.forbid_event(&event);
        let finished = self.or_ended(self.runtime_api.invoke(event)).await;
        finished.expect("the Runtime API answers all invocations")
    }

    /// Mints a one-time token. Where the identity is the test's own, [`Stage::mint_for`] guards its e-mail address too.
    pub fn mint(&self, mint: Mint) -> String {
        let token = self.simulator.mint(mint);
        self.canary.forbid("a one-time token", &token);
        token
    }

    /// Mints a one-time token for any identity, complete or not.
    pub fn mint_for(&self, identity: Identity) -> String {
        if let Some(email) = &identity.email {
            self.canary.forbid("an e-mail address", email);
        }
        self.mint(Mint::identity(identity))
    }

    /// The simulated cTrader, for its faults and its events.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// The items that are in the ledger table, as plain JSON without DynamoDB's type tags.
    pub fn items(&self) -> Vec<Value> {
        self.table.items()
    }

    /// The recorded requests among the [`items`](Self::items).
    pub fn requests(&self) -> Vec<Value> {
        let mut items = self.items();
        items.retain(|item| item["sk"] == "request");
        items
    }

    /// The deposits among the [`items`](Self::items).
    pub fn deposit_items(&self) -> Vec<Value> {
        let mut items = self.items();
        items.retain(|item| item["sk"] == "deposit");
        items
    }

    /// What the table's stream has so far, as Lambda hands it over: see [`Stage::hand_over`].
    pub fn stream(&self) -> Vec<Value> {
        self.table.stream()
    }

    /// The deposits in the table, which answers tests whatever it does to the function.
    pub fn deposits(&self) -> Deposits {
        Deposits::at(&self.table.url_past_the_gate())
    }

    /// How the balance of a simulated trading account came about.
    ///
    /// # Panics
    /// If there is no such account.
    pub fn balance_history(&self, login: u64) -> Vec<BalanceChange> {
        let users = self.simulator.users();
        let mut accounts = users.into_iter().flat_map(|user| user.accounts);
        let account = accounts.find(|account| account.login == login);
        account.expect("there is such an account").history
    }

    /// How often the function has asked cTrader to change a balance, with or without success.
    pub fn balance_calls(&self) -> usize {
        let events = self.simulator.events();
        let to_change = |event: &&Event| match event {
            Event::Called { path, .. } => path.ends_with("/changebalance"),
            Event::Lost { call: Some(call), .. } => call.ends_with("/changebalance"),
            _ => false,
        };
        events.iter().filter(to_change).count()
    }

    /// Makes the table reachable or unreachable: every connection to it is broken.
    pub fn table_available(&self, available: bool) {
        self.table.gate.set_open(available);
    }

    /// Lets the next calls to the table take effect without an answer. (The SDK tries again.)
    pub fn table_loses_answers(&self, times: usize) {
        self.table.gate.lose_answers(times);
    }

    /// Makes, changes or removes a secret.
    pub fn set_secret(&self, name: &str, value: Option<&str>) {
        self.canary.forbid_secret(value.unwrap_or_default());
        self.secrets.set(name, value);
    }

    /// Puts a new secret in the place of the one that calls to the broker's backend are signed with, and returns it.
    pub fn rotate_backend_secret(&self) -> String {
        let secret = backend_secret();
        self.set_secret(BACKEND_SECRET, Some(&secret));
        secret
    }

    /// The secret that calls to the broker's backend are signed with.
    pub fn backend_secret(&self) -> String {
        self.secrets.value(BACKEND_SECRET).unwrap_or_default()
    }

    /// Makes Secrets Manager answer this much later.
    pub fn delay_secrets(&self, delay: Duration) {
        self.secrets.set_delay(delay);
    }

    /// Makes Secrets Manager answer, or fail with status 500.
    pub fn secrets_available(&self, available: bool) {
        self.secrets.set_available(available);
    }

    /// How often the function has asked for a secret, with or without success.
    pub fn secret_reads(&self, name: &str) -> usize {
        self.secrets.reads(name)
    }

    /// What the function has put on the event bus: the entries, with `Detail` as JSON in place of its text.
    pub fn events(&self) -> Vec<Value> {
        self.bus.taken()
    }

    /// How often the function has called the event bus, with or without success.
    pub fn bus_calls(&self) -> usize {
        self.bus.calls()
    }

    /// Makes the event bus answer the next calls so, one each. (The SDK tries again after a status of 500.)
    pub fn bus_fails(&self, faults: impl IntoIterator<Item = BusFault>) {
        self.bus.fail(faults);
    }

    /// Makes KMS answer this much later.
    pub fn delay_kms(&self, delay: Duration) {
        self.kms.set_delay(delay);
    }

    /// Makes KMS answer, or fail with status 500.
    pub fn kms_available(&self, available: bool) {
        self.kms.set_available(available);
    }

    /// The public half of a KMS key, as an uncompressed point.
    pub fn public_key(&self, id: &str) -> Vec<u8> {
        self.kms.public_key(id)
    }

    /// How often the function has called KMS, with or without success.
    pub fn kms_calls(&self) -> usize {
        self.kms.calls()
    }

    /// Changes the manager token at cTrader and in Secrets Manager, as a broker does after a change of password.
    pub fn rotate_manager_token(&self) {
        let token = format!("canary-manager-token-{}", unique());
        self.set_secret(MANAGER_TOKEN_SECRET, Some(&token));
        self.simulator.set_manager_token(&token);
    }

    /// The JSON lines that the processes have written so far.
    pub fn log(&self) -> Vec<Value> {
        json_lines(&self.log_text())
    }

    /// The log lines of requests (`"event":"request"`).
    pub fn request_log(&self) -> Vec<Value> {
        let mut lines = self.log();
        lines.retain(|line| line["event"] == "request");
        lines
    }

    /// All that the processes have written so far.
    pub fn log_text(&self) -> String {
        self.processes.log()
    }

    /// Makes a text confidential: see [`Stage::check`].
    pub fn forbid(&self, text: &str) {
        self.canary.forbid("a forbidden text", text);
    }

    /// Looks for confidential texts in the log and the errors so far.
    ///
    /// # Panics
    /// If there are any.
    pub fn check(&self) {
        let report = self.canary.report(&self.log_text());
        assert!(report.is_empty(), "the canary found:\n{report}");
    }

    fn environment(&self, setup: &Setup) -> Vec<(String, String)> {
        let mut env: Vec<(String, String)> = [
            ("ASSERTION_KEY_IDS", ASSERTION_KEYS[0]),
            ("AWS_ACCESS_KEY_ID", "canary-key-id"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.table.url()),
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", &self.bus.url),
            ("AWS_ENDPOINT_URL_KMS", &self.kms.url),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &self.secrets.url),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/inapp"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "stage"),
            ("AWS_LAMBDA_RUNTIME_API", &self.runtime_api.address),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_SECRET_ACCESS_KEY", "canary-access-key"),
            ("BACKEND_SECRET_ID", BACKEND_SECRET),
            ("CTRADER_BASE_URL", &self.simulator.backend_url()),
            ("CTRADER_REDEEM_API", setup.redeem_api),
            ("EVENT_BUS", BUS),
            ("LEDGER_TABLE", embedded_table::TABLE),
            ("MANAGER_TOKEN_SECRET_ID", MANAGER_TOKEN_SECRET),
            ("PAYMENT_SECRETS_ID", PAYMENT_SECRETS),
            ("PUBLIC_URL", ""),
            ("SESSION_KEY_SECRET_ID", SESSION_KEY_SECRET),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let config = setup.broker_config.as_deref().unwrap_or(DEMO_CONFIG);
        let config = self.processes.write("broker.toml", config);
        env.push(("BROKER_CONFIG".to_owned(), config.display().to_string()));
        for (name, value) in &setup.env {
            env.retain(|(other, _)| other != name);
            if let Some(value) = value {
                env.push(((*name).to_owned(), value.clone()));
            }
        }
        env
    }

    /// Awaits what only a live function can bring about.
    async fn or_ended<T>(&self, hoped: impl Future<Output = T>) -> T {
        let ended = async {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if let Some(code) = self.processes.ended() {
                    return code;
                }
            }
        };
        tokio::select! {
            biased;
            done = hoped => done,
            code = ended => panic!("the function ended with code {code:?}, after it wrote:\n{}", self.log_text()),
            () = tokio::time::sleep(self.timeout) => panic!("timed out after {:?}; the function wrote:\n{}", self.timeout, self.log_text()),
        }
    }
}

/// As the template makes it: base64 without a prefix.
fn backend_secret() -> String {
    format!("{}{}{}", unique(), unique(), &unique()[..12])
}

/// Another function among the neighbours of a [`Stage`]; ends when dropped.
pub struct Beside {
    // The processes stop first.
    processes: Processes,
    runtime_api: RuntimeApi,
    env: Vec<(String, String)>,
    binary: String,
    instances: usize,
}

impl Beside {
    /// Invokes it, and returns what it returned; `None` if it was killed meanwhile.
    ///
    /// # Panics
    /// If there is no answer within half a minute.
    pub async fn trigger(&self, event: Value) -> Option<Result<Value, Value>> {
        let done = self.runtime_api.invoke(event);
        let done = tokio::time::timeout(Duration::from_secs(30), done).await;
        done.expect("the function answers").ok()
    }

    /// Kills it, whatever it is doing, and starts it anew.
    pub fn restart(&self) {
        self.processes.end();
        for _ in 0..self.instances {
            self.processes.spawn(&self.binary, &self.env);
        }
    }

    /// The JSON lines that it has written so far.
    pub fn log(&self) -> Vec<Value> {
        json_lines(&self.processes.log())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.processes.kill();
        if std::thread::panicking() {
            // The test has failed already; this helps to see why.
            eprintln!("---- what the function wrote ----\n{}", self.log_text());
        } else {
            self.check();
        }
    }
}
