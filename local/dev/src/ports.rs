//! The ports of a stack.

use std::net::TcpListener;

use crate::console::Problem;

/// The first port of `cargo dev`, unless `INAPP_PORT_BASE` says otherwise.
pub(crate) const DEV_BASE: u16 = 9000;

/// The first port of `cargo e2e`, unless `INAPP_PORT_BASE` says otherwise.
pub(crate) const E2E_BASE: u16 = 9100;

/// Eight consecutive ports.
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
    /// The sample backend, which replaces the demo broker's website.
    pub(crate) sample: u16,
    /// A broker's website that the browser tests serve themselves.
    pub(crate) website: u16,
    /// API Gateway in front of the function `staff`.
    pub(crate) staff: u16,
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
            staff: base + 7,
        }
    }
}

impl Ports {
    /// The ports from `INAPP_PORT_BASE` on, else from `default_base` on.
    pub(crate) fn from_env(default_base: u16) -> Result<Self, Problem> {
        let Ok(text) = std::env::var("INAPP_PORT_BASE") else {
            return Ok(Self::from(default_base));
        };
        match text.parse() {
            Ok(base @ 1..=65_000) => Ok(Self::from(base)),
            _ => Err(Problem::new(format!(
                "INAPP_PORT_BASE={text} is not a number from 1 to 65000"
            ))),
        }
    }

    /// The ports of the stack with this number, counted from 0. Stacks are ten ports apart.
    pub(crate) fn for_stack(self, number: u16) -> Self {
        Self::from(self.functions + 10 * number)
    }

    pub(crate) fn functions_url(self) -> String {
        format!("http://127.0.0.1:{}", self.functions)
    }

    pub(crate) fn staff_url(self) -> String {
        format!("http://127.0.0.1:{}", self.staff)
    }

    pub(crate) fn website_url(self) -> String {
        format!("http://localhost:{}", self.website)
    }

    /// The ports that another program uses, each with its purpose, for a message.
    pub(crate) fn taken(self) -> Vec<String> {
        let all = [
            (self.functions, "the functions"),
            (self.terminal, "the simulated terminal"),
            (self.backend, "the simulated cTrader"),
            (self.dynamodb, "the local DynamoDB"),
            (self.moto, "the rest of the local AWS"),
            (self.sample, "the sample backend"),
            (self.website, "the website of the browser tests"),
            (self.staff, "the function staff"),
        ];
        all.iter()
            .filter(|(port, _)| TcpListener::bind(("127.0.0.1", *port)).is_err())
            .map(|(port, purpose)| format!("  {port}, for {purpose}"))
            .collect()
    }
}
