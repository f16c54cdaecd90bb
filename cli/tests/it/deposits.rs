//! Tests of `inapp deposits`.

use deposits::{
    Account, AccountError, CTrader, CreditAnswer, CreditCall, Deposit, DepositBody, DepositId, Notification,
    Order, PaymentEvent, PaymentEventKind, PaymentSource, Sender, Status, apply_payment_event, credit,
};
use domain::{Money, ProvenLogin};
use embedded_table::{create_deposit, proven_login, sample_order};
use jiff::{SignedDuration, Timestamp};
use store::System;

use crate::store::{Store, inapp};

/// A cTrader that gives the same answer to each credit.
struct FakeCTrader(CreditAnswer);

impl CTrader for FakeCTrader {
    async fn account(&self, _: ProvenLogin) -> Result<Account, AccountError> {
        Ok(Account {
            broker: Some("demobroker".into()),
            currency: "EUR".into(),
            digits: Some(2),
        })
    }

    async fn credit(&self, _: &CreditCall) -> CreditAnswer {
        self.0.clone()
    }
}

impl Store {
    pub async fn create(&self, order: Order) -> DepositId {
        create_deposit(&self.table, order).await.id
    }

    pub async fn apply_event(
        &self,
        id: &DepositId,
        kind: PaymentEventKind,
        amount: &str,
        reference: &str,
    ) -> Deposit {
        let notification = Notification {
            deposit: id.clone(),
            event: PaymentEvent {
                kind,
                at: Timestamp::now(),
                money: Money::new(amount.parse().unwrap(), "EUR".parse().unwrap()),
                reference: reference.into(),
            },
            reason: None,
        };
        let sender = Sender {
            method: "card".parse().unwrap(),
            broker: "demobroker".into(),
            source: PaymentSource::Notification,
        };
        let applied = apply_payment_event(&self.table, &System, &sender, &notification).await;
        applied.unwrap().deposit
    }

    /// A paid deposit whose credit got this answer.
    pub async fn credited_with(&self, answer: CreditAnswer) -> DepositId {
        let id = self.create(sample_order()).await;
        let paid = self
            .apply_event(&id, PaymentEventKind::Paid, "250.50", "psp-1")
            .await;
        credit(&self.table, &FakeCTrader(answer), &System, paid)
            .await
            .unwrap();
        id
    }

    pub async fn unknown(&self) -> DepositId {
        self.credited_with(CreditAnswer::Unknown("the deadline passed".into()))
            .await
    }

    pub async fn status(&self, id: &DepositId) -> Status {
        self.table
            .stored::<DepositBody>(id)
            .await
            .unwrap()
            .unwrap()
            .record
            .status
    }

    /// The references that `list` prints.
    async fn listed(&self, arguments: &[&str]) -> Vec<String> {
        let run = self
            .deposits(&[&["list", "--json"], arguments].concat(), "")
            .await;
        assert_eq!(run.code, 0, "{}", run.stderr);
        let reference = |line: serde_json::Value| line["reference"].as_str().unwrap().to_owned();
        run.objects().into_iter().map(reference).collect()
    }
}

#[tokio::test]
async fn list_filters_and_finds_open_deposits_of_any_age() {
    let store = Store::new().await;
    let old = store
        .create(Order {
            at: Timestamp::now() - SignedDuration::from_hours(24 * 30),
            wait_seconds: 24 * 3_600 * 60,
            ..sample_order()
        })
        .await
        .reference();
    let unknown = store.unknown().await.reference();
    let credited = store
        .credited_with(CreditAnswer::Credited {
            balance_history_id: 77,
        })
        .await
        .reference();
    let other = Order {
        broker: "northwind".into(),
        method: "bank_transfer".parse().unwrap(),
        login: proven_login(7),
        ..sample_order()
    };
    let other = store.create(other).await.reference();
    for (arguments, expected) in [
        (&[][..], vec![&other, &credited, &unknown]),
        (&["--since", "31d"], vec![&other, &credited, &unknown, &old]),
        (&["--since", "31d", "--until", "29d"], vec![&old]),
        (&["--open"], vec![&other, &unknown, &old]),
        (&["--open", "--status", "unknown"], vec![&unknown]),
        (&["--open", "--method", "card"], vec![&unknown, &old]),
        (&["--status", "credited"], vec![&credited]),
        (&["--method", "bank_transfer"], vec![&other]),
        (&["--account", "7"], vec![&other]),
        (&["--broker", "northwind"], vec![&other]),
        (&["--broker", "northwind", "--method", "card"], vec![]),
        (&["--user", "501", "--limit", "1"], vec![&other]),
        (&["--user", "502"], vec![]),
    ] {
        let listed = store.listed(arguments).await;
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{arguments:?}");
    }
    let more = store.deposits(&["list", "--limit", "1"], "").await;
    assert!(more.stderr.contains("There are more"), "{}", more.stderr);
    // `requests` does not show deposits.
    assert_eq!(store.requests(&["list", "--json"]).await.stdout, "");
    let run = store.requests(&["show", &unknown]).await;
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("inapp deposits show"), "{}", run.stderr);
}

