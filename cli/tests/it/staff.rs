//! Tests of the commands that call the function `staff`: the real program sends signed HTTP requests to API Gateway's
//! IAM authorisation, which invokes the real function. Program and function share an embedded DynamoDB.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use deposits::{Actor, CreditAnswer, DepositBody, DepositId, PaymentEventKind, Status};
use domain::Principal;
use embedded_table::sample_order;
use harness::{TestEnv, TestEnvOptions, binary_beside};
use iam_authorizer::{Caller, Callers, Invoke};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{
    program::ProgramRun,
    store::{Store, inapp},
};

const OLGA: &str = "arn:aws:iam::123456789012:user/olga";
const IGOR: &str = "arn:aws:sts::123456789012:assumed-role/Operators/igor@broker.example";

pub const AS_OLGA: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIDOLGA"),
    ("AWS_SECRET_ACCESS_KEY", "canary-key-of-olga"),
];
const AS_IGOR: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "ASIAIGOR"),
    ("AWS_SECRET_ACCESS_KEY", "canary-key-of-igor"),
    ("AWS_SESSION_TOKEN", "canary-token-of-igor"),
];

fn callers() -> Callers {
    let caller = |arn: &str, secret_key: &str, session_token: Option<&str>| Caller {
        arn: arn.to_owned(),
        secret_key: secret_key.to_owned(),
        session_token: session_token.map(str::to_owned),
    };
    Callers::from([
        ("AKIDOLGA".to_owned(), caller(OLGA, AS_OLGA[1].1, None)),
        (
            "ASIAIGOR".to_owned(),
            caller(IGOR, AS_IGOR[1].1, Some(AS_IGOR[2].1)),
        ),
    ])
}

/// The function behind API Gateway.
struct Function {
    env: TestEnv,
    calls: AtomicUsize,
    /// How many answers are lost: the function is invoked, and the caller gets a 500.
    lost_answers: AtomicUsize,
}

impl Invoke for Function {
    async fn invoke(&self, event: Value) -> Result<Value, String> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let answer = self.env.trigger(event).await.map_err(|error| error.to_string());
        let lost = &self.lost_answers;
        let less = |left: usize| left.checked_sub(1);
        match lost.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
            Ok(_) => Err("lost".to_owned()),
            Err(_) => answer,
        }
    }
}

/// A table, and the API with the function `staff`.
pub struct Staff {
    pub store: Store,
    function: Arc<Function>,
    url: String,
    task: JoinHandle<()>,
}

