//! The Lambda Runtime API as far as the functions use it: the queue of invocations between API Gateway and the
//! processes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot, watch};

use crate::server::Server;
use crate::{lock, unique};

/// What an invocation returned, or the error that the function reported.
pub(crate) type InvocationResult = Result<Value, Value>;

/// The default time limit of one invocation: `Timeout` in template.yaml.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(6);

/// The largest response that Lambda accepts, in bytes.
const MAX_RESPONSE: usize = 6 * 1024 * 1024;

/// The API on a port of 127.0.0.1; stops when dropped.
pub(crate) struct FakeRuntimeApi {
    /// `AWS_LAMBDA_RUNTIME_API`
    pub(crate) address: String,
    queue: Arc<Queue>,
    _server: Server,
}

struct Queue {
    sender: mpsc::UnboundedSender<Invocation>,
    receiver: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    /// Where to send the result of each invocation, by its id.
    pending: Mutex<HashMap<String, oneshot::Sender<InvocationResult>>>,
    /// How many times a process has asked for work.
    polls: watch::Sender<usize>,
    count: AtomicU64,
    timeout: Duration,
}

struct Invocation {
    id: String,
    event: Value,
}

impl FakeRuntimeApi {
    /// `timeout` is the time limit of one invocation.
    pub(crate) async fn start(timeout: Duration) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let queue = Arc::new(Queue {
            sender,
            receiver: AsyncMutex::new(receiver),
            pending: Mutex::default(),
            polls: watch::Sender::new(0),
            count: AtomicU64::new(0),
            timeout,
        });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            // Ignored: the process also logs the error and exits.
            .route(
                "/2018-06-01/runtime/init/error",
                post(async || StatusCode::ACCEPTED),
            )
            .layer(DefaultBodyLimit::max(MAX_RESPONSE))
            .with_state(Arc::clone(&queue));
        let server = Server::start(app).await;
        Self {
            address: server.address.to_string(),
            queue,
            _server: server,
        }
    }

    /// Queues an invocation. The receiver gets its result.
    pub(crate) fn invoke(&self, event: Value) -> oneshot::Receiver<InvocationResult> {
        let (sender, receiver) = oneshot::channel();
        let number = self.queue.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("00000000-0000-4000-8000-{number:012}");
        lock(&self.queue.pending).insert(id.clone(), sender);
        let _ = self.queue.sender.send(Invocation { id, event });
        receiver
    }

    /// Waits until the processes together have asked for work `count` times.
    pub(crate) async fn wait_for_polls(&self, count: usize) {
        let mut polls = self.queue.polls.subscribe();
        polls.wait_for(|polls| *polls >= count).await.unwrap();
    }
}

/// Hands a process the next invocation; waits for one without a time limit.
async fn next(State(queue): State<Arc<Queue>>) -> ([(HeaderName, String); 5], String) {
    queue.polls.send_modify(|polls| *polls += 1);
    let invocation = queue
        .receiver
        .lock()
        .await
        .recv()
        .await
        .expect("the queue is open");
    let deadline = SystemTime::now() + queue.timeout;
    let deadline_ms = deadline.duration_since(UNIX_EPOCH).unwrap().as_millis();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", invocation.id),
        ("lambda-runtime-deadline-ms", deadline_ms.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:inapp".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            format!("Root=1-67402f3a-{:.24};Sampled=0", unique() + &unique()),
        ),
    ];
    (
        headers.map(|(name, value)| (HeaderName::from_static(name), value)),
        invocation.event.to_string(),
    )
}

async fn response(state: State<Arc<Queue>>, id: Path<String>, body: Bytes) -> StatusCode {
    finish(state, id, &body, Ok)
}

async fn error(state: State<Arc<Queue>>, id: Path<String>, body: Bytes) -> StatusCode {
    finish(state, id, &body, Err)
}

fn finish(
    State(queue): State<Arc<Queue>>,
    Path(id): Path<String>,
    body: &[u8],
    to_result: impl FnOnce(Value) -> InvocationResult,
) -> StatusCode {
    let Some(sender) = lock(&queue.pending).remove(&id) else {
        return StatusCode::BAD_REQUEST;
    };
    let value = serde_json::from_slice(body).unwrap_or_default();
    // Fails if the test no longer waits for the result.
    let _ = sender.send(to_result(value));
    StatusCode::ACCEPTED
}
