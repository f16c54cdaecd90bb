//! A second function in a test environment.

use std::time::Duration;

use serde_json::Value;

use crate::fake_runtime_api::FakeRuntimeApi;
use crate::processes::{Processes, json_lines};

/// Another function that calls the same services as the function of a [`TestEnv`](crate::TestEnv); ends when
/// dropped.
pub struct SecondFunction {
    // Fields drop in this order: the processes stop first.
    processes: Processes,
    runtime_api: FakeRuntimeApi,
    env: Vec<(String, String)>,
    binary: String,
    instances: usize,
}

impl SecondFunction {
    /// Starts `instances` processes with these environment variables.
    pub(crate) fn start(
        binary: &str,
        instances: usize,
        mut env: Vec<(String, String)>,
        runtime_api: FakeRuntimeApi,
    ) -> Self {
        env.retain(|(name, _)| name != "AWS_LAMBDA_RUNTIME_API");
        env.push(("AWS_LAMBDA_RUNTIME_API".to_owned(), runtime_api.address.clone()));
        let function = Self {
            processes: Processes::new(),
            runtime_api,
            env,
            binary: binary.to_owned(),
            instances,
        };
        function.restart();
        function
    }

    /// Invokes the function and returns its result; `None` if it was killed meanwhile.
    ///
    /// # Panics
    /// If there is no result within half a minute.
    pub async fn trigger(&self, event: Value) -> Option<Result<Value, Value>> {
        let invocation = self.runtime_api.invoke(event);
        let result = tokio::time::timeout(Duration::from_secs(30), invocation).await;
        result.expect("the function finishes in time").ok()
    }

    /// Kills the processes, even in the middle of an invocation, and starts new ones.
    pub fn restart(&self) {
        self.processes.clear();
        for _ in 0..self.instances {
            self.processes.spawn(&self.binary, &self.env);
        }
    }

    /// The JSON lines that the function has logged so far.
    pub fn log(&self) -> Vec<Value> {
        json_lines(&self.log_text())
    }

    pub(crate) fn log_text(&self) -> String {
        self.processes.log()
    }
}
