//! The services of a test environment: what they recorded, and how they fail.

use std::time::Duration;

use serde_json::Value;
use simulator::{BalanceChange, Event, Simulator};

use super::{BACKEND_SECRET, MANAGER_TOKEN_SECRET, TestEnv, new_manager_token};
use crate::{EventBridgeFault, TestDeposits, unique};

/// The simulated cTrader.
impl TestEnv {
    /// The simulated cTrader itself, for its faults and its events.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// The balance changes of a simulated trading account.
    ///
    /// # Panics
    /// If there is no such account.
    pub fn balance_history(&self, login: u64) -> Vec<BalanceChange> {
        let users = self.simulator.users();
        let mut accounts = users.into_iter().flat_map(|user| user.accounts);
        let account = accounts.find(|account| account.login == login);
        account.expect("the account exists").history
    }

    /// How many times the function has asked cTrader to change a balance, failed calls included.
    pub fn balance_calls(&self) -> usize {
        let events = self.simulator.events();
        let is_balance_call = |event: &&Event| match event {
            Event::Called { path, .. } => path.ends_with("/changebalance"),
            Event::Lost { call: Some(call), .. } => call.ends_with("/changebalance"),
            _ => false,
        };
        events.iter().filter(is_balance_call).count()
    }

    /// Changes the manager token at cTrader and in Secrets Manager, as a broker does after a change of password.
    pub fn rotate_manager_token(&self) {
        let token = new_manager_token();
        self.set_secret(MANAGER_TOKEN_SECRET, Some(&token));
        self.simulator.set_manager_token(&token);
    }
}

/// DynamoDB.
impl TestEnv {
    /// All items of the table, as plain JSON without DynamoDB's type tags.
    pub fn items(&self) -> Vec<Value> {
        self.dynamodb.items()
    }

    /// The recorded requests among the [`items`](Self::items).
    pub fn requests(&self) -> Vec<Value> {
        self.items_of("request")
    }

    /// The deposits among the [`items`](Self::items).
    pub fn deposit_items(&self) -> Vec<Value> {
        self.items_of("deposit")
    }

    fn items_of(&self, kind: &str) -> Vec<Value> {
        let mut items = self.items();
        items.retain(|item| item["sk"] == kind);
        items
    }

    /// All records of the table's stream so far, for [`TestEnv::send_batch`].
    pub fn stream_records(&self) -> Vec<Value> {
        self.dynamodb.stream_records()
    }

    /// Access to the deposits in the table. The faults of the table do not affect it.
    pub fn deposits(&self) -> TestDeposits {
        TestDeposits::new(&self.dynamodb.direct_url())
    }

    /// While not available, every connection to the table breaks.
    pub fn set_table_available(&self, available: bool) {
        self.dynamodb.proxy.set_available(available);
    }

    /// The next `count` calls to the table take effect, but get no response. (The SDK retries.)
    pub fn lose_table_responses(&self, count: usize) {
        self.dynamodb.proxy.lose_responses(count);
    }
}

/// Secrets Manager.
impl TestEnv {
    /// Creates or changes a secret, or removes it if `value` is `None`. Its value is confidential.
    pub fn set_secret(&self, name: &str, value: Option<&str>) {
        self.leak_check.add_secret(value.unwrap_or_default());
        self.secrets.set(name, value);
    }

    /// Replaces the secret that signs calls to the broker's backend, and returns the new one.
    pub fn rotate_backend_secret(&self) -> String {
        // template.yaml generates base64 without a prefix.
        let secret = format!("{}{}{}", unique(), unique(), &unique()[..12]);
        self.set_secret(BACKEND_SECRET, Some(&secret));
        secret
    }

    /// The secret that signs calls to the broker's backend.
    pub fn backend_secret(&self) -> String {
        self.secrets.value(BACKEND_SECRET).unwrap_or_default()
    }

    /// Delays all responses of Secrets Manager.
    pub fn delay_secrets(&self, delay: Duration) {
        self.secrets.set_delay(delay);
    }

    /// While not available, Secrets Manager responds with 500.
    pub fn set_secrets_available(&self, available: bool) {
        self.secrets.set_available(available);
    }

    /// How many times the function has asked for a secret, failed calls included.
    pub fn secret_reads(&self, name: &str) -> usize {
        self.secrets.reads(name)
    }
}

/// EventBridge.
impl TestEnv {
    /// The entries that the function has put on the event bus, with `Detail` parsed as JSON.
    pub fn published_events(&self) -> Vec<Value> {
        self.event_bridge.published()
    }

    /// How many times the function has called EventBridge, failed calls included.
    pub fn event_bridge_calls(&self) -> usize {
        self.event_bridge.calls()
    }

    /// Fails the next calls of EventBridge, one fault each. (The SDK retries after status 500.)
    pub fn fail_event_bridge(&self, faults: impl IntoIterator<Item = EventBridgeFault>) {
        self.event_bridge.fail(faults);
    }
}

/// KMS.
impl TestEnv {
    /// Delays all responses of KMS.
    pub fn delay_kms(&self, delay: Duration) {
        self.kms.set_delay(delay);
    }

    /// While not available, KMS responds with 500.
    pub fn set_kms_available(&self, available: bool) {
        self.kms.set_available(available);
    }

    /// The public half of a KMS key, as an uncompressed point.
    pub fn public_key(&self, id: &str) -> Vec<u8> {
        self.kms.public_key(id)
    }

    /// How many times the function has called KMS, failed calls included.
    pub fn kms_calls(&self) -> usize {
        self.kms.calls()
    }
}
