//! Tests of `inapp requests`.

use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Attribution, RecordId, ScreenKind};
use embedded_table::{LIMITS, TABLE, client};
use serde_json::{Value, json};
use store::{Outcome, Request, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::program::ProgramRun;
use crate::store::{Store, inapp};

impl Store {
    /// Records a request of the user at this time.
    async fn record(&self, user: i64, screen: ScreenKind, broker: &str, at: SystemTime) -> RecordId {
        let identity = json!({"userId": user, "accountId": user + 1000, "tradingLogin": user + 1000, "email": "ada@example.com"});
        let launch = json!({"account": user + 1000, "lang": "es", "source": "iOS"});
        let fields = [
            ("amount", "50.00"),
            ("currency", "EUR"),
            ("note", "a\u{1b}[31mb\nc"),
        ];
        let request = Request {
            id: RecordId::random().unwrap(),
            screen,
            broker: broker.into(),
            identity: serde_json::from_value(identity).unwrap(),
            launch: serde_json::from_value(launch).unwrap(),
            attribution: Attribution::new(),
            limits: LIMITS,
            keep_days: None,
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        self.table.record(&request, at).await.unwrap();
        request.id
    }

    async fn record_outcome(&self, id: &RecordId, status: Status, message: &str, at: SystemTime) {
        let outcome = Outcome {
            status,
            message: Some(message.to_owned()),
            redirect: Some("https://pay.broker.example/1".to_owned()),
        };
        self.table.record_outcome(id, &outcome, at).await.unwrap();
    }
}

impl ProgramRun {
    /// A JSON object per line.
    pub fn objects(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn users(&self) -> Vec<i64> {
        let objects = self.objects();
        let user = |object: &Value| object["identity"]["userId"].as_i64().unwrap();
        objects.iter().map(user).collect()
    }
}

fn days_ago(days: u64) -> SystemTime {
    SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60)
}

/// This many seconds after 2026-01-31 12:00 UTC.
fn january_31(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_860_800 + seconds)
}

#[tokio::test]
async fn list_shows_the_last_week_newest_first() {
    let store = Store::new().await;
    for (user, days) in [(1, 8), (2, 6), (3, 0), (4, 3)] {
        store
            .record(user, ScreenKind::Deposit, "demobroker", days_ago(days))
            .await;
    }
    let run = store.requests(&["list", "--json"]).await;
    assert_eq!(run.users(), [3, 4, 2]);
    assert_eq!(run.code, 0);
    assert_eq!(run.stderr, "");
    assert_eq!(
        store.requests(&["list", "--json", "--since", "9d"]).await.users(),
        [3, 4, 2, 1]
    );
    let run = store
        .requests(&["list", "--json", "--since", "30d", "--until", "4d"])
        .await;
    assert_eq!(run.users(), [2, 1]);
}

#[tokio::test]
async fn list_prints_a_table_without_control_characters() {
    let store = Store::new().await;
    let id = store
        .record(7, ScreenKind::Deposit, "demobroker", january_31(0))
        .await;
    let run = store
        .requests(&["list", "--since", "2026-01-31", "--until", "2026-01-31"])
        .await;
    assert_eq!(
        run.stdout,
        format!(
            "RECORDED (UTC)       REFERENCE    ACTION   STATUS    BROKER      USER  ACCOUNT  AMOUNT\n\
             2026-01-31 12:00:00  {}  deposit  recorded  demobroker  7     1007     50.00 EUR\n",
            id.reference()
        )
    );
    let run = store.requests(&["list"]).await;
    assert_eq!(
        run.stdout.lines().count(),
        1,
        "none within the last week: {}",
        run.stdout
    );
}

#[tokio::test]
async fn list_filters_and_pages() {
    let store = Store::new().await;
    let mut ids = Vec::new();
    for n in 0..30 {
        let action = if n % 2 == 0 {
            ScreenKind::Deposit
        } else {
            ScreenKind::Kyc
        };
        let broker = if n % 3 == 0 { "first" } else { "second" };
        let user = i64::try_from(n).unwrap() / 10;
        ids.push(store.record(user, action, broker, january_31(n)).await);
    }
    store
        .record_outcome(&ids[4], Status::Failed, "no", january_31(40))
        .await;
    let count = async |arguments: &[&str]| {
        let mut all = [&["list", "--json"], arguments].concat();
        if !arguments.contains(&"--since") {
            all.extend(["--since", "2026-01-31", "--until", "2026-02-01"]);
        }
        let run = store.requests(&all).await;
        assert_eq!(run.code, 0, "{}", run.stderr);
        (run.objects().len(), !run.stderr.is_empty())
    };
    assert_eq!(count(&[]).await, (30, false));
    assert_eq!(count(&["--action", "kyc"]).await, (15, false));
    assert_eq!(count(&["--status", "failed"]).await, (1, false));
    assert_eq!(count(&["--status", "recorded"]).await, (29, false));
    assert_eq!(count(&["--broker", "first"]).await, (10, false));
    assert_eq!(count(&["--broker", "first", "--action", "kyc"]).await, (5, false));
    assert_eq!(count(&["--user", "2"]).await, (10, false));
    assert_eq!(count(&["--account", "1002"]).await, (10, false));
    assert_eq!(count(&["--limit", "30"]).await, (30, false));
    assert_eq!(count(&["--limit", "29"]).await, (29, true));
    assert_eq!(
        count(&[
            "--since",
            "2026-01-31T12:00:10Z",
            "--until",
            "2026-01-31T12:00:19Z"
        ])
        .await,
        (10, false)
    );
}

/// A response of DynamoDB holds at most 1 MB.
#[tokio::test]
async fn list_reads_all_pages_of_a_day() {
    let store = Store::new().await;
    for n in 0..6 {
        let identity = json!({"userId": n});
        let request = Request {
            id: RecordId::random().unwrap(),
            screen: ScreenKind::Support,
            broker: "demobroker".into(),
            identity: serde_json::from_value(identity).unwrap(),
            launch: Default::default(),
            attribution: Attribution::new(),
            limits: LIMITS,
            keep_days: None,
            fields: [("message".to_owned(), "x".repeat(300 * 1024))].into(),
        };
        store.table.record(&request, january_31(n)).await.unwrap();
    }
    let run = store
        .requests(&["list", "--json", "--since", "2026-01-31", "--until", "2026-01-31"])
        .await;
    assert_eq!(run.users(), [5, 4, 3, 2, 1, 0]);
}

#[tokio::test]
async fn list_continues_after_a_request_that_cannot_be_read_and_names_it() {
    let store = Store::new().await;
    let mut ids = Vec::new();
    for user in 1..=4 {
        let at = january_31(u64::try_from(user).unwrap());
        ids.push(store.record(user, ScreenKind::Deposit, "demobroker", at).await);
    }
    store.damage("request", ids[1].as_str(), "fields").await;
    store.damage("request", ids[3].as_str(), "user_id").await;
    let list = ["list", "--since", "2026-01-31", "--until", "2026-01-31"];
    let named = |id: &RecordId, attribute: &str| {
        let id = id.as_str();
        format!("inapp: request {id} cannot be read: `{attribute}` is missing or not of the expected form\n")
    };

    let run = store.requests(&[&list[..], &["--json"]].concat()).await;
    assert_eq!((run.code, run.users()), (1, vec![3, 1]), "{}", run.stderr);
    assert_eq!(run.stderr, named(&ids[3], "user_id") + &named(&ids[1], "fields"));

    let run = store.requests(&list).await;
    assert_eq!((run.code, run.stdout.lines().count()), (1, 3), "{}", run.stdout);

    // A request that cannot be read does not count towards the limit.
    let run = store
        .requests(&[&list[..], &["--json", "--limit", "2"]].concat())
        .await;
    assert_eq!(run.users(), [3, 1]);
    assert!(!run.stderr.contains("There are more"), "{}", run.stderr);
    let run = store
        .requests(&[&list[..], &["--json", "--limit", "1"]].concat())
        .await;
    assert_eq!((run.code, run.users()), (1, vec![3]));
    assert!(run.stderr.contains("There are more"), "{}", run.stderr);
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_named_without_control_characters() {
    let store = Store::new().await;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    client(&store.url)
        .put_item()
        .table_name(TABLE)
        .item("pk", text("request#\u{1b}[31mX\n"))
        .item("sk", text("request"))
        .item("day", text("request#2026-01-31"))
        .item("recorded_at", text("2026-01-31T12:00:00.000Z"))
        .send()
        .await
        .unwrap();
    let run = store.requests(&["list", "--json", "--since", "2026-01-31"]).await;
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(
        run.stderr.starts_with("inapp: request  [31mX  cannot be read: "),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn json_has_terminal_controls_only_as_escapes() {
    let store = Store::new().await;
    let id = store
        .record(7, ScreenKind::Custom, "demobroker", january_31(0))
        .await;
    let message = "\u{9b}31mred\u{7f}\u{202e}\u{200b}é\n";
    store
        .record_outcome(&id, Status::Succeeded, message, january_31(1))
        .await;
    for arguments in [
        &["list", "--json", "--since", "2026-01-31"][..],
        &["show", "--json", id.as_str()],
    ] {
        let run = store.requests(arguments).await;
        let raw =
            |letter: char| letter != '\n' && (letter.is_control() || "\u{202e}\u{200b}".contains(letter));
        assert!(!run.stdout.contains(raw), "{:?}", run.stdout);
        assert_eq!(run.objects()[0]["message"], message, "the same JSON");
        assert!(run.stdout.contains('é'));
    }
    let shown = store.requests(&["show", id.as_str()]).await.stdout;
    assert!(shown.contains(" 31mred   é"), "{shown}");
}

#[tokio::test]
async fn show_prints_all_details_by_reference_or_id() {
    let store = Store::new().await;
    let id = store
        .record(7, ScreenKind::Custom, "demobroker", january_31(0))
        .await;
    store
        .record_outcome(&id, Status::Unknown, "no answer", january_31(1))
        .await;
    store
        .record_outcome(&id, Status::Succeeded, "Your bonus is on its way.", january_31(2))
        .await;
    store
        .record(8, ScreenKind::Custom, "demobroker", january_31(0))
        .await;

    let misheard = id
        .reference()
        .to_lowercase()
        .replace('0', "o")
        .replace('1', "l")
        .replace('-', "");
    for request in [id.as_str(), &id.reference(), &misheard] {
        let run = store.requests(&["show", request]).await;
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(
            run.stdout,
            format!(
                "Reference          {}\n\
                 Id                 {}\n\
                 Action             action\n\
                 Status             succeeded\n\
                 Message            Your bonus is on its way.\n\
                 Redirected to      https://pay.broker.example/1\n\
                 Broker             demobroker\n\
                 User               7\n\
                 E-mail             ada@example.com\n\
                 Trading login      1007\n\
                 cTrader accountId  1007\n\
                 Opened on account  1007\n\
                 Opened in          iOS\n\
                 Language           es\n\
                 \n\
                 Fields\n\
                 \x20 amount    50.00\n\
                 \x20 currency  EUR\n\
                 \x20 note      a [31mb c\n\
                 \n\
                 History (UTC)\n\
                 \x20 2026-01-31 12:00:00  recorded\n\
                 \x20 2026-01-31 12:00:01  unknown: no answer\n\
                 \x20 2026-01-31 12:00:02  succeeded: Your bonus is on its way.\n",
                id.reference(),
                id.as_str(),
            )
        );
    }
    let shown = &store.requests(&["show", "--json", id.as_str()]).await.objects()[0];
    assert_eq!(shown["status"], "succeeded");
    assert_eq!(shown["redirect"], "https://pay.broker.example/1");
    assert_eq!(shown["concludedAt"], "2026-01-31T12:00:02.000Z");
    assert_eq!(shown["history"].as_array().unwrap().len(), 2);
    assert_eq!(shown["fields"]["note"], "a\u{1b}[31mb\nc");
}

#[tokio::test]
async fn an_unknown_request_is_exit_code_1() {
    let store = Store::new().await;
    for request in ["AAAAA-AAAAA", "no\u{1b}[31msuch", ""] {
        let run = store.requests(&["show", request]).await;
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains("no request has the reference or id"));
        assert!(!run.stderr.contains('\u{1b}'));
    }
}

#[tokio::test]
async fn an_error_says_what_to_do() {
    let store = Store::new().await;
    for (arguments, env, expected) in [
        (
            &["list"][..],
            &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")][..],
            "AWS_PROFILE",
        ),
        (&["list"], &[("AWS_REGION", "")], "AWS_REGION"),
        (&["list"], &[("LEDGER_TABLE", "")], "--table"),
        (
            &["list", "--table", "other"],
            &[],
            "there is no table other in eu-central-1",
        ),
        (
            &["show", "AAAAA-AAAAA", "--table", "other"],
            &[],
            "there is no table other",
        ),
        (&["list", "--since", "yesterday"], &[], "expected 7d"),
        (
            &["list", "--status", "done"],
            &[],
            "must be recorded, succeeded, failed or unknown",
        ),
        (
            &["list", "--action", "pay"],
            &[],
            "must be deposit, kyc, action or chat",
        ),
    ] {
        let run = inapp(&store.url, "requests", arguments, env, "").await;
        assert_eq!(run.code, 2, "{arguments:?} {}", run.stderr);
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
    }
}

#[tokio::test]
async fn an_error_of_aws_says_what_is_missing() {
    for (code, expected) in [
        ("AccessDeniedException", "dynamodb:Query"),
        ("ExpiredTokenException", "aws sso login"),
        ("UnrecognizedClientException", "aws sso login"),
        ("LimitExceededException", "LimitExceededException"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let body = json!({"__type": format!("com.amazon.coral.service#{code}"), "message": "no"})
                    .to_string();
                let head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close";
                let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let run = inapp(&url, "requests", &["list"], &[], "").await;
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(expected), "{code}: {}", run.stderr);
    }
}
