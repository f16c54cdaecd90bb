//! The test environment: a function's processes and the services that they call.

mod options;
mod services;
mod variables;

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{EMAIL_IN_DESCRIPTIONS, Identity, Mint, Options, Revision, Simulator};

use crate::fake_dynamodb::FakeDynamoDb;
use crate::fake_event_bridge::FakeEventBridge;
use crate::fake_kms::FakeKms;
use crate::fake_runtime_api::{DEFAULT_TIMEOUT, FakeRuntimeApi};
use crate::fake_secrets_manager::FakeSecretsManager;
use crate::leak_check::LeakCheck;
use crate::processes::{Exit, Processes, json_lines};
use crate::{HttpResponse, Request, SecondFunction, unique};

pub use options::TestEnvOptions;

/// Name of the secret with the manager token: `MANAGER_TOKEN_SECRET_ID`.
pub const MANAGER_TOKEN_SECRET: &str = "inapp/manager-token";

/// Name of the secret with the token of the manager that credits deposits: `CREDIT_MANAGER_TOKEN_SECRET_ID`.
pub const CREDIT_MANAGER_TOKEN_SECRET: &str = "inapp/credit-manager-token";

/// Name of the secret that seals sessions: `SESSION_KEY_SECRET_ID`.
pub const SESSION_KEY_SECRET: &str = "inapp/session-key";

/// Name of the secret that signs calls to the broker's backend: `BACKEND_SECRET_ID`.
pub const BACKEND_SECRET: &str = "inapp/backend-secret";

/// Name of the secret that payment notifications are verified with: `PAYMENT_SECRETS_ID`.
pub const PAYMENT_SECRETS: &str = "inapp/payment-secrets";

/// The tests' own `broker.toml`, because a broker may change the one at the root of the repository.
pub const DEMO_CONFIG: &str = include_str!("../../../tests/fixtures/demo.toml");

/// A running function and all services that it calls.
///
/// Stops when dropped, and then panics if the log or an error response contains a confidential text.
pub struct TestEnv {
    // Fields drop in this order: the processes stop first.
    processes: Processes,
    runtime_api: FakeRuntimeApi,
    secrets: FakeSecretsManager,
    kms: FakeKms,
    event_bridge: FakeEventBridge,
    dynamodb: FakeDynamoDb,
    simulator: Simulator,
    leak_check: LeakCheck,
    instances: usize,
    timeout: Duration,
}

impl TestEnv {
    /// Starts the function with this binary, for example `env!("CARGO_BIN_EXE_deposit")`. Tests can send requests at
    /// once: as in Lambda, requests wait until the function is up.
    ///
    /// # Panics
    /// If anything does not start.
    pub async fn start(binary: &str, options: TestEnvOptions) -> Self {
        let manager_token = new_manager_token();
        let env = Self {
            processes: Processes::new(),
            runtime_api: FakeRuntimeApi::start(options.timeout).await,
            secrets: FakeSecretsManager::start().await,
            kms: FakeKms::start().await,
            event_bridge: FakeEventBridge::start().await,
            dynamodb: FakeDynamoDb::start().await,
            simulator: start_simulator(&manager_token, &options).await,
            leak_check: LeakCheck::default(),
            instances: options.instances,
            timeout: options.timeout,
        };
        env.set_secret(MANAGER_TOKEN_SECRET, Some(&manager_token));
        if options.credit_manager {
            let token = new_manager_token();
            env.set_secret(CREDIT_MANAGER_TOKEN_SECRET, Some(&token));
            env.simulator.set_credit_manager_token(&token);
        }
        env.leak_check.add("an e-mail address", EMAIL_IN_DESCRIPTIONS);
        let session_key = format!("canary-session-key-{}{}", unique(), unique());
        env.set_secret(SESSION_KEY_SECRET, Some(&session_key));
        env.rotate_backend_secret();
        for email in env.simulator.users().iter().filter_map(|user| user.email) {
            env.leak_check.add("an e-mail address", email);
        }
        env.spawn(binary, &options);
        env
    }

    /// Kills the function's processes and starts new ones, as a deployment does. The services keep their state.
    pub fn restart(&self, binary: &str, options: &TestEnvOptions) {
        self.processes.clear();
        self.spawn(binary, options);
    }

    fn spawn(&self, binary: &str, options: &TestEnvOptions) {
        let variables = self.variables(options);
        for _ in 0..options.instances {
            self.processes.spawn(binary, &variables);
        }
    }

    /// Starts another function that calls the same services. [`TestEnv::check_second_function`] checks its log.
    pub async fn start_second_function(&self, binary: &str, options: &TestEnvOptions) -> SecondFunction {
        let runtime_api = FakeRuntimeApi::start(options.timeout).await;
        SecondFunction::start(binary, options.instances, self.variables(options), runtime_api)
    }

    /// Searches the log of a second function for confidential texts.
    ///
    /// # Panics
    /// If the log contains one.
    pub fn check_second_function(&self, function: &SecondFunction) {
        self.check_log(&function.log_text());
    }

    /// Starts the function with options that it must reject, and returns how it exited.
    ///
    /// # Panics
    /// If it does not exit.
    pub async fn run_to_exit(binary: &str, options: TestEnvOptions) -> Exit {
        let env = Self::start(binary, options).await;
        env.processes.wait_for_exit(DEFAULT_TIMEOUT).await
    }

