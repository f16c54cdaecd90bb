//! The Lambda Runtime API, as far as a function uses it: the queue of invocations between API Gateway and the processes.

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
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::{locked, unique};

/// What came of an invocation: the function's answer, or what it reported in place of one.
pub(crate) type Finished = Result<Value, Value>;

/// How long Lambda gives a function for one invocation, unless said otherwise: `Timeout` of template.yaml.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(6);

/// The largest answer that Lambda takes.
const LARGEST_ANSWER: usize = 6 * 1024 * 1024;

/// The API on a port of 127.0.0.1; stops when dropped.
pub(crate) struct RuntimeApi {
    /// `AWS_LAMBDA_RUNTIME_API`
    pub(crate) address: String,
    queue: Arc<Queue>,
    server: JoinHandle<()>,
}

struct Queue {
    sender: mpsc::UnboundedSender<Invocation>,
    receiver: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    /// Who waits for which invocation.
    waiting: Mutex<HashMap<String, oneshot::Sender<Finished>>>,
    /// How often a process has asked for work.
    polls: watch::Sender<usize>,
    count: AtomicU64,
    timeout: Duration,
}

struct Invocation {
    id: String,
    event: Value,
}

impl RuntimeApi {
    /// `timeout` is how long Lambda gives the function for one invocation.
    pub(crate) async fn start(timeout: Duration) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let queue = Arc::new(Queue {
            sender,
            receiver: AsyncMutex::new(receiver),
            waiting: Mutex::default(),
            polls: watch::Sender::new(0),
            count: AtomicU64::new(0),
            timeout,
        });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            // The process says the same in its output and by its exit code.
            .route(
                "/2018-06-01/runtime/init/error",
                post(async || StatusCode::ACCEPTED),
            )
            .layer(DefaultBodyLimit::max(LARGEST_ANSWER))
            .with_state(Arc::clone(&queue));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self {
            address,
            queue,
            server,
        }
    }

    /// Queues an invocation; its answer comes by the receiver.
    pub(crate) fn invoke(&self, event: Value) -> oneshot::Receiver<Finished> {
        let (sender, receiver) = oneshot::channel();
        let number = self.queue.count.fetch_add(1, Ordering::Relaxed);
        let id = format!("00000000-0000-4000-8000-{number:012}");
        locked(&self.queue.waiting).insert(id.clone(), sender);
        let _ = self.queue.sender.send(Invocation { id, event });
        receiver
    }

    /// Returns once the processes have asked for work this many times in all.
    pub(crate) async fn polled(&self, times: usize) {
        let mut polls = self.queue.polls.subscribe();
        polls.wait_for(|polls| *polls >= times).await.unwrap();
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Waits until there is work, as long as it takes.
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
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap().as_millis();
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", invocation.id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:inapp".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            format!("Root=1-67402f3a-{:.24};Sampled=0", unique() + &unique()),
        ),
    ];
    let headers = headers.map(|(name, value)| (HeaderName::from_static(name), value));
    (headers, invocation.event.to_string())
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
    outcome: impl FnOnce(Value) -> Finished,
) -> StatusCode {
    let Some(waiting) = locked(&queue.waiting).remove(&id) else {
        return StatusCode::BAD_REQUEST;
    };
    let value = serde_json::from_slice(body).unwrap_or_default();
    // The test may have given up.
    let _ = waiting.send(outcome(value));
    StatusCode::ACCEPTED
}