impl Staff {
    pub async fn new() -> Self {
        let store = Store::new().await;
        let options = TestEnvOptions::default()
            .env("AWS_ENDPOINT_URL_DYNAMODB", &store.url)
            .env("LEDGER_TABLE", embedded_table::TABLE)
            .without("MANAGER_TOKEN_SECRET_ID")
            .without("SESSION_KEY_SECRET_ID")
            .without("CTRADER_BASE_URL");
        let binary = binary_beside(env!("CARGO_BIN_EXE_inapp"), "staff");
        let function = Arc::new(Function {
            env: TestEnv::start(&binary, options).await,
            calls: AtomicUsize::new(0),
            lost_answers: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = iam_authorizer::serve(listener, "eu-central-1", callers(), function.clone());
        let task = tokio::spawn(async move { serving.await.unwrap() });
        Self {
            store,
            function,
            url,
            task,
        }
    }

    fn calls(&self) -> usize {
        self.function.calls.load(Ordering::Relaxed)
    }

    pub async fn run(
        &self,
        command: &str,
        arguments: &[&str],
        env: &[(&str, &str)],
        input: &str,
    ) -> ProgramRun {
        let env = [&[("INAPP_API", self.url.as_str())][..], env].concat();
        inapp(&self.store.url, command, arguments, &env, input).await
    }

    /// Runs `inapp deposits` as Olga.
    async fn deposits(&self, arguments: &[&str], input: &str) -> ProgramRun {
        self.run("deposits", arguments, &AS_OLGA, input).await
    }

    /// Runs `inapp deposits resolve ID --failed` with these environment variables.
    async fn fail_as(&self, id: &DepositId, env: &[(&str, &str)]) -> ProgramRun {
        self.run("deposits", &failed(id), env, "").await
    }

    /// Who made the last write of the deposit.
    async fn last_by(&self, id: &DepositId) -> Actor {
        let stored = self.store.table.stored::<DepositBody>(id).await.unwrap();
        stored.unwrap().history.pop().unwrap().by
    }
}

impl Drop for Staff {
    fn drop(&mut self) {
        self.task.abort();
        if !std::thread::panicking() {
            self.function.env.check_for_leaks();
        }
    }
}

fn operator(arn: &str) -> Actor {
    Actor::Operator(Principal::try_from(arn.to_owned()).unwrap())
}

/// The arguments of `inapp deposits` that end a deposit as failed.
fn failed(id: &DepositId) -> [&str; 6] {
    [
        "resolve",
        id.as_str(),
        "--failed",
        "--reason",
        "money returned",
        "--yes",
    ]
}

/// A server that gives this answer to each request.
async fn answering(head: String, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let length = body.len();
            let answer = format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_recorded_with_the_reason_and_the_caller_that_aws_names() {
    let staff = Staff::new().await;
    let store = &staff.store;
    for (decision, status) in [
        (
            &["--credited", "--balance-history-id", "6340680"][..],
            Status::Credited,
        ),
        (&["--credited"], Status::Credited),
        (&["--retry", "4"], Status::Paid),
        (&["--failed"], Status::Failed),
    ] {
        let id = store.unknown().await;
        let reference = id.reference();
        let arguments = [&["resolve", &reference, "--reason", "seen in cTrader"], decision].concat();
        // Without the answer `yes` nothing changes.
        for input in ["", "no\n", "y\n"] {
            let run = staff.deposits(&arguments, input).await;
            assert_eq!(run.code, 1, "{}", run.stdout);
            assert!(run.stderr.contains("Type yes to continue"), "{}", run.stderr);
            assert!(run.stderr.contains("unknown since"), "{}", run.stderr);
            assert_eq!(store.status(&id).await, Status::Unknown);
        }
        let run = staff.deposits(&arguments, "yes\n").await;
        assert_eq!(
            (run.code, run.stdout),
            (
                0,
                format!("{reference} is now {status}. Recorded as decided by {OLGA}.\n")
            )
        );
        let entry = store.table.stored::<DepositBody>(&id).await.unwrap().unwrap();
        assert_eq!(entry.record.status, status);
        let transition = entry.history.last().unwrap();
        assert_eq!(transition.by, operator(OLGA));
        assert_eq!(transition.detail.as_ref().unwrap().to_string(), "seen in cTrader");
        if decision.contains(&"6340680") {
            let credit = entry.record.data.credit.unwrap();
            assert_eq!(credit.balance_history_id, Some(6_340_680));
        }
    }
    let id = store.unknown().await;
    let run = staff.fail_as(&id, &AS_IGOR).await;
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(
        staff.last_by(&id).await,
        operator(IGOR),
        "with the name of the session"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_not_allowed_is_refused_with_the_reason() {
    let staff = Staff::new().await;
    let store = &staff.store;
    let created = store.create(sample_order()).await;
    let credited = store
        .credited_with(CreditAnswer::Credited {
            balance_history_id: 77,
        })
        .await;
    let refunded = store
        .credited_with(CreditAnswer::Credited {
            balance_history_id: 78,
        })
        .await;
    store
        .apply_event(&refunded, PaymentEventKind::Refunded, "250.50", "psp-1")
        .await;
    let other_amount = store.create(sample_order()).await;
    store
        .apply_event(&other_amount, PaymentEventKind::Paid, "250.49", "psp-1")
        .await;
    let unknown = store.unknown().await;
    for (id, decision, expected) in [
        (&created, &["--failed"][..], "the deposit is created"),
        (&credited, &["--retry", "4"], "the deposit is credited"),
        (&refunded, &["--retry", "5"], "it cannot be credited again"),
        (
            &other_amount,
            &["--retry", "2"],
            "the provider does not have exactly",
        ),
        (&unknown, &["--retry", "3"], "the deposit has just changed"),
    ] {
        let before = store.status(id).await;
        let arguments = [
            &["resolve", id.as_str(), "--reason", "because", "--yes"],
            decision,
        ]
        .concat();
        let run = staff.deposits(&arguments, "").await;
        assert_eq!(run.code, 1, "{}", run.stdout);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert_eq!(store.status(id).await, before);
    }
    let blank = ["resolve", unknown.as_str(), "--failed", "--reason", " ", "--yes"];
    let run = staff.deposits(&blank, "").await;
    assert!(
        run.stderr
            .contains("'reason' is missing or not usable (INVALID_PARAMETER)"),
        "{}",
        run.stderr
    );
    assert_eq!(store.status(&unknown).await, Status::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_good_signature_changes_nothing() {
    let staff = Staff::new().await;
    let id = staff.store.unknown().await;
    for forged in [
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDOLGA"),
            ("AWS_SECRET_ACCESS_KEY", "canary-key-of-igor"),
        ][..],
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDEVE"),
            ("AWS_SECRET_ACCESS_KEY", "canary-key-of-olga"),
        ],
        &[AS_IGOR[0], AS_IGOR[1], ("AWS_SESSION_TOKEN", "another")],
        &[AS_OLGA[0], AS_OLGA[1], ("AWS_REGION", "us-east-1")],
    ] {
        let run = staff.fail_as(&id, forged).await;
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{forged:?}");
        for part in [
            "AWS refuses the request: Forbidden. Nothing was changed.",
            "OperatorPolicy",
            "AWS_REGION",
        ] {
            assert!(run.stderr.contains(part), "{}", run.stderr);
        }
    }
    let url: reqwest::Url = staff.url.parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap()))
        .await
        .unwrap();
    let unsigned = format!(
        "POST /staff/deposits/{id}/decisions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    );
    stream.write_all(unsigned.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 403 ") && answer.ends_with(r#"{"message":"Forbidden"}"#),
        "{answer}"
    );
    assert_eq!(staff.calls(), 0, "the function saw none of them");
    assert_eq!(staff.store.status(&id).await, Status::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_answer_was_lost_is_sent_again_and_carried_out_once() {
    let staff = Staff::new().await;
    let id = staff.store.unknown().await;
    staff.function.lost_answers.store(2, Ordering::Relaxed);
    let run = staff.fail_as(&id, &AS_OLGA).await;
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stderr.matches("Sending the same call again").count(), 2);
    assert!(run.stdout.contains("is now failed"), "{}", run.stdout);
    assert_eq!(staff.calls(), 3);
    let stored = staff
        .store
        .table
        .stored::<DepositBody>(&id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.record.version, 5, "one write after `unknown`");

    let other = staff.store.unknown().await;
    staff.function.lost_answers.store(3, Ordering::Relaxed);
    let run = staff.fail_as(&other, &AS_OLGA).await;
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(
        run.stderr.contains("Perhaps the call was carried out"),
        "{}",
        run.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_answer_was_lost_is_not_called_unsent_when_a_later_try_fails() {
    let store = Store::new().await;
    let id = store.unknown().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        // Neither this connection nor a later one is answered.
    });
    let run = store
        .deposits(&[&failed(&id)[..], &["--api", &url]].concat(), "")
        .await;
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(
        run.stderr.contains("Perhaps the call was carried out"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("Nothing was changed"), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_the_function_is_named() {
    let store = Store::new().await;
    let id = store.unknown().await;
    let json = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json".to_owned();
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html".to_owned();
    let elsewhere = answering(json, r#"{"message":"Not Found"}"#).await;
    let website = answering(page, "<html></html>").await;
    for (url, expected) in [
        ("http://127.0.0.1:1", "cannot reach http://127.0.0.1:1/"),
        (
            elsewhere.as_str(),
            "is not the API of a stack with the function staff",
        ),
        (
            website.as_str(),
            "is not the API of a stack with the function staff",
        ),
    ] {
        let run = store
            .deposits(&[&failed(&id)[..], &["--api", url]].concat(), "")
            .await;
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert!(run.stderr.contains("StaffUrl"), "{}", run.stderr);
    }
    assert_eq!(store.status(&id).await, Status::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_named() {
    let store = Store::new().await;
    let id = store.unknown().await;
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(20);
    let date = then.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let head = format!("HTTP/1.1 403 Forbidden\r\nDate: {date}\r\nContent-Type: application/json");
    let body = r#"{"message":"Signature expired: 20260131T120000Z is now earlier than 20260131T121500Z"}"#;
    let url = answering(head, body).await;
    let run = store
        .deposits(&[&failed(&id)[..], &["--api", &url]].concat(), "")
        .await;
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(
        run.stderr
            .contains("The clock of this machine is wrong by 20 minutes"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("Signature expired"), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_credentials_and_regions_are_named_before_anything_is_sent() {
    let staff = Staff::new().await;
    let id = staff.store.unknown().await;
    for (variable, expected) in [
        ("AWS_ACCESS_KEY_ID", "there are no AWS credentials"),
        ("AWS_REGION", "there is no AWS region"),
    ] {
        let run = staff.fail_as(&id, &[(variable, "")]).await;
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    assert_eq!(staff.calls(), 0);
}