    /// Waits until every process has started and asks for work.
    ///
    /// # Panics
    /// If one exits before.
    pub async fn wait_until_ready(&self) {
        self.unless_exited(self.runtime_api.wait_for_polls(self.instances))
            .await;
    }

    /// Sends `GET path?query`. `query` is encoded, as in a URL.
    pub async fn get(&self, path: &str, query: &str) -> HttpResponse {
        self.send(Request::get(path).query(query)).await
    }

    /// Sends a request, as API Gateway does.
    pub async fn send(&self, request: Request) -> HttpResponse {
        self.invoke(request.event()).await
    }

    /// Invokes the function with an API Gateway event.
    ///
    /// # Panics
    /// If a process exits, or if there is no response before the timeout.
    pub async fn invoke(&self, event: Value) -> HttpResponse {
        let response = match self.trigger(event).await {
            Ok(response) => HttpResponse::from_response(&response),
            Err(failure) => HttpResponse::from_failure(failure),
        };
        self.leak_check.add_response(&response);
        response
    }

    /// Invokes the function with a batch of stream or queue records. Returns the identifiers of those to be retried.
    ///
    /// # Panics
    /// As [`TestEnv::invoke`], and if the function reports an error.
    pub async fn send_batch(&self, records: &[Value]) -> Vec<String> {
        let result = self.trigger(json!({ "Records": records })).await;
        let response = result.unwrap_or_else(|failure| panic!("the function failed: {failure}"));
        let failures = response["batchItemFailures"]
            .as_array()
            .unwrap_or_else(|| panic!("no batchItemFailures in {response}"));
        let identifier = |failure: &Value| failure["itemIdentifier"].as_str().unwrap().to_owned();
        failures.iter().map(identifier).collect()
    }

    /// Invokes the function with any event, and returns its result.
    ///
    /// # Errors
    /// The error that the function reported.
    ///
    /// # Panics
    /// As [`TestEnv::invoke`].
    pub async fn trigger(&self, event: Value) -> Result<Value, Value> {
        self.leak_check.add_event(&event);
        let result = self.unless_exited(self.runtime_api.invoke(event)).await;
        result.expect("the Runtime API keeps all invocations")
    }

    /// Mints a one-time token for a user of the simulator. For any other identity use [`TestEnv::mint_for`].
    pub fn mint(&self, mint: Mint) -> String {
        let token = self.simulator.mint(mint);
        self.leak_check.add("a one-time token", &token);
        token
    }

    /// Mints a one-time token for any identity, even an incomplete one, and makes its e-mail address confidential.
    pub fn mint_for(&self, identity: Identity) -> String {
        if let Some(email) = &identity.email {
            self.leak_check.add("an e-mail address", email);
        }
        self.mint(Mint::identity(identity))
    }

    /// The JSON lines that the processes have logged so far.
    pub fn log(&self) -> Vec<Value> {
        json_lines(&self.log_text())
    }

    /// The log lines of requests (`"event":"request"`).
    pub fn request_log(&self) -> Vec<Value> {
        let mut lines = self.log();
        lines.retain(|line| line["event"] == "request");
        lines
    }

    /// Everything that the processes have written so far.
    pub fn log_text(&self) -> String {
        self.processes.log()
    }

    /// Makes a text confidential: see [`TestEnv::check_for_leaks`].
    pub fn mark_confidential(&self, text: &str) {
        self.leak_check.add("a confidential text", text);
    }

    /// Searches the log and the error responses so far for confidential texts.
    ///
    /// # Panics
    /// If they contain one.
    pub fn check_for_leaks(&self) {
        self.check_log(&self.log_text());
    }

    fn check_log(&self, log: &str) {
        let report = self.leak_check.report(log);
        assert!(report.is_empty(), "the leak check found:\n{report}");
    }

    /// Awaits `work`, and panics if a process exits or the timeout passes first.
    async fn unless_exited<T>(&self, work: impl Future<Output = T>) -> T {
        let exit = async {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if let Some(code) = self.processes.exit_code() {
                    return code;
                }
            }
        };
        tokio::select! {
            biased;
            result = work => result,
            code = exit => panic!("the function exited with code {code:?}; it wrote:\n{}", self.log_text()),
            () = tokio::time::sleep(self.timeout) => {
                panic!("no result within {:?}; the function wrote:\n{}", self.timeout, self.log_text())
            }
        }
    }
}

impl Drop for TestEnv {
    fn drop(&mut self) {
        self.processes.kill();
        if std::thread::panicking() {
            // The test has failed already; the log helps to see why.
            eprintln!("---- the function wrote ----\n{}", self.log_text());
        } else {
            self.check_for_leaks();
        }
    }
}

async fn start_simulator(manager_token: &str, options: &TestEnvOptions) -> Simulator {
    let options = Options {
        manager_token: manager_token.to_owned(),
        ctid2_under_cid: options.ctid2_under_cid,
        revision: if options.redeem_api == "redeem" {
            Revision::Redeem
        } else {
            Revision::Data
        },
        ..Options::default()
    };
    let simulator = Simulator::start(options).await;
    simulator.expect("the simulated cTrader starts")
}

fn new_manager_token() -> String {
    format!("canary-manager-token-{}", unique())
}