#[tokio::test]
async fn list_continues_after_a_deposit_that_cannot_be_read_and_names_it() {
    let store = Store::new().await;
    let (first, damaged, last) = (
        store.create(sample_order()).await,
        store.create(sample_order()).await,
        store.create(sample_order()).await,
    );
    store.damage("deposit", damaged.as_str(), "user_id").await;
    for arguments in [&["list", "--json"][..], &["list", "--json", "--open"]] {
        let run = store.deposits(arguments, "").await;
        let listed: Vec<_> = run
            .objects()
            .iter()
            .map(|line| line["depositId"].clone())
            .collect();
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(listed, [last.as_str(), first.as_str()], "{arguments:?}");
        let named = format!(
            "inapp: deposit {damaged} cannot be read: `user_id` is missing or not of the expected form\n"
        );
        assert_eq!(run.stderr, named, "{arguments:?}");
    }
}

#[tokio::test]
async fn list_prints_a_table() {
    let store = Store::new().await;
    let id = store.create(sample_order()).await;
    let deposit = store
        .table
        .stored::<DepositBody>(&id)
        .await
        .unwrap()
        .unwrap()
        .record;
    let at = deposit.order.at.to_string()[..19].replace('T', " ");
    let run = store.deposits(&["list"], "").await;
    assert_eq!(
        run.stdout,
        format!(
            "CREATED (UTC)        REFERENCE    STATUS   SINCE (UTC)          BROKER      ACCOUNT  METHOD  AMOUNT\n\
             {at}  {}  created  {at}  demobroker  1000501  card    250.50 EUR\n",
            id.reference()
        )
    );
}

#[tokio::test]
async fn show_prints_all_details_with_the_history_and_without_control_characters() {
    let store = Store::new().await;
    let id = store.create(sample_order()).await;
    let paid = store
        .apply_event(&id, PaymentEventKind::Paid, "250.50", "psp\u{1b}[31m\u{9b}-1")
        .await;
    let ctrader = FakeCTrader(CreditAnswer::Unknown("the deadline passed".into()));
    credit(&store.table, &ctrader, &System, paid).await.unwrap();
    for name in [id.as_str(), &id.reference(), &id.reference().to_lowercase()] {
        let run = store.deposits(&["show", name], "").await;
        assert_eq!(run.code, 0, "{}", run.stderr);
        for expected in [
            id.as_str(),
            "unknown since",
            "the deadline passed",
            "250.50 EUR",
            "1000501",
            "ada.canary@example.com",
            "psp [31m -1",
            "created (trader)",
            "paid (provider)",
            "crediting (credit)",
            "unknown (credit): the deadline passed",
        ] {
            assert!(run.stdout.contains(expected), "{expected}: {}", run.stdout);
        }
        assert!(!run.stdout.contains(['\u{1b}', '\u{9b}']));
    }
    let run = store.deposits(&["show", "--json", id.as_str()], "").await;
    assert!(!run.stdout.contains(['\u{1b}', '\u{9b}']), "{}", run.stdout);
    let shown = &run.objects()[0];
    assert_eq!(shown["depositId"], id.as_str());
    assert_eq!(shown["payment"]["reference"], "psp\u{1b}[31m\u{9b}-1");
    assert_eq!(shown["amount"], "250.50");
    assert_eq!(shown["payment"]["amount"], "250.50");
    assert_eq!(shown["history"].as_array().unwrap().len(), 4);
    assert_eq!(shown["version"], 4);

    let run = store.deposits(&["show", "AAAAA-AAAAA"], "").await;
    assert_eq!(run.code, 1);
    assert!(
        run.stderr
            .contains("no deposit has the reference or id AAAAA-AAAAA")
    );
}

#[tokio::test]
async fn bad_arguments_are_refused_before_the_table_is_read() {
    for (arguments, expected) in [
        (
            &["resolve", "X", "--reason", "r"][..],
            "--credited|--retry <VERSION>|--failed",
        ),
        (&["resolve", "X", "--failed"], "--reason"),
        (
            &["resolve", "X", "--failed", "--retry", "1", "--reason", "r"],
            "cannot be used with",
        ),
        (
            &[
                "resolve",
                "X",
                "--retry",
                "1",
                "--reason",
                "r",
                "--balance-history-id",
                "1",
            ],
            "--credited",
        ),
        (
            &[
                "resolve",
                "X",
                "--credited",
                "--reason",
                "r",
                "--balance-history-id",
                "0",
            ],
            "balance-history-id",
        ),
        (&["resolve", "X", "--failed", "--reason", "r"], "--api"),
        (
            &[
                "resolve",
                "X",
                "--failed",
                "--reason",
                "r",
                "--api",
                "http://broker.example",
            ],
            "must be https://HOST",
        ),
        (
            &["resolve", "X", "--failed", "--reason", "r", "--by", "igor"],
            "--by",
        ),
        (&["list", "--status", "done"], "must be created, pending"),
        (&["list", "--open", "--since", "1d"], "cannot be used with"),
    ] {
        let run = inapp("http://127.0.0.1:1", "deposits", arguments, &[], "").await;
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
    }
}
