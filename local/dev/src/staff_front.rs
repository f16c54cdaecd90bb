//! API Gateway's IAM authorisation in front of the function `staff`.
//!
//! `cargo lambda watch` serves the routes below `/staff/` too, but names no caller, so the function refuses what comes
//! there. The front verifies the signature and invokes the function with the caller in the event.

use iam_authorizer::{Caller, Callers, Invoke, serve};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::console::{Context, Problem};
use crate::http;
use crate::ports::Ports;
use crate::settings::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};

/// The caller whose credentials are in the file with the functions' variables.
const DEVELOPER: &str = "arn:aws:iam::123456789012:user/developer";

/// The function, in `cargo lambda watch` on this port.
struct Function {
    port: u16,
}

impl Invoke for Function {
    async fn invoke(&self, event: Value) -> Result<Value, String> {
        let head = [
            "POST /2015-03-31/functions/staff/invocations HTTP/1.1",
            "Content-Type: application/json",
        ];
        let sent = http::send(self.port, &head, &event.to_string()).await;
        let (_, body) = sent.map_err(|error| error.to_string())?;
        serde_json::from_str(&body).map_err(|error| error.to_string())
    }
}

/// Serves the routes below `/staff/` until the task is aborted.
pub(crate) async fn start(ports: Ports) -> Result<JoinHandle<()>, Problem> {
    let listener = TcpListener::bind(("127.0.0.1", ports.staff))
        .await
        .context(format!("listen on port {}", ports.staff))?;
    let developer = Caller {
        arn: DEVELOPER.to_owned(),
        secret_key: SECRET_ACCESS_KEY.to_owned(),
        session_token: None,
    };
    let callers = Callers::from([(ACCESS_KEY_ID.to_owned(), developer)]);
    let function = Function {
        port: ports.functions,
    };
    Ok(tokio::spawn(async move {
        // Ends only with an error of the listener, which no request can cause.
        let _ = serve(listener, REGION, callers, function).await;
    }))
}
