//! The environment variables of a function's processes.

use super::{
    BACKEND_SECRET, CREDIT_MANAGER_TOKEN_SECRET, DEMO_CONFIG, MANAGER_TOKEN_SECRET, PAYMENT_SECRETS,
    SESSION_KEY_SECRET, TestEnv, TestEnvOptions,
};
use crate::fake_event_bridge::EVENT_BUS;
use crate::fake_kms::ASSERTION_KEYS;

impl TestEnv {
    /// The variables that Lambda and template.yaml set, with those of the options on top.
    pub(super) fn variables(&self, options: &TestEnvOptions) -> Vec<(String, String)> {
        let backend = self.simulator.backend_url();
        let webserv_url = if options.ctid2_under_cid {
            backend.as_str()
        } else {
            ""
        };
        let credit_manager = if options.credit_manager {
            CREDIT_MANAGER_TOKEN_SECRET
        } else {
            ""
        };
        let mut variables: Vec<(String, String)> = [
            ("ASSERTION_KEY_IDS", ASSERTION_KEYS[0]),
            ("AWS_ACCESS_KEY_ID", "canary-key-id"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ENDPOINT_URL_DYNAMODB", &self.dynamodb.url()),
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", &self.event_bridge.url),
            ("AWS_ENDPOINT_URL_KMS", &self.kms.url),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &self.secrets.url),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/inapp"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "test"),
            ("AWS_LAMBDA_RUNTIME_API", &self.runtime_api.address),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_SECRET_ACCESS_KEY", "canary-access-key"),
            ("BACKEND_SECRET_ID", BACKEND_SECRET),
            ("BROKER_CONFIG", &self.write_broker_config(options)),
            ("CTRADER_ACCOUNT_ID_IS", "login"),
            ("CTRADER_BASE_URL", &self.simulator.ctid2_url()),
            ("CTRADER_REDEEM_API", options.redeem_api),
            ("CTRADER_WEBSERV_URL", webserv_url),
            ("CREDIT_MANAGER_TOKEN_SECRET_ID", credit_manager),
            ("EVENT_BUS", EVENT_BUS),
            ("LEDGER_TABLE", embedded_table::TABLE),
            ("MANAGER_TOKEN_SECRET_ID", MANAGER_TOKEN_SECRET),
            ("PAYMENT_SECRETS_ID", PAYMENT_SECRETS),
            ("PUBLIC_URL", ""),
            ("SESSION_KEY_SECRET_ID", SESSION_KEY_SECRET),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, value) in &options.env {
            variables.retain(|(other, _)| other != name);
            if let Some(value) = value {
                variables.push(((*name).to_owned(), value.clone()));
            }
        }
        variables
    }

    /// Writes `broker.toml` for the processes, and returns its path.
    fn write_broker_config(&self, options: &TestEnvOptions) -> String {
        let config = options.broker_config.as_deref().unwrap_or(DEMO_CONFIG);
        let path = self.processes.write("broker.toml", config);
        path.display().to_string()
    }
}
